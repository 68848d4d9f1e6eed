"""How failures count: by day, fading, with one more question before the end, and never for a whole domain."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from posting import community, rows
from posting import post as send

from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.tables import address, suppression
from mailer.store.traffic import suppressions

DAY = timedelta(days=1)
GONE = "550 5.1.1 no such user"
ANA = "ana@acme.example"
FOUR = [f"m{n}@nord.example" for n in range(4)]


@pytest.fixture
def wells(store: Store) -> int:
    return community(store, [ANA, "bo@sur.example", *FOUR])


def score(store: Store, email: str, at: datetime, reason: str = GONE, weight: float = 1.0, probe: bool = False) -> str:
    with store.writing() as conn:
        who = people.by_email(conn, email)
        assert who
        return suppressions.score(conn, who.address_id, at, weight, reason, probe=probe)


def doubtful(store: Store, wells: int, at: datetime) -> list[str]:
    with store.reading() as conn:
        return [one.email for one in suppressions.doubtful(conn, wells, at)]


def held(store: Store) -> dict[str, str]:
    with store.reading() as conn:
        return {row.email: row.reason for row in conn.execute(sa.select(suppression))}


def ask(store: Store, email: str, at: datetime) -> None:
    with store.writing() as conn:
        who = people.by_email(conn, email)
        assert who
        suppressions.probed(conn, who.address_id, at)


def test_hearsay_asks_and_ends_nothing(store: Store, wells: int, now: datetime) -> None:
    def hear(day: int, reason: str = GONE) -> str:
        with store.writing() as conn:
            who = people.by_email(conn, ANA)
            assert who
            return suppressions.score(conn, who.address_id, now + day * DAY, reason=reason, hearsay=True)

    assert [hear(day) for day in range(5)] == ["scored"] * 5
    assert doubtful(store, wells, now + 4 * DAY) == [ANA]
    ask(store, ANA, now + 4 * DAY)
    assert hear(5) == "scored"
    assert hear(6, "550 5.7.1 Recipient is on our suppression list") == "ours"
    assert held(store) == {}
    assert score(store, ANA, now + 7 * DAY) == "suppressed"


def test_five_days_bring_a_question_and_only_then_the_end(store: Store, wells: int, now: datetime) -> None:
    for day in range(5):
        assert doubtful(store, wells, now + day * DAY) == []
        assert [score(store, ANA, now + day * DAY + timedelta(hours=hour)) for hour in (0, 1)] == ["scored", "counted"]
    last = now + 4 * DAY
    assert (doubtful(store, wells, last), held(store)) == ([ANA], {})
    ask(store, ANA, last)
    assert doubtful(store, wells, last) == []
    assert score(store, ANA, last) == "counted"  # of a mail from before the question
    assert score(store, ANA, last + DAY) == "suppressed"
    assert held(store) == {ANA: "bounces"}


def test_a_question_that_comes_back_is_the_end(store: Store, wells: int, now: datetime) -> None:
    score(store, ANA, now)
    ask(store, ANA, now)
    assert score(store, ANA, now, probe=True) == "suppressed"


def test_a_question_that_does_not_come_back_is_a_clean_sheet(store: Store, wells: int, now: datetime) -> None:
    for day in range(5):
        score(store, ANA, now + day * DAY)
    ask(store, ANA, now + 4 * DAY)
    with store.writing() as conn:
        assert suppressions.forgive(conn, now + 6 * DAY) == 0
        assert suppressions.forgive(conn, now + 8 * DAY) == 1
    assert doubtful(store, wells, now + 8 * DAY) == []
    assert score(store, ANA, now + 9 * DAY) == "scored"


@pytest.mark.parametrize(
    ("weight", "every", "times"), [(1.0, 1, 5), (0.5, 1, 10), (1.0, 7, 7), (0.5, 7, 0), (1.0, 14, 0)]
)
def test_failures_fade(store: Store, wells: int, now: datetime, weight: float, every: int, times: int) -> None:
    counted = 0
    for turn in range(40):
        at = now + turn * every * DAY
        score(store, ANA, at, weight=weight)
        if doubtful(store, wells, at):
            counted = turn + 1
            break
    assert counted == times


def test_what_fails_for_a_whole_domain_counts_for_nobody(store: Store, wells: int, now: datetime) -> None:
    for day in range(9):
        at = now + day * DAY
        words = [score(store, one, at + timedelta(minutes=n)) for n, one in enumerate(FOUR)]
        assert words[2:] == ["outage", "outage"]
        assert score(store, "bo@sur.example", at) == "scored"
    assert doubtful(store, wells, now + 8 * DAY) == ["bo@sur.example"]
    with store.reading() as conn:
        assert suppressions.outages(conn, wells, now + 8 * DAY) == [("nord.example", 4)]
        assert suppressions.outages(conn, wells, now + 9 * DAY) == []
    alone = now + 20 * DAY
    assert [score(store, FOUR[0], alone + day * DAY) for day in range(5)] == ["scored"] * 5
    assert doubtful(store, wells, alone + 4 * DAY) == [FOUR[0]]


def test_an_outage_gives_nobody_up_who_was_asked(store: Store, wells: int, now: datetime) -> None:
    ask(store, FOUR[3], now)
    assert [score(store, one, now) for one in FOUR] == ["scored", "scored", "outage", "outage"]
    assert held(store) == {}


def test_a_list_of_the_relays_is_nobodys_fault_and_ends(store: Store, wells: int, now: datetime) -> None:
    assert score(store, ANA, now, "550 5.7.1 recipient is on the suppression list") == "suppressed"
    assert held(store) == {ANA: "relay"}
    with store.reading() as conn:
        [one] = suppressions.given_up(conn, wells, now, now + DAY)
        assert (one.email, one.why, one.reason[:9]) == (ANA, "relay", "550 5.7.1")
        assert suppressions.given_up(conn, wells, now + DAY, now + 2 * DAY) == []
        assert conn.scalar(sa.select(address.c.bounced_at).where(address.c.email == ANA)) is None
    send(store, wells, now + suppressions.RELAYS)
    assert ANA in rows(store)
    assert score(store, ANA, now + 8 * DAY, "550 suppressed") == "suppressed"  # and held anew
    with store.reading() as conn:
        assert [one.since for one in suppressions.given_up(conn, wells, now + DAY, now + 9 * DAY)] == [now + 8 * DAY]


def test_a_policy_speaks_of_us(store: Store, wells: int, now: datetime) -> None:
    assert [score(store, ANA, now + day * DAY, "550 5.7.1 rejected by policy") for day in range(9)] == ["ours"] * 9
    assert (doubtful(store, wells, now + 9 * DAY), held(store)) == ([], {})


def test_back_again_is_a_clean_sheet(store: Store, wells: int, now: datetime) -> None:
    ask(store, ANA, now)
    score(store, ANA, now, probe=True)
    with store.writing() as conn:
        who = people.by_email(conn, ANA)
        assert who and suppressions.stopped(conn, who.address_id) == (ANA, now)
        suppressions.lift(conn, ANA)
        assert suppressions.stopped(conn, who.address_id) is None
    assert score(store, ANA, now + DAY) == "scored"
    with store.writing() as conn:
        suppressions.suppress(conn, ANA, "asked", now)
        assert suppressions.stopped(conn, who.address_id) is None  # what somebody asked for stays


def test_where_else_someone_reads(store: Store, wells: int, now: datetime) -> None:
    with store.writing() as conn:
        who = people.by_email(conn, ANA)
        assert who and suppressions.others(conn, who.id, ANA, now) == []
        home = people.add_address(conn, who.id, "ana@home.example", now)
        gone = people.add_address(conn, who.id, "ana@gone.example", now)
        suppressions.suppress(conn, "ana@gone.example", "bounces", now)
        assert gone and suppressions.others(conn, who.id, ANA, now) == [home]


def test_nobody_of_that_number(store: Store, wells: int, now: datetime) -> None:
    with store.writing() as conn:
        assert suppressions.score(conn, 999, now) == "counted"
