"""An existing archive taken in: raw mails kept as imported, posts made of them, nothing sent.

A mail that was taken in before is known by its octets, so that an import may be stopped and begun again at any moment.
Called by `mailer import`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.mail.message import Body, Message
from mailer.store.cleaning import clean
from mailer.store.pouring import numbered
from mailer.store.society import erasing
from mailer.store.tables import address, inbox
from mailer.store.talk import posts
from mailer.store.talk.posts import NewPost, Posted
from mailer.store.traffic.inbox import fingerprint


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail of an archive. `message` is None where it could not be read: it is kept all the same."""

    raw: bytes
    print: str
    came: datetime
    message: Message | None
    body: Body | None


def name(community: str, raw: bytes) -> str:
    """What a mail of this community's archive is known by."""
    return fingerprint([b"import", community.encode(), raw])


def known(conn: Connection, names: Collection[str]) -> set[str]:
    """Of these mails, the ones that were taken in before."""
    query = sa.select(inbox.c.fingerprint).where(inbox.c.fingerprint.in_(names), inbox.c.state == "imported")
    return set(conn.scalars(query))


def keep(conn: Connection, community_id: int, taken: Sequence[Taken], now: datetime) -> list[Posted]:
    """Keep these mails, and make posts of those that can be read. Their authors become no members."""
    gone = erasing.erased(conn, {_sender(each) for each in taken})  # no old archive brings back who went for good
    taken = [each for each in taken if _sender(each) not in gone]
    if not taken:
        return []
    ids = numbered(conn, inbox, [_row(each, now) for each in taken])
    people = _people(conn, {_sender(each) for each in taken})
    news = [
        NewPost(community_id, each.message, each.body, people.get(_sender(each)), _author(each.message), number, at, at)
        for number, each in zip(ids, taken, strict=True)
        if each.message and each.body
        for at in [sent_at(each.message, each.came, now)]
    ]
    return posts.add_many(conn, news)


def settle(conn: Connection) -> None:
    """Let the database count what it has now: until then PostgreSQL takes a large archive for an empty one, and each
    search reads what its index has not sorted in yet."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA optimize")
    else:
        conn.exec_driver_sql("SELECT gin_clean_pending_list('ix_post_search_terms')")
        conn.exec_driver_sql("ANALYZE thread, node, post, post_search, inbox")


def _row(each: Taken, now: datetime) -> dict[str, object]:
    return {
        "raw": each.raw,
        "mail_from": clean(_sender(each)),
        "recipients": [],
        "peer": "import",
        "received_at": each.came,
        "state": "imported",
        "fingerprint": each.print,
        "trouble": "" if each.message else "could not be read",
        "done_at": now,
    }


def _people(conn: Connection, senders: Collection[str]) -> dict[str, int]:
    """The persons we know by these addresses."""
    query = sa.select(address.c.email, address.c.person_id).where(address.c.email.in_(senders))
    return dict(iter(conn.execute(query)))


def _sender(each: Taken) -> str:
    return each.message.sender.address.lower() if each.message and each.message.sender else ""


def _author(message: Message) -> str:
    """The name as shown: never a whole address."""
    sender = message.sender
    return (sender.name or sender.address.partition("@")[0]) if sender else ""


def sent_at(message: Message, came: datetime, now: datetime) -> datetime:
    """The mail's own date, where it can be true."""
    return message.date if message.date and EPOCH <= message.date <= now else came


EPOCH = datetime.fromisoformat("1971-01-01T00:00:00+00:00")  # before there was mail; a clock that was never set
