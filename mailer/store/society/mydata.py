"""Everything kept about one person, as files they can read: their own words, nobody else's address. Changes nothing.

Called by commands/owning for `my data`, after proof; what goes out is theirs alone, over all communities they are in.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.mail.parse import parse
from mailer.store import tables as t

BATCH = 20  # mails in memory
MAIL = re.compile(r"[^\s<>@,;:()\[\]\"']{1,64}@[^\s<>@,;:()\[\]\"']{1,255}")
GONE = "(an address)"
TEXTS = ("text/", "message/")
_NO_NAME = re.compile(r'[\\/:*?"<>|]')  # what some system reads as more than a name

File = tuple[str, bytes]


def files(conn: Connection, person_id: int, ours: str) -> Iterator[File]:
    """Name and content of each file. `ours` is our mail domain: our own addresses may stand where they stood."""
    own = _own(conn, person_id)
    veil = _Veil(own, ours)
    yield "person.json", _json(_person(conn, person_id))
    for name, table, column in (
        ("answers.json", t.answer, t.answer.c.person_id),
        ("questions.json", t.ask, t.ask.c.person_id),
        ("lessons.json", t.item, t.item.c.author_id),
        ("habits.json", t.habit, t.habit.c.person_id),
    ):
        rows = conn.execute(sa.select(table).where(column == person_id).order_by(*table.primary_key))
        yield name, veil.json([dict(row._mapping) for row in rows])
    yield "ledger.json", veil.json(_ledger(conn, person_id))
    yield "deliveries.json", veil.json(_deliveries(conn, person_id, own))
    yield from _mails(conn, person_id, own, veil)


class _Veil:
    """Puts GONE in the place of every address that is neither theirs nor ours."""

    def __init__(self, own: frozenset[str], ours: str) -> None:
        self._own, self._ours = own, f"@{ours}"

    def text(self, text: str) -> str:
        return MAIL.sub(self._one, text)

    def json(self, value: object) -> bytes:
        return self.text(_json(value).decode()).encode()

    def _one(self, found: re.Match[str]) -> str:
        address = found[0].rstrip(".").lower()
        return found[0] if address in self._own or address.endswith(self._ours) else GONE


def _own(conn: Connection, person_id: int) -> frozenset[str]:
    return frozenset(conn.scalars(sa.select(t.address.c.email).where(t.address.c.person_id == person_id)))


def _person(conn: Connection, person_id: int) -> dict[str, Any]:
    """Who they are to us, their addresses, and each community they are or were in."""
    who = conn.execute(sa.select(t.person).where(t.person.c.id == person_id)).one()._mapping
    addresses = conn.execute(sa.select(t.address).where(t.address.c.person_id == person_id).order_by(t.address.c.id))
    query = sa.select(t.membership, t.community.c.name.label("community")).join_from(t.membership, t.community)
    memberships = conn.execute(query.where(t.membership.c.person_id == person_id).order_by(t.membership.c.id))
    chosen = sa.select(t.follow.c.membership_id, t.follow.c.choice, t.thread.c.subject, t.tag.c.name.label("tag"))
    joined = chosen.select_from(
        t.follow.join(t.membership).outerjoin(t.thread, t.thread.c.id == t.follow.c.thread_id).outerjoin(t.tag)
    )
    follows = conn.execute(joined.where(t.membership.c.person_id == person_id).order_by(t.follow.c.id))
    return {
        "person": dict(who),
        "addresses": [dict(row._mapping) for row in addresses],
        "memberships": [dict(row._mapping) for row in memberships],
        "followed_and_muted": [dict(row._mapping) for row in follows],
    }


def _ledger(conn: Connection, person_id: int) -> list[dict[str, Any]]:
    """Each line about them, in order, with what they did or what was done; who else it names is left out."""
    c = t.ledger.c
    columns = (c.at, c.what, c.detail, (c.person_id == person_id).label("by_you"), c.inbox_id, c.post_id)
    query = sa.select(*columns, t.community.c.name.label("community")).join(t.community, isouter=True)
    about = query.where(sa.or_(c.person_id == person_id, c.other_id == person_id)).order_by(c.id)
    return [dict(row._mapping) for row in conn.execute(about)]


def _deliveries(conn: Connection, person_id: int, own: frozenset[str]) -> list[dict[str, Any]]:
    """Each mail we sent them: when, about what, and what their mail server said."""
    mine = sa.select(t.address.c.id).where(t.address.c.person_id == person_id)
    c = t.delivery.c
    query = sa.select(c.created_at, c.sent_at, c.state, c.email, t.mailing.c.kind, t.mailing.c.subject, c.reply)
    sent = query.join(t.mailing, t.mailing.c.id == c.mailing_id).where(c.address_id.in_(mine)).order_by(c.id)
    return [dict(row._mapping) for row in conn.execute(sent)]


def _mails(conn: Connection, person_id: int, own: frozenset[str], veil: _Veil) -> Iterator[File]:
    """Every mail from them that we keep, posts apart from the others: words, and what was attached."""
    posts = dict(iter(conn.execute(sa.select(t.post.c.inbox_id, t.post.c.id).where(t.post.c.person_id == person_id))))
    named = sa.select(t.ledger.c.inbox_id).where(t.ledger.c.person_id == person_id, t.ledger.c.inbox_id.is_not(None))
    ids = sorted({*conn.scalars(named), *(id for id in posts if id)})
    for at in range(0, len(ids), BATCH):
        query = sa.select(t.inbox.c.id, t.inbox.c.raw, t.inbox.c.received_at).where(
            t.inbox.c.id.in_(ids[at : at + BATCH])
        )
        for id, raw, came in conn.execute(query.order_by(t.inbox.c.id)).all():
            place = f"posts/{id:06}" if id in posts else f"other mails/{id:06}"
            yield from _mail(place, raw, came, own, veil)


def _mail(place: str, raw: bytes, came: datetime, own: frozenset[str], veil: _Veil) -> Iterator[File]:
    """One mail as a file any mail program opens, and its attachments beside it."""
    message = parse(raw)
    sender = message.sender.address.lower() if message.sender else ""
    if sender not in own:
        return  # in their name, but not from them
    head = {
        "From": sender,
        "Date": format_datetime(message.date or came),
        "Subject": veil.text(" ".join(message.subject.split())),
        "Message-ID": f"<{message.message_id}>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = [*(f"{name}: {value}" for name, value in head.items() if value), "", veil.text(message.text)]
    yield f"{place}.eml", "\n".join(lines).encode("utf-8", "replace")
    for number, one in enumerate(message.attachments, 1):
        content = one.content
        if one.type.startswith(TEXTS):
            content = veil.text(content.decode("utf-8", "replace")).encode()
        yield f"{place}/{number} {_NO_NAME.sub('_', one.name) or 'file'}", content


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False, default=_plain).encode("utf-8", "replace")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)
