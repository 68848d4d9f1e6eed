"""Threads of other people's test sets and of a real archive."""

import json
import mailbox
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from corpus.forests import figures, ours, truth

from mailer.community.threads import Node, forest, key, relatives
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.subjects import base_subject, is_reply

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Tree = tuple[object, ...]


def node(message: Message, at: int) -> Node:
    return Node(key(message.message_id) or f"{at}@nowhere", relatives(message), message.date or EPOCH)


def of_mbox(path: Path) -> list[Message]:
    """The mails of an mbox; one without a date came when its separator says."""
    mails = []
    for mail in mailbox.mbox(path, create=False):
        message = parse(bytes(mail))
        came = parsedate_to_datetime(" ".join(mail.get_from().split()[1:]) + " +0000").astimezone(UTC)
        mails.append(message if message.date else replace(message, date=came))
    return mails


def base(message: Message) -> str:
    """The base subject of RFC 5256 §2.1: taken until nothing more comes off."""
    subject = message.subject
    while (bare := base_subject(subject)) != subject:
        subject = bare
    return subject.casefold()


def references(messages: Sequence[Message], numbers: Sequence[int]) -> str:
    """RFC 5256 REFERENCES from our forest: trees by ghosts, roots of one subject together, each in order."""
    made = forest([node(message, at) for at, message in zip(numbers, messages, strict=True)])
    children: dict[int | None, list[int]] = {}
    for at, parent in enumerate(made.parents):
        children.setdefault(parent, []).append(at)
    heaps: dict[object, list[int]] = {}
    for at in children.get(None, []):
        nearest = next(iter(relatives(messages[at])), None)
        subject = base(messages[at])
        heaps.setdefault(("subject", subject) if subject else ("ghost", nearest or at), []).append(at)
    answers: list[str] = []
    for heap in heaps.values():
        first = min(heap, key=lambda at: is_reply(messages[at].subject))
        replies = [at for at in heap if at != first and is_reply(messages[at].subject)]
        if replies and not is_reply(messages[first].subject):
            children.setdefault(first, []).extend(replies)
            heap = [at for at in heap if at not in replies]
        inner = [_tree(at, children, numbers) for at in heap]
        answers.append(f"({inner[0]})" if len(inner) == 1 else f"({''.join(f'({each})' for each in inner)})")
    return "".join(answers)


def _tree(at: int, children: dict[int | None, list[int]], numbers: Sequence[int]) -> str:
    below = [_tree(child, children, numbers) for child in children.get(at, [])]
    rest = "" if not below else f" {below[0]}" if len(below) == 1 else " " + "".join(f"({each})" for each in below)
    return f"{numbers[at]}{rest}"


def ordered_subject(messages: Sequence[Message]) -> str:
    """RFC 5256 ORDEREDSUBJECT from our base subject."""
    heaps: dict[str, list[int]] = {}
    for at in sorted(range(len(messages)), key=lambda at: (messages[at].date or EPOCH, at)):
        heaps.setdefault(base(messages[at]), []).append(at)
    answers = []
    for first, *rest in heaps.values():
        below = f" {rest[0] + 1}" if len(rest) == 1 else " " + "".join(f"({at + 1})" for at in rest) if rest else ""
        answers.append(f"({first + 1}{below})")
    return "".join(answers)


def branches(text: str) -> set[str]:
    """The threads of an answer, whatever their order."""
    found, depth, start = set(), 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            found.add(text[start : at + 1])
            start = at + 1
    return found


def test_the_cases_of_imaptest(corpora: Path) -> None:
    folder = corpora / "imaptest"
    expected = json.loads((folder / "expected_threads.json").read_text("utf-8"))
    wrong = {}
    for case, wanted in expected.items():
        messages = of_mbox(folder / "data" / f"{case}.mbox")
        for name, numbers in _steps(case, len(messages)).items():
            if name not in wanted:
                continue
            chosen = [messages[at - 1] for at in numbers]
            if wanted["algorithm"] == "REFERENCES":
                found = references(chosen, range(1, len(chosen) + 1))
            else:
                found = ordered_subject(chosen)
            if branches(found) != branches(wanted[name]):
                wrong[case, name] = (found, wanted[name])
    assert wrong == {}


