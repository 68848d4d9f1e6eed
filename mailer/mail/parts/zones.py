"""The time zone that a calendar means by a name, however the name is written.

Called by `itip`. A name is an IANA zone, a Windows zone, one of both inside a longer name, or stands for the rules that
the calendar brings along (VTIMEZONE, RFC 5545 §3.6.5), which are worked out for the one year that is asked for. Where
it brings none, what the name says of cities and offsets must do ("(UTC+01:00) Amsterdam, Berlin, Bern").
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

_IANA: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_OFFSET: Final = re.compile(r"([+-])(\d{2})(\d{2})")
_NAMED_OFFSET: Final = re.compile(r"\(?(?:UTC|GMT)\s?([+-]\d{1,2})[:.]?(\d{2})?\)?", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\([^()]{0,80}\)")
_KIND: Final = re.compile(r"(?: (?:standard|daylight|summer))? time$")
_SEASONS: Final = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC))
_REGIONS: Final = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_GONE: Final = {"mid-atlantic standard time": "Etc/GMT+2", "kamchatka standard time": "Asia/Kamchatka"}
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
        return local.replace(tzinfo=info).astimezone(UTC)


@lru_cache(maxsize=256)
def named(name: str) -> Zone | None:
    """The zone of a name alone, or None where it says nothing."""
    for candidate in _candidates(_trimmed(name)):
        if info := _iana(candidate):
            return Zone(candidate, info)
    return None


@lru_cache(maxsize=256)
def described(name: str) -> Zone | None:
    """What can be made of a name that is shown to people: by a city or region in it, else the offset it states."""
    name = _trimmed(name)
    stated = _stated(name)
    for piece in re.split(r"[,/;]", _ASIDE.sub(" ", name).casefold())[:20]:
        place = _KIND.sub("", " ".join(piece.split()))
        found = _cities().get(place) or _windows().get(f"{place} standard time", "")
        info = _iana(found)
        if info and (stated is None or stated in map(info.utcoffset, _SEASONS)):
            return Zone(found, info)
    return None if stated is None else Zone("", timezone(stated))


def _trimmed(name: str) -> str:
    return name.strip().strip('"').strip()[:200]


def _stated(name: str) -> timedelta | None:
    """The offset that a name holds: "(UTC-03:30) Newfoundland"."""
    found = _NAMED_OFFSET.search(name)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if abs(hours) > 14 or minutes > 59:
        return None
    return timedelta(hours=hours, minutes=-minutes if found and found[1].startswith("-") else minutes)


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
    names = [name, _spelt().get(name.casefold(), "")]
    pieces = name.split("/")
    names += ["/".join(pieces[-count:]) for count in (3, 2) if len(pieces) > count]  # "/example.org/2024a/Europe/Paris"
    bare = name.rstrip(" 0123456789")  # "Europe/Berlin 2"
    for each in (" ".join(name.split()).lower(), bare.lower()):
        names += (windows.get(each, ""), windows.get(_KIND.sub(" standard time", each), ""))
    names += (name.replace("-", "/", 1).replace(" ", "_"), bare)
    if name.lower() in ("utc", "z", "gmt", "tzone://microsoft/utc", "etc/utc", "(utc) coordinated universal time"):
        names.insert(0, "UTC")
    return names


@lru_cache(maxsize=1)
def _windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # late: it loads the whole library

    return _GONE | {name.lower(): iana for name, iana in WINDOWS_TO_OLSON.items()}


@lru_cache(maxsize=1)
def _spelt() -> dict[str, str]:
    """IANA names by themselves without case."""
    return {name.casefold(): name for name in sorted(available_timezones())}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """IANA names by the city in them."""
    named = (name for name in _spelt().values() if name.startswith(_REGIONS))
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in named}


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
    days = [int(day) for day in each.rule.get("BYMONTHDAY", "").split(",") if day.isdecimal() and len(day) < 3]
    if days and (by_day is None or not by_day[1]):  # "BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14": the second Sunday
        return _day_of(each, year, number, days, _WEEKDAYS[by_day[2]] if by_day else None)
    if by_day is None:
        return each.onset.replace(year=year, month=number, day=min(each.onset.day, 28))
    first, length = monthrange(year, number)
    weeks = range(1 + (_WEEKDAYS[by_day[2]] - first) % 7, length + 1, 7)
    which = int(by_day[1] or 1)
    day = weeks[max(which, -len(weeks))] if which < 0 else weeks[min(which or 1, len(weeks)) - 1]
    return each.onset.replace(year=year, month=number, day=day)


def _day_of(each: Observance, year: int, month: int, days: list[int], weekday: int | None) -> datetime | None:
    """The first of these days of a month that is this weekday, if one is wanted."""
    first, length = monthrange(year, month)
    fits = (day for day in days if 0 < day <= length and weekday in (None, (first + day - 1) % 7))
    day = next(fits, None)
    return each.onset.replace(year=year, month=month, day=day) if day else None
