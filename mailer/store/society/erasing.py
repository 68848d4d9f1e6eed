"""Somebody goes for good: names, addresses, habits, raw mails, what was asked and answered. Threads stay whole.

What is left is a person without a name whom nothing names but one line of the ledger, posts of "a former member" or
ghosts in their place, and a hash of each address, so that no old list brings them back. What others wrote or quoted is
theirs and is not touched. Refuses to be undone. Called by commands/owning after the person's own word.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.community.tagging import hashtags
from mailer.mail.addressing import lower
from mailer.mail.parse import parse
from mailer.store import tables as t
from mailer.store.society.addresses import ONE, naming, rename_in_asks
from mailer.store.talk import search
from mailer.store.traffic import suppressions

GONE = "…"
LAST_MAIL = "member-erased"  # the kind of the mail that says it is done; it goes too, once it is sent
BATCH = 200
WORDS = frozenset({"writer", "name", "subject", "text", "comment", "words"})  # of an ask's payload: somebody's
_HASH = "erased:"
_OTHERS_WORDS = frozenset(
    {"post", "inbox", "variant", "item", "revision", "habit", "delivery", "node", "wanted", "runs"}
)


@dataclass(frozen=True, slots=True)
class _Person:
    """Whom it is about. `marks` is what nobody may find again, in lower case: each address, and the name where it is a
    full one; `needles` the same as a database may hold it."""

    id: int
    since: datetime
    addresses: tuple[int, ...]
    emails: tuple[str, ...]
    marks: tuple[str, ...]
    needles: tuple[str, ...]

    def veiled(self, text: str) -> str:
        for mark in self.marks:
            text = re.sub(re.escape(mark), GONE, text, flags=re.IGNORECASE)
        return text

    def within(self, raw: bytes) -> bool:
        """Whether a mail names them, however it is encoded."""
        if any(mark.encode() in raw.lower() for mark in self.marks):
            return True
        message = parse(raw)
        people = (*message.senders, *message.to, *message.cc, *message.reply_to)
        said = (message.subject, message.text, message.html, *(f"{one.name} {one.address}" for one in people))
        flat = " ".join("\n".join(said).lower().split())
        return any(mark in flat for mark in self.marks)


def erase(conn: Connection, person_id: int, mail: int, former: str, now: datetime, *, posts_go: bool) -> None:
    """All of it, in this transaction. `mail` is the one that asked for it; `former` is what their posts are signed with
    where they stay."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA secure_delete=ON")  # what is deleted is overwritten
    who = _who(conn, person_id)
    _mails_out(conn, who)
    mails = _mails_in(conn, who, mail)
    _asks(conn, who, mails)
    _posts(conn, who, former, posts_go)
    _library(conn, who, posts_go)
    _traces(conn, who)
    conn.execute(sa.delete(t.suppression).where(t.suppression.c.email.in_(who.emails)))
    for email in who.emails:
        suppressions.suppress(conn, hashed(email), "erased", now)


def hashed(email: str) -> str:
    """What is kept of an erased address: enough to know it again, not to read it."""
    return _HASH + hashlib.sha256(f"mailer:{email}".encode()).hexdigest()


def erased(conn: Connection, emails: Iterable[str]) -> set[str]:
    """Those of these canonical addresses whose owner went for good and has not come back by their own word."""
    names = {hashed(email): email for email in emails}
    query = sa.select(t.suppression.c.email).where(t.suppression.c.email.in_(names))
    gone = {names[name] for name in conn.scalars(query)}
    back = sa.select(t.address.c.email).where(t.address.c.email.in_(gone), t.address.c.confirmed_at.is_not(None))
    return gone - set(conn.scalars(back))


def last_mails_sent(conn: Connection) -> int:
    """Forget the mails that said it was done, once they are sent or failed; how many."""
    over = sa.select(t.delivery.c.id).join(t.mailing, t.mailing.c.id == t.delivery.c.mailing_id)
    query = over.where(t.mailing.c.kind == LAST_MAIL, t.delivery.c.state.not_in(("waiting", "sending")))
    ids = list(conn.scalars(query))
    if not ids:
        return 0
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA secure_delete=ON")
    mailings = sa.select(t.delivery.c.mailing_id).where(t.delivery.c.id.in_(ids))
    done = list(conn.scalars(mailings))
    conn.execute(sa.delete(t.delivery).where(t.delivery.c.id.in_(ids)))
    conn.execute(sa.update(t.variant).where(t.variant.c.mailing_id.in_(done)).values(raw=b""))
    return len(ids)


