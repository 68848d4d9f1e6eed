"""Octets from the relay become its replies, each whole (RFC 5321 §4.2). Called by the wire, one for each connection.

Refuses to guess: a line that begins no reply, and a reply without end, raise.
"""

from collections.abc import Iterator
from typing import NamedTuple

LONGEST_REPLY = 16_384  # octets of one reply, all its lines together
MOST_LINES = 200  # of one reply

_LAST = {b"%d " % code: code for code in range(200, 600)}  # how the last line of a reply begins


class Reply(NamedTuple):
    """A whole reply; the lines of its text are joined by line feeds."""

    code: int
    text: str

    @classmethod
    def of(cls, code: int, octets: bytes) -> "Reply":
        return cls(code, octets.decode("utf-8", "replace"))

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Replies:
    """What has come of a reply that is not whole yet."""

    def __init__(self) -> None:
        self._rest = b""  # of a line
        self._lines: list[bytes] = []

    @property
    def begun(self) -> bool:
        """Whether there is more than whole replies."""
        return bool(self._rest or self._lines)

    def read(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The replies that end in these octets, code and text. Raises ConnectionError."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            line = line.rstrip(b"\r")
            code = _LAST.get(line[:4]) or self._odd_line(line)
            if code and not self._lines:
                yield code, line[4:]
            elif code:
                text = b"\n".join([*self._lines, line[4:]])
                self._lines.clear()
                yield code, text
        if len(self._rest) > LONGEST_REPLY:
            raise ConnectionError("The relay answered with an endless line")

    def _odd_line(self, line: bytes) -> int:
        """The code of a last line that has no text; 0 for one that is not the last of its reply, and is kept."""
        code = _LAST.get(line[:3] + b" ")
        if code is None or line[3:4] not in (b"-", b""):
            raise ConnectionError("The relay answered with what is no reply")
        if line[3:4] == b"":
            return code
        self._lines.append(line[4:])
        if sum(map(len, self._lines)) > LONGEST_REPLY or len(self._lines) > MOST_LINES:
            raise ConnectionError("The relay answered without end")
        return 0
