"""Events: when and where the community meets, and the ask that everyone may answer with a word or a calendar.

An event is a draft until its facilitator has seen the preview and said send. Its sequence rises with every change, its
UID is ours for good. An answer by calendar is the answer of whoever sent it (SECURITY class 24): the ATTENDEE it names
only says how. A foreign RRULE is never expanded. Called by the commands of facilitators, by routing and by the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.mail.message import Calendar
from mailer.store import tables
from mailer.store.knowledge import asks
from mailer.store.society.people import Person

USUAL = timedelta(hours=1)  # how long an event lasts that names no end
_PARTSTAT = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "maybe"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an event says, whoever it came from. Times are aware UTC, `zone` is an IANA name."""

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    community_id: int
    ask_id: int
    thread_id: int | None
    person_id: int | None  # the facilitator who called it
    uid: str
    their_uid: str
    sequence: int
    plan: Plan
    state: str  # draft open cancelled over


@dataclass(frozen=True, slots=True)
class Applied:
    """What a calendar reply came to. `event` is None when the UID is none of ours."""

    verdict: Literal["changed", "same", "unknown", "stale", "closed", "unclear"]
    event: Event | None = None
    value: str = ""


def plan_of(calendar: Calendar, zone: str) -> Plan | None:
    """What an invitation says, in `zone` where it names none; None without a start."""
    if calendar.start is None:
        return None
    end = calendar.end if calendar.end and calendar.end > calendar.start else calendar.start + USUAL
    where = calendar.zone or zone
    title = calendar.summary.strip() or "Meeting"
    return Plan(title, calendar.start, end, where, calendar.location.strip(), calendar.description.strip())


def create(
    conn: Connection,
    community_id: int,
    facilitator_id: int | None,
    plan: Plan,
    uid: str,
    now: datetime,
    *,
    calendar: Calendar | None = None,
    thread_id: int | None = None,
    inbox_id: int | None = None,
) -> Event:
    """A draft with the ask its members will answer. `uid` is ours and new; `calendar` the invitation it came from."""
    payload = {"their_sequence": calendar.sequence} if calendar else {}
    ask_id = asks.open_ask(
        conn,
        community_id,
        "rsvp",
        "yes-no-maybe",
        now,
        audience="members",
        question=plan.title,
        payload=payload,
        thread_id=thread_id,
        inbox_id=inbox_id,
        closes_at=plan.ends_at,
    )
    refs = {"community_id": community_id, "ask_id": ask_id, "thread_id": thread_id, "person_id": facilitator_id}
    own = {"uid": uid, "their_uid": calendar.uid if calendar else "", "state": "draft", "created_at": now}
    query = sa.insert(tables.event).values(**refs, **own, **_columns(plan)).returning(tables.event.c.id)
    return event(conn, int(conn.scalars(query).one()))


def event(conn: Connection, id: int) -> Event:
    """Raises NoResultFound for an id that never was."""
    return _event(conn.execute(sa.select(tables.event).where(tables.event.c.id == id)).one())


def by_uid(conn: Connection, community_id: int, uid: str) -> Event | None:
    """By the UID in what we sent."""
    return _found(conn, community_id, tables.event.c.uid == uid)


def by_their_uid(conn: Connection, community_id: int, uid: str) -> Event | None:
    """By the UID of the invitation it was made from; the newest, where it was called more than once."""
    return _found(conn, community_id, tables.event.c.their_uid == uid) if uid else None


def by_ask(conn: Connection, ask_id: int) -> Event | None:
    row = conn.execute(sa.select(tables.event).where(tables.event.c.ask_id == ask_id)).first()
    return _event(row) if row else None


def coming(conn: Connection, community_id: int, now: datetime) -> list[Event]:
    """Open events that have not begun, soonest first."""
    return _open(conn, community_id, tables.event.c.starts_at > now)


def ended(conn: Connection, community_id: int, now: datetime) -> list[Event]:
    """Events still open although they have ended, first ended first."""
    return _open(conn, community_id, tables.event.c.ends_at <= now)


def past(conn: Connection, community_id: int, since: datetime, until: datetime) -> list[Event]:
    """Events that took place and ended with since <= end < until, first ended first."""
    ended = (tables.event.c.ends_at >= since, tables.event.c.ends_at < until, tables.event.c.state == "over")
    query = sa.select(tables.event).where(tables.event.c.community_id == community_id, *ended)
    return [_event(row) for row in conn.execute(query.order_by(tables.event.c.ends_at, tables.event.c.id))]


