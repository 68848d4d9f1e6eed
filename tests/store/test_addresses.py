"""Two persons that turn out to be one: nothing is lost, nothing counts twice, and nobody is left without an address."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from mailer.store import tables
from mailer.store.db import Store
from mailer.store.knowledge import asks
from mailer.store.record import ledger
from mailer.store.society import addresses, people


def two(conn: Connection, now: datetime) -> tuple[int, people.Person, people.Person]:
    wells = people.add_community(conn, "wells", now)
    ana = people.add_person(conn, "ana@acme.example", now, name="Ana Lima", confirmed=True)
    home = people.add_person(conn, "ana@home.example", now - timedelta(days=9), name="A.", organisation="Home")
    return wells, ana, home


def test_a_link_hands_everything_over(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells, ana, home = two(conn, now)
        people.join(conn, home, wells, now, mode="weekly")
        ledger.record(conn, "posted", at=now, person_id=home.id)
        addresses.link(conn, home.address_id, ana.id, now)
        assert [(one.email, one.confirmed) for one in addresses.of(conn, ana.id)] == [
            ("ana@acme.example", True),
            ("ana@home.example", True),
        ]
        member = people.member(conn, ana.id, wells)
        assert member and (member.membership.mode, member.person.email) == ("weekly", "ana@home.example")
        assert (member.person.name, member.person.organisation) == ("Ana Lima", "Home")
        assert [row.person_id for row in conn.execute(tables.ledger.select())] == [ana.id]
        gone = conn.execute(tables.person.select().where(tables.person.c.id == home.id)).one()
        assert (gone.name, gone.organisation) == ("", "")


def test_two_memberships_become_the_one_that_is_active(store: Store, now: datetime) -> None:
    for mine, theirs, mode in (
        ("active", "active", "daily"),
        ("left", "active", "weekly"),
        ("active", "left", "daily"),
    ):
        with store.writing() as conn:
            for table in reversed(tables.meta.sorted_tables):
                conn.execute(table.delete())
            wells, ana, home = two(conn, now)
            people.join(conn, ana, wells, now, mode="daily", state=mine)
            people.join(conn, home, wells, now, mode="weekly", state=theirs)
            addresses.link(conn, home.address_id, ana.id, now)
            found = people.membership_of(conn, ana.id, wells)
            assert found and (found.mode, found.state) == (mode, "active")


def test_of_two_answers_the_later_counts(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells, ana, home = two(conn, now)
        ask = asks.open_ask(conn, wells, "rsvp", "yes-no-maybe", now, audience="members")
        asks.answer(conn, ask, ana.id, "yes", "", None, now)
        asks.answer(conn, ask, home.id, "no", "", None, now)
        addresses.link(conn, home.address_id, ana.id, now)
        assert [(one.person_id, one.value) for one in asks.answers(conn, ask)] == [(ana.id, "no")]


def test_an_address_goes_but_never_the_last(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells, ana, home = two(conn, now)
        people.join(conn, ana, wells, now)
        assert addresses.remove(conn, ana.address_id) is False
        addresses.link(conn, home.address_id, ana.id, now)
        assert addresses.remove(conn, ana.address_id) is True
        member = people.member(conn, ana.id, wells)
        assert member and member.person.email == "ana@home.example"
        assert addresses.remove(conn, home.address_id) is False and people.by_email(conn, "ana@acme.example") is None


def test_who_is_not_welcome_is_so_under_either_name(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells, ana, home = two(conn, now)
        people.join(conn, home, wells, now, state="banned")
        assert addresses.banned(conn, ana.id, home.id) and not addresses.banned(conn, ana.id)
