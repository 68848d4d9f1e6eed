"""Header fields: from octets to decoded, clean values (RFC 5322 §2.2, RFC 2047, RFC 2231), however they are broken.

Called by the reading of parts. One pass over each value; nothing here fails.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from mailer.mail.parts import charsets, transfer

BLOCK_LIMIT: Final = 102_400  # octets of one header block that are kept; Postfix's header_size_limit
SCAN_LIMIT: Final = 1_048_576  # octets of one header block that are looked at: of a long To the fields behind it count
FIELD_LIMIT: Final = 16_384  # octets of one field that are read
NAME_LIMIT: Final = 200  # octets of the name of a field
FIELDS_LIMIT: Final = 1_000  # fields of one block that are read
WORDS_LIMIT: Final = 1_000  # encoded words of one field that are decoded

_FIELD: Final = re.compile(rb"([!-9;-~]+)[ \t]*:")
# Fields that only programs write: a line that is no field may stand in a header above them, but a quoted header, which
# has only From, To, Date and Subject, does not make a header of the text above it.
_MACHINE: Final = rb"message-id|received|return-path|delivered-to|mime-version|content-[a-z-]{2,40}|x-[a-z-]{1,40}"
_MACHINE_FIELD: Final = re.compile(rb"(?im)^(?:" + _MACHINE + rb")[ \t]*:")
_PARAMETER: Final = re.compile(rb"[A-Za-z][A-Za-z0-9*-]{0,30}=")
_TO_THE_LETTER: Final = frozenset({"authentication-results"})
_KNOWN_FIELD: Final = re.compile(rb"(?i)(?:from|to|cc|subject|date|reply-to|" + _MACHINE + rb")[ \t]*:")
_WORDED: Final = frozenset(
    {"subject", "from", "to", "cc", "bcc", "reply-to", "sender", "resent-from", "resent-to", "comments", "keywords"}
    | {"list-id", "organization", "summary", "thread-topic", "content-description", "disposition-notification-to"}
    | {"message-id", "in-reply-to", "references"}  # Outlook encodes long ids
)
_CHARSET_ENCODING: Final = re.compile(r"([^?\s]{1,75})\?\s?([bBqQ])\s?\?")


class Block(NamedTuple):
    """The header block of a mail or part: (lower-case name, raw unfolded value) in order, and where the body begins."""

    fields: tuple[tuple[str, bytes], ...]
    body: int
    defects: tuple[str, ...]


def block(raw: bytes, start: int, end: int) -> Block:
    """Read the header block that begins at `start`; lines end in any number of CRs and one LF."""
    blank = _blank_line(raw, start, end)
    after = end if blank is None else blank[1]
    limit = min(end if blank is None else blank[0], start + SCAN_LIMIT)
    fields: list[tuple[str, list[bytes]]] = []
    defects: list[str] = []
    at, machine, size, kept = start, start, 0, 0
    for line in raw[start:limit].split(b"\n"):
        if kept > BLOCK_LIMIT:
            break
        if fields and line[:1] in (b" ", b"\t"):
            if size < FIELD_LIMIT:
                fields[-1][1].append(line[:FIELD_LIMIT])
                size, kept = size + len(line), kept + min(len(line), FIELD_LIMIT)
        elif name := _name(line[: (colon := line.find(b":", 0, NAME_LIMIT)) + 1]):
            if len(fields) == FIELDS_LIMIT:
                defects.append("too many header fields")
                break
            fields.append((name, [line[colon + 1 : colon + 1 + FIELD_LIMIT]]))
            size, kept = len(line), kept + min(len(line), FIELD_LIMIT)
        elif fields and _unindented(line, fields[-1][1][-1]):
            fields[-1][1].append(line[: max(FIELD_LIMIT - size, 0)])
            size, kept = size + len(line), kept + min(len(line), FIELD_LIMIT)
        elif line.strip() and not line.startswith((b"From ", b">From ")):
            if machine <= at:
                later = _MACHINE_FIELD.search(raw, at + len(line), limit)
                machine = later.start() if later else end + 1
            if machine > end or line.startswith(b"--") or (fields and _ends_in_spaces(fields[-1][1])):
                defects.append("no line between header and body")
                after = at
                break
            defects.append("line in the header that is no field")
        at += len(line) + 1
    if kept > BLOCK_LIMIT or limit == start + SCAN_LIMIT:
        defects.append("header block too long")
    if blank is None and after == end and fields:
        defects.append("no body")
    return Block(tuple((name, _unfolded(lines)) for name, lines in fields), after, tuple(dict.fromkeys(defects)))


_BLANK: Final = re.compile(rb"\n\r*\n")
_EMPTY: Final = re.compile(rb"\r*\n")


@lru_cache(maxsize=4096)
def _name(written: bytes) -> str:
    """The lower-case name in "Name:", or "" where that is none. Where a blank stands behind the name of a field that a
    server in front takes out of strangers' mail, it is another field: that server may not have known it."""
    found = _FIELD.fullmatch(written)
    name = found[1].decode("ascii").lower() if found else ""
    return f"{name} " if name in _TO_THE_LETTER and len(written) > len(name) + 1 else name


