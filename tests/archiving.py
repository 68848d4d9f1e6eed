"""Posts for tests of the archive, made without any bytes of mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.mail.message import Body, Headers, Mailbox, Message
from mailer.store import tables
from mailer.store.talk.posts import NewPost

NOW = datetime.fromisoformat("2026-03-03T09:00:00+00:00")


def message(name: str, refs: Sequence[str] = (), subject: str = "Pumps", text: str = "", **fields: str) -> Message:
    headers = tuple((key.replace("_", "-"), value) for key, value in fields.items())
    ana = Mailbox("Ana", "ana@acme.example")
    return Message(Headers(headers), name, (), tuple(refs), subject, (ana,), (), (), (), None, text or name, "")


def new(home: int, mail: Message, minutes: int = 0, person: int | None = None) -> NewPost:
    at = NOW + timedelta(minutes=minutes)
    return NewPost(home, mail, Body(mail.text, mail.text), person, "Ana", None, at, at)


def community(conn: Connection, name: str = "wells", language: str = "en") -> int:
    values = {"name": name, "language": language, "created_at": NOW, "policy": {}}
    return conn.scalars(sa.insert(tables.community).values(values).returning(tables.community.c.id)).one()
