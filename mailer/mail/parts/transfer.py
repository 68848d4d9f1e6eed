"""Content-transfer-encodings undone (RFC 2045 §6, and uuencode): tolerant, linear, never failing.

Called for the content of every part. What cannot be decoded comes back as far as it can be.
"""

import binascii
import re
from typing import Final

_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_BASE64_LINE: Final = re.compile(
    rb"[ \t]*(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?[ \t\r]*(?:\n|\Z)"
)
_WORDS: Final = re.compile(rb"(?:^|[ \t])[^\s]{1,20}[ \t]+[^\s]{1,20}[ \t]+[^\s]{1,20}", re.MULTILINE)
_SOFT_BREAK: Final = re.compile(rb"=(?:[ \t]+\r*\n|\r+(?!\n))")
_UU_BEGIN: Final = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)
_UU_END: Final = re.compile(rb"^(?:end|====)[ \t]*\r?$\n?", re.MULTILINE)


def decoded(data: bytes, encoding: str, text: bool = False) -> bytes:
    """The octets that `data` stands for; an unknown encoding is taken as none. In a `text` words are words."""
    match encoding:
        case "base64" | "b" | "base-64" | "bas64":
            return base64_text(data) if text else base64(data)
        case "quoted-printable" | "q" | "quotedprintable" | "quoted_printable":
            return quoted_printable(data)
        case "uuencode" | "x-uuencode" | "uue" | "x-uue":
            found = uuencoded(data)
            return found[0][1] if found else data
    return data


def base64(data: bytes) -> bytes:
    """Base64, also where padding is missing, stands in the middle (pieces glued together) or junk lies between."""
    padded = data.find(b"=")
    if padded >= 0 and b" " in data[padded:].strip():  # words after the end: a footer some list has added
        data = data[:padded]
    letters = data.translate(None, _NOT_BASE64)
    padding = 2 if letters.endswith(b"==") else int(letters.endswith(b"="))
    if len(letters) % 4 == 0 and letters.find(b"=", 0, len(letters) - padding) < 0:
        return binascii.a2b_base64(letters)  # as it should be, and large: no copy of its pieces
    return b"".join(_piece(piece) for piece in letters.split(b"=") if piece)


def base64_text(data: bytes) -> bytes:
    """A text in base64. Words in its place, where a label lies, or below it, where a list has added a footer, stay."""
    if b" " not in data or not _WORDS.search(data):
        return base64(data)
    at = 0
    while at < len(data) and (line := _BASE64_LINE.match(data, at)):
        at = line.end()
    text = base64(data[:at])
    return text if b"\0" in text else text + (b"\n" if text else b"") + data[at:]


def _piece(letters: bytes) -> bytes:
    if len(letters) % 4 == 1:  # six bits say nothing
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def quoted_printable(data: bytes) -> bytes:
    """Quoted-printable; a soft break may have spaces or a lone CR behind it."""
    if b"= " in data or b"=\t" in data or b"=\r" in data:
        data = _SOFT_BREAK.sub(b"=\n", data)
    return binascii.a2b_qp(data)


def uuencoded(data: bytes) -> list[tuple[str, bytes, int, int]]:
    """Every uuencoded file in `data`: (name as written, content, where its text begins, where it ends); in order."""
    found: list[tuple[str, bytes, int, int]] = []
    at = 0
    while len(found) < 100 and (begin := _UU_BEGIN.search(data, at)):
        end = _UU_END.search(data, begin.end())
        if end is None:
            break
        lines = data[begin.end() : end.start()].split(b"\n")[1:]
        if begin.group().startswith(b"begin-base64"):
            content = base64(b"".join(lines))
        else:
            content = b"".join(map(_uu_line, lines))
        name = begin[1].decode("utf-8", "replace")
        if content:
            found.append((name, content, begin.start(), end.end()))
        at = end.end()
    return found


def _uu_line(line: bytes) -> bytes:
    line = line.rstrip(b"\r")
    if not line or not 0x20 <= line[0] <= 0x60:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    try:  # the encoder wrote more than its length letter says
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except binascii.Error:
        return b""
