"""Words that move an event."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mailer.community.moments import Moment
from mailer.community.replanning import moved

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
WAS = Moment(datetime(2026, 3, 12, 10, tzinfo=OSLO), datetime(2026, 3, 12, 11, 30, tzinfo=OSLO), "Europe/Oslo", "Teams")


@pytest.mark.parametrize(
    ("text", "starts", "ends", "place"),
    [
        ("Friday 13 March at 11:00", "2026-03-13 11:00", "12:30", "Teams"),
        ("Sorry, it is at 11:00", "2026-03-12 11:00", "12:30", "Teams"),
        ("11:00-11:45", "2026-03-12 11:00", "11:45", "Teams"),
        ("Friday 13 March", "2026-03-13 10:00", "11:30", "Teams"),
        ("Place: Zoom", "2026-03-12 10:00", "11:30", "Zoom"),
        ("vendredi 13 mars à 14h\nLieu : salle 3", "2026-03-13 14:00", "15:30", "salle 3"),
        ("Es el viernes 13 de marzo", "2026-03-13 10:00", "11:30", "Teams"),
        ("Am Freitag, 13. März um 9 Uhr, 60 Minuten", "2026-03-13 09:00", "10:00", "Teams"),
    ],
)
def test_what_is_not_said_stays(text: str, starts: str, ends: str, place: str) -> None:
    found = moved(text, NOW, WAS)
    assert found
    start, end = (moment.astimezone(OSLO) for moment in (found.start, found.end))
    assert (f"{start:%Y-%m-%d %H:%M}", f"{end:%H:%M}", found.place) == (starts, ends, place)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, looks good to me.",
        "",
        "Who is coming?",
        "Either 11:00 or 13:00",
        "Thursday 12 March or Friday 13 March at 10:00",
        "1 January 2026 at 10:00",
        "2",
    ],
)
def test_words_that_name_no_day_time_or_place_move_nothing(text: str) -> None:
    assert moved(text, NOW, WAS) is None
