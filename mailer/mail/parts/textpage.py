"""A page of plain text being written: words, line ends, paragraphs, quotes, lists and rows of cells.

Called by `hypertext`, which knows the tags; this knows only how text looks. Whatever is left open is closed at the end.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

NESTING_LIMIT: Final = 30  # levels of quotes, lists and tables that are told apart
ROW_LIMIT: Final = 120  # characters of a row that still stands on one line
RULE: Final = "_" * 32  # a horizontal rule, as Outlook writes it in text

_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
# What preheaders are padded with, in a row; one alone parts words in Khmer or joins letters in Persian, and stays.
_UNSEEN: Final = re.compile("(?:[\u00ad\u034f\u200b-\u200d\u2007\u2060\ufeff][ \u00a0]*){3,}")


class Line(NamedTuple):
    """A finished line: how deep it is quoted, and whether an empty line stands before it."""

    depth: int
    text: str
    apart: bool


@dataclass(slots=True)
class _Table:
    """An open table: the finished cells of its open row, and the lines written before the open cell."""

    cells: list[list[Line]] = field(default_factory=list)
    outside: list[Line] | None = None


class Page:
    """The text so far: finished lines, and the line being written."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._line: list[str] = []
        self._apart = False
        self._depth = 0
        self._quotes: list[bool] = []  # open quotes; False for one that is not counted
        self._lists: list[int] = []  # open lists: the next number, or -1 for bullets
        self._marker = ""  # of a list item whose first words have not come yet
        self._tables: list[_Table] = []
        self._preformatted = 0

    def words(self, text: str) -> None:
        """Text as it stands between tags; runs of white space are one space, but for preformatted text."""
        if self._preformatted:
            first, *others = text.expandtabs().split("\n")
            self._line.append(first)
            for other in others:
                self.newline()
                self._line.append(other)
            return
        text = _SPACE.sub(" ", text)
        if text[:1] == " " and (not self._line or self._line[-1][-1:] == " "):
            text = text[1:]
        if text:
            self._line.append(text)

    def newline(self) -> None:
        """End the line, even where it is empty."""
        if not self._flush():
            self._apart = True

    def block(self, *, apart: bool = False) -> None:
        """End the line where there is one; `apart` leaves an empty line."""
        self._flush()
        self._apart = self._apart or apart

    def rule(self) -> None:
        self.block()
        self._line.append(RULE)
        self.block()

    def preformatted(self, change: int) -> None:
        self._preformatted = max(0, self._preformatted + change)

    def quote(self, *, counted: bool = True) -> None:
        self.block(apart=True)
        counted = counted and self._depth < NESTING_LIMIT
        self._quotes.append(counted)
        self._depth += counted

    def quote_end(self) -> None:
        self.block(apart=True)
        if self._quotes and self._quotes.pop():
            self._depth -= 1

    def list(self, first: int = -1) -> None:
        """A list begins, numbered from `first`, or with bullets."""
        self.block(apart=not self._lists)
        self._lists.append(first)

    def list_end(self) -> None:
        self.block(apart=len(self._lists) == 1)
        if self._lists:
            self._lists.pop()
        self._marker = ""

    def item(self) -> None:
        self.block()
        number = self._lists[-1] if self._lists else -1
        if number >= 0:
            self._lists[-1] += 1
        self._marker = f"{number}. " if number >= 0 else "- "

    def table(self) -> None:
        self.block()
        if len(self._tables) < NESTING_LIMIT:
            self._tables.append(_Table())

    def cell(self) -> None:
        self.cell_end()
        if self._tables:
            self._tables[-1].outside = self._lines
            self._lines = []

    def cell_end(self) -> None:
        self.block()
        if self._tables and (outside := self._tables[-1].outside) is not None:
            self._tables[-1].cells.append(self._lines)
            self._tables[-1].outside = None
            self._lines = outside

    def row_end(self) -> None:
        """The cells of a row stand on one line where each is one short line, else one below the other."""
        self.cell_end()
        if not self._tables or not self._tables[-1].cells:
            return
        cells = [cell for cell in self._tables[-1].cells if cell]
        self._tables[-1].cells = []
        short = all(len(cell) == 1 for cell in cells) and sum(len(cell[0].text) for cell in cells) <= ROW_LIMIT
        if len(cells) > 1 and short:
            first = cells[0][0]
            self._lines.append(first._replace(text=" | ".join(cell[0].text for cell in cells)))
        else:
            self._lines.extend(line for cell in cells for line in cell)

    def table_end(self) -> None:
        self.row_end()
        if self._tables:
            self._tables.pop()
        self.block()

    def text(self) -> str:
        """The page; to be asked for once, at the end."""
        while self._tables:
            self.table_end()
        self.block()
        written: list[str] = []
        above = 0
        for line in self._lines:
            if line.apart and written and written[-1].strip("> "):
                written.append(">" * min(above, line.depth))
            written.append(f"{'>' * line.depth} {line.text}" if line.depth else line.text)
            above = line.depth
        return "\n".join(written)

    def _flush(self) -> bool:
        """Finish the line being written; False where it holds nothing."""
        text = "".join(self._line)
        self._line.clear()
        text = _UNSEEN.sub(" ", text).replace("\xa0", " ")
        words = text.strip(" ")
        if not words:
            self._apart = self._apart or bool(text)  # a paragraph of one no-break space is an empty line
            return bool(text)
        if words != "--":  # the line before a signature keeps its space (RFC 3676 §4.3)
            text = text.rstrip(" ") if self._preformatted else words
        indent = "  " * (min(len(self._lists), NESTING_LIMIT) - 1) if self._lists else ""
        hanging = " " * len(self._marker) if self._marker else ("  " if self._lists else "")
        self._lines.append(Line(self._depth, f"{indent}{self._marker or hanging}{text}", self._apart))
        self._marker = ""
        self._apart = False
        return True
