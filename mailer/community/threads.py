"""Which posts are one conversation, and which post answers which: one forest, whatever the order of arrival.

Two posts are in one thread when a chain of ids joins them: a post ties its own Message-ID to every id it names
(References, In-Reply-To) and to its other ties (the root of a Thread-Index), whether or not a mail under that id was
ever seen. An id without a mail is a ghost. A post's parent is the nearest id it names under which a mail is here; loops
are cut where a thread is read. A second mail under a used id is a post of its own: it joins the thread and never takes
the first one's place. What a facilitator has set apart stays so: a mail that names both sides belongs to the nearest.

`forest` says the rule for a whole set; `weave` applies it to new posts beside what is already known, and touches only
what changes. Knows no subjects (`kinship` does) and nothing of other communities. Called by `store/posts`.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailer.mail.message import Message
from mailer.mail.msgid import LIMIT

ID_OCTETS = 250  # a longer id is known by its hash: an index page of PostgreSQL takes 2,704 octets, names are shorter
INDEX_ROOT = 22  # octets of a Thread-Index that all mails of a conversation share ([MS-OXOMSG] 2.2.1.3)


@dataclass(frozen=True, slots=True)
class Node:
    """A post as threading sees it. `refs` are keys, nearest relative first; `ties` join threads, never as a parent."""

    message_id: str
    refs: tuple[str, ...]
    sent_at: datetime
    ties: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Everything this post joins."""
        return (self.message_id, *self.refs, *self.ties)


@dataclass(frozen=True, slots=True)
class Forest:
    """By position: `threads` are groups in order of their first post; `parents` are positions, without loops."""

    threads: tuple[tuple[int, ...], ...]
    parents: tuple[int | None, ...]


def key(message_id: str) -> str:
    """The id as it is kept and compared: itself, without NUL and half characters; a very long one is its hash."""
    octets = message_id.replace("\0", "").encode("utf-8", "replace")
    return octets.decode() if len(octets) <= ID_OCTETS else f"sha256:{hashlib.sha256(octets).hexdigest()}"


def relatives(message: Message) -> tuple[str, ...]:
    """Keys of the mails this one names, nearest first, at most fifty, never its own.

    A plain In-Reply-To names the parent better than References that a client has sorted or cut; one with other words
    in it ("your message of Monday <id>") is the last to be believed.
    """
    plain = message.headers.get("in-reply-to").strip() == f"<{''.join(message.in_reply_to[:1])}>"
    chain = message.references[::-1]
    named = (*message.in_reply_to, *chain) if plain else (*chain, *message.in_reply_to)
    unique = list(dict.fromkeys(key(each) for each in named if each and each != message.message_id))
    return tuple(unique if len(unique) <= LIMIT else unique[: LIMIT - 1] + unique[-1:])


def conversation(thread_index: str, subject: str) -> str | None:
    """The tie of an Outlook conversation under one subject: what all its Thread-Index fields begin with, or None."""
    try:
        octets = base64.b64decode(thread_index[:64].strip(), validate=False)
    except ValueError:
        return None
    if len(octets) < INDEX_ROOT or octets[0] != 1:
        return None
    digest = hashlib.sha256(octets[:INDEX_ROOT] + subject.encode("utf-8", "replace"))
    return f"thread-index:{digest.hexdigest()[:32]}"


