from datetime import datetime, timedelta

from mailer.store.db import Store
from mailer.store.society import habits, people


def test_a_paragraph_is_learnt_at_its_third_mail_by_each_person(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        ana, bob = (people.add_person(conn, f"{name}@acme.example", now).id for name in ("ana", "bob"))
        for times in range(1, 4):
            habits.count(conn, ana, ["the notice", "the notice", f"news {times}"], now)
            assert habits.learnt(conn, ana) == (frozenset({"the notice"}) if times == 3 else frozenset())
        assert habits.learnt(conn, bob) == frozenset()


def test_what_is_no_habit_is_forgotten_and_what_is_one_is_kept(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        ana = people.add_person(conn, "ana@acme.example", now).id
        for _ in range(3):
            habits.count(conn, ana, ["a habit"], now)
        for _ in range(2):
            habits.count(conn, ana, ["twice"], now)
        later = now + timedelta(days=91)
        habits.count(conn, ana, [], later)
        habits.count(conn, ana, ["twice"], later)
        assert habits.learnt(conn, ana) == {"a habit"}


def test_endless_paragraphs_are_not_kept(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        ana = people.add_person(conn, "ana@acme.example", now).id
        for _ in range(3):
            habits.count(conn, ana, ["x" * 100_000], now)
        assert habits.learnt(conn, ana) == frozenset()
