from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from mailer.mail.invite import Invitation, cancel, request
from mailer.mail.message import Mailbox

STAMP = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
START = datetime(2026, 3, 10, 11, 0, tzinfo=timezone(timedelta(hours=1)))
EVENT = Invitation(
    "event.x@lists.example",
    2,
    START,
    START + timedelta(hours=1),
    "Pumps, seals; and more",
    Mailbox("Wells", "wells-event@lists.example"),
    Mailbox("Ana Lima", "ana@acme.example"),
    "Room 3",
    "Bring\r\nquestions",
)


def test_a_request_asks_one_attendee_in_utc() -> None:
    assert request(EVENT, STAMP).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "PRODID:-//mailer//community//EN",
        "VERSION:2.0",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:event.x@lists.example",
        "SEQUENCE:2",
        "DTSTAMP:20260303T090000Z",
        "DTSTART:20260310T100000Z",
        "DTEND:20260310T110000Z",
        r"SUMMARY:Pumps\, seals\; and more",
        r"DESCRIPTION:Bring\nquestions",
        "LOCATION:Room 3",
        'ORGANIZER;CN="Wells":mailto:wells-event@lists.example',
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=",
        ' TRUE;CN="Ana Lima":mailto:ana@acme.example',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_cancel_asks_nothing() -> None:
    text = cancel(replace(EVENT, sequence=3, description="", location=""), STAMP).decode()
    assert "METHOD:CANCEL\r\n" in text and "STATUS:CANCELLED\r\n" in text and "SEQUENCE:3\r\n" in text
    assert 'ATTENDEE;ROLE=REQ-PARTICIPANT;CN="Ana Lima":mailto:ana@acme.example\r\n' in text
    assert [name for name in ("RSVP", "DESCRIPTION", "LOCATION") if name in text] == []


@pytest.mark.parametrize(
    ("evil", "expected"),
    [
        ("Lunch\nATTENDEE:mailto:eve@evil.example", "Lunch\nATTENDEE:mailto:eve@evil.example"),
        ("Lunch\r\nEND:VEVENT\rBEGIN:VEVENT", "Lunch\nEND:VEVENT\nBEGIN:VEVENT"),
        ("a\x85b\u2028c\x0bd\x00e\x1bf", "a\nb\nc\ndef"),
        ("back\\nslash", "back\\nslash"),
    ],
)
def test_a_title_stays_in_its_property(evil: str, expected: str) -> None:
    event = Calendar.from_ical(request(replace(EVENT, summary=evil), STAMP)).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == expected
    assert isinstance(event["ATTENDEE"], str), "one attendee"


def test_a_name_and_an_address_stay_in_theirs() -> None:
    named = replace(EVENT, attendee=Mailbox('Ana "X";RSVP=FALSE:\r\nATTENDEE', "a?b=c&d@acme.example"))
    text = request(named, STAMP).decode().replace("\r\n ", "")
    assert ";CN=\"Ana 'X';RSVP=FALSE: ATTENDEE\":mailto:a%3Fb=c%26d@acme.example\r\n" in text


@given(st.text(), st.text(), st.text())
def test_any_words_make_one_event_in_short_lines(summary: str, place: str, name: str) -> None:
    event = replace(EVENT, summary=summary, location=place, attendee=Mailbox(name, "ana@acme.example"))
    raw = request(event, STAMP)
    assert raw.endswith(b"\r\n") and all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert len(Calendar.from_ical(raw).walk("VEVENT")) == 1
