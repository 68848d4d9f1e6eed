"""Dates and times as people write them. It is Tuesday 3 March 2026, 09:00 UTC, and the community is in Oslo."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.community.calendarwords import fold
from mailer.community.moments import Moment, Unclear, read_moment

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")


def shown(text: str, zone: str = "Europe/Oslo") -> str:
    """What was read, on the clock of the zone it was written in."""
    found = read_moment(text, NOW, zone)
    if isinstance(found, Unclear):
        return f"{found.reason}: {' | '.join(found.seen)}".strip()
    start, end = (at.astimezone(ZoneInfo(found.zone)) for at in (found.start, found.end))
    said = f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}"
    return " ".join([said, *([found.zone] if found.zone != zone else []), *(f"({doubt})" for doubt in found.doubts)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuesday 10 March 10:00–11:00", "2026-03-10 10:00-11:00"),
        ("3 June 2026 at 2pm CET", "2026-06-03 14:00-15:00 Europe/Berlin (an hour long)"),
        ("2026-03-05 14:00", "2026-03-05 14:00-15:00 (an hour long)"),
        ("2026-03-05T14:00 for 90 minutes", "2026-03-05 14:00-15:30"),
        ("tomorrow 15h", "2026-03-04 15:00-16:00 (an hour long)"),
        ("Do 12.03. um 10", "no date:"),
        ("Thu 9.30. See you", "2026-03-05 09:30-10:30 (an hour long)"),
        ("Thu 12.03. at 10", "2026-03-12 10:00-11:00 (an hour long)"),
        ("next Thu 9.30", "2026-03-05 09:30-10:30 (which week) (an hour long)"),
        ("on Friday from 9 to 11", "2026-03-06 09:00-11:00"),
        ("Friday 9-11am", "2026-03-06 09:00-11:00"),
        ("Friday 2-3.30pm", "2026-03-06 14:00-15:30"),
        ("Friday 11-1pm", "2026-03-06 11:00-13:00"),
        ("Friday 22:00-00:30", "2026-03-06 22:00-00:30"),
        ("Tuesday at 10", "2026-03-10 10:00-11:00 (which week) (an hour long)"),
        ("12/04/2026 10:00", "2026-04-12 10:00-11:00 (day first) (an hour long)"),
        ("04/13/2026 10:00", "2026-04-13 10:00-11:00 (an hour long)"),
        ("Thu 12/03 at 10:00", "2026-03-12 10:00-11:00 (day first) (an hour long)"),
        ("12.3.2026, 10 Uhr", "2026-03-12 10:00-11:00 (an hour long)"),
        ("March 12th, 2026 at 10 a.m.", "2026-03-12 10:00-11:00 (an hour long)"),
        ("Thursday, March 12, 10:00", "2026-03-12 10:00-11:00 (an hour long)"),
        ("1 February at noon", "2027-02-01 12:00-13:00 (an hour long)"),
        ("29 February 10:00", "2028-02-29 10:00-11:00 (an hour long)"),
        ("Saturday the 7th of March, 10:00 for 2 hours", "2026-03-07 10:00-12:00"),
        ("12 March 14:00, half an hour", "2026-03-12 14:00-14:30"),
        ("12 March 14:00, 2 hours", "2026-03-12 14:00-16:00"),
        ("12 March 14:00 (1.5 hours)", "2026-03-12 14:00-15:30"),
        ("12 March at 2pm for an hour and a half", "2026-03-12 14:00-15:30"),
        ("12 March 14:00, an hour", "2026-03-12 14:00-15:00"),
        ("jeudi 12 mars à 14h, une demi-heure", "2026-03-12 14:00-14:30"),
        ("12 mars, 14 heures", "2026-03-12 14:00-15:00 (an hour long)"),
        ("12. März um 14 Uhr, anderthalb Stunden", "2026-03-12 14:00-15:30"),
        ("12 de marzo a las 14:00, media hora", "2026-03-12 14:00-14:30"),
        ("12 March 14:00\nHalf an hour, no slides.", "2026-03-12 14:00-14:30"),
        ("12 March 14:00\nDuration: 2 hours", "2026-03-12 14:00-16:00"),
        ("12 March 14:00\nDauer: 90 Minuten", "2026-03-12 14:00-15:30"),
        ("12 March 14:00\nThe room is half an hour away.", "2026-03-12 14:00-15:00 (an hour long)"),
        ("12 March 14:00\nHalf an hour before, there is coffee.", "2026-03-12 14:00-15:00 (an hour long)"),
        ("12 March 14:00, half an hour later than usual", "2026-03-12 14:00-15:00 (an hour long)"),
        ("5 March 2026 10:00 EST", "2026-03-05 10:00-11:00 America/New_York (an hour long)"),
        ("5 March 10:00 UTC+3", "2026-03-05 10:00-11:00 Etc/GMT-3 (an hour long)"),
        ("5 March 10:00 Asia/Kathmandu", "2026-03-05 10:00-11:00 Asia/Kathmandu (an hour long)"),
        ("5 March 10:00 London time", "2026-03-05 10:00-11:00 Europe/London (an hour long)"),
        ("5 March, 15:00 CET (14:00 UTC)", "2026-03-05 15:00-16:00 Europe/Berlin (an hour long)"),
        ("All times in CEST.\n10 June 9:00-10:00", "2026-06-10 09:00-10:00 Europe/Berlin"),
        ("Register before 9 March!\nWe meet on 12 March at 10:00.", "2026-03-12 10:00-11:00 (an hour long)"),
        ("Pump webinar 12 March\n\nHello all,\nwe begin at 10:00.", "2026-03-12 10:00-11:00 (an hour long)"),
        ("12 March 10:00\nWhen: 13 March, 14:00-15:00", "2026-03-13 14:00-15:00"),
        ("When: 13 March\nTime: 14:00 - 15:00", "2026-03-13 14:00-15:00"),
    ],
)
def test_plain_words_become_a_moment(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jeudi 12 mars à 14 h 30", "2026-03-12 14:30-15:30 (an hour long)"),
        ("demain de 10h à 11h", "2026-03-04 10:00-11:00"),
        ("jeudi prochain à 14h", "2026-03-05 14:00-15:00 (which week) (an hour long)"),
        ("le 1er août 2026, 9h00", "2026-08-01 09:00-10:00 (an hour long)"),
        ("jueves 12 de marzo de 2026, de 10 a 11 h", "2026-03-12 10:00-11:00"),
        ("mañana a las 10", "2026-03-04 10:00-11:00 (an hour long)"),
        ("el miércoles 3 de junio a las 16:00 durante 2 horas", "2026-06-03 16:00-18:00"),
        ("Donnerstag, den 12. März um 14 Uhr", "2026-03-12 14:00-15:00 (an hour long)"),
        ("am 12. März von 10 bis 11:30 Uhr", "2026-03-12 10:00-11:30"),
        ("nächsten Freitag um 9", "2026-03-06 09:00-10:00 (which week) (an hour long)"),
        ("terça-feira, 10 de março de 2026, das 10h às 11h30", "2026-03-10 10:00-11:30"),
        ("amanhã às 15h", "2026-03-04 15:00-16:00 (an hour long)"),
    ],
)
def test_so_do_the_words_of_other_languages(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let us meet soon", "no date:"),
        ("On 12 March", "no time: 12 March"),
        ("12 March with 3 people at 4 sites", "no time: 12 March"),
        ("Tuesday 12 March 10:00", "weekday differs: Tuesday 12 March"),
        ("31 April 10:00", "no such day: 31 April"),
        ("12-13 March 10:00", "several days: 12-13 March"),
        ("12 March 10:00\n13 March 10:00", "several days: 12 March | 13 March"),
        ("12 March 10:00 or 14:00", "several times: 12 March 10:00 | 12 March 14:00"),
        ("3 March 2026 9:30", "past: 3 March 2026"),
        ("2 March 2025 9:30", "past: 2 March 2025"),
        ("29 March 2026 02:30", "no such time: 29 March 2026 02:30"),
        ("99.99.9999 10:00", "no such day: 99.99.9999"),
    ],
)
def test_what_cannot_be_told_is_asked(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 March 10:00 in Room 3, first floor. Bring cake.", "Room 3, first floor"),
        ("12 March 10:00 CET at the Library", "the Library"),
        ("12 March 10:00 (Europe/Oslo) in Room 3", "Room 3"),
        ("12 March 10:00\nWhere: Møllergata 3, Oslo", "Møllergata 3, Oslo"),
        ("Wo: Halle 2\n12. März um 10 Uhr", "Halle 2"),
        ("12 March 10:00\nJoin: <https://meet.example/abc>.", "https://meet.example/abc"),
        ("12 March 10:00 at our library", "our library"),
        ("12 March 10:00, in good time, in the morning", ""),
        ("12 March 10:00", ""),
    ],
)
def test_the_place_is_kept(text: str, expected: str) -> None:
    found = read_moment(text, NOW, "Europe/Oslo")
    assert isinstance(found, Moment) and found.place == expected


def test_the_hour_that_comes_twice_is_the_first() -> None:
    found = read_moment("25 October 2026 02:30-03:30", NOW, "Europe/Oslo")
    assert found == Moment(
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "Europe/Oslo"
    )


@given(st.dates(datetime(2026, 3, 4, tzinfo=UTC).date(), datetime(2099, 1, 1, tzinfo=UTC).date()), st.times())
def test_every_date_in_words_is_read_as_it_is(on: datetime, at: datetime) -> None:
    for form in ("%A %d %B %Y at %H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H.%M", "%B %d, %Y %I:%M %p"):
        wall = datetime.combine(on, at.replace(second=0, microsecond=0))  # type: ignore[arg-type]
        found = read_moment(wall.strftime(form), NOW, "UTC")
        assert isinstance(found, Moment), wall.strftime(form)
        assert found.start == wall.replace(tzinfo=UTC)


@given(st.text(st.sampled_from("0123456789:.-–/ hapm@UTC+marchtoday,'\n"), max_size=200))
def test_anything_is_read_without_an_error(text: str) -> None:
    found = read_moment(text, NOW, "Europe/Oslo")
    assert isinstance(found, Unclear) or NOW < found.start < found.end


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
