"""The clock's slots: one row a job, community and slot, whoever ran it.

The row and what the job did are one transaction, so a slot runs once whatever restarts. Called by the clock.
"""

from collections.abc import Set
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


def ran(conn: Connection, community_id: int, slots: Set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these slots, by job and name, those that have been taken: asked in one go, for the clock asks each minute."""
    jobs, names = {job for job, _ in slots}, {name for _, name in slots}
    taken = (runs.c.job.in_(jobs), runs.c.community_id == community_id, runs.c.slot.in_(names))
    found = conn.execute(sa.select(runs.c.job, runs.c.slot).where(*taken))
    return {(row.job, row.slot) for row in found} & slots


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
