"""Dates of mail (RFC 5322 §3.3, §4.3) and what stands in their place: asctime, ISO 8601, no zone, two-digit years.

Called by the reading of mail. Returns aware UTC, or None for what is no date; never guesses from a clock.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# as programs write them that take their language from the machine: German, French, Spanish, Portuguese, Italian, Dutch
_ELSEWHERE: Final = {
    "jän": 1, "ene": 1, "gen": 1, "fév": 2, "fev": 2, "mär": 3, "mrz": 3, "mrt": 3, "avr": 4, "abr": 4, "mai": 5,
    "mei": 5, "mag": 5, "juin": 6, "giu": 6, "juil": 7, "lug": 7, "aoû": 8, "ago": 8, "set": 9, "okt": 10, "out": 10,
    "ott": 10, "déc": 12, "dez": 12, "dic": 12,
}  # fmt: skip
_MONTHS: Final = _ELSEWHERE | {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_ZONES: Final = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120,
    "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "msd": 240, "ist": 330, "sgt": 480, "hkt": 480,
    "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "ast": -240, "adt": -180, "brt": -180, "art": -180,
}  # fmt: skip
_ISO: Final = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]|$)")
_TIME: Final = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d{1,9})?\s?([AaPp]\.?[Mm]\b)?")
_OFFSET: Final = re.compile(r"(?<![\d-])(?:GMT|UTC)?\s?([+-])\s?(\d{1,2}):?(\d{2})?(?!\d)")
_WORD: Final = re.compile(r"[A-Za-z]{1,20}")
_MONTH: Final = re.compile(r"(?<!\d)\d{1,2}[ .]{1,3}([^\W\d_]{3,20})")  # behind the day; "mar." before it is Tuesday
_NUMBER: Final = re.compile(r"(?<![\d:.])\d{1,4}(?![\d:])")
_AROUND_COLON: Final = re.compile(r" ?: ?")
_AROUND_MONTH: Final = re.compile(r"-(?=[A-Z][a-z])|(?<=[a-z])-(?=\d)")
_COMMENT: Final = re.compile(r"\([^()]{0,200}\)?")


def date(value: str) -> datetime | None:
    """The moment in a Date field, or None."""
    text = _AROUND_COLON.sub(":", _COMMENT.sub(" ", value[:200]))
    text = _AROUND_MONTH.sub(" ", text)
    found = _day(text)
    if found is None:
        return None
    year, month, day, rest = found
    hour, minute, second, offset = _clock(rest)
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return local - timedelta(minutes=offset)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> tuple[int, int, int, str] | None:
    """Year, month, day and the text with the rest."""
    if iso := _ISO.match(text):
        return int(iso[1]), int(iso[2]), int(iso[3]), text[iso.end() :]
    words = (word.lower() for word in (*_MONTH.findall(text), *_WORD.findall(text)))
    month = next((_MONTHS[name] for word in words for name in (word[:4], word[:3]) if name in _MONTHS), 0)
    clock = _TIME.search(text)
    without = text if clock is None else f"{text[: clock.start()]} {text[clock.end() :]}"
    bare = _OFFSET.sub(" ", without) if clock else without
    numbers = _NUMBER.findall(bare.replace("-", " ").replace("/", " "))
    if not month or len(numbers) < 2:
        return None
    day, year = numbers[0], numbers[1]
    if len(day) == 4:
        day, year = year, day
    return _whole_year(year), month, int(day), text


def _whole_year(digits: str) -> int:
    """RFC 5322 §4.3: two digits below 50 are of this century, three digits count from 1900."""
    year = int(digits)
    if len(digits) <= 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _clock(text: str) -> tuple[int, int, int, int]:
    """Hour, minute, second, and the minutes east of UTC."""
    found = _TIME.search(text)
    if found is None:
        return 0, 0, 0, 0
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4][0] in "pP" else 0)
    return hour, minute, second, _east(text[found.end() :])


def _east(text: str) -> int:
    if found := _OFFSET.search(text):
        hours, minutes = int(found[2]), int(found[3] or 0)
        if len(found[2]) == 1 or hours < 24:
            return (1 if found[1] == "+" else -1) * (hours * 60 + min(minutes, 59))
        return 0
    return next((_ZONES[word.lower()] for word in _WORD.findall(text) if word.lower() in _ZONES), 0)
