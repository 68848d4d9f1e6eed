"""When a rhythm is due: rules by local date, and the newest slot that has come.

A rule runs on the clock on the wall, where every date comes once, and only then meets the zone: the hour that a spring
night skips is due when the clock has jumped, the hour that an autumn night repeats is due the first time. (A cron in
the zone itself misses 2018-11-04 in São Paulo and fires twice on 2026-10-25 in Berlin.) A slot is named by its local
date, week or month, so that whatever else changes - hour, day, zone, the clock - one name runs once.
Refuses days by number: in a crontab 1 is Monday, in APScheduler Tuesday. Pure; called by the jobs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger


@dataclass(frozen=True, slots=True)
class Slot:
    """One turn of a job: its name, unique in job and community and sorting as time does, and when it is due (UTC)."""

    name: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """A rhythm: times on the wall, how far back a newest one is sure to be found, and how its slots are called."""

    wall: BaseTrigger  # runs in UTC over naive local times
    reach: timedelta
    name: Callable[[date], str]


@lru_cache(100)
def daily(hour: int) -> Rule:
    """Every day at this local hour."""
    return Rule(_cron(hour), timedelta(days=2), date.isoformat)


@lru_cache(100)
def weekly(day: str, hour: int) -> Rule:
    """Once a week on a day given by its English name; two days chosen within one ISO week are one slot."""
    if not day[:3].isalpha():
        raise ValueError("A day is named, not numbered")
    return Rule(_cron(hour, day_of_week=day[:3].lower()), timedelta(days=8), week)


@lru_cache(100)
def monthly(hour: int) -> Rule:
    """On the first day of each month that is no Saturday or Sunday."""
    first = _cron(hour, day="1", day_of_week="mon-fri")
    after_a_weekend = _cron(hour, day="2-3", day_of_week="mon")
    both = OrTrigger([first, after_a_weekend])  # type: ignore[no-untyped-call]
    return Rule(both, timedelta(days=36), month)


def newest(rule: Rule, zone: tzinfo, now: datetime) -> Slot | None:
    """The last slot due by `now`; those before it are passed over, so that a long sleep ends with one."""
    until_tonight = _until_tonight(rule, zone, now.astimezone(zone).date())
    return next((slot for slot in reversed(until_tonight) if slot.due <= now), None)


@lru_cache(1000)  # the clock asks each minute
def _until_tonight(rule: Rule, zone: tzinfo, today: date) -> tuple[Slot, ...]:
    """The slots of a local date and of as many before it as the rule reaches back, oldest first."""
    found = []
    wall, end = (datetime.combine(on, time(), UTC) for on in (today - rule.reach, today + timedelta(days=1)))
    for _ in range(100):  # a rule of days reaches back over fewer
        at = rule.wall.get_next_fire_time(None, wall)  # type: ignore[no-untyped-call]
        if at is None or at >= end:
            break
        found.append(Slot(rule.name(at.date()), instant(at.replace(tzinfo=None), zone)))
        wall = at + timedelta(seconds=1)
    return tuple(found)


def before(start: datetime, days: int, hour: int, zone: tzinfo) -> datetime:
    """The moment `days` local dates before `start`, at this local hour; UTC."""
    on = start.astimezone(zone).date() - timedelta(days=days)
    return instant(datetime.combine(on, time(hour)), zone)


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """A naive local time as UTC: in a gap the first instant after it, in a fold the first of the two."""
    there = wall.replace(tzinfo=zone).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == wall:
        return there
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), there
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high.replace(microsecond=0)


def week(day: date) -> str:
    """`2026-W10`, the ISO week."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def month_before(day: date) -> tuple[date, date]:
    """The first day of the month before this one, and the first of this one."""
    this = day.replace(day=1)
    return (this - timedelta(days=1)).replace(day=1), this


def _cron(hour: int, **days: str) -> CronTrigger:
    return CronTrigger(hour=hour, minute=0, timezone=UTC, **days)  # type: ignore[no-untyped-call]