def _who(conn: Connection, person_id: int) -> _Person:
    rows = conn.execute(sa.select(t.address.c.id, t.address.c.email).where(t.address.c.person_id == person_id)).all()
    person = conn.execute(sa.select(t.person).where(t.person.c.id == person_id)).one()
    authors = conn.scalars(sa.select(t.post.c.author).distinct().where(t.post.c.person_id == person_id))
    full = {one.strip() for one in (person.name, *authors) if len(one.split()) > 1}  # "Jo" is in too many words
    emails = tuple(row.email for row in rows)
    marks = (*emails, *sorted({one.lower() for one in full}, key=len, reverse=True))
    spelled = [spelling for one in (*emails, *full) for spelling in (one.lower(), lower(one))]
    needles = dict.fromkeys(form for one in spelled for form in (one, lower(json.dumps(one)[1:-1])))
    ids = tuple(row.id for row in rows)
    return _Person(person_id, person.created_at, ids, emails, marks, tuple(needles))


def _mails_out(conn: Connection, who: _Person) -> None:
    """What we sent to them or in their name. A mail that names them and waits does not leave."""
    theirs = sa.or_(t.delivery.c.address_id.in_(who.addresses), t.delivery.c.email.in_(who.emails))
    last_mail = sa.select(t.mailing.c.id).where(t.mailing.c.kind == LAST_MAIL)
    conn.execute(sa.delete(t.delivery).where(theirs, t.delivery.c.mailing_id.not_in(last_mail)))
    last = 0
    while rows := conn.execute(_variants(last, who.since)).all():
        last = rows[-1].id
        if gone := [row.id for row in rows if who.within(row.raw)]:
            waiting = sa.and_(t.delivery.c.variant_id.in_(gone), t.delivery.c.state == "waiting")
            conn.execute(sa.update(t.delivery).where(waiting).values(state="stopped"))
            conn.execute(sa.update(t.variant).where(t.variant.c.id.in_(gone)).values(raw=b""))


def _variants(after: int, since: datetime) -> sa.Select[tuple[int, bytes]]:
    c = t.variant.c
    query = sa.select(c.id, c.raw).join(t.mailing, t.mailing.c.id == c.mailing_id)
    query = query.where(c.id > after, c.raw != b"", t.mailing.c.created_at >= since, t.mailing.c.kind != LAST_MAIL)
    return query.order_by(c.id).limit(BATCH)


def _mails_in(conn: Connection, who: _Person, mail: int) -> list[int]:
    """The raw mails that came from them, were about them or reported on mail to them. Their ids."""
    ids = {mail, *conn.scalars(sa.select(t.ledger.c.inbox_id).where(t.ledger.c.person_id == who.id))}
    ids |= set(conn.scalars(sa.select(t.post.c.inbox_id).where(t.post.c.person_id == who.id)))
    ids |= set(conn.scalars(sa.select(t.inbox.c.id).where(t.inbox.c.mail_from.in_(who.emails))))
    reports = sa.select(t.inbox.c.id, t.inbox.c.raw).where(t.inbox.c.mail_from == "", t.inbox.c.state == "done")
    ids |= {row.id for row in conn.execute(reports, execution_options={"yield_per": 50}) if who.within(row.raw)}
    known = sorted(id for id in ids if id)
    blank = {"raw": b"", "mail_from": "", "peer": "", "trouble": ""}
    for at in range(0, len(known), BATCH):
        chosen = t.inbox.c.id.in_(known[at : at + BATCH])
        conn.execute(sa.update(t.inbox).where(chosen).values(blank))
        conn.execute(sa.update(t.inbox).where(chosen, t.inbox.c.state != "done").values(state="done"))
    return known


def _asks(conn: Connection, who: _Person, mails: list[int]) -> None:
    """What they were asked, what others were asked about them, and their answers."""
    conn.execute(sa.delete(t.answer).where(t.answer.c.person_id == who.id))
    c = t.ask.c
    for row in conn.execute(sa.select(c.id, c.person_id, c.inbox_id, c.payload, c.question)).all():
        text = f"{row.payload} {row.question}".lower()
        named = who.id in _numbers(row.payload) or any(mark in text for mark in who.marks)
        if row.person_id == who.id or named or row.inbox_id in mails:
            payload = {key: "" if key in WORDS else _veiled(who, value) for key, value in row.payload.items()}
            gone: dict[str, Any] = {"payload": payload, "question": "", "person_id": None}
            conn.execute(sa.update(t.ask).where(c.id == row.id).values(gone))
            conn.execute(sa.update(t.ask).where(c.id == row.id, c.state == "open").values(state="withdrawn"))
    rename_in_asks(conn, who.id, None)


def _numbers(payload: Any) -> set[int]:
    """The persons a payload names."""
    return {payload[key] for key in ONE - {"by"} if isinstance(payload.get(key), int)}


