"""Who may be asked to come in, and who has been: nobody twice, nobody who does not want it, nobody too often.

Read before each invitation, in any number at once. Called by commands/inviting, by the clock and by operators.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.society import erasing
from mailer.store.tables import address, ask, ledger, mailing, membership, person, suppression
from mailer.store.traffic import suppressions

Why = Literal["member", "asked", "never"]  # never: banned, suppressed, erased, or asked too often elsewhere

CHUNK = 500  # addresses one question names
MONTH = timedelta(days=30)
A_MONTH = 3  # invitations to one address in a month, over all communities: nobody's mailbox is flooded through us


def barred(conn: Connection, community_id: int, emails: Sequence[str], now: datetime) -> dict[str, Why]:
    """Those of these canonical addresses that are not to be asked, and why."""
    found: dict[str, Why] = {}
    for at in range(0, len(emails), CHUNK):
        some = emails[at : at + CHUNK]
        found |= dict.fromkeys([*_silent(conn, some, now), *erasing.erased(conn, some)], "never")
        found |= dict.fromkeys(_asked(conn, community_id, some), "asked")
        for email, state in conn.execute(_states(community_id, some)):
            if state in ("active", "banned"):
                found[email] = "member" if state == "active" else "never"
    return found


def _silent(conn: Connection, emails: Sequence[str], now: datetime) -> list[str]:
    """Suppressed, or asked as often this month as anyone may be."""
    silent = sa.select(suppression.c.email).where(suppression.c.email.in_(emails), suppressions.holding(now))
    often = (
        sa.select(address.c.email)
        .join(ask, ask.c.person_id == address.c.person_id)
        .where(address.c.email.in_(emails), ask.c.kind == "invite", ask.c.opens_at >= now - MONTH)
        .group_by(address.c.email)
        .having(sa.func.count() >= A_MONTH)
    )
    return [*conn.scalars(silent), *conn.scalars(often)]


def _asked(conn: Connection, community_id: int, emails: Sequence[str]) -> list[str]:
    """Asked once by this community already, whatever they said or did not say."""
    query = sa.select(address.c.email).join(ask, ask.c.person_id == address.c.person_id)
    here = (ask.c.community_id == community_id, ask.c.kind == "invite", address.c.email.in_(emails))
    return list(conn.scalars(query.where(*here).distinct()))


def _states(community_id: int, emails: Sequence[str]) -> sa.Select[str, str]:
    query = sa.select(address.c.email, membership.c.state).join(
        membership, membership.c.person_id == address.c.person_id
    )
    return query.where(membership.c.community_id == community_id, address.c.email.in_(emails))


def asked_by(conn: Connection, person_id: int, since: datetime) -> int:
    """How many people someone has asked since, in all communities."""
    query = sa.select(sa.func.count()).where(
        ledger.c.person_id == person_id, ledger.c.what == "invited", ledger.c.other_id.is_not(None)
    )
    return conn.scalar(query.where(ledger.c.at >= since)) or 0


def came(conn: Connection, community_id: int, since: datetime, until: datetime) -> list[tuple[int, int]]:
    """(who asked, who came) of everyone active who joined with since <= at < until on an invitation, in order."""
    query = sa.select(membership.c.invited_by, membership.c.person_id).where(
        membership.c.community_id == community_id,
        membership.c.state == "active",
        membership.c.invited_by.is_not(None),
        membership.c.joined_at >= since,
        membership.c.joined_at < until,
    )
    return [(by, who) for by, who in conn.execute(query.order_by(membership.c.joined_at, membership.c.id))]


def welcomed(conn: Connection, community_id: int, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(person, when) of each who was welcomed by mail with since <= at < until: they came in by their own yes."""
    query = sa.select(mailing.c.person_id, mailing.c.created_at).where(
        mailing.c.community_id == community_id,
        mailing.c.kind == "member-welcome",
        mailing.c.person_id.is_not(None),
        mailing.c.created_at >= since,
        mailing.c.created_at < until,
    )
    return [(who, at) for who, at in conn.execute(query.order_by(mailing.c.id))]


def warm(conn: Connection, community_id: int, since: datetime) -> list[int]:
    """Members who have thanked or been thanked since, and do not mind being named; the warmest first."""
    both = [
        sa.select(column.label("person_id")).where(
            ledger.c.community_id == community_id, ledger.c.what == "thanked", ledger.c.at >= since
        )
        for column in (ledger.c.person_id, ledger.c.other_id)
    ]
    acts = sa.union_all(*both).subquery()
    query = (
        sa.select(acts.c.person_id)
        .join(person, person.c.id == acts.c.person_id)
        .where(~person.c.quiet)
        .group_by(acts.c.person_id)
        .order_by(sa.func.count().desc(), acts.c.person_id)
    )
    return list(conn.scalars(query))
