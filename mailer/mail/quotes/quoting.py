"""Which lines of a text belong to other mails: by marks of quotation and by the headings above them.

Refuses nothing; linear in the text. Called by `folding`.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailer.mail.message import FoldKind, Mailbox
from mailer.mail.quotes import clientmarks
from mailer.mail.quotes import lineshapes as shape
from mailer.mail.quotes.attributions import attribution
from mailer.mail.quotes.clientmarks import Mark
from mailer.mail.quotes.headings import Context, Heading, header_block, titled_rule
from mailer.mail.quotes.signatures import is_device_line

MOST_HEADING = 5  # lines between a place that the HTML marks and the quote below it
MOST_INSETS = 4  # headings below which indentation is looked for; each look reads the rest
NEARBY = 3  # blank lines that may stand between an attribution and what it quotes

_INSET = re.compile(r"(?: {3,8}|\t)(?=\S)")


@dataclass(slots=True)
class Reading:
    """The lines and what each is; None is new. `headed` are first lines of quotes with a heading of their own."""

    lines: list[str]
    kinds: list[FoldKind | None]
    headed: set[int] = field(default_factory=set)
    forwarded: Mailbox | None = None
    flagged: bool = False
    ours: list[int] = field(default_factory=list)  # the lines that we sent, in order
    insets: int = 0  # how often indentation was looked for

    def mark(self, start: int, end: int, kind: FoldKind | None) -> None:
        self.kinds[start:end] = [kind] * (min(end, len(self.lines)) - start)

    def mark_headed(self, start: int, end: int, kind: FoldKind) -> None:
        """Marks lines whose heading is at `start`; headings further down are part of what it heads."""
        self.mark(start, end, kind)
        self.headed.difference_update(range(start, end))
        self.headed.add(start)


def read_structure(
    lines: list[str], context: Context, places: Mapping[int, Mark], ours: Sequence[bool] = ()
) -> Reading:
    """The lines told apart; `places` are what the HTML says of them, `ours` tells the lines that we sent."""
    reading = Reading(lines, [None] * len(lines))
    _marked(reading)
    _recognised(reading, ours)
    at, first = 0, len(lines)  # the first line that is new
    while at < len(lines):
        if reading.kinds[at] is not None or not lines[at].strip():
            at += 1
            continue
        heading = _heading(reading, at, context) if shape.may_announce(lines[at]) else None
        if heading is None and at in places:
            heading = _placed(reading, at, context, places[at])
        below = None if heading is None else _quoted_below(reading, heading, first < heading.start)
        if heading and below is not None:
            at = _take_until(reading, heading, below)
        elif heading and heading.sure and first < heading.start:
            _take_rest(reading, heading)
            break
        elif heading and heading.sure:
            at = _pass_by(reading, heading)
        else:
            first = min(first, at) if reading.kinds[at] is None else first
            at += 1
    reading.flagged = reading.flagged and "quote" not in reading.kinds
    return reading


def _heading(reading: Reading, at: int, context: Context) -> Heading | None:
    """The heading that begins at `at`, or whose last line is within reach of it; asked of a line that may announce."""
    lines = reading.lines
    found = titled_rule(lines, at, context) or header_block(lines, at, context)
    if found:
        return found
    heading = attribution(lines, at)
    if heading is None or heading.sure or _marked_below(reading, heading.end) is not None:
        return heading
    above = next((lines[i] for i in range(heading.start - 1, max(-1, heading.start - 4), -1) if lines[i].strip()), "")
    return replace(heading, sure=True) if is_device_line(above) else None  # between the two only a telephone writes


def _placed(reading: Reading, at: int, context: Context, mark: Mark) -> Heading | None:
    """The heading or the signature that the HTML says begins here."""
    end = at
    while end < len(reading.lines) and reading.kinds[end] is None and end - at <= MOST_HEADING:
        end += 1
    cited = end < len(reading.lines) and reading.kinds[end] == "quote"
    if mark.place == "signature":
        _take_signature(reading, at, mark)
        return None
    if mark.place == "cited" and not cited:
        return None
    return Heading(at, end if cited else at + 1, "forward" if context.forward else "quote")


def _take_signature(reading: Reading, at: int, mark: Mark) -> None:
    """Marks the lines from `at` on whose words are all in the signature of the HTML."""
    end = at
    while end < len(reading.lines) and reading.kinds[end] is None and clientmarks.within(mark, reading.lines[end]):
        end += 1
    reading.mark(at, end, "signature")


def _marked_below(reading: Reading, at: int) -> int | None:
    """The first quoted line at or right below `at`, or None."""
    for i in range(at, min(len(reading.lines), at + NEARBY + 1)):
        if reading.kinds[i] == "quote":
            return i
        if reading.lines[i].strip():
            return None
    return None


def _opened(reading: Reading, heading: Heading) -> int:
    """Where the heading begins, with the rule and the blank lines above it."""
    start = heading.start
    while start and (not reading.lines[start - 1].strip() or shape.is_rule(reading.lines[start - 1])):
        if reading.kinds[start - 1] is not None:
            break
        start -= 1
    return start


def _take_until(reading: Reading, heading: Heading, first: int) -> int:
    """Marks the heading and all down to the end of the quoted lines that begin at `first`; returns the line after."""
    end = first
    while end < len(reading.lines) and reading.kinds[end] == "quote":
        end += 1
    start = _opened(reading, heading)
    reading.mark_headed(start, end, heading.kind)
    if heading.kind == "forward" and reading.forwarded is None:
        reading.forwarded = heading.author
    return end


def _quoted_below(reading: Reading, heading: Heading, answered: bool) -> int | None:
    """The first line it quotes, where quoted lines are told from answers: by marks, by what we sent, by inset."""
    marked = _marked_below(reading, heading.end)
    if marked is not None or not heading.sure:
        return marked
    known = bisect_left(reading.ours, heading.end)
    return reading.ours[known] if known < len(reading.ours) else _indented_below(reading, heading, answered)


def _indented_below(reading: Reading, heading: Heading, answered: bool) -> int | None:
    """The first line below where the quote is marked by indentation; those lines are marked as quoted.

    Outlook for Mac quotes so: lines are as far in as the first, and the writer's answers are not. Where there is an
    answer above, nearly all must be.
    """
    lines = reading.lines
    reading.insets += 1
    if reading.insets > MOST_INSETS:
        return None
    written = [i for i in range(heading.end, len(lines)) if lines[i].strip()]
    if not written or not (inset := _INSET.match(lines[written[0]])):
        return None
    inside = [i for i in written if lines[i].startswith(inset[0])]
    if len(inside) < 2 or len(inside) < (0.7 if answered else 0.1) * len(written):
        return None
    outside = set(written) - set(inside)
    for i in range(inside[0], len(lines)):
        if i not in outside:
            reading.kinds[i] = "quote"
    return inside[0]


def _recognised(reading: Reading, ours: Sequence[bool]) -> None:
    """Marks the lines that we sent, and the blank ones between two of them."""
    last = -1
    for at, is_ours in enumerate(ours):
        if is_ours:
            reading.ours.append(at)
            blank = last >= 0 and not any(line.strip() for line in reading.lines[last + 1 : at])
            reading.mark(last + 1 if blank else at, at + 1, "quote")
            last = at


def _take_rest(reading: Reading, heading: Heading) -> None:
    """Marks everything from the heading on: without marks of quotation nobody can say where the quote ends."""
    start = _opened(reading, heading)
    reading.mark_headed(start, len(reading.lines), heading.kind)
    if heading.kind == "forward":
        reading.forwarded = heading.author


def _pass_by(reading: Reading, heading: Heading) -> int:
    """A heading with nothing new above it: what it heads is all there is, so that is the post."""
    reading.flagged = True
    if heading.kind == "forward" and reading.forwarded is None:
        reading.forwarded = heading.author
    return heading.end


def _marked(reading: Reading) -> None:
    """Marks the lines that begin with a mark of quotation, and what plainly lies between two of them."""
    lines, at = reading.lines, 0
    while at < len(lines):
        if not shape.is_marked(lines[at]):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and (shape.is_marked(lines[end]) or _between(lines, end)):
            end += 1
        if not _is_own(lines, at, end):
            reading.mark(at, end, "quote")
            if _begins_with_heading([shape.unmarked(line) for line in lines[at : min(end, at + MOST_HEADING)]]):
                reading.headed.add(at)
        at = end


def _begins_with_heading(lines: Sequence[str]) -> bool:
    """Whether a quote carries its attribution inside its marks, as Apple Mail and Hotmail write it."""
    if header_block(lines, 0, Context()):
        return True
    found = (attribution(lines, last) for last in range(min(3, len(lines))))
    return any(heading and heading.sure and heading.start == 0 for heading in found)


def _between(lines: Sequence[str], at: int) -> bool:
    """Whether an unmarked line only seems to interrupt a quote: blank, or the rest of a wrapped link or word."""
    line, above = lines[at].strip(), lines[at - 1]
    below = next((i for i in range(at, min(len(lines), at + 3)) if lines[i].strip()), at)
    if not line:
        return below > at and shape.is_marked(lines[below]) and shape.is_marked(above)
    if at + 1 >= len(lines) or not shape.is_marked(lines[at + 1]) or len(line) > 200 or len(above) > shape.LONG:
        return False
    if above.endswith("=") and len(above) > 60:
        return True
    return _closes(above, line) or (line.endswith(" >") and shape.linked(line))


def _closes(above: str, line: str) -> bool:
    """Whether a bracket that a link opened above is closed here."""
    for opening, closing in ("()", "<>", "[]"):
        if above.rfind(opening) > above.rfind(closing) and "http" in above and closing in line:
            return opening not in line.split(closing)[0] and " " not in line.split(closing)[0]
    return False


def _is_own(lines: Sequence[str], start: int, end: int) -> bool:
    """Whether a lone marked line is the writer's own: `>From` as mailboxes escape it, `>50 %`
    in running text, or the end of an attribution whose address was wrapped.
    """
    if shape.is_framed(lines[start]) and shape.dated(lines[start]):
        return True
    if end - start > 1:
        return False
    line = lines[start].lstrip()
    if shape.ends_open(line) and start and "<" in "".join(lines[max(0, start - 2) : start]) and "<" not in line:
        return True
    attached = start > 0 and bool(lines[start - 1].strip()) and not shape.ends_open(lines[start - 1])
    return line.startswith(">From ") or (attached and line[1:2] in "=0123456789" and len(line) > 1)
