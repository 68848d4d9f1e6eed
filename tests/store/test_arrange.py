"""Threads as a facilitator wants them, on both databases, whatever mail comes late."""

from datetime import timedelta

from archiving import NOW, community, message, new
from sqlalchemy import Connection

from mailer.store.db import Store
from mailer.store.talk import arrange, posts


def add(conn: Connection, home: int, name: str, refs: str = "", minutes: int = 0, subject: str = "Pumps") -> int:
    return posts.add(conn, new(home, message(name, refs, subject), minutes)).post_id


def groups(conn: Connection, *numbers: int) -> list[str]:
    """The names in each thread, in order of time."""
    return ["".join(row.message_id for row in posts.posts_of(conn, number)) for number in numbers]


def parents(conn: Connection, number: int) -> dict[str, str | None]:
    rows = posts.posts_of(conn, number)
    names = {row.id: row.message_id for row in rows}
    return {row.message_id: names.get(row.parent_id or 0, row.parent_id and "elsewhere") for row in rows}


def thread_of(conn: Connection, number: int) -> int:
    row = posts.post(conn, number)
    assert row
    return row.thread_id


def test_a_post_and_all_below_it_become_a_thread(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        a, b = add(conn, home, "a"), add(conn, home, "b", "a", 1, "Re: Pumps")
        for at, (name, refs) in enumerate((("c", "ab"), ("d", "a"), ("e", "abc")), 2):
            add(conn, home, name, refs, at)
        split = arrange.split(conn, b)
        assert split
        assert groups(conn, thread_of(conn, a), split) == ["ad", "bce"]
        assert parents(conn, split) == {"b": None, "c": "b", "e": "c"}
        row, rest = posts.thread(conn, split), posts.thread(conn, thread_of(conn, a))
        assert row and rest
        assert (row.subject, row.started_at, row.last_at) == ("Re: Pumps", NOW + timedelta(minutes=1), row.last_at)
        assert (row.last_at, rest.last_at) == (NOW + timedelta(minutes=4), NOW + timedelta(minutes=3))
        assert arrange.split(conn, b) is None


def test_answers_go_to_the_nearest_side(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        a, b = add(conn, home, "a"), add(conn, home, "b", "a", 1)
        split = arrange.split(conn, b)
        assert split
        add(conn, home, "c", "ab", 2)
        add(conn, home, "d", "ba", 3)
        add(conn, home, "e", "abc", 4)
        assert groups(conn, thread_of(conn, a), split) == ["ad", "bce"]
        assert parents(conn, split) == {"b": None, "c": "b", "e": "c"}


def test_late_parents_undo_no_split(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        a, b = add(conn, home, "a"), add(conn, home, "b", "axy", 5)
        add(conn, home, "d", "axyby", 6)
        c = add(conn, home, "c", "axyb" + "z", 7)
        split = arrange.split(conn, b)
        assert split == thread_of(conn, c)
        add(conn, home, "y", "ax", 3)
        add(conn, home, "x", "a", 2)
        add(conn, home, "z", "axyb", 6)
        assert groups(conn, thread_of(conn, a), split) == ["axy", "bdzc"]
        assert parents(conn, split) == {"b": None, "d": "b", "z": "b", "c": "z"}
        assert parents(conn, thread_of(conn, a)) == {"a": None, "x": "a", "y": "x"}


def test_a_split_thread_takes_in_no_other_by_headers(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        a, b = add(conn, home, "a"), add(conn, home, "b", "a", 1)
        other = add(conn, home, "o", "", 2)
        split = arrange.split(conn, b)
        assert split
        add(conn, home, "p", "bo", 3)
        assert groups(conn, thread_of(conn, a), split, thread_of(conn, other)) == ["a", "b", "op"]
        known = posts.add(conn, new(home, message("q", "a"), 4), split)
        assert (known.thread_id, known.merged) == (split, ())
        add(conn, home, "r", "aq", 5)
        assert groups(conn, thread_of(conn, a), split) == ["a", "bqr"]


def test_a_thread_joins_another_and_takes_its_name(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        a, b = add(conn, home, "a", "", 0, "Pumps"), add(conn, home, "b", "", 1, "Valves")
        into = thread_of(conn, b)
        assert arrange.join(conn, home, thread_of(conn, a), into) == into
        assert arrange.join(conn, home, thread_of(conn, a), into) is None
        add(conn, home, "c", "a", 2)
        assert groups(conn, into) == ["abc"]
        row = posts.thread(conn, into)
        assert row and (row.subject, row.started_at) == ("Valves", NOW)


def test_what_was_split_and_joined_again_is_one(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        a, b = add(conn, home, "a"), add(conn, home, "b", "a", 1)
        split = arrange.split(conn, b)
        assert split
        assert arrange.join(conn, home, split, thread_of(conn, a))
        add(conn, home, "c", "ab", 2)
        assert groups(conn, thread_of(conn, a)) == ["abc"]


def test_a_title_stays(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        b = add(conn, home, "b", "a", 1, "Re: Pumps")
        arrange.retitle(conn, thread_of(conn, b), "Which pumps last")
        add(conn, home, "a", "", 0, "Pumps")
        row = posts.thread(conn, thread_of(conn, b))
        assert row and (row.subject, row.started_at) == ("Which pumps last", NOW)