def forest(nodes: Sequence[Node]) -> Forest:
    """The threads and parents of a whole set. Of several posts under one id the first stands for it."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        leader.setdefault(name, name)
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    holder: dict[str, int] = {}
    for position, node in enumerate(nodes):
        holder.setdefault(node.message_id, position)
        for name in node.ids:
            leader[find(name)] = find(node.message_id)
    groups: dict[str, list[int]] = {}
    for position, node in enumerate(nodes):
        groups.setdefault(find(node.message_id), []).append(position)
    nearest = [next((holder[ref] for ref in node.refs if ref in holder), None) for node in nodes]
    ages = {position: (node.sent_at, node.message_id, position) for position, node in enumerate(nodes)}
    whole = without_loops(dict(enumerate(nearest)), ages)
    return Forest(tuple(tuple(group) for group in groups.values()), tuple(whole[at] for at in range(len(nodes))))


def without_loops(
    parents: Mapping[int, int | None], ages: Mapping[int, tuple[datetime, str, int]]
) -> dict[int, int | None]:
    """The same parents, but in each loop the youngest post has none: what was claimed first stands."""
    cut = dict(parents)
    seen: set[int] = set()
    for start in parents:
        walk: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in seen:
            seen.add(at)
            walk[at] = None
            at = cut.get(at)
        if at is not None and at in walk:
            steps = list(walk)
            cut[max(steps[steps.index(at) :], key=ages.__getitem__)] = None
    return cut


@dataclass(frozen=True, slots=True)
class Want:
    """A post named this id as a nearer relative than its parent: whoever comes under the id adopts it."""

    post: int
    rank: int  # how many of its relatives are nearer


@dataclass(slots=True)
class Known:
    """What is known of the ids at hand. New posts and threads have negative numbers until they are stored."""

    threads: dict[str, int] = field(default_factory=dict)  # id -> thread
    posts: dict[str, int] = field(default_factory=dict)  # id -> the post that holds it
    wants: dict[str, list[Want]] = field(default_factory=dict)
    into: dict[int, int] = field(default_factory=dict)  # thread -> the older one it went into
    ranks: dict[int, int] = field(default_factory=dict)  # of posts adopted here: rank of the present parent
    apart: set[int] = field(default_factory=set)  # threads that a facilitator split off

    def apart_from(self, home: int, name: str) -> bool:
        """Whether this id is in another thread than `home`, and either of the two was split off."""
        other = self.thread(self.threads.get(name, home))
        return other != home and not self.apart.isdisjoint((other, home))

    def thread(self, number: int) -> int:
        while number in self.into:
            number = self.into[number]
        return number

    def merge(self, threads: Iterable[int]) -> int | None:
        """All these threads become the oldest of them; that one, or None if there are none."""
        distinct = {self.thread(each) for each in threads}
        if not distinct:
            return None
        oldest = min(distinct, key=_age)
        self.into.update(dict.fromkeys(distinct - {oldest}, oldest))
        return oldest


@dataclass(frozen=True, slots=True)
class Woven:
    """Where a new post belongs. `adopted` are posts whose parent it now is; `merged` threads that went into its own."""

    thread: int
    new_thread: bool
    parent: int | None
    adopted: tuple[Want, ...]
    merged: tuple[int, ...]
    holds: bool  # it stands for its id; False where an earlier post does


def weave(known: Known, post: int, fresh_thread: int, node: Node, thread: int | None = None) -> Woven:
    """Put one new post into what is known, and remember it there.

    `thread` says where it belongs, whatever else the headers name: relatives in other threads are then no relatives.
    `fresh_thread` is the number of a thread made for it when nothing says so. Cost: the number of ids it names, and of
    posts that waited for it.
    """
    if thread is not None:
        node = _at_home(known, node, known.thread(thread))
    elif known.apart:
        node = _with_the_nearest(known, node)
    before = {known.thread(known.threads[name]) for name in node.ids if name in known.threads}
    if thread is not None:
        alone, all_ = {known.thread(thread)}, before | {known.thread(thread)}
        before = alone if all_ & known.apart else all_
    found = known.merge(before)
    home = fresh_thread if found is None else found
    known.threads.update(dict.fromkeys(node.ids, home))
    holds = known.posts.setdefault(node.message_id, post) == post
    rank = next((at for at, ref in enumerate(node.refs) if ref in known.posts), len(node.refs))
    known.ranks[post] = rank
    for at, ref in enumerate(node.refs[:rank]):
        known.wants.setdefault(ref, []).append(Want(post, at))
    adopted = []
    for want in known.wants.pop(node.message_id, ()) if holds else ():
        if want.rank < known.ranks.get(want.post, want.rank + 1):
            known.ranks[want.post] = want.rank
            adopted.append(want)
    return Woven(
        thread=home,
        new_thread=found is None,
        parent=known.posts[node.refs[rank]] if rank < len(node.refs) else None,
        adopted=tuple(adopted),
        merged=tuple(sorted(before - {home}, key=_age)),
        holds=holds,
    )


def _at_home(known: Known, node: Node, home: int) -> Node:
    def near(name: str) -> bool:
        return name not in known.threads or known.thread(known.threads[name]) == home

    return replace(node, refs=tuple(filter(near, node.refs)), ties=tuple(filter(near, node.ties)))


def _with_the_nearest(known: Known, node: Node) -> Node:
    """The post without relatives that are kept apart from the nearest one known."""
    home = next((known.thread(known.threads[name]) for name in node.ids if name in known.threads), None)
    if home is None:
        return node
    refs, ties = ([name for name in names if not known.apart_from(home, name)] for names in (node.refs, node.ties))
    return replace(node, refs=tuple(refs), ties=tuple(ties))


def _age(thread: int) -> tuple[bool, int]:
    """Stored threads are older than those made just now (negative, counting down)."""
    return thread < 0, abs(thread)
