"""Addresses that mail does not reach: how failures count, and whom we no longer write to.

One failure is no reason: mailboxes are full, servers mistaken. An address scores at most once a day, scores fade by
half a month, and beyond the threshold it is written to once more (`jobs/reaching`) before it is left alone. What a
relay keeps on a list of its own, what a host refuses us by policy, and what fails for most of a domain at once are
nobody's fault here. Called for replies of the relay and for bounces that come back.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from mailer import journal
from mailer.mail.reports.blame import blame
from mailer.store.tables import address, membership, suppression

THRESHOLD = 4.5  # five days in a row with a permanent failure, or seven weekly digests that fail
HALF = timedelta(days=30)  # after this a failure counts half
ONCE = timedelta(days=1)
ANSWERING = timedelta(days=3)  # for a probe to come back: most reports are back within the hour, some after days
LATELY = timedelta(days=7)
RELAYS = timedelta(days=7)  # then an address on a list of the relay's is tried again
OUTAGE = 3  # addresses of one domain, and more than half of those we write to, within a day
REASON = 300  # characters that are kept


@dataclass(frozen=True, slots=True)
class Unreached:
    """A member's address that mail does not reach. `why` is bounces or relay; `reason` what the other side said."""

    address_id: int
    person_id: int
    email: str
    why: str
    reason: str
    since: datetime


def score(
    conn: Connection,
    address_id: int,
    now: datetime,
    weight: float = 1.0,
    reason: str = "",
    *,
    probe: bool = False,
    hearsay: bool = False,
) -> str:
    """Count a failure against this address. In a word: "scored"; "counted", it had its score today; "suppressed", it is
    left alone from now on; "outage", its whole domain fails; "ours", it speaks of us. `probe`: we asked to make sure.
    `hearsay`: somebody else may have made it up, so at most we ask.
    """
    row = conn.execute(sa.select(address).where(address.c.id == address_id)).first()
    if row is None:
        return "counted"
    whose = blame(reason)
    if whose != "address":
        journal.trouble("mail is refused for what we are", to=journal.who(row.email), by=whose, reply=reason)
        if whose == "us" or hearsay:
            return "ours"
        suppress(conn, row.email, "relay", now, now + RELAYS)
        _keep(conn, address_id, bounce_reason=reason[:REASON])
        return "suppressed"
    if row.bounced_at is not None and now - row.bounced_at < ONCE and not probe:
        return "counted"
    _keep(
        conn,
        address_id,
        bounce_score=_faded(row, now),
        bounced_at=now,
        bounce_weight=weight,
        bounce_reason=reason[:REASON].replace("\0", ""),
    )
    if _out(conn, row.email.rpartition("@")[2], now):
        return "outage"
    if row.probed_at is None or hearsay:
        return "scored"
    suppress(conn, row.email, "bounces", now)
    return "suppressed"


def _faded(row: Any, now: datetime) -> float:
    """What the failures up to now amount to."""
    if row.bounced_at is None:
        return 0.0
    return float((row.bounce_score + row.bounce_weight) * 0.5 ** ((now - row.bounced_at) / HALF))


def _keep(conn: Connection, address_id: int, **values: object) -> None:
    conn.execute(sa.update(address).where(address.c.id == address_id).values(**values))


def _out(conn: Connection, domain: str, now: datetime) -> bool:
    """Whether this domain fails for most of those we write to there: then what failed today is taken back."""
    ours = sa.exists().where(membership.c.address_id == address.c.id, membership.c.state == "active")
    there = address.c.email.endswith(f"@{domain}", autoescape=True)
    failing = address.c.bounced_at > now - ONCE
    count = sa.select(sa.func.count()).select_from(address).where(there, ours)
    failed = conn.scalar(count.where(failing)) or 0
    if failed < OUTAGE or failed * 2 <= (conn.scalar(count) or 0):
        return False
    conn.execute(sa.update(address).where(there, failing).values(bounce_weight=0.0))
    return True


