"""The forest in rows: what is known of the ids at hand is fetched, and what changed is written, in a few queries.

The rule is `community/threads`; here are only its rows (node, wanted, thread, post.parent_id). Called by `posts`, and
by `arrange` where a facilitator decides.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community import kinship
from mailer.community.kinship import Kin, Kindred, Lost
from mailer.community.threads import Known, Node, Want, Woven, weave
from mailer.store.pouring import numbered, pour
from mailer.store.tables import follow, item, mailing, node, post, tagging, thread, wanted

LOOKED_AT = 100  # newest posts that a lost one may belong to
CHUNK = 5000  # values in one IN list; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class Seed:
    """A new post as far as its place depends on it; `thread` where something better than headers says it."""

    node: Node
    subject: str
    base_subject: str
    person_id: int | None
    posted_at: datetime
    thread: int | None = None
    lost: Lost | None = None  # what it says by itself, where it names no relative
    sender: str = ""
    spoken: str = ""  # community/kinship

    def as_kin(self, number: int, in_thread: int) -> Kin:
        return Kin(number, in_thread, self.base_subject, self.subject, self.sender, self.node.sent_at, self.spoken)


@dataclass(slots=True)
class Web:
    """New posts in their places. The post at position n is -1-n until it is stored, and so is a thread made for it."""

    community: int
    view: Known
    before: frozenset[str]  # ids that have a row
    seeds: Sequence[Seed]
    woven: list[Woven]
    threads: dict[int, int] = field(default_factory=dict)
    posts: dict[int, int] = field(default_factory=dict)

    def thread(self, number: int) -> int:
        """The id of the thread it now is."""
        home = self.view.thread(number)
        return self.threads.get(home, home)

    def post(self, number: int) -> int:
        return self.posts.get(number, number)


def chunks(values: Collection[Any]) -> Iterable[list[Any]]:
    listed = list(values)
    return (listed[at : at + CHUNK] for at in range(0, len(listed), CHUNK))


def root(conn: Connection, number: int) -> int:
    """This thread, or the older one it went into."""
    return conn.scalar(sa.select(thread.c.into_id).where(thread.c.id == number)) or number


def place(conn: Connection, community: int, seeds: Sequence[Seed]) -> Web:
    """Find each seed's place, in turn; nothing is written."""
    seeds = _without_ours(conn, community, seeds)
    view = _known(conn, community, [seed.node for seed in seeds])
    view.apart = _apart(conn, {*view.threads.values(), *(seed.thread for seed in seeds if seed.thread)})
    before = frozenset(view.threads)
    kindred = _kindred(conn, community, seeds)
    woven = []
    for at, seed in enumerate(seeds):
        lost = seed.lost if seed.thread is None and seed.node.message_id not in view.threads else None
        found = kindred.of(lost) if lost else None
        each = weave(view, -1 - at, -1 - at, seed.node, found.thread if found else seed.thread)
        woven.append(replace(each, parent=found.post) if found else each)
        kindred.add(seed.as_kin(-1 - at, each.thread))
    return Web(community, view, before, seeds, woven)


def _known(conn: Connection, community: int, nodes: Sequence[Node]) -> Known:
    """What this community knows of everything these posts name."""
    found = Known()
    for some in chunks({name for each in nodes for name in each.ids}):
        query = sa.select(node.c.message_id, node.c.thread_id, node.c.post_id)
        here = sa.and_(node.c.community_id == community, node.c.message_id.in_(some))
        for name, home, holder in conn.execute(query.where(here)):
            found.threads[name] = home
            if holder is not None:
                found.posts[name] = holder
    for some in chunks({each.message_id for each in nodes}):
        query = sa.select(wanted.c.message_id, wanted.c.post_id, wanted.c.rank)
        here = sa.and_(wanted.c.community_id == community, wanted.c.message_id.in_(some))
        for name, child, rank in conn.execute(query.where(here)):
            found.wants.setdefault(name, []).append(Want(child, rank))
    return found


