"""Calendar objects in mail (RFC 5545, RFC 5546): who invites whom to what, and what they answered.

Called by the gathering of parts. Read line by line: what is broken is passed over, recurrences are told and never
expanded, nothing is fetched.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import unquote

from mailer.mail.message import Attendee, Calendar
from mailer.mail.parts import charsets, zones

SIZE_LIMIT: Final = 2_000_000  # octets of one calendar object
LINES_LIMIT: Final = 20_000
EVENTS_LIMIT: Final = 50
ATTENDEES_LIMIT: Final = 1_000
TEXT_LIMIT: Final = 20_000  # characters of one text

_FOLD: Final = re.compile(rb"(?<!\n)\n+[ \t]")  # some put an empty line before the rest
_NAME: Final = re.compile(r"([A-Za-z0-9-]{1,60})(?=[;:])")
_PARAMETER: Final = re.compile(r";\s*([A-Za-z0-9-]{1,60})=((?:\"[^\"]*\"|://|[^\";:])*)")
_ESCAPED: Final = re.compile(r"\\([nN\\,;:\"])")
_TIME: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")
_DURATION: Final = re.compile(
    r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)
_ADDRESS: Final = re.compile(r"[^\s<>:;,\"@?]{1,255}@[^\s<>:;,\"@?]{1,255}")


class Property(NamedTuple):
    """One content line: upper-case name, parameters by upper-case name, value as it stands."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class _Object:
    """What one VCALENDAR holds."""

    method: str = ""
    zone_hint: str = ""
    events: list[dict[str, list[Property]]] = field(default_factory=list)
    observances: dict[str, list[dict[str, list[Property]]]] = field(default_factory=dict)  # by TZID
    zone_names: dict[str, str] = field(default_factory=dict)  # X-LIC-LOCATION by TZID


def calendars(content: bytes, charset: str = "", method: str = "") -> tuple[Calendar, ...]:
    """Every VEVENT in `content`, in order; `method` is that of the Content-Type, for objects that name none."""
    if b"BEGIN:VCALENDAR" not in content[:SIZE_LIMIT].upper():
        return ()
    found: list[Calendar] = []
    for each in _objects(_lines(content[:SIZE_LIMIT], charset)):
        said = (each.method or method).strip().upper()
        found.extend(_calendar(each, event, said) for event in each.events)
    return tuple(found[:EVENTS_LIMIT])


def _lines(content: bytes, charset: str) -> Iterator[Property]:
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    unfolded = _FOLD.sub(b"", content.replace(b"\r", b""))
    text = charsets.lines_clean(charsets.decode(unfolded, charset or "utf-8"))
    for line in text.split("\n", LINES_LIMIT)[:LINES_LIMIT]:
        if found := _property(line.strip()):
            yield found


def _property(line: str) -> Property | None:
    head = _NAME.match(line)
    if head is None:
        return None
    at = head.end()
    parameters: dict[str, str] = {}
    while found := _PARAMETER.match(line, at):
        parameters.setdefault(found[1].upper(), found[2].strip().strip('"'))
        at = found.end()
    if line[at : at + 1] != ":":
        at = line.find(":", at)
    return Property(head[1].upper(), parameters, line[at + 1 :]) if at >= 0 else None


def _objects(lines: Iterator[Property]) -> list[_Object]:
    """The VCALENDARs; properties of a component that stands inside an event (an alarm) are passed over."""
    objects: list[_Object] = []
    stack: list[str] = []
    zone = ""
    for line in lines:
        kind = line.value.strip().upper()
        if line.name == "BEGIN":
            stack.append(kind)
            if kind == "VCALENDAR":
                stack[:] = [kind]
                objects.append(_Object())
            elif objects and kind == "VEVENT" and len(objects[-1].events) < EVENTS_LIMIT:
                objects[-1].events.append({})
            elif objects and kind in ("STANDARD", "DAYLIGHT"):
                objects[-1].observances.setdefault(zone, []).append({})
        elif line.name == "END":
            if kind in stack:
                del stack[len(stack) - 1 - stack[::-1].index(kind) :]
        elif objects and stack:
            zone = _take(objects[-1], stack[-1], line, zone)
    return objects


def _take(into: _Object, component: str, line: Property, zone: str) -> str:
    """Keep one property where it belongs; returns the TZID of the zone that is being read."""
    match component, line.name:
        case "VCALENDAR", "METHOD":
            into.method = into.method or line.value
        case "VCALENDAR", "X-WR-TIMEZONE":
            into.zone_hint = line.value
        case "VTIMEZONE", "TZID":
            return _bare(line.value)
        case "VTIMEZONE", "X-LIC-LOCATION":
            into.zone_names[zone] = line.value
        case "VEVENT", name if into.events:
            into.events[-1].setdefault(name, []).append(line)
        case "STANDARD" | "DAYLIGHT", name if into.observances.get(zone):
            into.observances[zone][-1].setdefault(name, []).append(line)
    return zone


