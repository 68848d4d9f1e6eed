"""Mail in: raw and whole before anyone understands it. The row is the hand-over between listener and reader."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import inbox

TRIES = 3  # a mail that failed this often is set aside (Mailman's MAX_BAK_COUNT is 3 too)
TOGETHER = 16_000_000  # octets of the mails begun together, unless a single one is larger
PIECE = 1_048_576  # octets of a mail that are copied at a time
DEATHS = 10  # readers that ended in the middle of a mail: a kill or a power cut says nothing about it, ten of them do


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail as it was handed over. `mail_from` is empty for the null sender; recipients are canonical."""

    raw: bytes
    mail_from: str
    recipients: tuple[str, ...]
    peer: str
    trusted: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An envelope that has its id. `looked_up` is what we found out about its sender ourselves, or empty."""

    id: int
    envelope: Envelope
    tries: int
    looked_up: str = ""


def accept(conn: Connection, envelopes: Sequence[Envelope]) -> list[int]:
    """Keep these mails; their ids in the same order. Durable when the caller's transaction is."""
    rows = [
        {
            "raw": e.raw,
            "mail_from": e.mail_from,
            "recipients": list(e.recipients),
            "peer": e.peer,
            "trusted": e.trusted,
            "received_at": e.received_at,
        }
        for e in envelopes
    ]
    return list(conn.scalars(sa.insert(inbox).returning(inbox.c.id, sort_by_parameter_order=True), rows))


def waiting(conn: Connection, limit: int, *, fresh: bool = False) -> list[int]:
    """Ids of mails nobody has dealt with yet, those tried least and then the oldest first, as many as memory has room
    for; `fresh`: only those never tried. What another process has in hand, or is about to, is passed over."""
    free = sa.and_(inbox.c.state == "waiting", inbox.c.worker.is_(None))
    query = sa.select(inbox.c.id, sa.func.length(inbox.c.raw)).where(free).limit(limit)
    query = query.where(inbox.c.tries == 0) if fresh else query.order_by(inbox.c.tries)
    rows = conn.execute(query.order_by(inbox.c.id).with_for_update(skip_locked=True)).all()
    octets = itertools.accumulate(size for _, size in rows)
    return [id for (id, size), sum in zip(rows, octets, strict=True) if sum <= max(size, TOGETHER)]


def begin(conn: Connection, ids: Sequence[int], worker: int | None = None) -> list[Waiting]:
    """Count a try for each of these mails and fetch them; commit before looking inside (SECURITY: poison mail). With
    `worker` they are in the hand of that process until they end: store/workers."""
    turn = sa.update(inbox).where(inbox.c.id.in_(ids), inbox.c.state == "waiting")
    begun = conn.scalars(turn.values(tries=inbox.c.tries + 1, worker=worker).returning(inbox.c.id)).all()
    if not begun:
        return []
    query = sa.select(inbox).where(inbox.c.id.in_(begun)).order_by(inbox.c.id)  # RETURNING would hold each mail twice
    return [_waiting(row) for row in conn.execute(query)]


def done(conn: Connection, mail: int, fingerprint: str, now: datetime, looked_up: str = "") -> bool:
    """The mail has its outcome. False when another reader was first: undo whatever you did.

    Waits for another who is at the same mail handed over twice, so that `twin` sees what came of it.
    """
    if conn.dialect.name == "postgresql":  # SQLite has one writer anyway
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(fingerprint, 0))))
    query = sa.update(inbox).where(inbox.c.id == mail, inbox.c.state == "waiting")
    values = {"state": "done", "fingerprint": fingerprint, "done_at": now, "looked_up": looked_up}
    changed = conn.execute(query.values(**values).returning(inbox.c.id))
    return changed.first() is not None