def _apart(conn: Connection, numbers: Collection[int]) -> set[int]:
    """Those of these threads that a facilitator split off."""
    found = (sa.select(thread.c.id).where(thread.c.id.in_(some), thread.c.apart) for some in chunks(numbers))
    return {number for query in found for number in conn.scalars(query)}


def _kindred(conn: Connection, community: int, seeds: Sequence[Seed]) -> Kindred:
    """Posts of the archive that the lost ones among these may belong to."""
    lost = [seed for seed in seeds if seed.lost and seed.thread is None]
    if not lost:
        return Kindred()
    columns = (post.c.id, post.c.thread_id, post.c.base_subject, post.c.subject, post.c.sender, post.c.sent_at)
    here = sa.select(*columns, post.c.new_text, post.c.folded).where(
        post.c.community_id == community, post.c.state == "posted"
    )
    first, last = min(seed.node.sent_at for seed in lost), max(seed.node.sent_at for seed in lost)
    replies = here.where(
        post.c.base_subject.in_({key for seed in lost for key in kinship.keys(seed.base_subject, seed.subject)}),
        post.c.sent_at.between(first - kinship.WINDOW, last + kinship.SKEW),
    )
    parts = here.where(
        post.c.sender.in_({seed.sender for seed in lost if kinship.part(seed.subject)}),
        post.c.posted_at >= min(seed.posted_at for seed in lost) - kinship.SERIES,
    )
    found = {
        row.id: Kin(*row[:6], kinship.spoken(row.new_text, ((fold["kind"], fold["text"]) for fold in row.folded)))
        for query, newest in ((replies, post.c.sent_at), (parts, post.c.posted_at))
        for row in conn.execute(query.order_by(newest.desc()).limit(LOOKED_AT * len(lost)))
    }
    return Kindred(found.values())


def _without_ours(conn: Connection, community: int, seeds: Sequence[Seed]) -> Sequence[Seed]:
    """A mail of our own making is no relative: two answers to one digest are no thread. The thread it speaks of is."""
    found: dict[str, int | None] = {}
    for some in chunks({name for seed in seeds for name in seed.node.refs}):
        query = sa.select(mailing.c.message_id, mailing.c.thread_id).where(
            mailing.c.message_id.in_(some), mailing.c.community_id == community, mailing.c.post_id.is_(None)
        )
        found |= dict(iter(conn.execute(query)))
    return [_stranger(seed, found) for seed in seeds] if found else seeds


def _stranger(seed: Seed, ours: dict[str, int | None]) -> Seed:
    theirs = tuple(name for name in seed.node.refs if name not in ours)
    spoken = next((ours[name] for name in seed.node.refs if ours.get(name)), None)
    home = seed.thread if seed.thread is not None or theirs else spoken
    return replace(seed, node=replace(seed.node, refs=theirs), thread=home)


def write_threads(conn: Connection, web: Web) -> None:
    """Merge what has become one, and make the new threads."""
    for young in web.view.into:
        if young > 0:
            merge(conn, young, web.view.thread(young))
    fresh = [at for at, each in enumerate(web.woven) if each.new_thread and web.view.thread(-1 - at) == -1 - at]
    if fresh:
        made = numbered(conn, thread, [_thread_row(web.community, web.seeds[at]) for at in fresh])
        web.threads = {-1 - at: number for at, number in zip(fresh, made, strict=True)}


def _thread_row(community: int, seed: Seed) -> dict[str, Any]:
    return {
        "community_id": community,
        "subject": seed.subject,
        "base_subject": seed.base_subject,
        "person_id": seed.person_id,
        "started_at": seed.node.sent_at,
        "last_at": seed.posted_at,
    }


