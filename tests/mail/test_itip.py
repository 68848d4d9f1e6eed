"""Calendar objects of the programs people use."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from mailer.mail.itip import calendars
from mailer.mail.message import Attendee, Calendar
from mailer.mail.parts import zones

OUTLOOK = """BEGIN:VCALENDAR
METHOD:REQUEST
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ORGANIZER;CN=Ada Wells:MAILTO:ada@example.org
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN="Bo; the
 builder: B":MAILTO:bo@example.org
ATTENDEE;PARTSTAT=accepted:mailto:cy@example.org
DESCRIPTION;LANGUAGE=en-US:Bring the gaskets\\, please.\\nRoom 4\\;5
UID:040000008200E00074C5B7101A82E008
SUMMARY;LANGUAGE=en-US:Pump day\\, second try
DTSTART;TZID=W. Europe Standard Time:20260714T100000
DTEND;TZID=W. Europe Standard Time:20260714T113000
SEQUENCE:2
LOCATION:Halle 4
RRULE:FREQ=WEEKLY;COUNT=3
BEGIN:VALARM
DESCRIPTION:REMINDER
TRIGGER;RELATED=START:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""

READ = Calendar(
    method="REQUEST",
    uid="040000008200E00074C5B7101A82E008",
    sequence=2,
    recurrence_id=None,
    start=datetime(2026, 7, 14, 8, 0, tzinfo=UTC),
    end=datetime(2026, 7, 14, 9, 30, tzinfo=UTC),
    summary="Pump day, second try",
    organizer="ada@example.org",
    attendees=(Attendee("bo@example.org", "NEEDS-ACTION"), Attendee("cy@example.org", "ACCEPTED")),
    location="Halle 4",
    description="Bring the gaskets, please.\nRoom 4;5",
    zone="Europe/Berlin",
    rrule="FREQ=WEEKLY;COUNT=3",
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
def test_an_invitation_of_outlook(end: str) -> None:
    assert calendars(OUTLOOK.replace("\n", end).encode()) == (READ,)


def event(*lines: str, method: str = "METHOD:REQUEST") -> bytes:
    return "\n".join(
        ["BEGIN:VCALENDAR", method, "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", "END:VCALENDAR"]
    ).encode()


def read(*lines: str, method: str = "METHOD:REQUEST", said: str = "") -> Calendar:
    (found,) = calendars(event(*lines, method=method), "", said)
    return found


@pytest.mark.parametrize("name", ["REQUEST", "REPLY", "COUNTER", "CANCEL"])
def test_the_method_may_stand_in_one_place_only(name: str) -> None:
    assert read(method=f"METHOD:{name.lower()}").method == name
    assert read(method="VERSION:2.0", said=name.lower()).method == name
    assert read(method=f"METHOD:{name}", said="PUBLISH").method == name


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("DTSTART:20260714T080000Z", 8),
        ("DTSTART;TZID=Europe/Berlin:20260714T080000", 6),
        ('DTSTART;TZID="Europe/Berlin":20260714T080000', 6),
        ("DTSTART;TZID=Pacific Standard Time:20260714T080000", 15),
        ("DTSTART;TZID=Tokyo Standard Time:20260714T080000", 23 - 24),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Helsinki:20260714T080000", 5),
        ("DTSTART;TZID=/citadel.org/20260101_1/America/New_York:20260714T080000", 12),
        ('DTSTART;TZID="(UTC+01:00) Somewhere, Elsewhere":20260714T080000', 7),
        ('DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rome":20260714T080000', 6),
        ('DTSTART;TZID="(GMT+01.00) Oslo / Tallinn / Nowhere":20260714T080000', 6),
        ('DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20260714T080000', 12),
        ('DTSTART;TZID="(UTC-03:30) Newfoundland":20260714T080000', 10),
        ('DTSTART;TZID="(UTC+09:30) Berlin":20260714T080000', 8 - 10),  # a city that cannot be meant
        ("DTSTART;TZID=Eastern Daylight Time:20260714T080000", 12),
        ("DTSTART;TZID=europe/HELSINKI:20260714T080000", 5),
        ("DTSTART;TZID=Europe/Helsinki 2:20260714T080000", 5),
        ("DTSTART;TZID=GMT -0730:20260714T080000", 15),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20260714T080000", 8),
        ("DTSTART:20260714T080000+0200", 6),
        ("DTSTART;TZID=Europe/Berlin:2026-07-14T08:00:00-03:00", 11),
        ("DTSTART;TZID=US-Eastern:20260714T080000", 12),
        ("DTSTART;TZID=Nowhere at all:20260714T080000", 8),
        ("DTSTART:20260714T080000", 8),
        ("dtstart;value=date-time:20260714t080000z", 8),
    ],
)
def test_zones_by_any_name(line: str, hour: int) -> None:
    start = read(line).start
    assert start is not None
    assert start.replace(minute=0) == datetime(2026, 7, 14, tzinfo=UTC) + timedelta(hours=hour)
    assert start.minute == (30 if ":30)" in line or "0730" in line else 0)


