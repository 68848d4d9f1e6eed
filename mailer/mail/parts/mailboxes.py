"""Address lists as they are written (RFC 5322 §3.4 and what people make of it), read in one pass.

Two readers: a tolerant one for everything that is shown or compared, and a strict one for whoever acts on an address.
Neither uses the standard library's, which can be made to see another address than the one that is written.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from mailer.mail.message import Mailbox
from mailer.mail.parts import charsets, headers

LIMIT: Final = 2_000  # mailboxes of one field
REMEMBERED: Final = 200  # characters of a value that is worth remembering: the same people write to the same lists
ADDRESS_LIMIT: Final = 320  # characters: 64 before the "@" and 255 behind it (RFC 5321 §4.5.3.1)

# Every token is either one special character, a quoted string, or a run without specials: no two can begin alike.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|["()<>,;:\\]|[^"()<>,;:\\]+', re.DOTALL)
_COMMENT_PIECE: Final = re.compile(r"\\.|[()]|[^()\\]+|\\", re.DOTALL)
_ANGLE: Final = re.compile(r'((?:[^"<>]|"[^"<>]*")*)(>?)')
_LOCAL: Final = re.compile(r"@[^\s\"()<>,;:\\]+")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_INNER_COMMENT: Final = re.compile(r"\([^()]*\)")
_STRICT: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]{1,64}"
    r"(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]{1,64}){0,30}"
    r"@[A-Za-z0-9_\x80-\U0010ffff-]{1,63}(?:\.[A-Za-z0-9_\x80-\U0010ffff-]{1,63}){0,30}"
)


class _Reader:
    """What has been read of the mailbox at hand: words outside the brackets, a comment, the address inside."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.at = 0
        self.flat = False  # a comment was never closed: brackets mean nothing from there
        self.reset()

    def reset(self) -> None:
        self.words: list[str] = []
        self.comment = ""
        self.angle: str | None = None
        self.marked = False  # an "@" stands outside the brackets

    def read(self) -> Iterator[Mailbox]:
        while found := _TOKEN.match(self.value, self.at):
            token, self.at = found[0], found.end()
            match token[0]:
                case '"':
                    self._quoted(token)
                case "(" | ")":
                    self._comment(token)
                case "<":
                    self._angle()
                case "," | ";":
                    yield from self._end(token)
                case ":":
                    if self.angle is None and not self.marked:
                        self.reset()  # that was the name of a group
                case ">" | "\\":
                    pass
                case _:
                    self.marked = self.marked or "@" in token
                    if self.words or token.strip():
                        self.words.append(token)
        yield from self._finished()

    def _quoted(self, token: str) -> None:
        local = _LOCAL.match(self.value, self.at)
        if local and self.angle is None:
            self.angle, self.at = token + local[0], local.end()
        elif len(token) > 1:
            self.words.append(_ESCAPE.sub(r"\1", token[1:-1]))

    def _comment(self, token: str) -> None:
        if token == ")" or self.flat:
            return
        depth, at, pieces = 1, self.at, []
        while depth and (found := _COMMENT_PIECE.match(self.value, at)):
            at = found.end()
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            pieces.append(found[0])
        if depth:
            self.flat = True
            return
        self.at = at
        self.comment = self.comment or _ESCAPE.sub(r"\1", "".join(pieces[:-1]))

    def _angle(self) -> None:
        found = _ANGLE.match(self.value, self.at)
        if found is None:
            return
        inside, closed = found.groups()
        if not closed and self.value[found.end() : found.end() + 1] != "<":
            inside = inside.partition(",")[0]
        self.at = found.end() if closed else self.at + len(inside)
        if inside.strip() and (self.angle is None or "@" in inside):
            self.angle = inside

    def _end(self, separator: str) -> Iterator[Mailbox]:
        if separator == "," and self.angle is None and self.words and not self.marked:
            self.words.append(",")  # "Doe, Jane <jane@example.org>" without the quotes
            return
        yield from self._finished()

    def _finished(self) -> Iterator[Mailbox]:
        phrase = "".join(self.words).strip().strip(",")
        if self.angle is not None:
            yield from _mailbox(phrase or self.comment, self.angle)
        elif phrase:
            yield from _bare(phrase, self.comment)
        self.reset()


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """Every mailbox of an undecoded field value, in order; groups are opened and their names dropped."""
    return _remembered(value) if len(value) <= REMEMBERED else _read(value)


@lru_cache(maxsize=1024)
def _remembered(value: str) -> tuple[Mailbox, ...]:
    return _read(value)


def _read(value: str) -> tuple[Mailbox, ...]:
    found: list[Mailbox] = []
    for mailbox in _Reader(value).read():
        found.append(mailbox)
        if len(found) == LIMIT:
            break
    return tuple(found)


def one(value: str) -> Mailbox | None:
    """The mailbox of an undecoded field value that can be read in one way only: exactly one plain address, or None."""
    found = mailboxes(value)
    if len(found) != 1 or not _STRICT.fullmatch(found[0].address):
        return None
    outside = _outside(value)
    if outside is None or outside.count("<") > 1 or ":" in outside or ";" in outside:
        return None
    written = [word for word in re.split(r"[\s<>,]+", outside) if "@" in word]
    return found[0] if written and set(map(str.lower, written)) == {found[0].address.lower()} else None


def _outside(value: str) -> str | None:
    """`value` without quoted strings and comments; None where one of them is not closed, or brackets do not match."""
    pieces: list[str] = []
    depth, angles = 0, 0
    for token in _TOKEN.findall(value):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token in ('"', "\\") or depth < 0:
            return None
        if depth == 0 and token[0] not in '")\\':
            angles += {"<": 1, ">": -1}.get(token, 0)
            pieces.append(token)
        elif depth == 0:
            pieces.append(" ")
    return None if depth or angles else "".join(pieces)


def _bare(phrase: str, comment: str) -> Iterator[Mailbox]:
    """Mailboxes without brackets: "jane@example.org", "Jane jane@example.org", "daemon"."""
    words = "@".join(piece.strip() for piece in phrase.split("@")).split()
    addresses = [word for word in words if "@" in word]
    if not addresses and len(words) == 1:
        addresses = words
    if len(addresses) == len(words):
        for address in addresses:
            yield from _mailbox(comment, address)
    elif addresses:
        name = " ".join(word for word in words if word is not addresses[0])
        yield from _mailbox(name or comment, addresses[0])


def _mailbox(name: str, address: str) -> Iterator[Mailbox]:
    address = _INNER_COMMENT.sub("", charsets.line_clean(address)).strip()
    if not address.startswith('"'):
        address = "".join(address.split())
    if address.startswith("@") and ":" in address:  # a route (RFC 5322 §4.4)
        address = address.rpartition(":")[2]
    address = address.removeprefix("mailto:").strip("<>").strip("'") if address else ""
    if 0 < len(address) <= ADDRESS_LIMIT:
        yield Mailbox(_name(name), address)


def _name(raw: str) -> str:
    text = headers.words(raw) if "=?" in raw else raw
    text = " ".join(charsets.line_clean(text).split())
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return text
