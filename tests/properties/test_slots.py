"""Laws of the clock: one slot a local date, week or month, in any zone, however the ticks fall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.jobs.slots import Rule, before, daily, instant, monthly, newest, week, weekly

BERLIN, SAO_PAULO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Sao_Paulo")
LORD_HOWE, UTC_ZONE = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")
ZONES = st.sampled_from(
    [BERLIN, SAO_PAULO, LORD_HOWE, UTC_ZONE, *map(ZoneInfo, ("Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu"))]
)
RULES = st.one_of(
    st.integers(0, 23).map(daily),
    st.tuples(st.sampled_from(["monday", "thursday", "sunday"]), st.integers(0, 23)).map(lambda way: weekly(*way)),
    st.integers(0, 23).map(monthly),
)
YEARS = datetime.fromisoformat("2011-06-01"), datetime.fromisoformat("2027-12-31")
MOMENTS = st.datetimes(*YEARS, timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("wall", "zone", "expected"),
    [
        ("2026-03-29T02:00", BERLIN, "2026-03-29T01:00"),  # the gap: 02:00 to 03:00 is not
        ("2026-03-29T02:30", BERLIN, "2026-03-29T01:00"),
        ("2026-10-25T02:30", BERLIN, "2026-10-25T00:30"),  # the fold: the first of two
        ("2018-11-04T00:00", SAO_PAULO, "2018-11-04T03:00"),  # midnight is not
        ("2026-10-04T02:15", LORD_HOWE, "2026-10-03T15:30"),  # a gap of half an hour
        ("2026-04-05T01:45", LORD_HOWE, "2026-04-04T14:45"),  # and a fold of it
        ("2011-12-30T07:00", ZoneInfo("Pacific/Apia"), "2011-12-30T10:00"),  # a day that never was
    ],
)
def test_a_wall_time_is_one_instant(wall: str, zone: ZoneInfo, expected: str) -> None:
    assert instant(datetime.fromisoformat(wall), zone).isoformat(timespec="minutes") == expected + "+00:00"


def played(rule: Rule, zone: ZoneInfo, start: datetime, steps: list[timedelta]) -> list[str]:
    """The names of slots in the order in which ticks at these steps find them, each once."""
    names: list[str] = []
    for step in steps:
        start += step
        slot = newest(rule, zone, start)
        if slot and slot.name not in names:
            names.append(slot.name)
    return names


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    ("zone", "start", "hour", "expected"),
    [
        (BERLIN, datetime(2026, 3, 27, 12, tzinfo=UTC), 2, ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"]),
        (BERLIN, datetime(2026, 10, 23, 12, tzinfo=UTC), 2, ["2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"]),
        (SAO_PAULO, datetime(2018, 11, 2, 12, tzinfo=UTC), 0, ["2018-11-02", "2018-11-03", "2018-11-04", "2018-11-05"]),
        (LORD_HOWE, datetime(2026, 10, 2, 12, tzinfo=UTC), 2, ["2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05"]),
        (LORD_HOWE, datetime(2026, 4, 3, 12, tzinfo=UTC), 1, ["2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"]),
    ],
)
def test_a_daily_rhythm_passes_both_nights_once_a_date(
    zone: ZoneInfo, start: datetime, hour: int, expected: list[str]
) -> None:
    assert played(daily(hour), zone, start, [timedelta(minutes=10)] * 6 * 24 * 3) == expected


def test_a_week_asleep_ends_with_one_slot(now: datetime) -> None:
    steps = [timedelta(0), timedelta(days=7), timedelta(minutes=1), timedelta(minutes=1)]
    assert played(daily(7), BERLIN, now, steps) == ["2026-03-03", "2026-03-10"]
    assert played(weekly("monday", 7), BERLIN, now, steps) == ["2026-W10", "2026-W11"]


def test_monday_is_monday_and_the_first_working_day_is_no_weekend() -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    slot = newest(weekly("monday", 7), UTC_ZONE, at)
    assert slot and (slot.due.strftime("%A %H:%M"), slot.name) == ("Monday 07:00", "2026-W10")
    dues = [newest(monthly(7), UTC_ZONE, datetime(2026, month, 20, tzinfo=UTC)) for month in (1, 2, 3, 5, 8)]
    assert [f"{slot.due:%a %d} {slot.name}" for slot in dues if slot] == [
        "Thu 01 2026-01",
        "Mon 02 2026-02",
        "Mon 02 2026-03",
        "Fri 01 2026-05",
        "Mon 03 2026-08",
    ]
    with pytest.raises(ValueError, match="named"):
        weekly("1", 7)


def test_days_before_an_event_are_local_dates() -> None:
    start = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)  # 00:30 on the 30th in Berlin
    assert before(start, 1, 7, BERLIN) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    assert before(start, 2, 7, BERLIN) == datetime(2026, 3, 28, 6, 0, tzinfo=UTC)


def test_weeks_are_iso_weeks() -> None:
    assert [week(date(2026, 12, 31)), week(date(2027, 1, 3)), week(date(2027, 1, 4))] == [
        "2026-W53",
        "2026-W53",
        "2027-W01",
    ]


@given(RULES, ZONES, MOMENTS)
def test_the_newest_slot_is_due_and_the_next_is_not(rule: Rule, zone: ZoneInfo, at: datetime) -> None:
    slot = newest(rule, zone, at)
    assert slot is not None and slot.due <= at and at - slot.due <= timedelta(days=36)
    assert newest(rule, zone, slot.due) == slot
    earlier = newest(rule, zone, slot.due - timedelta(microseconds=1))
    assert earlier is not None and earlier.name < slot.name and earlier.due < slot.due


@pytest.mark.fault("F13")
@settings(max_examples=50)
@given(RULES, ZONES, MOMENTS, st.lists(st.integers(-90, 60 * 24 * 9).map(lambda m: timedelta(minutes=m)), max_size=30))
def test_however_the_ticks_fall_a_name_comes_once_and_never_more_than_one_a_tick(
    rule: Rule, zone: ZoneInfo, start: datetime, steps: list[timedelta]
) -> None:
    names = played(rule, zone, start, steps)
    assert len(names) == len(set(names)) <= len(steps)


@given(st.datetimes(*YEARS), ZONES)
def test_an_instant_reads_as_its_wall_time_or_the_first_after_it(wall: datetime, zone: ZoneInfo) -> None:
    wall = wall.replace(second=0, microsecond=0)
    found = instant(wall, zone)
    local = found.astimezone(zone).replace(tzinfo=None)
    assert local >= wall
    if local > wall:
        assert (found - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wall
