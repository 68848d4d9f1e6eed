"""The words people write dates and times with, in five languages, folded: lower case and without accents.

Left out is whatever means something else too: German `so` and `do`, Portuguese `out` (October), Spanish `mar`
(Tuesday). Called by the reading of dates and hours.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from zoneinfo import ZoneInfo


def fold(text: str) -> str:
    """Lower case without accents, character for character: places in the folded text are places in the text."""
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    lower = unicodedata.normalize("NFD", char)[0].lower()
    return lower if len(lower) == 1 else char


def either(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _numbered(lists: Iterable[str], first: int) -> Mapping[str, int]:
    return {word: number for words in lists for number, word in enumerate(words.split(), first) if word != "-"}


ENGLISH_MONTHS = _numbered(
    [
        "january february march april may june july august september october november december",
        "jan feb mar apr - jun jul aug sep oct nov dec",
        "- - - - - - - - sept - - -",
    ],
    1,
)
MONTHS = {
    **ENGLISH_MONTHS,
    **_numbered(
        [
            "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
            "janv fevr - avr - - juil - - - - -",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "ene - - abr may - - ago setiembre - - dic",
            "januar februar marz april mai juni juli august september oktober november dezember",
            "janner feber maerz - - - - - - okt - dez",
            "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
            "- fev mrz - - - - - - - - -",
        ],
        1,
    ),
}
DAYS = _numbered(
    [
        "monday tuesday wednesday thursday friday saturday sunday",
        "mon tue wed thu fri sat sun",
        "- tues weds thur - - -",
        "- - - thurs - - -",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miercoles jueves viernes sabado domingo",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "- - - - - sonnabend -",
        "segunda-feira terca-feira quarta-feira quinta-feira sexta-feira sabado domingo",
    ],
    0,
)
NEAR = {
    **dict.fromkeys(("today", "tonight", "aujourd'hui", "hoy", "heute", "hoje"), 0),
    **dict.fromkeys(("tomorrow", "demain", "manana", "morgen", "amanha"), 1),
    **dict.fromkeys(
        ("day after tomorrow", "apres-demain", "pasado manana", "ubermorgen", "uebermorgen", "depois de amanha"), 2
    ),
}
NEXT_BEFORE = ("next", "nachsten", "nachste", "kommenden", "kommende", "proximo", "proxima")
NEXT_AFTER = ("prochain", "prochaine", "proximo", "proxima", "que viene", "que vem")
NOON = ("noon", "midday", "midi", "mediodia", "mittag", "meio-dia")

WHEN = ("when", "date", "quand", "cuando", "fecha", "wann", "datum", "termin", "quando", "data")
WHERE = ("where", "place", "location", "venue", "lieu", "ou", "donde", "lugar", "wo", "ort", "onde", "local")

_ZONES = {
    "UTC": "UTC", "GMT": "UTC", "Z": "UTC", "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon", "BST": "Europe/London",
    "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
    "EET": "Europe/Helsinki", "EEST": "Europe/Helsinki", "MSK": "Europe/Moscow", "SAST": "Africa/Johannesburg",
    "EAT": "Africa/Nairobi", "WAT": "Africa/Lagos", "CAT": "Africa/Harare", "IST": "Asia/Kolkata",
    "PKT": "Asia/Karachi", "SGT": "Asia/Singapore", "HKT": "Asia/Hong_Kong", "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul", "AWST": "Australia/Perth", "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney",
    "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland", "ET": "America/New_York", "EST": "America/New_York",
    "EDT": "America/New_York", "CDT": "America/Chicago", "MDT": "America/Denver", "PT": "America/Los_Angeles",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "BRT": "America/Sao_Paulo",
    "ART": "America/Argentina/Buenos_Aires",
}  # fmt: skip
_AREAS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "America/Argentina")
_ZONE = re.compile(
    r"\b(?:UTC|GMT)\s?(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?!\d)"
    r"|\b(?P<name>(?:" + "|".join(_AREAS[:7]) + r")(?:/[A-Z][A-Za-z_-]{1,20}){1,2})"
    rf"|\b(?P<short>{either(_ZONES)})\b(?![/+-])"
    r"|\b(?P<city>[A-Z][a-z]{2,15}(?:\s[A-Z][a-z]{2,15})?)\s(?:local\s)?time\b"
)


def zones_in(line: str) -> list[tuple[int, ZoneInfo]]:
    """Every zone a line names and where: `CET` is the time on the wall there, summer or winter, as people mean it."""
    found = ((match.start(), _zone(match)) for match in _ZONE.finditer(line))
    return [(at, zone) for at, zone in found if zone]


def blank_zones(line: str) -> str:
    """The line with its zones as spaces, so that no digit of `UTC+2` is an hour."""
    return _ZONE.sub(lambda match: " " * len(match[0]) if _zone(match) else match[0], line)


def _zone(match: re.Match[str]) -> ZoneInfo | None:
    if match["sign"]:
        if match["minutes"] not in (None, "00"):
            return None  # a zone of half an hour is called by its place
        east = "-" if match["sign"] == "+" else "+"  # POSIX: Etc/GMT-2 is two hours east
        return _known(f"Etc/GMT{east}{int(match['hours'])}")
    if match["short"]:
        return ZoneInfo(_ZONES[match["short"]])
    if match["name"]:
        return _known(match["name"])
    city = match["city"].replace(" ", "_")
    return next((zone for area in _AREAS if (zone := _known(f"{area}/{city}"))), None)


def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_named(text: str) -> str:
    """The IANA name of a zone that is called so: "Europe/Paris", "paris", "CET", "UTC+2"; '' where there is none."""
    said = "_".join(text.strip(" .").split())
    for name in (said, said.upper(), "/".join(part.title() for part in said.split("/"))):
        zones = zones_in(name) or zones_in(f"{name.replace('_', ' ')} time")
        if zones:
            return key_of(zones[0][1])
    return ""


def key_of(zone: tzinfo) -> str:
    """The IANA name of a zone; UTC where it has none."""
    return getattr(zone, "key", None) or "UTC"
