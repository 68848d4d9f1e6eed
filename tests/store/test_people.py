from datetime import datetime

from mailer.community.policy import Policy
from mailer.store.db import Store
from mailer.store.society import people


def test_a_community_keeps_only_the_choices_that_differ(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        id = people.add_community(conn, "wells", now, policy=Policy(digest_hour=9), zone="Europe/Oslo")
        wells = people.community_by_id(conn, id)
        assert wells == people.community_named(conn, "wells")
        assert (wells.title, wells.zone, wells.policy.digest_hour) == ("Wells", "Europe/Oslo", 9)
        assert wells.policy.kept() == {"digest_hour": 9}


def test_a_person_joins_leaves_and_comes_back_with_one_membership(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        ana = people.add_person(conn, "ana@acme.example", now, name="Ana Lima")
        assert ana.confirmed is False
        people.confirm(conn, ana.address_id, now)
        assert people.by_email(conn, "ana@acme.example") == people.by_id(conn, ana.id)
        assert people.by_id(conn, ana.id).confirmed is True
        first = people.join(conn, ana, wells, now, role="facilitator")
        assert people.count_members(conn, wells) == 1
        people.change_membership(conn, first.id, state="left", left_at=now)
        assert people.count_members(conn, wells) == 0
        assert people.members(conn, wells) == []
        again = people.join(conn, ana, wells, now)
        assert (again.id, again.state, again.role) == (first.id, "active", "facilitator")


def test_members_are_reached_where_they_chose_and_by_mode_and_role(store: Store, now: datetime) -> None:
    with store.writing() as conn:
        wells = people.add_community(conn, "wells", now)
        ana = people.add_person(conn, "ana@acme.example", now, name="Ana")
        home = people.add_address(conn, ana.id, "ana@home.example", now)
        mine = people.join(conn, ana, wells, now)
        people.change_membership(conn, mine.id, address_id=home, mode="weekly")
        bo = people.add_person(conn, "bo@nord.example", now, name="Bo")
        people.join(conn, bo, wells, now, role="facilitator")
        assert [m.person.email for m in people.members(conn, wells)] == ["ana@home.example", "bo@nord.example"]
        assert [m.person.name for m in people.members(conn, wells, modes=["weekly"])] == ["Ana"]
        assert [m.person.name for m in people.members(conn, wells, roles=["facilitator"])] == ["Bo"]
        found = people.member(conn, ana.id, wells)
        assert found and found.person.email == "ana@home.example"
        assert people.member(conn, bo.id, wells + 1) is None
