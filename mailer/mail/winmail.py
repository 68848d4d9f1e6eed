"""winmail.dat opened (MS-OXTNEF), where the extra `tnef` is installed; otherwise it stays an attachment.

Called by the gathering of parts. Whatever the library raises means only that the file stays closed.
"""

import importlib.util
from typing import Any, Final, NamedTuple

from mailer.mail import charsets
from mailer.mail.message import Attachment
from mailer.mail.mime import Part

SIZE_LIMIT: Final = 20_000_000  # octets; larger ones stay closed
_SIGNATURE: Final = b"\x78\x9f\x3e\x22"


class Opened(NamedTuple):
    text: str
    html: str
    attachments: list[Attachment]


def is_winmail(part: Part) -> bool:
    return part.type in ("application/ms-tnef", "application/vnd.ms-tnef") or part.filename.lower() == "winmail.dat"


def opened(content: bytes) -> Opened | None:
    """What is in a winmail.dat, or None where it cannot be opened."""
    if not content.startswith(_SIGNATURE) or len(content) > SIZE_LIMIT or not importlib.util.find_spec("tnefparse"):
        return None
    from tnefparse.tnef import TNEF  # an extra: late, so that the core does without it

    from mailer.mail.attached import file_name

    try:
        box: Any = TNEF(content)  # type: ignore[no-untyped-call]
        files = [
            Attachment(file_name(str(each.long_filename() or each.name)), "application/octet-stream", bytes(each.data))
            for each in box.attachments[:100]
        ]
        return Opened(_text(box.body), _text(box.htmlbody), files)
    except Exception:  # a foreign reader of hostile octets: any failure is the same to us
        return None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = charsets.decode(value)
    return charsets.lines_clean(value) if isinstance(value, str) else ""
