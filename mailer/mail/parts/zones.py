"""The time zone that a calendar means by a name, however the name is written.

Called by `itip`. A name is an IANA zone, a Windows zone, one of both inside a longer name, or stands for the rules that
the calendar brings along (VTIMEZONE, RFC 5545 §3.6.5), which are worked out for the one year that is asked for.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

_IANA: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_OFFSET: Final = re.compile(r"([+-])(\d{2})(\d{2})")
_NAMED_OFFSET: Final = re.compile(r"\(?(?:UTC|GMT)\s?([+-]\d{1,2}):?(\d{2})?\)?", re.IGNORECASE)
_BY_DAY: Final = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS: Final = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}


class Observance(NamedTuple):
    """One STANDARD or DAYLIGHT of a VTIMEZONE: when it begins each year, and the minutes east of UTC."""

    onset: datetime  # naive local time
    before: int
    then: int
    rule: Mapping[str, str]  # of the RRULE; empty for a single onset


class Zone(NamedTuple):
    """A zone with its IANA name, or "" where it is only a rule."""

    name: str
    info: tzinfo | None
    observances: tuple[Observance, ...] = ()

    def utc(self, local: datetime) -> datetime:
        """The moment of a naive local time; of an hour that comes twice the first, as RFC 5545 §3.3.5 says."""
        info = self.info or timezone(timedelta(minutes=_in_force(self.observances, local)))
        return local.replace(tzinfo=info).astimezone(timezone.utc)  # noqa: UP017


@lru_cache(maxsize=256)
def named(name: str) -> Zone | None:
    """The zone of a name alone, or None where it says nothing."""
    name = name.strip().strip('"').strip()[:200]
    for candidate in _candidates(name):
        if info := _iana(candidate):
            return Zone(candidate, info)
    if found := _NAMED_OFFSET.search(name):
        hours, minutes = int(found[1]), int(found[2] or 0)
        if abs(hours) < 15 and minutes < 60:
            return Zone("", timezone(timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes)))
    return None


def ruled(observances: tuple[Observance, ...]) -> Zone | None:
    """The zone of the rules that a calendar brings along, or None where it brings none."""
    return Zone("", None, observances) if observances else None


def minutes(text: str) -> int | None:
    """A UTC offset of RFC 5545 §3.3.14 in minutes."""
    found = _OFFSET.match(text)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    return (-1 if found[1] == "-" else 1) * (int(found[2]) * 60 + int(found[3]))


def _candidates(name: str) -> list[str]:
    windows = _windows()
    names = [name]
    pieces = name.split("/")
    names += ["/".join(pieces[-count:]) for count in (3, 2) if len(pieces) > count]  # "/example.org/2024a/Europe/Paris"
    names.append(windows.get(" ".join(name.split()).lower(), ""))
    names.append(windows.get(name.rstrip(" 0123456789").lower(), ""))
    names.append(name.replace("-", "/", 1).replace(" ", "_"))
    if name.lower() in ("utc", "z", "gmt", "tzone://microsoft/utc", "etc/utc", "(utc) coordinated universal time"):
        names.insert(0, "UTC")
    return names


@lru_cache(maxsize=1)
def _windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # late: it loads the whole library

    return {name.lower(): iana for name, iana in WINDOWS_TO_OLSON.items()}


def _iana(name: str) -> ZoneInfo | None:
    if not _IANA.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # not there, a directory, no zone file
        return None


def _in_force(observances: tuple[Observance, ...], local: datetime) -> int:
    """Minutes east of UTC at a local time, by the observance that has begun last."""
    best: tuple[datetime, int] | None = None
    for each in observances:
        for onset in _onsets(each, local.year):
            if onset <= local and (best is None or onset > best[0]):
                best = (onset, each.then)
    return best[1] if best else min(observances, key=lambda each: each.onset).before


def _onsets(each: Observance, year: int) -> list[datetime]:
    """When an observance begins, in the year before and the year itself."""
    if not each.rule:
        return [each.onset]
    found = [_yearly(each, candidate) for candidate in (year - 1, year)]
    return [onset for onset in found if onset and onset >= each.onset] or [each.onset]


def _yearly(each: Observance, year: int) -> datetime | None:
    """The onset of one year by FREQ=YEARLY;BYMONTH=m;BYDAY=nDD, the only rule that zones use."""
    by_day = _BY_DAY.fullmatch(each.rule.get("BYDAY", "").partition(",")[0])
    month = each.rule.get("BYMONTH", "")
    number = int(month) if month.isascii() and month.isdigit() and len(month) < 3 else each.onset.month
    until = each.rule.get("UNTIL", "")[:4]
    if not 1 <= number <= 12 or not 1 < year < 9999 or (until.isdigit() and year > int(until)):
        return None
    if by_day is None:
        return each.onset.replace(year=year, month=number, day=min(each.onset.day, 28))
    first, length = monthrange(year, number)
    days = range(1 + (_WEEKDAYS[by_day[2]] - first) % 7, length + 1, 7)
    which = int(by_day[1] or 1)
    day = days[max(which, -len(days))] if which < 0 else days[min(which or 1, len(days)) - 1]
    return each.onset.replace(year=year, month=number, day=day)
