"""The dates in one line of writing: `Tuesday 3 March`, `2026-03-03`, `12/03/2026`, `March 3rd`, `next Thu`, `demain`.

Reads, never guesses: a date that is not, a weekday that does not fit and several days at once are said to be so.
Called by the reading of moments. Every pattern is bounded; lines come folded (calendarwords.fold).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mailer.community.calendarwords import DAYS, ENGLISH_MONTHS, MONTHS, NEAR, NEXT_AFTER, NEXT_BEFORE, either

Trouble = Literal["no such day", "weekday differs", "several days"]
Doubt = Literal["day first", "which week"]


@dataclass(frozen=True, slots=True)
class Day:
    """A date and where it stands, or why there is none. `doubts`: what the reader should be shown."""

    start: int
    end: int
    on: date | None
    trouble: Trouble | None = None
    doubts: tuple[Doubt, ...] = ()


_DAY = either(DAYS)
_WEEKDAY = rf"(?:(?P<weekday>{_DAY})[.,]{{0,2}}\s{{1,3}}(?:(?:the|den|dem|der|le|el|dia|o|am)\s{{1,2}})?)?"
_ORDINAL = r"(?:st|nd|rd|th|er|\.|º|ª|°)?"
_MANY = rf"(?:(?P<many>\d{{1,2}}){_ORDINAL}\s?(?:-|–|—|/|&|to|and|or|bis|und|oder|au|et|y|al|a|e|ou)\s?)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d:])"
_SHAPES = (
    re.compile(
        rf"(?<![\w]){_WEEKDAY}(?<![\d./-])(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?![\d-])(?:t(?=\d))?"
    ),
    re.compile(
        rf"(?<![\w]){_WEEKDAY}(?<![\d./-])(?P<day>\d{{1,2}})(?P<mark>[./-])(?P<month>\d{{1,2}})(?P=mark)"
        r"(?P<year>\d{4}|\d{2})(?![\w/-])"
    ),
    re.compile(
        rf"(?<![\w]){_WEEKDAY}(?<![\d:.])(?:{_MANY})(?P<day>\d{{1,2}}){_ORDINAL}\s{{0,2}}(?:of |de |d')?"
        rf"(?P<named>{either(MONTHS)})(?!\w)\.?(?:,?\s{{0,2}}(?:de |del |of )?{_YEAR})?"
    ),
    re.compile(
        rf"(?<![\w]){_WEEKDAY}(?P<named>{either(ENGLISH_MONTHS)})\.?\s{{1,2}}(?:the )?{_MANY}(?P<day>\d{{1,2}})"
        rf"(?:st|nd|rd|th)?(?![\w:]|\.\d)(?:,?\s{{0,2}}{_YEAR})?"
    ),
    re.compile(
        rf"(?<![\w]){_WEEKDAY}(?<![\d./-])(?P<day>\d{{1,2}})(?P<mark>[./])(?P<month>\d{{1,2}})(?![\w:/]|\.\d)"
        r"(?:(?<=/\d)|(?<=/\d\d)|\.)"
    ),
    re.compile(rf"(?<![\w-])(?P<near>{either(NEAR)})(?![\w-])"),
    re.compile(
        rf"(?<![\w-])(?:(?P<next>{either(NEXT_BEFORE)})\s{{1,2}})?(?P<weekday>{_DAY})(?![\w-])"
        rf"(?:\s{{1,2}}(?P<after>{either(NEXT_AFTER)})(?!\w))?"
    ),
)


def days_in(line: str, today: date) -> list[Day]:
    """The dates of a folded line, in order. One without a year is the next to come; `today` is local."""
    found: list[Day] = []
    for shape in _SHAPES:
        for match in shape.finditer(line):
            if not _is_only_numbers(match.groupdict()):
                found.append(_day(match, today))
        line = blank(line, found)
    return sorted(found, key=lambda day: day.start)


def blank(line: str, found: list[Day]) -> str:
    """The line with these dates as spaces."""
    for day in found:
        line = line[: day.start] + " " * (day.end - day.start) + line[day.end :]
    return line


def _is_only_numbers(groups: dict[str, str | None]) -> bool:
    """`3/4` may be a share and `9.30.` the end of a sentence: without a year a date has its weekday and a month."""
    if "mark" not in groups or "year" in groups:
        return False
    return not groups["weekday"] or (groups["mark"] == "." and int(groups["month"] or 0) > 12)


def _day(match: re.Match[str], today: date) -> Day:
    groups = match.groupdict()
    where = (match.start(), match.end())
    if groups.get("many"):
        return Day(*where, None, "several days")
    if near := groups.get("near"):
        return Day(*where, today + timedelta(days=NEAR[near]))
    weekday = DAYS.get(groups["weekday"] or "")
    if "day" not in groups and weekday is not None:
        ahead = (weekday - today.weekday()) % 7
        doubt: tuple[Doubt, ...] = ("which week",) if groups["next"] or groups["after"] or ahead == 0 else ()
        return Day(*where, today + timedelta(days=ahead or 7), None, doubt)
    on = next((on for on in _dates(groups, today)), None)
    if on is None:
        return Day(*where, None, "no such day")
    if weekday is not None and on.weekday() != weekday:
        return Day(*where, None, "weekday differs")
    return Day(*where, on, None, ("day first",) if _could_be_either(groups) else ())


def _dates(groups: dict[str, str | None], today: date) -> Iterator[date]:
    """The dates these numbers can be, the likeliest first: the year as written, or the next that makes it come."""
    day = int(groups["day"] or 0)
    month = MONTHS[named] if (named := groups.get("named")) else int(groups["month"] or 0)
    if groups.get("mark") and month > 12 >= day:
        day, month = month, day
    year = groups.get("year")
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else range(today.year, today.year + 5)
    for number in years:
        try:
            on = date(number, month, day)
        except ValueError:
            continue
        if year or on >= today:
            yield on


def _could_be_either(groups: dict[str, str | None]) -> bool:
    """Whether day and month could be the other way round; nobody writes 12.03. or 12-03- with the month first."""
    day, month = int(groups["day"] or 0), int(groups.get("month") or 0)
    return groups.get("mark") == "/" and day != month and day <= 12 and month <= 12
