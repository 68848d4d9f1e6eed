"""Dates of mail become moments in UTC, or nothing."""

from datetime import UTC, datetime

import pytest

from mailer.mail.dates import date


@pytest.mark.parametrize(
    "value",
    [
        "Tue, 3 Mar 2026 10:00:00 +0100",
        "3 Mar 2026 10:00:00 +0100",
        "Tue, 03 Mar 2026 09:00:00 GMT",
        "Tue, 3 Mar 2026 09:00 +0000",
        "Tue, 3 Mar 26 09:00:00 UT",
        "Tue, 3 Mar 126 09:00:00 -0000",
        "Tue, 3 Mar 2026 04:00:00 EST",
        "Tue, 3 Mar 2026 10:00:00 +0100 (CET)",
        "Tue, 3 Mar 2026 10:00:00 +01:00",
        "Tue, 3 Mar 2026 10:00:00 GMT+0100",
        "Tue, 3 Mar 2026 10:00:00 GMT+1",
        "Tue, 3 Mar 2026 09:00:00",
        "Tue,3 Mar 2026 09:00:00+0000",
        "Tue Mar  3 09:00:00 2026",
        "Tue Mar  3 01:00:00 PST 2026",
        "Tue, 03-Mar-2026 09:00:00 GMT",
        "2026-03-03T09:00:00Z",
        "2026-03-03 10:00:00 +0100",
        "2026-03-03T10:00:00.123+01:00",
        "March 3, 2026 9:00 AM",
        "Tuesday, March 3, 2026 02:30:00 PM +0530",
        "Tue, 3 (third) Mar 2026 10 : 00 : 00 +0100",
        "Tue, 3 Mar 2026 10.00.00 +0100",
        "Di, 3 Mrz 2026 10:00:00 +0100",  # machines that write their own language
        "mar., 3 mars 2026 10:00:00 +0100",
        "ma, 3 mrt. 2026 10:00:00 +0100",
    ],
)
def test_a_moment_in_any_form(value: str) -> None:
    assert date(value) == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "32 Mar 2026 10:00:00 +0000",
        "3 Mar 2026 25:00:00",
        "Mar",
        "3 3 3",
        "9" * 200,
        "0 Jan 0000 0:0:0",
    ],
)
def test_what_is_no_date_is_none(value: str) -> None:
    assert date(value) is None


@pytest.mark.parametrize("value", ["1 Jan 0001 00:00:00 +2359", "31 Dec 9999 23:59:59 -2359"])
def test_a_date_outside_the_calendar_is_none(value: str) -> None:
    assert date(value) is None


def test_a_leap_second_counts_as_the_one_before() -> None:
    assert date("31 Dec 2016 23:59:60 +0000") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_a_zone_that_cannot_be_is_utc() -> None:
    assert date("3 Mar 2026 09:00:00 +9999") == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "month"),
    [
        ("mar., 3 févr. 2026 10:00:00 +0100", 2),  # "mar." is Tuesday
        ("3 ene 2026 10:00:00 +0100", 1),
        ("Seg, 3 Ago 2026 10:00:00 +0100", 8),
        ("3 juil. 2026 10:00:00 +0100", 7),
        ("3 juin 2026 10:00:00 +0100", 6),
        ("sab 3 ott 2026 10:00:00 +0100", 10),
        ("Do, 3 Dez 2026 10:00:00 +0100", 12),
    ],
)
def test_months_in_other_languages(value: str, month: int) -> None:
    assert date(value) == datetime(2026, month, 3, 9, 0, tzinfo=UTC)