def _unindented(line: bytes, before: bytes) -> bool:
    """Whether a line is a parameter that belongs to the field above: some break a field without indenting the rest."""
    return before.rstrip().endswith(b";") and _PARAMETER.match(line) is not None


def _ends_in_spaces(lines: list[bytes]) -> bool:
    """Whether the last line of a field is only spaces: with no field behind it, it was meant to be the empty line."""
    return len(lines) > 1 and not lines[-1].strip()


def begins(raw: bytes, at: int) -> bool:
    """Whether a header field that mails have stands at `at`: after empty lines or a byte order mark it still counts."""
    return bool(_KNOWN_FIELD.match(raw, at))


def _blank_line(raw: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Where the header ends and where the body begins."""
    if empty := _EMPTY.match(raw, start, end):
        return start, empty.end()
    if found := _BLANK.search(raw, start, end):
        return found.start(), found.end()
    return None


def _unfolded(lines: list[bytes]) -> bytes:
    if len(lines) == 1:
        return lines[0][:FIELD_LIMIT].replace(b"\r", b"").strip()
    return b" ".join([line.strip() for line in lines])[:FIELD_LIMIT].replace(b"\r", b"").strip()


def field(name: str, value: bytes, charset: str = "") -> tuple[str, str]:
    """A field with its value as people read it; encoded words only where RFC 2047 §5 allows them, or ids are found.

    A machine's field that quotes a stranger (Authentication-Results) must not say what the stranger has encoded.
    """
    if name in _WORDED or name.startswith("x-") or b"=?" not in value:
        return name, decoded(value, charset)
    return name, charsets.line_clean(charsets.decode(value, charset))


def decoded(value: bytes, charset: str = "") -> str:
    """The value as people read it: encoded words decoded, no control characters, one line.

    `charset` is that of the body, in which programs that know no better write their headers.
    """
    if value.isascii() and b"=?" not in value and b"\x1b" not in value:  # nearly every field of every mail
        return charsets.line_clean(value.decode("ascii"))
    text = charsets.decode(value, charset)
    return charsets.line_clean(words(text) if "=?" in text else text)


class _Word(NamedTuple):
    charset: str
    data: bytes


def words(text: str) -> str:
    """`text` with its encoded words decoded; adjacent words are joined first, for a letter may be cut in two."""
    pieces: list[str | _Word] = []
    at = 0
    for _ in range(WORDS_LIMIT):
        found = _next_word(text, at)
        if found is None:
            break
        begin, end, word = found
        between = text[at:begin]
        glued = bool(pieces) and isinstance(pieces[-1], _Word) and not between.strip()
        if not glued:
            pieces.append(between)
        last = pieces[-1] if pieces else ""
        if glued and isinstance(last, _Word) and last.charset == word.charset:
            pieces[-1] = _Word(word.charset, last.data + word.data)
        else:
            pieces.append(word)
        at = end
    pieces.append(text[at:])
    return "".join(p if isinstance(p, str) else charsets.decode(p.data, p.charset) for p in pieces)


def _next_word(text: str, at: int) -> tuple[int, int, _Word] | None:
    """The next encoded word from `at`: where it begins, where it ends, what it holds."""
    while (begin := text.find("=?", at)) >= 0:
        head = _CHARSET_ENCODING.match(text, begin + 2)
        if head is None:
            at = begin + 2
            continue
        end = text.find("?=", head.end())
        if end < 0:
            return None
        charset = head[1].partition("*")[0].lower()
        content = text[head.end() : end].encode("utf-8", "replace")
        quoted = head[2] in "qQ"
        data = transfer.quoted_printable(content.replace(b"_", b" ")) if quoted else transfer.base64(content)
        return begin, end + 2, _Word(charset, data)
    return None
