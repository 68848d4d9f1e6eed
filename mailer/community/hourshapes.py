"""The times of day in one line of writing: `10:00–11:00`, `2pm`, `15h30`, `from 9.30 to 11`, `um 14 Uhr`, `noon`.

A bare number is an hour only after a word that says so. Called by the reading of moments; lines come folded and with
dates and zones blanked. Every pattern is bounded.
"""

import re
from dataclasses import dataclass
from datetime import time

from mailer.community.calendarwords import NOON, either


@dataclass(frozen=True, slots=True)
class Hours:
    """When it begins and, where it is said, ends; and where that stands in the line."""

    start: int
    end: int
    begins: time
    ends: time | None = None


def _clock(name: str) -> str:
    """One time, its groups named with a suffix. `14 h 30`, `9.30 am`, `10 o'clock`."""
    return (
        rf"(?P<hour{name}>\d{{1,2}})(?:(?:[:.]|\s?h\s?)(?P<minute{name}>[0-5]\d))?(?![\d:])(?!\.\d)"
        rf"(?:\s?(?P<half{name}>[ap])\.?m(?!\w)\.?|\s?(?P<said{name}>uhr|hrs|hs|h|hours|o'clock|heures|horas)(?!\w))?"
    )


_BARE = r"at|@|um|a las|kl\.?|klo"
_FROM = r"from|between|von|entre|de|das|desde las|zwischen"
_UNTIL = r"-|–|—|to|until|till|and|bis|und|a|as|a las|ate|ate as|hasta|hasta las|et|e|y"
_HOURS = re.compile(
    rf"(?:(?<!\w)(?:(?P<bare>{_BARE})|(?P<from>{_FROM}))\s{{0,2}})?(?<![\w.:/+-]){_clock('1')}"
    rf"(?:\s{{0,2}}(?:{_UNTIL})\s{{0,2}}{_clock('2')})?(?![\w%€$/])"
)
_NOON = re.compile(rf"(?<!\w){either(NOON)}(?!\w)")
_COUNTED = re.compile(r"\s{0,2}(?!on\b|in\b|am\b|for\b|sharp\b|local\b|please\b)[a-z]{3}")
_MINUTES = re.compile(r"(?<![\w.,])(\d{2,3})\s?-?(?:min|mins|minutes|minuten|minutos)(?!\w)")
_LASTS = re.compile(
    r"(?:for|lasts|during|pendant|durante|por|fur|dauer|duration|duree|duracion|duracao)[ :]{1,2}"
    r"(?:about )?(\d{1,2})(?:[.,]([05]))?\s?(?:h|hrs?|hours?|stunden?|heures?|horas?)(?!\w)"
)
_BEHIND = re.compile(r"[,(;]\s?(\d{1,2})(?:[.,]([05]))?\s?(?:hrs?|hours?|stunden?)(?!\w)")  # `14 heures` is a time
_SPOKEN = {
    90: "an hour and a half|one hour and a half|anderthalb stunden|eineinhalb stunden|une heure et demie|hora y media"
    "|hora e meia",
    120: "two hours|zwei stunden|deux heures|dos horas|duas horas",
    30: "half an hour|half hour|half-hour|halbe stunde|demi-heure|demi heure|media hora|meia hora",
    45: "three quarters of an hour|dreiviertelstunde|trois quarts d'heure|tres cuartos de hora|tres quartos de hora",
    60: "an hour|one hour|eine stunde",
}
_WORDS = re.compile(rf"(?<!\w){either([said for words in _SPOKEN.values() for said in words.split('|')])}(?!\w)")
_ASIDE = re.compile(
    r"\s(?:before|after|earlier|later|ago|away|drive|walk|vor|nach|spater|fruher|avant|apres|antes|despues)\b"
)
_LABEL = re.compile(
    r"[\s*•>-]{0,4}(?:(?:dauer|duration|length|duree|duracion|duracao)\s?:\s?)?(?:about |eine |une |uma |una )?"
)


def hours_in(line: str) -> list[Hours]:
    """The times of a folded line, in order."""
    found = [hours for match in _HOURS.finditer(_unsaid(line)) if (hours := _hours(match))]
    found += [Hours(match.start(), match.end(), time(12)) for match in _NOON.finditer(line)]
    return sorted(found, key=lambda hours: hours.start)


def minutes_in(line: str) -> int | None:
    """How long the line says it lasts, in minutes."""
    if match := _LASTS.search(line) or _BEHIND.search(line):
        return int(match[1]) * 60 + (30 if match[2] == "5" else 0)
    if match := _MINUTES.search(line):
        return int(match[1])
    spoken = next((match for match in _WORDS.finditer(line) if not _ASIDE.match(line, match.end())), None)
    return next(minutes for minutes, words in _SPOKEN.items() if spoken[0] in words.split("|")) if spoken else None


def only_lasts(line: str) -> bool:
    """Whether the line begins with how long it lasts: `Duration: 2 hours`, `Half an hour, no slides.`"""
    label = _LABEL.match(line)
    at = label.end() if label else 0
    named = _LASTS.match(line.lstrip(" *•>-"))
    return bool(named or _MINUTES.match(line, at) or (_WORDS.match(line, at) and minutes_in(line)))


def _unsaid(line: str) -> str:
    """The line without its durations: the 2 of `for 2 hours` is no time of day."""
    for shape in (_LASTS, _BEHIND, _MINUTES):
        line = shape.sub(lambda match: " " * len(match[0]), line)
    return line


def _hours(match: re.Match[str]) -> Hours | None:
    """The match as times, or None where it is only numbers."""
    first, second = _signs(match, "1"), _signs(match, "2")
    ranged = match["hour2"] is not None
    if not (first or second or (ranged and match["from"]) or (match["bare"] and not _counts(match))):
        return None
    begins, ends = _time(match, "1", match["half1"]), _time(match, "2", match["half2"]) if ranged else None
    if begins is None or (ranged and ends is None):
        return None
    if ends and match["half2"] and not match["half1"]:
        same = _time(match, "1", match["half2"])  # `2-3pm` begins in the afternoon; `11-1pm` does not
        begins = same if same and same < ends else begins
    return Hours(match.start(), match.end(), begins, ends)


def _signs(match: re.Match[str], name: str) -> bool:
    """Whether this number is written as a time: with minutes, am or pm, or a word for hours."""
    return any(match[f"{part}{name}"] for part in ("minute", "half", "said"))


def _counts(match: re.Match[str]) -> bool:
    """Whether a noun follows a bare number: `at 3 sites`."""
    return bool(_COUNTED.match(match.string, match.end()))


def _time(match: re.Match[str], name: str, half: str | None) -> time | None:
    hour, minute = int(match[f"hour{name}"]), int(match[f"minute{name}"] or 0)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 else None
