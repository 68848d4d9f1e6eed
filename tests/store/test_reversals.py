"""Rows are put back as they were, unless they have been changed since."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store import tables as t
from mailer.store.db import Store
from mailer.store.record import ledger, reversals
from mailer.store.society import people

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def home(conn: Connection) -> tuple[int, people.Membership]:
    id = people.add_community(conn, "wells", NOW)
    return id, people.join(conn, people.add_person(conn, "ana@a.example", NOW), id, NOW)


def acted(conn: Connection, community: int, person: int, *undo: tuple[str, int, dict[str, Any]]) -> reversals.Action:
    ledger.record(conn, "set", at=NOW, community_id=community, person_id=person, undo=undo)
    found = reversals.of_moment(conn, community, person, NOW)
    assert found
    return found


def test_columns_go_back_with_their_types(store: Store) -> None:
    with store.writing() as conn:
        id, member = home(conn)
        before = {"state": "active", "left_at": None, "joined_at": NOW}
        people.change_membership(conn, member.id, state="left", left_at=NOW, joined_at=NOW + timedelta(days=1))
        action = acted(conn, id, member.person_id, ("membership", member.id, before))
        assert reversals.since(conn, action) == ()
        assert reversals.put_back(conn, action, NOW)
        row = conn.execute(sa.select(t.membership)).one()
        assert (row.state, row.left_at, row.joined_at) == ("active", None, NOW)
        assert not reversals.put_back(conn, action, NOW)  # once


def test_what_has_changed_since_is_named(store: Store) -> None:
    with store.writing() as conn:
        id, member = home(conn)
        people.change_membership(conn, member.id, mode="weekly")
        action = acted(conn, id, member.person_id, ("membership", member.id, {"mode": "each"}))
        people.change_membership(conn, member.id, role="sponsor")
        assert reversals.since(conn, action) == ()  # another column
        people.change_membership(conn, member.id, mode="daily")
        assert reversals.since(conn, action) == ("mode",)
        conn.execute(sa.delete(t.membership))
        assert reversals.since(conn, action) == ("membership",)


def test_of_several_choices_only_those_of_the_action_go_back(store: Store) -> None:
    with store.writing() as conn:
        id, member = home(conn)
        policy = people.Policy(digest_hour=9, k_min=6)
        people.change_community(conn, id, policy=policy)
        action = acted(conn, id, member.person_id, ("community", id, {"policy": {"k_min": 6}}))
        people.change_community(conn, id, policy=msgspec.structs.replace(policy, k_min=7))
        assert reversals.since(conn, action) == ()
        reversals.put_back(conn, action, NOW)
        assert people.community_by_id(conn, id).policy == people.Policy(k_min=7)


def test_rows_that_were_not_there_go_and_those_taken_away_return(store: Store) -> None:
    with store.writing() as conn:
        id, member = home(conn)
        new = conn.scalars(sa.insert(t.tag).values(community_id=id, name="new").returning(t.tag.c.id)).one()
        old = {"community_id": id, "name": "old"}
        action = acted(conn, id, member.person_id, ("tag", new, {}), ("tag", new + 5, old))
        assert reversals.since(conn, action) == ()
        reversals.put_back(conn, action, NOW)
        assert [tuple(row) for row in conn.execute(sa.select(t.tag.c.id, t.tag.c.name))] == [(new + 5, "old")]


def test_an_action_that_changed_nothing_cannot_be_taken_back(store: Store) -> None:
    with store.writing() as conn:
        id, member = home(conn)
        ledger.record(conn, "set", at=NOW, community_id=id, person_id=member.person_id, undo=[
            ("membership", member.id, {"mode": "each"})
        ])  # fmt: skip
        assert reversals.of_moment(conn, id, member.person_id, NOW) is None