def doubtful(conn: Connection, community_id: int, now: datetime) -> list[Unreached]:
    """Where active members cannot be reached as it seems, lately, and have not been asked yet."""
    query = _of(community_id).where(address.c.probed_at.is_(None), address.c.bounced_at > now - LATELY)
    held = sa.exists().where(suppression.c.email == address.c.email, holding(now))
    rows = conn.execute(query.where(~held)).all()
    return [_unreached(row, "doubt", row.bounced_at) for row in rows if _faded(row, now) >= THRESHOLD]


def probed(conn: Connection, address_id: int, now: datetime) -> None:
    """This address was asked once more; the next failure is the last."""
    _keep(conn, address_id, probed_at=now)


def forgive(conn: Connection, now: datetime) -> int:
    """Whose probe did not come back is reached: a clean sheet. How many."""
    held = sa.exists().where(suppression.c.email == address.c.email, holding(now))
    query = sa.update(address).where(address.c.probed_at < now - ANSWERING, ~held)
    return len(conn.execute(query.values(**_CLEAN).returning(address.c.id)).all())


def given_up(conn: Connection, community_id: int, since: datetime, now: datetime) -> list[Unreached]:
    """The active members whose mail was stopped with since <= then < now, because it does not arrive."""
    query = _of(community_id).join(suppression, suppression.c.email == address.c.email)
    query = query.add_columns(suppression.c.reason.label("why"), suppression.c.since)
    query = query.where(suppression.c.since >= since, suppression.c.since < now, suppression.c.reason.in_(OURS))
    return [_unreached(row, row.why, row.since) for row in conn.execute(query.order_by(address.c.email))]


def outages(conn: Connection, community_id: int, since: datetime) -> list[tuple[str, int]]:
    """The domains that failed for most of their members, and for how many here."""
    query = _of(community_id).where(address.c.bounced_at >= since, address.c.bounce_weight == 0.0)
    counted = Counter(row.email.rpartition("@")[2] for row in conn.execute(query))
    return sorted(counted.items())


def _of(community_id: int) -> sa.Select[Any]:
    return (
        sa.select(address)
        .join_from(membership, address, membership.c.address_id == address.c.id)
        .where(membership.c.community_id == community_id, membership.c.state == "active")
    )


def _unreached(row: Any, why: str, since: datetime) -> Unreached:
    return Unreached(row.id, row.person_id, row.email, why, row.bounce_reason, since)


def others(conn: Connection, person_id: int, email: str, now: datetime) -> list[int]:
    """Where else this person can be reached: ids of their confirmed addresses that are not suppressed."""
    held = sa.exists().where(suppression.c.email == address.c.email, holding(now))
    query = sa.select(address.c.id).where(address.c.person_id == person_id, address.c.email != email, ~held)
    return list(conn.scalars(query.where(address.c.confirmed_at.is_not(None)).order_by(address.c.id)))


def suppress(conn: Connection, email: str, reason: str, now: datetime, until: datetime | None = None) -> None:
    """No mail to this address, for good or until then; an earlier reason that still holds stands."""
    conn.execute(sa.delete(suppression).where(suppression.c.email == email, ~holding(now)))
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    query = insert(suppression).values(email=email, reason=reason, since=now, until=until)
    conn.execute(query.on_conflict_do_nothing(index_elements=["email"]))


def stopped(conn: Connection, address_id: int) -> tuple[str, datetime] | None:
    """The address where mail was stopped because it does not arrive, and since when; None where it was not."""
    query = sa.select(suppression.c.email, suppression.c.since).join_from(
        suppression, address, address.c.email == suppression.c.email
    )
    row = conn.execute(query.where(address.c.id == address_id, suppression.c.reason.in_(OURS))).first()
    return (row.email, row.since) if row else None


def lift(conn: Connection, email: str) -> None:
    """Mail may go to this address again, with a clean sheet."""
    conn.execute(sa.delete(suppression).where(suppression.c.email == email))
    conn.execute(sa.update(address).where(address.c.email == email).values(**_CLEAN))


OURS = ("bounces", "relay")  # reasons that end with a mail from there; what somebody asked for does not
_CLEAN: dict[str, Any] = {"bounce_score": 0.0, "bounce_weight": 0.0, "bounced_at": None, "probed_at": None}


def holding(now: datetime) -> sa.ColumnElement[bool]:
    """The condition that a suppression holds now."""
    return sa.or_(suppression.c.until.is_(None), suppression.c.until > now)
