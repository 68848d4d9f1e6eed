from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from mailer.store.db import Store
from mailer.store.record import schedule
from mailer.store.society import people


def test_a_slot_is_taken_once_and_says_what_came_of_it(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells, kilns = (people.add_community(conn, name, now) for name in ("wells", "kilns"))
        assert schedule.claim(conn, "daily-digest", wells, "2026-03-03", now)
        assert not schedule.claim(conn, "daily-digest", wells, "2026-03-03", now)
        assert schedule.claim(conn, "daily-digest", kilns, "2026-03-03", now)
        assert schedule.claim(conn, "thanks", wells, "2026-03-03", now)
        schedule.conclude(conn, "daily-digest", wells, "2026-03-03", "sent to 3")
        assert schedule.outcome(conn, "daily-digest", wells, "2026-03-03") == "sent to 3"
        assert schedule.outcome(conn, "daily-digest", wells, "2026-03-04") is None
        asked = {("thanks", "2026-03-03"), ("thanks", "2026-03-04"), ("daily-digest", "2026-03-04")}
        assert schedule.ran(conn, wells, asked) == {("thanks", "2026-03-03")}
        assert schedule.ran(conn, kilns, asked) == schedule.ran(conn, wells, set()) == set()


def test_the_last_run_is_the_one_before_by_name(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        assert schedule.last_run(conn, "thanks", wells, "2026-03-03") is None
        for day in (3, 1, 2):
            schedule.claim(conn, "thanks", wells, f"2026-03-0{day}", now + timedelta(days=day))
        assert schedule.last_run(conn, "thanks", wells, "2026-03-03") == now + timedelta(days=2)


def test_many_at_once_take_a_slot_once(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)

    def take(_: int) -> bool:
        with store.writing() as conn:
            return schedule.claim(conn, "thanks", wells, "2026-03-03", now)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(12 if not store.sqlite else 4))) == 1
