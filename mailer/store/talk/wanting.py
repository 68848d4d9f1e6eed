"""Who wants a post: what each member has chosen to get, follows and mutes, until when they are away, how many a day.

One condition on rows of memberships, so that a post to a hundred thousand is one statement. A thread's choice counts
before a tag's, a mute before a follow, and both before how much mail comes by itself. Called by fan-out and the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import address, delivery, follow, mailing, membership, person, post, suppression, tagging
from mailer.store.traffic import suppressions

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Audience:
    """Active members of a community in these modes. `languages` are those people have chosen, "" being none; `plain`
    are those who read text only, or the others; posts after mailing `day_began` count against a member's cap."""

    community_id: int
    modes: Sequence[str]
    thread_id: int | None = None
    tag_ids: Sequence[int] = ()
    languages: Sequence[str] | None = None
    plain: bool | None = None
    day_began: int | None = None
    except_address_ids: Sequence[int] = ()
    except_person_ids: Sequence[int] = ()

    def among(self, now: datetime) -> list[Condition]:
        """Conditions on membership joined with address, for what goes out at `now`."""
        held_back = sa.exists().where(suppression.c.email == address.c.email, suppressions.holding(now))
        found = [*self.wanting(), here(now), ~held_back]
        if self.except_address_ids:
            found.append(address.c.id.not_in(self.except_address_ids))
        if self.except_person_ids:
            found.append(membership.c.person_id.not_in(self.except_person_ids))
        if self.languages is not None:
            found.append(
                sa.exists().where(person.c.id == membership.c.person_id, person.c.language.in_(self.languages))
            )
        if self.plain is not None:
            found.append(membership.c.plain == self.plain)
        if self.day_began is not None:
            found.append(_under_cap(self.community_id, self.day_began))
        return found

    def wanting(self) -> list[Condition]:
        """Conditions on membership: whether they want it, whenever it comes."""
        found = [membership.c.community_id == self.community_id, membership.c.state == "active"]
        by_itself: Condition = membership.c.mode.in_(self.modes)
        if self.thread_id is None:
            return [*found, by_itself]
        thread = follow.c.thread_id == self.thread_id
        if self.tag_ids:
            tags = follow.c.tag_id.in_(self.tag_ids)
            by_itself = sa.and_(sa.or_(by_itself, _chose("follow", tags)), ~_chose("mute", tags))
        wanted = sa.or_(by_itself, _chose("follow", thread))
        return [*found, membership.c.mode != "none", wanted, ~_chose("mute", thread)]


def here(now: datetime) -> Condition:
    """Not away."""
    return sa.or_(membership.c.away_until.is_(None), membership.c.away_until <= now)


def _chose(choice: str, what: Condition) -> Condition:
    return sa.exists().where(follow.c.membership_id == membership.c.id, what, follow.c.choice == choice)


def posts_mailed(community_id: int, after: int) -> sa.Select[tuple[int]]:
    """The mailings after this one that carried a post."""
    query = sa.select(mailing.c.id).where(mailing.c.id > after, mailing.c.kind == "post")
    return query.where(mailing.c.community_id == community_id)


def _under_cap(community_id: int, day_began: int) -> Condition:
    """Looked up by mailing and address, so that its cost is the posts of the day and not those of years."""
    got = sa.select(sa.func.count()).where(
        delivery.c.mailing_id.in_(posts_mailed(community_id, day_began)), delivery.c.email == address.c.email
    )
    return sa.or_(membership.c.cap.is_(None), got.scalar_subquery() < membership.c.cap)


def last_mailing(conn: Connection, before: datetime) -> int:
    """The id of the latest mailing made before then, or 0. Walks back from the newest."""
    query = sa.select(mailing.c.id).where(mailing.c.created_at < before).order_by(mailing.c.id.desc()).limit(1)
    return conn.scalar(query) or 0


def tags_of(conn: Connection, thread_id: int) -> list[int]:
    """The tags of a thread and of its posts: they are what the whole conversation is about."""
    inside = sa.select(post.c.id).where(post.c.thread_id == thread_id)
    query = sa.select(tagging.c.tag_id).where(sa.or_(tagging.c.thread_id == thread_id, tagging.c.post_id.in_(inside)))
    return list(conn.scalars(query.distinct()))


def held_back(
    conn: Connection, community_id: int, thread_id: int, post_ids: Sequence[int], since: datetime
) -> list[tuple[int, int]]:
    """Membership and post of what members with a cap wanted of a thread and did not get, in order; `since` is when the
    oldest of these posts came."""
    wanted = Audience(community_id, ("each",), thread_id, tags_of(conn, thread_id))
    carried = (mailing.c.id > last_mailing(conn, since), mailing.c.kind == "post", mailing.c.post_id == post.c.id)
    got = sa.exists().where(*carried, delivery.c.mailing_id == mailing.c.id, delivery.c.email == address.c.email)
    query = (
        sa.select(membership.c.id, post.c.id)
        .select_from(membership.join(address, address.c.id == membership.c.address_id).join(post, sa.true()))
        .where(*wanted.wanting(), membership.c.cap.is_not(None), membership.c.away_until.is_(None))
        .where(post.c.id.in_(post_ids), post.c.person_id.is_distinct_from(membership.c.person_id), ~got)
        .where(sa.or_(membership.c.joined_at.is_(None), membership.c.joined_at <= post.c.posted_at))
        .order_by(membership.c.id, post.c.id)
    )
    return [(member, id) for member, id in conn.execute(query)]
