"""Dates and times as people write them: a mail in plain words becomes the moment of an event, or a reason why not.

Nothing is guessed in silence: what was assumed is named in `doubts`, for the preview that the facilitator sees; what
cannot be told is Unclear, for one short question back. Called by the command that makes events of mails.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mailer.community.calendarwords import WHEN, WHERE, blank_zones, either, fold, key_of, zones_in
from mailer.community.dayshapes import Day, Trouble, blank, days_in
from mailer.community.dayshapes import Doubt as DayDoubt
from mailer.community.hourshapes import Hours, hours_in, minutes_in, only_lasts

Doubt = DayDoubt | Literal["an hour long"]
Reason = Trouble | Literal["no date", "no time", "several times", "no such time", "past"]

USUAL = 60  # minutes an event lasts that says nothing of it
LINES, COLUMNS = 60, 400  # of a mail that are read: an event says when near its top
PLACE = 200  # characters of a place


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where. Times are aware UTC; `zone` is the IANA name they were written in."""

    start: datetime
    end: datetime
    zone: str
    place: str = ""
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why no one moment could be read, and the words that were seen."""

    reason: Reason
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with what it says of time; `days` and `hours` point into `text`."""

    text: str
    days: list[Day]
    hours: list[Hours]
    zones: list[tuple[int, ZoneInfo]]
    minutes: int | None
    when: bool  # it says so itself: `When: ...`

    def written(self, found: Day | Hours) -> str:
        return self.text[found.start : found.end].strip()


@dataclass(frozen=True, slots=True)
class _Found:
    """A date with a time, and the lines they stood in."""

    day: Day
    hours: Hours
    dated: _Line
    timed: _Line


_WHEN = re.compile(rf"[\s*•>-]{{0,4}}{either(WHEN)}\s?:")
_WHERE = re.compile(rf"[\s*•>-]{{0,4}}{either(WHERE)}\s?:\s{{0,9}}(?P<place>\S.*)")
_URL = re.compile(r"https?://[^\s<>\"]{1,500}")
_AT = re.compile(
    r"\s{0,9}[,;(–-]?\s{0,9}(?i:at|in|@|im|au|en|em|no|na|a)\s"
    r"(?P<place>(?:(?i:the|our|der|dem|la|le|el)\s(?!morning|afternoon|evening)|[^\W_a-zß-ÿ]).*)"
)
_SENTENCE = re.compile(r"[.!?](?:\s|$)|[;)(]|\s-\s")


def read_moment(text: str, now: datetime, zone: str) -> Moment | Unclear:
    """The one moment a text speaks of, in `zone` where it names none. `now` is when it was written."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    lines = [_line(line[:COLUMNS], today) for line in text.splitlines()[:LINES]]
    found = _pairs(lines)
    if isinstance(found, Unclear):
        return found
    sole = _sole_zone(lines) or here
    lasts = next((line.minutes for line in lines if line.minutes and only_lasts(fold(line.text))), None)
    moments = {moment.start: moment for pair in reversed(found) if (moment := _moment(pair, sole, lasts))}
    if len(moments) != 1:
        seen = tuple(f"{pair.dated.written(pair.day)} {pair.timed.written(pair.hours)}" for pair in found)
        return Unclear("several times" if moments else "no such time", tuple(dict.fromkeys(seen)))
    moment = next(iter(moments.values()))
    if moment.start <= now:
        return Unclear("past", (found[0].dated.written(found[0].day),))
    return replace(moment, place=_place(lines, found[0]))


def _line(text: str, today: date) -> _Line:
    folded = fold(blank_zones(text))
    days = days_in(folded, today)
    rest = blank(folded, days)
    return _Line(text, days, hours_in(rest), zones_in(text), minutes_in(rest), bool(_WHEN.match(fold(text))))


def _pairs(lines: list[_Line]) -> list[_Found] | Unclear:
    """Every date with the times beside it, all for one date; or the one date with times elsewhere."""
    dated = [(line, day) for line in lines for day in line.days]
    if not dated:
        return Unclear("no date")
    labelled = [(line, day) for line, day in dated if line.when]
    beside = [(line, day) for line, day in dated if line.hours]
    timed = [(line, hours) for line in lines for hours in line.hours]
    chosen = labelled or beside or dated
    for line, day in chosen:
        if day.trouble:
            return Unclear(day.trouble, (line.written(day),))
    if len({day.on for _, day in chosen}) > 1:
        return Unclear("several days", tuple(line.written(day) for line, day in chosen))
    if not timed:
        return Unclear("no time", (chosen[0][0].written(chosen[0][1]),))
    near = [_Found(day, hours, line, line) for line, day in chosen for hours in line.hours]
    return near or [_Found(chosen[0][1], hours, chosen[0][0], line) for line, hours in timed]


def _moment(found: _Found, zone: ZoneInfo, lasts: int | None) -> Moment | None:
    """The date and time in their zone, so many minutes long where the line itself says nothing of it; None for an hour
    the clocks skip that night."""
    begins, ends = found.hours.begins, found.hours.ends
    own = next((zone for at, zone in found.timed.zones if at >= found.hours.end), None)
    there = own or zone
    start = _instant(found.day.on, begins, there)
    if start is None or found.day.on is None:
        return None
    doubts: tuple[Doubt, ...] = found.day.doubts
    minutes = found.timed.minutes or lasts
    if ends is not None:
        end = _instant(found.day.on + timedelta(days=ends <= begins), ends, there)
    else:
        end = start + timedelta(minutes=minutes or USUAL)
        doubts = doubts if minutes else (*doubts, "an hour long")
    return Moment(start, end or start + timedelta(minutes=USUAL), key_of(there), "", doubts)


def _instant(on: date | None, at: time, zone: ZoneInfo) -> datetime | None:
    if on is None:
        return None
    wall = datetime.combine(on, at, zone)
    there = wall.astimezone(UTC)
    return there if there.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None) else None


def _sole_zone(lines: list[_Line]) -> ZoneInfo | None:
    """The zone of the whole text, where it names only one."""
    named = {key_of(zone): zone for line in lines for _, zone in line.zones}
    return next(iter(named.values())) if len(named) == 1 else None


def _place(lines: list[_Line], found: _Found) -> str:
    """Where: what a line says it is, what follows the time, or the first link."""
    for line in lines:
        if match := _WHERE.match(fold(line.text)):
            return line.text[match.start("place") :].strip()[:PLACE]
    line = found.timed
    last = max([found.hours.end, *(day.end for day in line.days), *(hours.end for hours in line.hours)])
    rest = blank_zones(line.text)[last:].lstrip(" \t()")
    if match := _AT.match(rest):
        return _SENTENCE.split(match["place"], maxsplit=1)[0].strip(" .,")[:PLACE]
    link = next((match[0] for line in lines if (match := _URL.search(line.text))), "")
    return link.rstrip(".,;:!?)>]'")[:PLACE]
