"""The archive on both databases: places in the forest, duplicates, reused ids, merges, tags, search."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from archiving import NOW, community, message, new
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from mailer.community import threads
from mailer.mail.message import Mailbox
from mailer.store import tables
from mailer.store.db import Store
from mailer.store.knowledge import library
from mailer.store.talk import posts, search

ANA = Mailbox("Ana", "ana@acme.example")


def partition(conn: Connection, home: int) -> set[frozenset[str]]:
    query = sa.select(tables.post.c.thread_id, tables.post.c.message_id).where(tables.post.c.community_id == home)
    groups: dict[int, set[str]] = {}
    for thread, name in conn.execute(query):
        groups.setdefault(thread, set()).add(name)
    return {frozenset(group) for group in groups.values()}


def parents(conn: Connection, home: int) -> dict[str, str | None]:
    query = sa.select(tables.post.c.thread_id).where(tables.post.c.community_id == home).distinct()
    rows = [row for thread in conn.scalars(query) for row in posts.posts_of(conn, thread)]
    names = {row.id: row.message_id for row in rows}
    return {row.message_id: None if row.parent_id is None else names[row.parent_id] for row in rows}


def test_a_reply_finds_its_parent_and_its_thread(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        first = posts.add(conn, new(home, message("a")))
        reply = posts.add(conn, new(home, message("b", ["a"]), 1))
        other = posts.add(conn, new(home, message("c"), 2))
        assert (first.new_thread, first.parent_id, first.duplicate) == (True, None, False)
        assert (reply.thread_id, reply.parent_id, reply.new_thread) == (first.thread_id, first.post_id, False)
        assert other.thread_id != first.thread_id
        row = posts.thread(conn, first.thread_id)
        assert row is not None
        assert (row.subject, row.started_at, row.last_at) == ("Pumps", NOW, NOW + timedelta(minutes=1))


def test_a_late_parent_joins_two_threads_into_the_older_and_gives_it_its_name(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        one = posts.add(conn, new(home, message("b", ["a"], "Re: Pumps"), 1))
        two = posts.add(conn, new(home, message("d", ["c"], "Re: Valves"), 3))
        late = posts.add(conn, new(home, message("c", ["a"]), 2))
        assert (late.thread_id, late.merged, late.parent_id) == (one.thread_id, (two.thread_id,), None)
        root = posts.add(conn, new(home, message("a", (), "Pumps and valves"), 0))
        assert root.thread_id == one.thread_id
        assert parents(conn, home) == {"a": None, "b": "a", "c": "a", "d": "c"}
        row = posts.thread(conn, two.thread_id)  # its code still leads there
        assert row is not None
        assert (row.id, row.subject, row.started_at) == (one.thread_id, "Pumps and valves", NOW)
        assert len(posts.posts_of(conn, two.thread_id)) == 4
        after = posts.add(conn, new(home, message("e", ["d"]), 4))
        assert (after.thread_id, after.merged) == (one.thread_id, ())


def test_a_late_relative_that_is_no_nearer_adopts_nobody(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        for name, refs in (("d", ["a", "b", "c"]), ("b", []), ("a", []), ("c", ["b"])):
            posts.add(conn, new(home, message(name, refs)))
        assert parents(conn, home) == {"a": None, "b": None, "c": "b", "d": "c"}
        home = community(conn, "pumps")
        for name, refs in (("d", ["a", "b", "c"]), ("c", []), ("b", []), ("a", [])):
            posts.add(conn, new(home, message(name, refs)))
        assert parents(conn, home) == {"a": None, "b": None, "c": None, "d": "c"}


def test_the_same_mail_twice_is_one_post_and_a_different_mail_under_its_id_another(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        first = posts.add(conn, new(home, message("a", text="one")))
        again = posts.add(conn, new(home, message("a", text="one"), 5))
        other = posts.add(conn, new(home, message("a", text="two"), 1))
        reply = posts.add(conn, new(home, message("b", ["a"]), 2))
        assert (again.duplicate, again.post_id, again.thread_id) == (True, first.post_id, first.thread_id)
        assert not other.duplicate
        assert other.post_id != first.post_id
        assert reply.parent_id == first.post_id
        found = posts.by_message_id(conn, home, "a")
        assert found is not None
        assert found.new_text == "one"


def test_a_thread_of_another_community_is_out_of_reach(store: Store) -> None:
    with store.writing() as conn:
        wells, pumps = community(conn), community(conn, "pumps")
        secret = posts.add(conn, new(pumps, message("a")))
        guess = posts.add(conn, new(wells, message("b", ["a"])))
        assert (guess.parent_id, guess.new_thread) == (None, True)
        assert guess.thread_id != secret.thread_id


def test_our_own_code_is_stronger_than_the_headers(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        one, two = posts.add(conn, new(home, message("a"))), posts.add(conn, new(home, message("b")))
        reply = posts.add(conn, new(home, message("c", ["a"]), 1), known_thread=two.thread_id)
        assert (reply.thread_id, reply.parent_id, reply.merged) == (two.thread_id, None, ())
        assert partition(conn, home) == {frozenset({"a"}), frozenset({"b", "c"})}
        assert one.thread_id != two.thread_id


def test_answers_to_one_digest_are_no_thread(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        conn.execute(
            sa.insert(tables.mailing).values(
                community_id=home, kind="member-digest", message_id="digest@us", created_at=NOW, offers=[], numbers={}
            )
        )
        posts.add(conn, new(home, message("a", ["digest@us"])))
        posts.add(conn, new(home, message("b", ["digest@us"])))
        assert partition(conn, home) == {frozenset({"a"}), frozenset({"b"})}


def test_a_lost_reply_finds_its_thread(store: Store) -> None:
    words = "We changed the gaskets to ceramic ones and they hold at forty bar."
    with store.writing() as conn:
        home = community(conn)
        first = posts.add(conn, new(home, message("a", text=words)))
        posts.add(conn, new(home, message("b", text="Something else under the same subject."), 1))
        lost = replace(message("c", subject="[EXTERNAL] RE: pumps", text=f"Same here.\n> {words}"), to=(ANA,))
        reply = posts.add(conn, new(home, lost, 60))
        assert (reply.thread_id, reply.parent_id) == (first.thread_id, first.post_id)
        late = posts.add(conn, new(home, replace(lost, message_id="d"), 60 * 24 * 31))
        assert late.new_thread
        renamed = posts.add(conn, new(home, replace(lost, message_id="g", subject="Rings (was: pumps)"), 61))
        assert renamed.thread_id == first.thread_id
        valves = replace(lost, message_id="f", subject="Re: Valves")
        batch = posts.add_many(conn, [new(home, message("e", (), "Valves", words), 70), new(home, valves, 80)])
        assert batch[1].parent_id == batch[0].post_id


def test_an_outlook_conversation_is_one_thread(store: Store) -> None:
    index = {"thread_index": "AdTlGZ9ksE0tmZfCTPmRhZtDfIPqrA=="}
    with store.writing() as conn:
        home = community(conn)
        first = posts.add(conn, new(home, message("a", **index)))
        reply = posts.add(conn, new(home, message("b", subject="RE: Pumps", **index), 1))
        other = posts.add(conn, new(home, message("c", subject="Valves", **index), 2))
        assert (reply.thread_id, reply.parent_id) == (first.thread_id, None)
        assert other.new_thread


def test_two_writers_at_once_weave_one_thread(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
    start = Barrier(2)

    def post(name: str) -> None:
        start.wait()
        with store.writing() as conn:
            posts.add(conn, new(home, message(name, ["ghost"], subject=f"#tag{name[0]} #both")))

    for number in range(5):
        writers = [Thread(target=post, args=(f"{letter}{number}",)) for letter in "ab"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    with store.reading() as conn:
        assert len(partition(conn, home)) == 1
        assert sum(map(len, partition(conn, home))) == 10


def test_two_mails_that_name_each_other_stay_a_forest(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        posts.add_many(conn, [new(home, message("a", ["b"])), new(home, message("b", ["a"]), 1)])
        assert parents(conn, home) == {"a": "b", "b": None}


def test_text_that_no_database_takes_is_cleaned(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        mail = message("a\0\udcff@x", ["\ud800"], "nul \0 \udcff", "half \udcff #tag\0")
        added = posts.add(conn, new(home, mail))
        row = posts.post(conn, added.post_id)
        assert row is not None
        assert (row.message_id, row.subject, row.new_text) == ("a?@x", "nul  ?", "half ? #tag")


def test_an_endless_id_is_known_by_its_hash(store: Store) -> None:
    name = "x" * 800 + "ü" * 100
    with store.writing() as conn:
        home = community(conn)
        first = posts.add(conn, new(home, message(name)))
        reply = posts.add(conn, new(home, message("b", [name])))
        assert reply.parent_id == first.post_id
        assert posts.by_message_id(conn, home, name) is not None


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_ten_thousand_is_one_thread(sqlite_url: str, tmp_path: object, backwards: bool) -> None:
    store = Store(sqlite_url, tmp_path)  # type: ignore[arg-type]
    names = [f"{number}@x" for number in range(10_000)]
    mails = [message(names[0]), *(message(name, [before]) for before, name in pairwise(names))]
    with store.writing() as conn:
        home = community(conn)
        ordered = mails[::-1] if backwards else mails
        for at in range(0, len(ordered), 500):
            posts.add_many(conn, [new(home, mail) for mail in ordered[at : at + 500]])
        assert len(partition(conn, home)) == 1
        assert parents(conn, home) == {names[0]: None} | {name: before for before, name in pairwise(names)}
    store.close()


NAMES = "abcdefg"
MAILS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES + "xy"), max_size=4), st.integers(0, 3)),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), mails=MAILS)
def test_any_order_of_arrival_and_any_batches_give_the_forest_of_the_rule(
    store: Store, data: st.DataObject, mails: list[tuple[str, list[str], int]]
) -> None:
    distinct = list({name: (name, refs, at) for name, refs, at in mails}.values())
    order = data.draw(st.permutations(distinct))
    cuts = data.draw(st.lists(st.integers(0, len(order)), max_size=3).map(sorted))
    nodes = [
        threads.Node(name, threads.relatives(message(name, refs)), NOW + timedelta(minutes=at))
        for name, refs, at in distinct
    ]
    expected = threads.forest(nodes)
    with store.writing() as conn:
        home = community(conn, f"c{conn.scalar(sa.select(sa.func.count()).select_from(tables.community))}")
        for start, end in pairwise([0, *cuts, len(order)]):
            posts.add_many(conn, [new(home, message(name, refs), at) for name, refs, at in order[start:end]])
        assert partition(conn, home) == {frozenset(nodes[at].message_id for at in group) for group in expected.threads}
        assert parents(conn, home) == {
            node.message_id: None if parent is None else nodes[parent].message_id
            for node, parent in zip(nodes, expected.parents, strict=True)
        }


def test_what_is_withdrawn_is_neither_shown_nor_found(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        added = posts.add(conn, new(home, message("a", text="ceramic gaskets")))
        assert [hit.post_id for hit in search.find(conn, home, "gasket", "en", 5)] == [added.post_id]
        assert posts.posts_since(conn, home, NOW, NOW + timedelta(days=1)) != []
        assert posts.withdraw(conn, added.post_id) is True
        assert posts.withdraw(conn, added.post_id) is False
        assert search.find(conn, home, "gasket", "en", 5) == []
        assert posts.posts_since(conn, home, NOW, NOW + timedelta(days=1)) == []
        assert posts.threads_since(conn, home, NOW, NOW + timedelta(days=1)) == []


def test_tags_are_kept_with_the_post(store: Store) -> None:
    with store.writing() as conn:
        home = community(conn)
        added = posts.add(conn, new(home, message("a", subject="Gaskets #Lesson", text="It held.\n#ceramic, #pumps")))
        assert library.tags_of_post(conn, added.post_id) == ("lesson", "ceramic", "pumps")
        assert library.tag_post(conn, added.post_id, ["pumps", "kick"], None, NOW) == ("kick",)
        assert library.tags_of_thread(conn, added.thread_id) == ("lesson", "ceramic", "pumps", "kick")
