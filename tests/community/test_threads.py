"""The forest as a rule, and step by step."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.community.threads import Known, Node, conversation, forest, key, relatives, weave, without_loops
from mailer.mail.message import Headers, Message

NOW = datetime.fromisoformat("2026-03-03T09:00:00+00:00")


def node(name: str, refs: str = "", minutes: int = 0, ties: tuple[str, ...] = ()) -> Node:
    """`refs` are one-letter ids, nearest first."""
    return Node(name, tuple(refs), NOW + timedelta(minutes=minutes), ties)


def shape(*nodes: Node) -> tuple[set[frozenset[str]], dict[str, str | None]]:
    """Threads and parents by name."""
    made = forest(nodes)
    groups = {frozenset(nodes[at].message_id for at in group) for group in made.threads}
    return groups, {
        each.message_id: None if parent is None else nodes[parent].message_id
        for each, parent in zip(nodes, made.parents, strict=True)
    }


def test_the_nearest_relative_that_is_here_is_the_parent() -> None:
    groups, parents = shape(node("a"), node("b", "a"), node("d", "cba"), node("e", "xy"))
    assert groups == {frozenset("abd"), frozenset("e")}
    assert parents == {"a": None, "b": "a", "d": "b", "e": None}


def test_a_ghost_holds_a_thread_together() -> None:
    groups, parents = shape(node("b", "a"), node("c", "a"))
    assert groups == {frozenset("bc")}
    assert parents == {"b": None, "c": None}


def test_a_tie_joins_and_is_no_parent() -> None:
    groups, parents = shape(node("a", ties=("talk",)), node("b", ties=("talk",)), node("talk"))
    assert groups == {frozenset({"a", "b", "talk"})}
    assert parents == {"a": None, "b": None, "talk": None}


def test_in_a_loop_what_was_claimed_first_stands() -> None:
    assert shape(node("a", "b", 1), node("b", "a", 2))[1] == {"a": "b", "b": None}
    assert shape(node("a", "b", 2), node("b", "c", 1), node("c", "a", 3))[1] == {"a": "b", "b": "c", "c": None}
    assert shape(node("a", "b", 1), node("b", "a", 1))[1] == {"a": "b", "b": None}


def test_a_tail_that_leads_into_a_loop_keeps_its_parents() -> None:
    parents = {1: 2, 2: 3, 3: 2, 4: 1}
    ages = {number: (NOW, str(number), number) for number in parents}
    assert without_loops(parents, ages) == {1: 2, 2: 3, 3: None, 4: 1}


def test_a_second_mail_under_a_used_id_stands_for_nothing() -> None:
    nodes = [node("a"), node("b", "a"), node("a", "b"), node("c", "a")]
    made = forest(nodes)
    assert made.threads == ((0, 1, 2, 3),)
    assert made.parents == (None, 0, 1, 0)


def test_a_chain_of_ten_thousand_takes_no_recursion() -> None:
    chain = [Node("0", (), NOW), *(Node(str(at), (str(at - 1),), NOW) for at in range(1, 10_000))]
    for nodes in (chain, chain[::-1]):
        assert len(forest(nodes).threads) == 1


NODES = st.lists(
    st.builds(node, st.sampled_from("abcdefgh"), st.text("abcdefghxy", max_size=4), st.integers(0, 5)), max_size=9
).map(lambda nodes: list({each.message_id: each for each in nodes}.values()))


def woven(nodes: list[Node]) -> tuple[set[frozenset[str]], dict[str, str | None]]:
    """The same, by single steps."""
    known = Known()
    threads: dict[int, int] = {}
    parents: dict[int, int | None] = {}
    for at, each in enumerate(nodes, start=1):
        step = weave(known, at, at, each)
        threads[at], parents[at] = step.thread, step.parent
        parents.update({want.post: at for want in step.adopted})
    cut = without_loops(parents, {at: (each.sent_at, each.message_id, at) for at, each in enumerate(nodes, start=1)})
    groups: dict[int, set[str]] = {}
    for at, each in enumerate(nodes, start=1):
        groups.setdefault(known.thread(threads[at]), set()).add(each.message_id)
    names = {at: each.message_id for at, each in enumerate(nodes, start=1)} | {None: None}
    return {frozenset(group) for group in groups.values()}, {names[at]: names[up] for at, up in cut.items()}


@settings(deadline=None, max_examples=300)
@given(data=st.data(), nodes=NODES)
def test_any_order_gives_the_same_forest(data: st.DataObject, nodes: list[Node]) -> None:
    order = data.draw(st.permutations(nodes))
    assert shape(*order) == shape(*nodes)
    assert woven(order) == shape(*nodes)


def test_what_is_known_to_belong_elsewhere_is_not_joined() -> None:
    known = Known()
    weave(known, 1, 1, node("a"))
    weave(known, 2, 2, node("b"))
    step = weave(known, 3, 3, node("c", "ax"), thread=2)
    assert (step.thread, step.parent, step.merged) == (2, None, ())
    assert known.thread(known.threads["x"]) == 2


def message(references: tuple[str, ...], in_reply_to: tuple[str, ...], field: str) -> Message:
    headers = Headers((("in-reply-to", field),))
    return Message(headers, "me", in_reply_to, references, "", (), (), (), (), None, "", "")


@pytest.mark.parametrize(
    ("references", "in_reply_to", "field", "expected"),
    [
        (("a", "b"), (), "", ("b", "a")),
        ((), ("b",), "<b>", ("b",)),
        (("b", "a"), ("b",), " <b> ", ("b", "a")),  # References sorted by a client
        (("a", "b"), ("x",), "Your message of Monday <x>", ("b", "a", "x")),
        (("a", "b"), ("x",), "<x> from Ana", ("b", "a", "x")),
        (("a", "me", "a"), ("me",), "<me>", ("a",)),
    ],
)
def test_the_nearest_relative_comes_first(
    references: tuple[str, ...], in_reply_to: tuple[str, ...], field: str, expected: tuple[str, ...]
) -> None:
    assert relatives(message(references, in_reply_to, field)) == expected


def test_fifty_relatives_are_enough() -> None:
    found = relatives(message(tuple(str(number) for number in range(500)), (), ""))
    assert (len(found), found[0], found[48], found[49]) == (50, "499", "451", "0")


def test_an_id_is_kept_as_any_database_takes_it() -> None:
    assert key("a@b") == "a@b"
    assert key("a\0\udcff@b") == "a?@b"
    assert key("x" * 251) != key("x" * 252)
    assert len(key("ü" * 5000)) == 71


def test_an_outlook_conversation_is_the_beginning_of_its_index() -> None:
    root = "AdTlGZ9ksE0tmZfCTPmRhZtDfIPqrA=="
    reply = "AdTlGZ9ksE0tmZfCTPmRhZtDfIPqrAAAQg5g"
    assert conversation(root, "pumps") == conversation(reply, "pumps") != conversation(root, "valves")
    assert [conversation(odd, "") for odd in ("", "AdTl", "%%%", "é" * 40, "A" * 40)] == [None] * 5