def _calendar(whole: _Object, event: dict[str, list[Property]], method: str) -> Calendar:
    begins, ends = _first(event, "DTSTART"), _first(event, "DTEND")
    zone = _zone(whole, begins.parameters.get("TZID", "")) if begins else None
    start = _moment(begins, whole) if begins else None
    end = _moment(ends, whole) if ends else None
    duration = _first(event, "DURATION")
    if end is None and start and duration:
        end = _after(start, duration.value)
    sequence = _value(event, "SEQUENCE").strip()
    return Calendar(
        method=method,
        uid=_value(event, "UID").strip(),
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else 0,
        recurrence_id=_recurrence_id(event, whole),
        start=start,
        end=end,
        summary=charsets.line_clean(_text(event, "SUMMARY")),
        organizer=_address(_first(event, "ORGANIZER")),
        attendees=tuple(_attendees(event.get("ATTENDEE", [])))[:ATTENDEES_LIMIT],
        location=charsets.line_clean(_text(event, "LOCATION")),
        description=_text(event, "DESCRIPTION"),
        zone=zone.name if zone else "",
        all_day=bool(begins and start and "T" not in begins.value.upper()),
        rrule=_value(event, "RRULE").strip(),
    )


def _first(event: dict[str, list[Property]], name: str) -> Property | None:
    return next(iter(event.get(name, ())), None)


def _value(event: dict[str, list[Property]], name: str) -> str:
    found = _first(event, name)
    return found.value[:TEXT_LIMIT] if found else ""


def _text(event: dict[str, list[Property]], name: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], _value(event, name)).strip()


def _attendees(lines: list[Property]) -> Iterator[Attendee]:
    for line in lines:
        if address := _address(line):
            yield Attendee(address, line.parameters.get("PARTSTAT", "").strip().upper())


def _address(line: Property | None) -> str:
    """The address of an ORGANIZER or ATTENDEE, without "mailto:"; "" where there is none."""
    if line is None:
        return ""
    for written in (line.value, line.parameters.get("EMAIL", "")):
        found = _ADDRESS.search(unquote(written[:TEXT_LIMIT]).strip().removeprefix("mailto:"))
        if found:
            return found[0]
    return ""


def _moment(line: Property, whole: _Object) -> datetime | None:
    """A DATE or DATE-TIME as aware UTC; a day begins at midnight UTC, a time of no zone is taken as UTC."""
    found = _TIME.match(line.value.strip().upper())
    if found is None:
        return None
    numbers = [int(number) for number in found.groups(default="0")[:6]]
    numbers[5] = min(numbers[5], 59)
    try:
        local = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 (naive local time until its zone is known)
        zone = None if found[7] or not found[4] else _zone(whole, line.parameters.get("TZID", ""))
        east = timedelta(minutes=zones.minutes((found[7] or "").replace(":", "")) or 0)
        return zone.utc(local) if zone else local.replace(tzinfo=UTC) - east
    except (ValueError, OverflowError):
        return None


def _recurrence_id(event: dict[str, list[Property]], whole: _Object) -> str | None:
    """The RECURRENCE-ID: a day as it is, a time in UTC, so that two of one instance are equal."""
    line = _first(event, "RECURRENCE-ID")
    if line is None or not line.value.strip():
        return None
    written = line.value.strip()
    moment = _moment(line, whole) if "T" in written.upper() else None
    return f"{moment:%Y%m%dT%H%M%SZ}" if moment else written[:100]


def _after(start: datetime, duration: str) -> datetime | None:
    found = _DURATION.fullmatch(duration.strip().upper())
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        return start - length if found[1] == "-" else start + length
    except OverflowError:
        return None


def _zone(whole: _Object, tzid: str) -> zones.Zone | None:
    """What a TZID means here: a known name, the rules that came along (where there is but one zone, its rules), what
    the name says to people, or the zone of the whole calendar."""
    tzid = _bare(tzid)
    for name in (tzid, whole.zone_names.get(tzid, "")):
        if name and (zone := zones.named(name)):
            return zone
    lone = next(iter(whole.observances.values())) if len(whole.observances) == 1 else []
    rules = whole.observances.get(tzid, lone)
    if tzid and (zone := zones.ruled(tuple(_observances(rules))) or zones.described(tzid)):
        return zone
    return zones.named(whole.zone_hint) or zones.described(whole.zone_hint) if whole.zone_hint else None


def _bare(tzid: str) -> str:
    """The name of a zone as both its places mean it: one escapes commas, the other puts it in quotes."""
    return _ESCAPED.sub(r"\1", tzid).strip().strip('"').strip()


def _observances(components: list[dict[str, list[Property]]]) -> Iterator[zones.Observance]:
    for each in components[:200]:
        begins = _TIME.match(_value(each, "DTSTART"))
        before = zones.minutes(_value(each, "TZOFFSETFROM"))
        then = zones.minutes(_value(each, "TZOFFSETTO"))
        if begins is None or then is None:
            continue
        rule = dict(piece.partition("=")[::2] for piece in _value(each, "RRULE").upper().split(";")[:20])
        rule = rule if "FREQ" in rule else {}
        dates = (found for line in each.get("RDATE", [])[:100] for found in _TIME.finditer(line.value[:TEXT_LIMIT]))
        for at, found in enumerate((begins, *islice(dates, 200))):
            numbers = [int(number) for number in found.groups(default="0")[:6]]
            with suppress(ValueError):
                onset = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001
                yield zones.Observance(onset, then if before is None else before, then, {} if at else rule)