RULES = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:-0300
TZOFFSETTO:-0430
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0430
TZOFFSETTO:-0300
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        ("20260714T080000", datetime(2026, 7, 14, 11, 0, tzinfo=UTC)),
        ("20260114T080000", datetime(2026, 1, 14, 12, 30, tzinfo=UTC)),
        ("20260307T080000", datetime(2026, 3, 7, 12, 30, tzinfo=UTC)),
        ("20260308T080000", datetime(2026, 3, 8, 11, 0, tzinfo=UTC)),
        ("20261025T080000", datetime(2026, 10, 25, 12, 30, tzinfo=UTC)),
    ],
)
def test_a_zone_that_comes_along_is_worked_out(local: str, moment: datetime) -> None:
    found = read(f"DTSTART;TZID=Customized Time Zone:{local}", method=f"METHOD:REQUEST\n{RULES}")
    assert (found.start, found.zone) == (moment, "")


@pytest.mark.parametrize("tzid", ['"GMT -0430 (Standard) / GMT -0300 (Daylight)"', "Spelt otherwise"])
def test_rules_are_better_than_what_a_name_says(tzid: str) -> None:
    rules = RULES.replace("Customized Time Zone", tzid.strip('"') if "GMT" in tzid else "My zone")
    found = read(f"DTSTART;TZID={tzid}:20260714T080000", method=f"METHOD:REQUEST\n{rules}")
    assert found.start == datetime(2026, 7, 14, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "hour"),
    [
        ("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14", 6),
        ("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8", 6),
        ("RDATE:20250309T020000,20260308T020000", 6),
        ("RDATE:20260310T020000", 7),
        ("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=40", 7),
    ],
)
def test_rules_in_other_words(rule: str, hour: int) -> None:
    winter = "BEGIN:STANDARD\nDTSTART:20251101T020000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD"
    summer = f"BEGIN:DAYLIGHT\nDTSTART:20200310T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n{rule}\nEND:DAYLIGHT"
    zone = f"BEGIN:VTIMEZONE\nTZID:Mine\n{winter}\n{summer}\nEND:VTIMEZONE"
    found = read("DTSTART;TZID=Mine:20260309T080000", method=f"METHOD:REQUEST\n{zone}")
    assert found.start == datetime(2026, 3, 9, hour, tzinfo=UTC)


def test_a_name_may_be_escaped_where_the_rules_are_and_quoted_where_it_is_used() -> None:
    other = RULES.replace("Customized", "Another").replace("-0", "+0")
    rules = f"{other}\n{RULES.replace('Customized Time Zone', 'Here' + chr(92) + ', there')}"
    found = read('DTSTART;TZID="Here, there":20260714T080000', method=f"METHOD:REQUEST\n{rules}")
    assert found.start == datetime(2026, 7, 14, 11, 0, tzinfo=UTC)


def test_every_zone_of_windows_is_known() -> None:
    names = [*WINDOWS_TO_OLSON, "Kamchatka Standard Time", "Mid-Atlantic Standard Time"]
    assert [name for name in names if not zones.named(name) or not zones.named(name.upper())] == []


def test_a_line_that_goes_on_below_an_empty_one() -> None:
    assert read("DTSTART\n\n ;VALUE=DATE\n :20260714").start == datetime(2026, 7, 14, tzinfo=UTC)