def _steps(case: str, count: int) -> dict[str, list[int]]:
    """Which of the messages are there when a case asks."""
    every = list(range(1, count + 1))
    return {
        "all_messages": every,
        "first_4_messages": every[:4],
        "first_2_messages": every[:2],
        "after_deleting_1": every[1:],
        "after_deleting_2": [1] if case == "thread8" else [at for at in every if at != 2],
        "after_deleting_1_2": [3, 4],
        "then_append_5th": [3, 4, 5],
        "then_append_3rd": [1, 3],
    }


def of_tree(folder: Path) -> dict[str, Message]:
    mails = [parse(path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return {mail.message_id: mail for mail in mails}


def test_the_cases_of_notmuch(corpora: Path) -> None:
    folder = corpora / "notmuch"
    expected = json.loads((folder / "expected_threads.json").read_text("utf-8"))
    for tree in expected["trees"]:
        mails = next(
            found for place in (folder / "data" / "threading").iterdir() if tree["id"] in (found := of_tree(place))
        )
        names = list(mails)
        made = forest([node(mail, at) for at, mail in enumerate(mails.values())])
        parents = {
            name: None if parent is None else names[parent] for name, parent in zip(names, made.parents, strict=True)
        }
        assert {name: parents[name] for name in _wanted(tree)} == _wanted(tree)
        if "same_thread" in tree:
            [group] = [group for group in made.threads if names.index(tree["id"]) in group]
            subjects = " ".join(mails[names[at]].subject for at in group)
            assert "AutoReply" in subjects and "Resolved" in subjects
            replies = [name for name in names if "AutoReply" in mails[name].subject]
            assert [parents[name] for name in replies] == [tree["id"]]


def _wanted(tree: dict[str, object], parent: str | None = None) -> dict[str, str | None]:
    found: dict[str, str | None] = {str(tree["id"]): parent}
    children = tree.get("children", [])
    assert isinstance(children, list)
    for child in children:
        found |= _wanted(child, str(tree["id"]))
    return found


def test_two_mails_that_name_each_other_do_not_hang(corpora: Path) -> None:
    mails = of_tree(corpora / "notmuch" / "data" / "broken" / "loop")
    made = forest([node(mail, at) for at, mail in enumerate(mails.values())])
    assert [len(group) for group in made.threads] == [2]
    assert sorted(parent is None for parent in made.parents) == [False, True]


@pytest.mark.parametrize(
    ("in_reply_to", "references", "parent"),
    [
        ("<b@x> (Ana's mail of Monday)", "<a@x> <c@x>", "c@x"),
        ("Mon, 2 Mar 2026 <b@x>", "<a@x> <c@x>", "c@x"),
        ("no id at all", "<a@x> <c@x>", "c@x"),
        ("<b@x>", "", "b@x"),
        ("", "<a@x> <c@x> (was: <gaskets>)", "c@x"),
    ],
)
def test_the_parent_by_the_rules_of_notmuch(in_reply_to: str, references: str, parent: str) -> None:
    raw = f"Message-ID: <me@x>\r\nIn-Reply-To: {in_reply_to}\r\nReferences: {references}\r\n\r\nhello\r\n"
    nodes = [Node(name, (), EPOCH) for name in ("a@x", "b@x", "c@x")]
    made = forest([*nodes, node(parse(raw.encode()), 3)])
    at = made.parents[3]
    assert at is not None
    assert nodes[at].message_id == parent


@pytest.mark.parametrize("only_list", [False, True])
def test_threads_of_an_archive_with_hidden_headers(corpora: Path, tmp_path: Path, only_list: bool) -> None:
    archives = corpora / "archives"  # the whole of it: python tests/corpus/forests.py
    exact, several, precision, _ = figures(truth(archives), ours(archives, tmp_path, 500, only_list))
    assert exact / several >= 0.93
    assert precision >= 0.99
