"""Until when someone is away: "3 March", "2 weeks", "au 12/03/2026", "3月15日まで", in any language of the tables.

Months, weekdays and units of a table become English words, and what is left is read as any date. Refuses two dates, a
date that has passed and one too far to be meant. Called by the command that pauses a member's mail. Pure.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mailer.community.calendarwords import fold
from mailer.community.dayshapes import days_in
from mailer.community.likeness import plain
from mailer.community.vocabulary import DAYS, MONTHS, Words

LONGEST = timedelta(days=366)  # longer than that, one leaves, or means another year
MONTH = 30  # days of "a month"

_WORD = re.compile(r"[^\W\d_]+")
_EAST_ASIAN = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_LENGTH = re.compile(r"(?<!\d)(\d{1,3})\s?(days|weeks|months)(?!\w)")
_CALENDAR = frozenset({*DAYS, *MONTHS, "days", "weeks", "months"})


@dataclass(frozen=True, slots=True)
class Unread:
    """Why no day could be read."""

    reason: Literal["no date", "several", "past", "far"]


def read_until(text: str, words: Sequence[Words], today: date) -> date | Unread:
    """The day they are back, in the future; `today` is the local date."""
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    english = _in_english(text, words)
    found = _lengths(english, today) or _dates(fold(text), today) or _dates(english, today)
    if len(found) != 1:
        return Unread("several" if found else "no date")
    on = found.pop()
    if on <= today:
        return Unread("past")
    return on if on - today <= LONGEST else Unread("far")


def _dates(line: str, today: date) -> set[date]:
    return {day.on for day in days_in(line, today) if day.on}


def _lengths(english: str, today: date) -> set[date]:
    """ "2 weeks" from today."""
    days = {"days": 1, "weeks": 7, "months": MONTH}
    return {today + timedelta(days=int(number) * days[unit]) for number, unit in _LENGTH.findall(english)}


def _in_english(text: str, words: Sequence[Words]) -> str:
    """The line with the words of the tables in English, folded; numbers of one digit as digits."""
    table = _table(words)
    text = _EAST_ASIAN.sub(lambda found: f"{found[3]} {MONTHS[(int(found[2]) - 1) % 12]} {found[1] or ''}", text)
    return fold(_WORD.sub(lambda found: table.get(plain(found[0]), found[0]), text))


def _table(words: Sequence[Words]) -> Mapping[str, str]:
    table: dict[str, str] = {}
    for name, said in ((name, said) for each in words for name, some in each.table.items() for said in some):
        if name.removeprefix("=") in _CALENDAR or name.isdigit():
            table.setdefault(plain(said), name.removeprefix("="))
    return table
