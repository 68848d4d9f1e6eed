"""winmail.dat opened (MS-OXTNEF), where the extra `tnef` is installed; otherwise it stays an attachment.

Called by the gathering of parts. Whatever the library raises means only that the file stays closed.
"""

import importlib.util
from typing import Any, Final, NamedTuple

from mailer.mail.message import Attachment
from mailer.mail.parts import charsets
from mailer.mail.parts.mime import Part

SIZE_LIMIT: Final = 20_000_000  # octets; larger ones stay closed
WORK_LIMIT: Final = 1_000_000_000  # octets that the library would copy: it copies all that follows for each attribute
_SIGNATURE: Final = b"\x78\x9f\x3e\x22"


class Opened(NamedTuple):
    text: str
    html: str
    attachments: list[Attachment]


def is_winmail(part: Part) -> bool:
    return part.type in ("application/ms-tnef", "application/vnd.ms-tnef") or part.filename.lower() == "winmail.dat"


def opened(content: bytes) -> Opened | None:
    """What is in a winmail.dat, or None where it cannot be opened."""
    if not _is_sound(content) or not importlib.util.find_spec("tnefparse"):
        return None
    from tnefparse.tnef import TNEF  # an extra: late, so that the core does without it

    from mailer.mail.parts.attached import file_name

    try:
        box: Any = TNEF(content, do_checksum=False)  # type: ignore[no-untyped-call]
        files = [
            Attachment(file_name(str(each.long_filename() or each.name)), "application/octet-stream", bytes(each.data))
            for each in box.attachments[:100]
        ]
        return Opened(_text(box.body), _text(box.htmlbody), files)
    except Exception:  # a foreign reader of hostile octets: any failure is the same to us
        return None


def _is_sound(content: bytes) -> bool:
    """Whether the attributes of a winmail.dat follow each other to its end, and opening it is no great work."""
    if not content.startswith(_SIGNATURE) or len(content) > SIZE_LIMIT:
        return False
    at, work = 6, 0
    while at + 11 <= len(content) and work <= WORK_LIMIT:
        at += 11 + int.from_bytes(content[at + 5 : at + 9], "little")  # level, name, length; data; checksum
        work += len(content) - at
    return at <= len(content) and work <= WORK_LIMIT


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = charsets.decode(value)
    return charsets.lines_clean(value) if isinstance(value, str) else ""
