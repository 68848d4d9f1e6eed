"""Mails become posts: each with its place in the forest, its attachments, its tags and what finds it.

A mail that is here already (same id, same content) is not added again; a different mail under a used id is.
Called through `posts`, by the reader's acts and the importer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community import kinship, threads
from mailer.community.kinship import Lost
from mailer.community.tagging import hashtags
from mailer.mail.message import Body, Message
from mailer.store.cleaning import clean
from mailer.store.knowledge import library
from mailer.store.knowledge.library import Tagged
from mailer.store.pouring import numbered, pour
from mailer.store.tables import attachment, post
from mailer.store.talk import search, turn, weaving
from mailer.store.talk.weaving import Seed, Web


@dataclass(frozen=True, slots=True)
class NewPost:
    """A mail that becomes a post. `sent_at` is its own Date or its arrival; an empty `content_hash` is made here, and
    so are `tags` where nobody has read them before."""

    community_id: int
    message: Message
    body: Body
    person_id: int | None
    author: str
    inbox_id: int | None
    sent_at: datetime
    posted_at: datetime
    content_hash: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """Where it went; of a duplicate, where the earlier one is. `merged` are threads that are now part of this one."""

    post_id: int
    thread_id: int
    parent_id: int | None
    new_thread: bool
    duplicate: bool
    merged: tuple[int, ...]


Mark = tuple[str, str]  # key of the Message-ID, content hash: two mails with the same are one


@dataclass(frozen=True, slots=True)
class _Arrival:
    new: NewPost
    mark: Mark
    subject: str
    thread: int | None

    @property
    def seed(self) -> Seed:
        message, new = self.new.message, self.new
        key = kinship.subject_key(self.subject)
        tie = threads.conversation(message.headers.get("thread-index"), key)
        node = threads.Node(self.mark[0], threads.relatives(message), new.sent_at, (tie,) if tie else ())
        sender = clean(message.sender.address).lower() if message.sender else ""
        spoken = kinship.spoken(new.body.new_text, ((fold.kind, fold.text) for fold in new.body.folded))
        lost = None
        if not node.refs and not tie and kinship.can_be_lost(self.subject):
            addressed = frozenset(mailbox.address.lower() for mailbox in (*message.to, *message.cc))
            quotes = kinship.quotes(new.body.new_text, (fold.kind for fold in new.body.folded))
            lost = Lost(key, self.subject, sender, addressed, new.sent_at, spoken, quotes)
        return Seed(node, self.subject, key, new.person_id, new.posted_at, self.thread, lost, sender, spoken)


def add(conn: Connection, new: NewPost, known_thread: int | None = None) -> Posted:
    """Keep this post. `known_thread` is where our own token or code says it belongs: stronger than its headers."""
    return _add(conn, [_arrival(new, None if known_thread is None else weaving.root(conn, known_thread))])[0]


def add_many(conn: Connection, news: Sequence[NewPost]) -> list[Posted]:
    """Keep these posts of one community, as if one after the other."""
    return _add(conn, [_arrival(new, None) for new in news])


def content_hash(message: Message) -> str:
    """The same for the same words by the same sender, whatever way the mail took."""
    digest = hashlib.sha256()
    words = (*(mailbox.address for mailbox in message.senders), message.subject, message.text, message.html)
    parts = [*(each.encode("utf-8", "replace") for each in words), *(each.content for each in message.attachments)]
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:40]


def _arrival(new: NewPost, known_thread: int | None) -> _Arrival:
    print_ = new.content_hash or content_hash(new.message)
    name = threads.key(new.message.message_id) or f"{print_}@missing.invalid"
    return _Arrival(new, (name, print_), clean(new.message.subject), known_thread)


def _add(conn: Connection, arrivals: Sequence[_Arrival]) -> list[Posted]:
    if not arrivals:
        return []
    [home] = {arrival.new.community_id for arrival in arrivals}
    language = turn.take(conn, home)
    here = _earlier(conn, home, arrivals)
    fresh = {arrival.mark: arrival for arrival in reversed(arrivals) if arrival.mark not in here}
    fresh = dict(reversed(fresh.items()))
    added = dict(zip(fresh, _keep(conn, home, language, list(fresh.values())), strict=True))
    result = []
    for arrival in arrivals:
        posted = here.get(arrival.mark) or added[arrival.mark]
        here[arrival.mark] = replace(posted, new_thread=False, duplicate=True, merged=())
        result.append(posted)
    return result


def _earlier(conn: Connection, home: int, arrivals: Sequence[_Arrival]) -> dict[Mark, Posted]:
    columns = (post.c.message_id, post.c.content_hash, post.c.id, post.c.thread_id, post.c.parent_id)
    found = {}
    for some in weaving.chunks({arrival.mark[0] for arrival in arrivals}):
        query = sa.select(*columns).where(post.c.community_id == home, post.c.message_id.in_(some))
        for name, print_, number, in_thread, parent in conn.execute(query.order_by(post.c.id.desc())):
            found[name, print_] = Posted(number, in_thread, parent, False, True, ())
    return found


def _keep(conn: Connection, home: int, language: str, arrivals: Sequence[_Arrival]) -> list[Posted]:
    if not arrivals:
        return []
    web = weaving.place(conn, home, [arrival.seed for arrival in arrivals])
    weaving.write_threads(conn, web)
    rows = [_row(arrival, web, at) for at, arrival in enumerate(arrivals)]
    ids = numbered(conn, post, rows)
    web.posts = {-1 - at: number for at, number in enumerate(ids)}
    weaving.write_nodes(conn, web)
    weaving.touch(conn, web)
    _attach(conn, dict(zip(ids, arrivals, strict=True)))
    _make_findable(conn, home, language, dict(zip(ids, zip(arrivals, rows, strict=True), strict=True)))
    return [
        Posted(
            post_id=number,
            thread_id=web.thread(woven.thread),
            parent_id=None if woven.parent is None else web.post(woven.parent),
            new_thread=woven.new_thread,
            duplicate=False,
            merged=tuple(each for each in woven.merged if each > 0),
        )
        for number, woven in zip(ids, web.woven, strict=True)
    ]


def _row(arrival: _Arrival, web: Web, at: int) -> dict[str, Any]:
    new, woven, node = arrival.new, web.woven[at], web.seeds[at].node
    return {
        "community_id": new.community_id,
        "thread_id": web.thread(woven.thread),
        "parent_id": woven.parent if woven.parent is not None and woven.parent > 0 else None,
        "message_id": node.message_id,
        "refs": list(reversed(node.refs)),
        "inbox_id": new.inbox_id,
        "person_id": new.person_id,
        "author": clean(new.author),
        "subject": arrival.subject,
        "base_subject": web.seeds[at].base_subject,
        "sender": web.seeds[at].sender,
        "sent_at": new.sent_at,
        "posted_at": new.posted_at,
        "new_text": clean(new.body.new_text),
        "text": clean(new.body.text),
        "folded": [{"kind": fold.kind, "text": clean(fold.text)} for fold in new.body.folded],
        "content_hash": arrival.mark[1],
        "state": "posted",
    }


def _make_findable(
    conn: Connection, home: int, language: str, kept: dict[int, tuple[_Arrival, dict[str, Any]]]
) -> None:
    tagged, texts = [], []
    for number, (arrival, row) in kept.items():
        tags = arrival.new.tags or hashtags(arrival.subject, row["new_text"])
        tagged.append(Tagged(number, tags, arrival.new.person_id, arrival.new.posted_at))
        texts.append((number, search.text_of(row["subject"], row["author"], tags, row["new_text"])))
    library.tag_posts(conn, home, tagged)
    search.index(conn, home, language, texts)


def _attach(conn: Connection, arrivals: dict[int, _Arrival]) -> None:
    rows = [
        {
            "post_id": number,
            "position": position,
            "hash": hashlib.sha256(attached.content).hexdigest(),
            "name": clean(attached.name),
            "type": clean(attached.type),
            "size": attached.size,
        }
        for number, arrival in arrivals.items()
        for position, attached in enumerate(arrival.new.message.attachments)
    ]
    pour(conn, attachment, rows)
