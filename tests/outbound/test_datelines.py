"""Two zones whose clocks agree at a moment need one line, not two."""

from datetime import UTC, datetime

import pytest

from mailer.outbound.datelines import Datelines

MARCH, JULY = datetime(2026, 3, 12, 9, tzinfo=UTC), datetime(2026, 7, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "one", "other", "same"),
    [
        (MARCH, "Europe/Oslo", "Europe/Berlin", True),
        (MARCH, "Europe/Oslo", "Asia/Tokyo", False),
        (MARCH, "Europe/London", "Africa/Abidjan", True),
        (JULY, "Europe/London", "Africa/Abidjan", False),
    ],
)
def test_the_clocks_at_that_moment_count_not_the_names(start: datetime, one: str, other: str, same: bool) -> None:
    assert Datelines.same(start, one, other) == same
