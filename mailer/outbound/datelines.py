"""Dates and times as people read them, in their language and in a zone they are told.

Refuses to leave the zone unsaid. Pure; called by the templates through `render`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Datelines:
    """How a language names days and months. The patterns take weekday, day, month, year; date, time; place."""

    weekdays: Sequence[str]  # Monday first
    months: Sequence[str]
    day: str
    month: str
    moment: str
    time_in: str

    @classmethod
    def of(cls, table: Mapping[str, object]) -> "Datelines":
        """From the table `dates` of a words file. Raises TypeError where a key is missing or unknown."""
        lines = cls(**table)  # type: ignore[arg-type]
        if len(lines.weekdays) != 7 or len(lines.months) != 12:
            raise TypeError("seven weekdays and twelve months are wanted")
        return lines

    def in_day(self, when: date) -> str:
        """ "Tuesday 3 March 2026" """
        weekday, month = self.weekdays[when.weekday()], self.months[when.month - 1]
        return self.day.format(weekday=weekday, day=when.day, month=month, year=when.year)

    def in_month(self, when: date) -> str:
        """ "March 2026" """
        return self.month.format(month=self.months[when.month - 1], year=when.year)

    def at(self, when: datetime, zone: str) -> str:
        """ "Tuesday 3 March 2026, 10:00 (Oslo time)" """
        return self.between(when, None, zone)

    def between(self, start: datetime, end: datetime | None, zone: str) -> str:
        """ "Tuesday 3 March 2026, 10:00–11:00 (Oslo time)"; both dates where it goes past midnight."""
        first = start.astimezone(ZoneInfo(zone))
        text = self._moment(first)
        if end is not None and end > start:
            last = end.astimezone(ZoneInfo(zone))
            text += f"–{last:%H:%M}" if last.date() == first.date() else f" – {self._moment(last)}"
        return f"{text} ({self.place(zone)})"

    def _moment(self, local: datetime) -> str:
        return self.moment.format(date=self.in_day(local), time=f"{local:%H:%M}")

    @staticmethod
    def same(start: datetime, one: str, other: str) -> bool:
        """Whether clocks in both zones show the same at this moment, whatever the zones are called."""
        return start.astimezone(ZoneInfo(one)).utcoffset() == start.astimezone(ZoneInfo(other)).utcoffset()

    def place(self, zone: str) -> str:
        """ "Oslo time" for Europe/Oslo, "UTC" for UTC."""
        if zone.startswith(("Etc/GMT+", "Etc/GMT-")):  # POSIX counts them westwards
            return f"UTC{'+' if zone[7] == '-' else '-'}{zone[8:]}"
        city = zone.rpartition("/")[2].replace("_", " ")
        return self.time_in.format(place=city) if "/" in zone and not zone.startswith("Etc/") else city
