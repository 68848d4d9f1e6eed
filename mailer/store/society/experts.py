"""Who has helped with what: members by the conversations they answered under a tag, and the thanks they had there.

Refuses to name those who asked not to be named, and whoever is no member any more. Called by `find who`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import item, ledger, membership, person, post, tag, tagging, thread


@dataclass(frozen=True, slots=True)
class Expert:
    """A member with what they did under the tags; `answered` counts conversations that somebody else began."""

    person_id: int
    name: str
    organisation: str
    answered: int
    thanked: int


def experts(conn: Connection, community_id: int, tags: Collection[str], asker: int, limit: int) -> list[Expert]:
    """Those who know most of these tags, by thanks and answers; never the asker. Tags as `community/tagging` folds."""
    about = _threads(community_id, tags)
    answered = _counts(conn, _answered(about))
    thanked = _counts(conn, _thanked(about))
    ranked = sorted(answered, key=lambda id: (-(answered[id] + thanked.get(id, 0)), id))
    known = _consenting(conn, community_id, ranked)
    found = [id for id in ranked if id in known and id != asker][:limit]
    return [Expert(id, *known[id], answered[id], thanked.get(id, 0)) for id in found]


def _counts(conn: Connection, query: sa.Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in conn.execute(query)}


def _threads(community_id: int, tags: Collection[str]) -> sa.Select[tuple[int]]:
    """The threads that carry one of the tags: themselves, in a post, or in an item made of them."""
    where = sa.func.coalesce(tagging.c.thread_id, post.c.thread_id, item.c.thread_id)
    query = sa.select(where).select_from(tagging).join(tag, tag.c.id == tagging.c.tag_id)
    query = query.outerjoin(post, post.c.id == tagging.c.post_id).outerjoin(item, item.c.id == tagging.c.item_id)
    return query.where(tag.c.community_id == community_id, tag.c.name.in_(tags), where.is_not(None))


def _answered(about: sa.Select[tuple[int]]) -> sa.Select[tuple[int, int]]:
    theirs = sa.or_(thread.c.person_id.is_(None), thread.c.person_id != post.c.person_id)
    query = sa.select(post.c.person_id, sa.func.count(sa.distinct(post.c.thread_id)))
    query = query.join(thread, thread.c.id == post.c.thread_id).where(post.c.thread_id.in_(about), theirs)
    return query.where(post.c.person_id.is_not(None), post.c.state == "posted").group_by(post.c.person_id)


def _thanked(about: sa.Select[tuple[int]]) -> sa.Select[tuple[int, int]]:
    query = sa.select(ledger.c.other_id, sa.func.count()).join(post, post.c.id == ledger.c.post_id)
    query = query.where(ledger.c.what == "thanked", post.c.thread_id.in_(about), ledger.c.other_id.is_not(None))
    return query.group_by(ledger.c.other_id)


def _consenting(conn: Connection, community_id: int, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Name and organisation of those who are members, have a name, and have not asked to stay unnamed."""
    query = sa.select(person.c.id, person.c.name, person.c.organisation).join(membership)
    query = query.where(membership.c.community_id == community_id, membership.c.state == "active")
    rows = conn.execute(query.where(person.c.id.in_(ids), person.c.quiet.is_(False), person.c.name != ""))
    return {id: (name, organisation) for id, name, organisation in rows}