def merge(conn: Connection, young: int, old: int) -> None:
    """A thread goes into an older one with its posts, its tags and who follows it; its code leads there."""
    for table in (node, post, tagging, follow, item):
        conn.execute(sa.update(table).where(table.c.thread_id == young).values(thread_id=old))
    conn.execute(sa.update(thread).where(thread.c.into_id == young).values(into_id=old))
    gone = conn.execute(
        sa.update(thread).where(thread.c.id == young).values(into_id=old, state="merged").returning(thread)
    ).one()
    later = sa.update(thread).where(thread.c.id == old, thread.c.last_at < gone.last_at)
    conn.execute(later.values(last_at=gone.last_at))
    if gone.apart:
        conn.execute(sa.update(thread).where(thread.c.id == old).values(apart=True))
    conn.execute(_called(old, gone.subject, gone.base_subject, gone.person_id, gone.started_at))


def write_nodes(conn: Connection, web: Web) -> None:
    """Ids newly seen, ghosts that have their mail now, what the new posts still want, parents not yet written."""
    here = web.community
    new = [
        {
            "community_id": here,
            "message_id": name,
            "thread_id": web.thread(number),
            "post_id": web.post(web.view.posts[name]) if name in web.view.posts else None,
        }
        for name, number in web.view.threads.items()
        if name not in web.before
    ]
    pour(conn, node, new)
    came = [
        {"name": name, "holder": web.post(number), "home": web.thread(web.view.threads[name])}
        for name, number in web.view.posts.items()
        if number < 0 and name in web.before
    ]
    if came:
        row = sa.and_(node.c.community_id == here, node.c.message_id == sa.bindparam("name"))
        values: dict[str, Any] = {"post_id": sa.bindparam("holder"), "thread_id": sa.bindparam("home")}
        conn.execute(sa.update(node).where(row).values(values), came)
    wants = [
        {"community_id": here, "message_id": name, "post_id": web.post(want.post), "rank": want.rank}
        for name, waiting in web.view.wants.items()
        for want in waiting
        if want.post < 0 and want.rank < web.view.ranks[want.post]
    ]
    pour(conn, wanted, wants)
    _adopt(conn, web)


def _adopt(conn: Connection, web: Web) -> None:
    """The parents that could not be written with their posts."""
    parents: dict[int, int] = {}
    settled: dict[int, int] = {}
    for at, each in enumerate(web.woven):
        if each.parent is not None and each.parent < 0:
            parents[web.post(-1 - at)] = web.post(each.parent)
        for want in each.adopted:
            parents[web.post(want.post)] = web.post(-1 - at)
            if want.post > 0:
                settled[want.post] = want.rank
    if settled:
        done = sa.delete(wanted).where(wanted.c.post_id == sa.bindparam("child"), wanted.c.rank >= sa.bindparam("near"))
        conn.execute(done, [{"child": child, "near": rank} for child, rank in settled.items()])
    if parents:
        row = sa.update(post).where(post.c.id == sa.bindparam("child")).values(parent_id=sa.bindparam("parent"))
        conn.execute(row, [{"child": child, "parent": parent} for child, parent in parents.items()])


def touch(conn: Connection, web: Web) -> None:
    """The first and the last word of the threads that these posts went to."""
    last: dict[int, datetime] = {}
    for seed, each in zip(web.seeds, web.woven, strict=True):
        home = web.thread(each.thread)
        last[home] = max(seed.posted_at, last.get(home, seed.posted_at))
        if each.parent is None and not each.new_thread and seed.thread is None:
            conn.execute(_called(home, seed.subject, seed.base_subject, seed.person_id, seed.node.sent_at))
    row = sa.update(thread).where(thread.c.id == sa.bindparam("home"), thread.c.last_at < sa.bindparam("at"))
    rows = [{"home": home, "at": at} for home, at in last.items()]
    conn.execute(row.values(last_at=sa.bindparam("at")), rows)


def _called(home: int, subject: str, base: str, person: int | None, at: datetime) -> sa.Update:
    """A thread is called as its earliest post without a parent is, unless a facilitator has named it."""
    names = {thread.c.subject: subject, thread.c.base_subject: base}
    kept = {column: sa.case((thread.c.titled, column), else_=name) for column, name in names.items()}
    values: dict[Any, Any] = {**kept, thread.c.person_id: person, thread.c.started_at: at}
    return sa.update(thread).where(thread.c.id == home, thread.c.started_at > at).values(values)
