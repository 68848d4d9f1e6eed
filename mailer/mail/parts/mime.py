"""The tree of parts of a mail (RFC 2045, RFC 2046), found in its octets without copying them.

Called by the reading of mail. It refuses nothing: what goes beyond a limit is left as one opaque part, and named among
the defects. Linear: every level of nesting looks once at its own octets, and there are at most twenty levels.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mailer.mail.parts import headers, parameters, transfer

DEPTH_LIMIT: Final = 20  # levels of multiparts that are opened, as in public-inbox
PARTS_LIMIT: Final = 1_000  # parts of one mail

CANDIDATES_LIMIT: Final = 20_000  # lines of one multipart that begin like its delimiter

_DELIMITER_TAIL: Final = re.compile(rb"(--)?[ \t]*+(?:\r*+\n|\Z)")
_GUESSED: Final = re.compile(rb"(?:\A|\n)--(-{0,40}[^\s-][^\s]{0,69})[ \t]{0,9}\r{0,2}\n(?=Content-)", re.IGNORECASE)


@dataclass(slots=True)
class Part:
    """One part: its fields, what they say, and where its content lies in `source`."""

    fields: tuple[tuple[str, bytes], ...]
    source: bytes
    start: int
    end: int
    type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    encoding: str = ""
    parts: "list[Part]" = field(default_factory=list)

    def raw(self, name: str) -> bytes:
        """The first undecoded value of a field, or b""."""
        return next((value for key, value in self.fields if key == name), b"")

    @property
    def body(self) -> bytes:
        """The content as it stands in the mail."""
        return self.source[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The content with its transfer encoding undone."""
        return transfer.decoded(self.body, self.encoding, self.type.startswith("text/"))

    @property
    def multipart(self) -> bool:
        return bool(self.parts)


class Tree:
    """One reading of one mail: counts its parts and keeps its defects."""

    def __init__(self) -> None:
        self.count = 0
        self.defects: list[str] = []

    def part(self, source: bytes, start: int, end: int, depth: int = 0, default: str = "text/plain") -> Part:
        """The part whose header begins at `start`, with all parts below it."""
        self.count += 1
        block = headers.block(source, start, end)
        self.defects.extend(block.defects if depth == 0 else [d for d in block.defects if d != "no body"])
        part = _described(Part(block.fields, source, block.body, end), default)
        if part.type.startswith("multipart/"):
            self._open(part, depth)
        return part

    def _open(self, part: Part, depth: int) -> None:
        if depth >= DEPTH_LIMIT:
            self.defects.append("too deep")
            part.type = "application/octet-stream"
            return
        spans = self._spans(part)
        if not spans and part.encoding in ("base64", "quoted-printable"):  # forbidden by RFC 2045 §6.4, yet sent
            part.source = part.content
            part.start, part.end, part.encoding = 0, len(part.source), ""
            spans = self._spans(part)
        if not spans:
            self.defects.append("multipart without parts")
            part.type = "text/plain"
            return
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        for start, end in spans:
            if self.count >= PARTS_LIMIT:
                self.defects.append("too many parts")
                break
            part.parts.append(self.part(part.source, start, end, depth + 1, default))

    def _spans(self, part: Part) -> list[tuple[int, int]]:
        """Where the parts of a multipart begin and end; a missing last delimiter is made up for."""
        boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        spans = self._between(part, boundary) if boundary else []
        if spans:
            return spans
        guess = _GUESSED.search(part.source, max(part.start - 1, 0), part.end)
        if guess is None:
            return []
        self.defects.append("multipart with a wrong boundary" if boundary else "multipart without a boundary")
        return self._between(part, guess[1])

    def _between(self, part: Part, boundary: bytes) -> list[tuple[int, int]]:
        source, spans = part.source, []
        begin = -1
        for start, after, last in _delimiters(source, part.start, part.end, boundary):
            if begin >= 0:
                spans.append((begin, max(begin, start)))
            begin = -1 if last else after
            if last or len(spans) > PARTS_LIMIT:
                break
        if begin >= 0 and len(spans) <= PARTS_LIMIT:
            self.defects.append("multipart not closed")
            glued = source[begin : part.end].rstrip().endswith(b"--" + boundary + b"--")  # behind the last words
            end = source.rfind(b"--" + boundary, begin, part.end) if glued else part.end
            spans.append((begin, end))
        return spans


def _delimiters(source: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Delimiter lines: where the newline before it begins, where the next line begins, and whether it is the last."""
    line = b"--" + boundary
    at = start if source.startswith(line, start, end) else _line_start(source, line, start, end)
    for _ in range(CANDIDATES_LIMIT):
        if at < 0:
            return
        tail = _DELIMITER_TAIL.match(source, at + len(line), end)
        if tail:
            yield _before_newline(source, start, at), tail.end(), bool(tail[1])
        at = _line_start(source, line, tail.end() - 1 if tail else at, end)


def _line_start(source: bytes, line: bytes, at: int, end: int) -> int:
    """Where the next line begins that begins with `line`, or -1; a newline at `at` itself counts."""
    found = source.find(b"\n" + line, at, end)
    return found + 1 if found >= 0 else -1


def _before_newline(source: bytes, start: int, at: int) -> int:
    """Where the line end in front of `at` begins: it belongs to the delimiter (RFC 2046 §5.1.1)."""
    if at > start and source[at - 1] == 0x0A:
        at -= 1
        while at > start and source[at - 1] == 0x0D:
            at -= 1
    return at


def _described(part: Part, default: str) -> Part:
    """Fill in what the fields say about the content."""
    kind, part.parameters = parameters.value_of(part.raw("content-type"))
    part.type = parameters.media_type(kind, default)
    part.disposition, placed = parameters.value_of(part.raw("content-disposition"))
    part.filename = placed.get("filename") or part.parameters.get("name") or placed.get("name", "")
    encoding = part.raw("content-transfer-encoding")
    part.encoding = parameters.value_of(encoding)[0].strip() if encoding else ""
    return part


def tree(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """The mail in `raw` as a tree, and its defects, each named once."""
    reading = Tree()
    start = len(raw) - len(raw.lstrip(b"\xef\xbb\xbf\r\n"))
    whole = reading.part(raw, start if headers.begins(raw, start) else 0, len(raw))
    return whole, tuple(dict.fromkeys(reading.defects))