def trouble(conn: Connection, mail: int, traceback: str, now: datetime) -> bool:
    """Write down why a try failed; after TRIES the mail is shunted. True when it now is."""
    spent = inbox.c.tries >= TRIES
    query = (
        sa.update(inbox)
        .where(inbox.c.id == mail, inbox.c.state == "waiting")
        .values(trouble=traceback, state=sa.case((spent, "shunted"), else_="waiting"), done_at=now, worker=None)
        .returning(inbox.c.state)
    )
    return bool(conn.scalar(query) == "shunted")


def replay(conn: Connection, mail: int) -> bool:
    """Give a shunted mail its tries back. False when there is no such mail on the shunt."""
    query = sa.update(inbox).where(inbox.c.id == mail, inbox.c.state == "shunted")
    return conn.execute(query.values(state="waiting", tries=0).returning(inbox.c.id)).first() is not None


def twin(conn: Connection, fingerprint: str, recipient: str, since: datetime, mail: int | None = None) -> int | None:
    """Another mail than this one with the fingerprint, for this address of ours, that was dealt with since, or None."""
    query = sa.select(inbox.c.id, inbox.c.recipients).where(inbox.c.fingerprint == fingerprint, inbox.c.state == "done")
    query = query.where(inbox.c.received_at >= since, inbox.c.id.is_distinct_from(mail)).order_by(inbox.c.id)
    return next((id for id, recipients in conn.execute(query) if recipient in recipients), None)


def fetch(conn: Connection, mail: int) -> Waiting | None:
    """One mail, whatever its state."""
    row = conn.execute(sa.select(inbox).where(inbox.c.id == mail)).first()
    return _waiting(row) if row else None


def shunt_spent(conn: Connection, now: datetime) -> int:
    """Set aside what was begun so often that it must be what takes its readers down; how many."""
    query = sa.update(inbox).where(inbox.c.state == "waiting", inbox.c.tries >= DEATHS, inbox.c.worker.is_(None))
    return len(conn.execute(query.values(state="shunted", done_at=now).returning(inbox.c.id)).all())


def set_aside(conn: Connection, since: datetime, until: datetime) -> list[Waiting]:
    """The mails on the shunt that came there with since <= then < until, oldest first."""
    query = sa.select(inbox).where(inbox.c.state == "shunted", inbox.c.done_at >= since, inbox.c.done_at < until)
    return [_waiting(row) for row in conn.execute(query.order_by(inbox.c.id))]


def raw(conn: Connection, mail: int) -> bytes | None:
    """The mail as it came."""
    return conn.scalar(sa.select(inbox.c.raw).where(inbox.c.id == mail))


def _waiting(row: Any) -> Waiting:
    envelope = Envelope(row.raw, row.mail_from, tuple(row.recipients), row.peer, row.trusted, row.received_at)
    return Waiting(row.id, envelope, row.tries, row.looked_up)


def fingerprint(parts: Sequence[bytes]) -> str:
    """One short name for these parts, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:40]


def content(raw: bytes) -> bytes:
    """A short name for what stands below the header, without its blanks; a piece at a time, for mails are large."""
    digest, end = hashlib.sha256(), raw.find(b"\r\n\r\n")
    for at in range(end if end >= 0 else len(raw), len(raw), PIECE):
        digest.update(raw[at : at + PIECE].translate(None, b" \t\r\n"))
    return digest.digest()


def counts(conn: Connection) -> list[tuple[str, int]]:
    """How many mails are in each state but done, by state, where there are any. Each state has an index of its own:
    a look at all of them would read every mail."""
    count = sa.select(sa.func.count()).select_from(inbox)
    found = [(state, conn.scalar(count.where(inbox.c.state == state)) or 0) for state in ("shunted", "waiting")]
    return [(state, number) for state, number in found if number]


def shunted(conn: Connection, limit: int) -> list[tuple[int, str]]:
    """The mails on the shunt and the last line of why, oldest first."""
    query = sa.select(inbox.c.id, inbox.c.trouble).where(inbox.c.state == "shunted").order_by(inbox.c.id).limit(limit)
    return [
        (id, (trouble.strip() or "it took its reader down").splitlines()[-1]) for id, trouble in conn.execute(query)
    ]