def _posts(conn: Connection, who: _Person, former: str, go: bool) -> None:
    """Ghosts in their place, or the words alone, signed by a former member; without signature, quotes and files."""
    c = t.post.c
    query = sa.select(c.id, c.community_id, c.subject, c.base_subject, c.new_text, c.state, t.community.c.language)
    rows = conn.execute(query.join(t.community, t.community.c.id == c.community_id).where(c.person_id == who.id)).all()
    ids = [row.id for row in rows]
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        conn.execute(sa.delete(t.attachment).where(t.attachment.c.post_id.in_(some)))
        search.forget(conn, some)
    for row in rows:
        bare: dict[str, Any] = {"author": "", "sender": "", "folded": [], "content_hash": "", "person_id": None}
        if go or row.state == "withdrawn":
            bare |= {"subject": "", "base_subject": "", "new_text": "", "text": "", "state": "withdrawn"}
        else:
            words, subject = who.veiled(row.new_text), who.veiled(row.subject)
            bare |= {"author": former, "subject": subject, "base_subject": who.veiled(row.base_subject)}
            bare |= {"new_text": words, "text": words}
            findable = search.text_of(subject, former, hashtags(subject, words), words)
            search.index(conn, row.community_id, row.language, [(row.id, findable)])
        conn.execute(sa.update(t.post).where(c.id == row.id).values(bare))
    if conn.dialect.name == "sqlite" and rows:
        conn.exec_driver_sql("INSERT INTO post_search(post_search) VALUES('optimize')")
    if go:
        _silent_threads(conn, who.id)


def _silent_threads(conn: Connection, person_id: int) -> None:
    """A thread in which only they spoke has no subject either."""
    spoken = sa.select(t.post.c.id).where(t.post.c.thread_id == t.thread.c.id, t.post.c.state == "posted")
    alone = sa.and_(t.thread.c.person_id == person_id, ~sa.exists(spoken))
    conn.execute(sa.update(t.thread).where(alone).values(subject=GONE, base_subject=""))


def _library(conn: Connection, who: _Person, go: bool) -> None:
    """Items they wrote: kept without their name, or retired without their words."""
    c = t.item.c
    for row in conn.execute(sa.select(c.id, c.title, c.text).where(c.author_id == who.id)).all():
        words = {"title": GONE, "text": "", "status": "retired"}
        kept = {"title": who.veiled(row.title), "text": who.veiled(row.text)}
        conn.execute(sa.update(t.item).where(c.id == row.id).values(words if go else kept))
    r = t.revision.c
    for row in conn.execute(sa.select(r.id, r.title, r.text).where(r.person_id == who.id)).all():
        kept = {"title": who.veiled(row.title), "text": who.veiled(row.text)}
        conn.execute(sa.update(t.revision).where(r.id == row.id).values({"title": GONE, "text": ""} if go else kept))


def _traces(conn: Connection, who: _Person) -> None:
    """Every row that names them names nobody; what cannot be without them goes; the words we wrote are veiled."""
    about = sa.or_(t.ledger.c.person_id == who.id, t.ledger.c.other_id == who.id)
    conn.execute(sa.update(t.ledger).where(about).values(detail="", undo=None))
    conn.execute(sa.update(t.membership).where(t.membership.c.invited_by == who.id).values(invited_by=None))
    conn.execute(sa.delete(t.membership).where(t.membership.c.person_id == who.id))
    conn.execute(sa.update(t.delivery).where(t.delivery.c.address_id.in_(who.addresses)).values(address_id=None))
    for column in naming("membership"):
        if column.nullable:
            conn.execute(sa.update(column.table).where(column == who.id).values({column.name: None}))
        else:
            conn.execute(sa.delete(column.table).where(column == who.id))
    nameless = dict.fromkeys(("name", "organisation", "language", "zone"), "")
    conn.execute(sa.update(t.person).where(t.person.c.id == who.id).values(nameless))
    for table in t.meta.sorted_tables:
        if table.name not in _OTHERS_WORDS:
            _veil(conn, who, table)


def _veil(conn: Connection, who: _Person, table: sa.Table) -> None:
    """Wherever a line of ours holds their name or address, it holds GONE; a key that did is no key any more."""
    key = next(iter(table.primary_key))
    for column in table.columns:
        if not isinstance(column.type, sa.Text | sa.JSON) or column.primary_key:
            continue
        text = sa.func.lower(sa.cast(column, sa.Text))
        held = sa.or_(*(text.contains(mark, autoescape=True) for mark in who.needles))
        for row in conn.execute(sa.select(key, column).where(held)).all():
            free = None if column.nullable else _veiled(who, row[1])
            conn.execute(sa.update(table).where(key == row[0]).values({column.name: free}))


def _veiled(who: _Person, value: Any) -> Any:
    if isinstance(value, str):
        return who.veiled(value)
    if isinstance(value, dict):
        return {who.veiled(name): _veiled(who, one) for name, one in value.items()}
    return [_veiled(who, one) for one in value] if isinstance(value, list) else value
