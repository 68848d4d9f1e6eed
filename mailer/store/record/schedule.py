"""The clock's slots: one row a job, community and slot, whoever ran it.

The row and what the job did are one transaction, so a slot runs once whatever restarts. Called by the clock.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from mailer.store.tables import runs


def claim(conn: Connection, job: str, community_id: int, slot: str, now: datetime) -> bool:
    """Take a slot; False when it was taken before. On PostgreSQL this waits for another who is at it."""
    values = {"job": job, "community_id": community_id, "slot": slot, "ran_at": now}
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    query = insert(runs).values(**values).on_conflict_do_nothing().returning(runs.c.slot)
    return conn.scalar(query) is not None


def conclude(conn: Connection, job: str, community_id: int, slot: str, outcome: str) -> None:
    """What came of a slot, in a few words."""
    conn.execute(sa.update(runs).where(*_is(job, community_id), runs.c.slot == slot).values(outcome=outcome))


def ran(conn: Connection, job: str, community_id: int, slot: str) -> bool:
    query = sa.select(runs.c.slot).where(*_is(job, community_id), runs.c.slot == slot)
    return conn.scalar(query) is not None


def outcome(conn: Connection, job: str, community_id: int, slot: str) -> str | None:
    """What came of a slot, or None when it has not run."""
    return conn.scalar(sa.select(runs.c.outcome).where(*_is(job, community_id), runs.c.slot == slot))


def last_run(conn: Connection, job: str, community_id: int, before: str, after: str = "") -> datetime | None:
    """When the latest slot named before this one ran, of those named `after` or later. Names of slots sort as time
    does."""
    query = sa.select(runs.c.ran_at).where(*_is(job, community_id), runs.c.slot < before, runs.c.slot >= after)
    latest: datetime | None = conn.scalar(query.order_by(runs.c.slot.desc()).limit(1))
    return latest


def _is(job: str, community_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return runs.c.job == job, runs.c.community_id == community_id