def test_a_zone_by_its_location() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Mine\nX-LIC-LOCATION:Asia/Kolkata\nEND:VTIMEZONE"
    found = read("DTSTART;TZID=Mine:20260714T080000", method=f"METHOD:REQUEST\n{zone}")
    assert (found.start, found.zone) == (datetime(2026, 7, 14, 2, 30, tzinfo=UTC), "Asia/Kolkata")


def test_the_zone_of_the_whole_calendar_stands_in() -> None:
    assert read("DTSTART:20260714T080000", method="X-WR-TIMEZONE:Europe/Paris").start == datetime(
        2026, 7, 14, 6, tzinfo=UTC
    )


def test_a_whole_day() -> None:
    found = read("DTSTART;VALUE=DATE:20260714", "DTEND;VALUE=DATE:20260716")
    assert (found.start, found.end, found.all_day) == (
        datetime(2026, 7, 14, tzinfo=UTC),
        datetime(2026, 7, 16, tzinfo=UTC),
        True,
    )


@pytest.mark.parametrize(
    ("length", "minutes"), [("PT1H30M", 90), ("P1D", 1440), ("P1W", 10080), ("PT0S", 0), ("P1DT1H", 1500)]
)
def test_an_end_by_duration(length: str, minutes: int) -> None:
    found = read("DTSTART:20260714T080000Z", f"DURATION:{length}")
    assert found.start and found.end
    assert (found.end - found.start).total_seconds() == minutes * 60


@pytest.mark.parametrize(
    "line", ["DTSTART:99999999T999999Z", "DTSTART:", "DTSTART:tomorrow", "DTSTART:00000000", "DTSTART;:x", "DTSTART"]
)
def test_a_start_that_is_none(line: str) -> None:
    assert read(line, "DURATION:PT1H").start is None


def test_one_instance_of_a_series() -> None:
    assert read("RECURRENCE-ID;TZID=Europe/Berlin:20260714T100000").recurrence_id == "20260714T080000Z"
    assert read("RECURRENCE-ID;VALUE=DATE:20260714").recurrence_id == "20260714"


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE;PARTSTAT=declined:mailto:a@b.org",
        "ATTENDEE;PARTSTAT=DECLINED:MAILTO:a@b.org",
        "ATTENDEE;PARTSTAT=DECLINED:a@b.org",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:%61%40b.org?subject=c@d.org",
        "ATTENDEE;PARTSTAT=DECLINED;EMAIL=a@b.org:urn:uuid:1234",
        'ATTENDEE;CN="x:y@z;";PARTSTAT="DECLINED":mailto:a@b.org',
        "attendee ;x".replace(" ", "") + "=1;partstat=Declined:mailto: a@b.org",
    ],
)
def test_attendees_in_any_form(line: str) -> None:
    assert read(line).attendees == (Attendee("a@b.org", "DECLINED"),)


def test_an_attendee_without_an_answer() -> None:
    assert read("ATTENDEE:mailto:a@b.org", "ATTENDEE:nobody").attendees == (Attendee("a@b.org", ""),)


def test_text_in_another_charset_and_folded_inside_a_letter() -> None:
    raw = event("SUMMARY:Größe").replace("ö".encode(), "ö".encode()[:1] + b"\r\n " + "ö".encode()[1:])
    assert calendars(raw)[0].summary == "Größe"
    assert (
        calendars("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Größe".encode("latin-1"), "iso-8859-1")[0].summary == "Größe"
    )


def test_several_events_are_all_read() -> None:
    raw = event("SUMMARY:one") + b"\n" + event("SUMMARY:two", method="METHOD:CANCEL")
    assert [(found.method, found.summary) for found in calendars(raw)] == [("REQUEST", "one"), ("CANCEL", "two")]


@pytest.mark.parametrize(
    "raw", [b"", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\nUID:1", b"words", b"BEGIN:VCALENDAR\nEND:VCALENDAR\nUID:x"]
)
def test_what_holds_no_event(raw: bytes) -> None:
    assert calendars(raw) == ()


def test_broken_lines_are_passed_over() -> None:
    assert read("no colon here", ":", "X-;=:", ";", "SUMMARY:still here", "SEQUENCE:x").summary == "still here"
