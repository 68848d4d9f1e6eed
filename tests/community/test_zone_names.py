"""A zone by the name people give it."""

import pytest

from mailer.community.calendarwords import zone_named


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("Paris", "Europe/Paris"),
        ("buenos aires", "America/Buenos_Aires"),
        ("New York.", "America/New_York"),
        ("CET", "Europe/Berlin"),
        ("utc", "UTC"),
        ("UTC+2", "Etc/GMT-2"),
        ("Pariss", ""),
        ("", ""),
        ("../../etc/passwd", ""),
        ("/", ""),
        ("here and there", ""),
    ],
)
def test_a_place_a_short_name_or_an_offset(said: str, zone: str) -> None:
    assert zone == zone_named(said)