def change(conn: Connection, id: int, plan: Plan) -> Event | None:
    """The same event with another plan and the next sequence; None when nothing differs or it is past changing."""
    old = event(conn, id)
    if old.plan == plan or old.state not in ("draft", "open"):
        return None
    following = {"sequence": tables.event.c.sequence + 1} if old.state == "open" else {}
    conn.execute(sa.update(tables.event).where(tables.event.c.id == id).values(**_columns(plan), **following))
    values = {"closes_at": plan.ends_at, "question": plan.title}
    conn.execute(sa.update(tables.ask).where(tables.ask.c.id == old.ask_id).values(**values))
    return event(conn, id)


def change_by(conn: Connection, calendar: Calendar, old: Event) -> Event | None:
    """What a new version of their invitation makes of the event; None when it is older than what we have, or alike."""
    kept = asks.ask(conn, old.ask_id)
    known = kept.payload.get("their_sequence", 0) if kept else 0
    plan = plan_of(calendar, old.plan.zone)
    if plan is None or calendar.sequence < known:
        return None
    changed = change(conn, old.id, plan)
    if changed:
        asks.change_payload(conn, old.ask_id, {"their_sequence": calendar.sequence})
    return changed


def move(conn: Connection, id: int, state: Literal["open", "cancelled", "over"]) -> Event | None:
    """To open, cancelled or over; None when it is there already or past it: somebody else was first."""
    earlier = {"open": ["draft"], "cancelled": ["draft", "open"], "over": ["open"]}[state]
    values: dict[str, Any] = {"state": state}
    if state == "cancelled":
        values["sequence"] = tables.event.c.sequence + 1
    where = (tables.event.c.id == id, tables.event.c.state.in_(earlier))
    row = conn.execute(sa.update(tables.event).where(*where).values(**values).returning(tables.event)).first()
    if row is None:
        return None
    if state != "open":
        asks.close(conn, row.ask_id, "withdrawn" if state == "cancelled" else "closed")
    return _event(row)


def apply_reply(
    conn: Connection, community_id: int, calendar: Calendar, person: Person, inbox_id: int | None, now: datetime
) -> Applied:
    """Accept or Decline of the authenticated sender, as a yes, no or maybe of that person and of nobody else."""
    found = by_uid(conn, community_id, calendar.uid)
    if found is None:
        return Applied("unknown")
    if calendar.sequence < found.sequence:
        return Applied("stale", found)
    if found.state != "open":
        return Applied("closed", found)
    value = _PARTSTAT.get(_partstat(conn, calendar, person), "")
    if not value:
        return Applied("unclear", found)
    changed = asks.answer(conn, found.ask_id, person.id, value, "", inbox_id, now)
    return Applied("changed" if changed else "same", found, value)


def _partstat(conn: Connection, calendar: Calendar, person: Person) -> str:
    """How the sender answered: at one of their own addresses, or as the only attendee named."""
    query = sa.select(tables.address.c.email).where(tables.address.c.person_id == person.id)
    own = {email.lower() for email in conn.scalars(query)}
    mine = [one.partstat.upper() for one in calendar.attendees if one.address.lower() in own]
    if mine or len(calendar.attendees) != 1:
        return mine[0] if mine else ""
    return calendar.attendees[0].partstat.upper()


def _found(conn: Connection, community_id: int, condition: sa.ColumnElement[bool]) -> Event | None:
    query = sa.select(tables.event).where(tables.event.c.community_id == community_id, condition)
    row = conn.execute(query.order_by(tables.event.c.id.desc()).limit(1)).first()
    return _event(row) if row else None


def _open(conn: Connection, community_id: int, condition: sa.ColumnElement[bool]) -> list[Event]:
    here = (tables.event.c.community_id == community_id, tables.event.c.state == "open", condition)
    query = sa.select(tables.event).where(*here).order_by(tables.event.c.starts_at, tables.event.c.id)
    return [_event(row) for row in conn.execute(query)]


def _columns(plan: Plan) -> Mapping[str, object]:
    return {name: getattr(plan, name) for name in Plan.__dataclass_fields__}


def _event(row: Any) -> Event:
    m = row._mapping
    plan = Plan(**{name: m[name] for name in Plan.__dataclass_fields__})
    names = ("id", "community_id", "ask_id", "thread_id", "person_id", "uid", "their_uid", "sequence")
    return Event(plan=plan, state=m["state"], **{name: m[name] for name in names})
