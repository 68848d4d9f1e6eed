"""Names and kinds of the parts that are not the text of a mail.

Called by the gathering of parts. A name never holds a path, a control or a mark that turns the direction of writing.
"""

import re
from typing import Final

from mailer.mail.message import Attachment
from mailer.mail.parts import charsets, headers, transfer
from mailer.mail.parts.mime import Part

NAME_LIMIT: Final = 180  # octets of UTF-8; file systems take 255

_SEPARATORS: Final = re.compile(r"[/\\]")
_DIRECTIONS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ENVELOPED: Final = bytes.fromhex("2a864886f70d010703")  # the object identifier of PKCS #7 envelopedData


def file_name(written: str) -> str:
    """The last component of a name as written, clean and short; "" where nothing is left."""
    name = _DIRECTIONS.sub("", charsets.line_clean(written))
    name = _SEPARATORS.split(name)[-1].strip().strip(".") if name.strip(". ") else ""
    if len(name.encode()) <= NAME_LIMIT:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = (dot + extension).encode()[:20] if stem else b""
    return ((stem or name).encode()[: NAME_LIMIT - len(tail)] + tail).decode("utf-8", "ignore")


def attachment(part: Part, *, inline: bool = False, content: bytes | None = None) -> Attachment:
    """A part as an attachment; an attached mail without a name is called by its subject."""
    name = part.filename
    content = part.content if content is None else content
    if not name and part.type == "message/rfc822":
        subject = dict(reversed(headers.block(content, 0, len(content)).fields)).get("subject", b"")
        name = (headers.decoded(subject).replace("/", "-")[:100] or "message") + ".eml"
    content_id = headers.decoded(part.raw("content-id")).strip().strip("<>")
    return Attachment(file_name(name), part.type, content, content_id, inline or part.disposition == "inline")


def uuencoded(body: bytes) -> tuple[bytes, list[Attachment]]:
    """A text without the uuencoded files in it, and those files."""
    found = transfer.uuencoded(body)
    pieces, at = [], 0
    for _, _, start, end in found:
        pieces.append(body[at:start])
        at = end
    files = [Attachment(file_name(name), "application/octet-stream", content) for name, content, _, _ in found]
    return b"".join([*pieces, body[at:]]), files


def encryption(part: Part) -> str:
    """ "pgp" or "smime" where a part can be read only with a key, else ""."""
    if part.type == "multipart/encrypted":
        return "smime" if "pkcs7" in part.parameters.get("protocol", "") else "pgp"
    if part.type in ("application/pgp-encrypted", "application/pgp"):
        return "pgp"
    if part.type in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        said = part.parameters.get("smime-type", "").lower()
        enveloped = _ENVELOPED in part.content[:64] if not said else "enveloped" in said
        return "smime" if enveloped else ""
    return ""
