"""What the tests of sending share: a community with members, a mailing to them, a deliverer that speaks to a sink."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sink import Sink

from mailer.config import Relay, Seconds, Settings
from mailer.mail.compose import Draft, compose
from mailer.mail.message import Mailbox
from mailer.mail.tokens import Keys
from mailer.outbound.deliver import Deliverer
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.talk.wanting import Audience
from mailer.store.traffic import deliveries, mailings

KEYS = Keys(b"0123456789abcdef0123456789abcdef")
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
TEXT = "Which seal did you use?\n\n.dots and\n..more\n"


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def relay(way: list[str]) -> Sink:
    """A relay that offers these extensions."""
    sink = Sink()
    sink.extensions = way
    return sink


def got(sink: Sink) -> Counter[str]:
    """How many copies each recipient has."""
    return Counter(rcpt for mail in sink.mails for rcpt in mail.rcpts)


def settings(sink: Sink | int, **relay: Any) -> Settings:
    """Settings whose relay is this sink, or this port."""
    port = sink if isinstance(sink, int) else sink.port
    seconds = {key: Seconds.read(value) for key, value in relay.items() if isinstance(value, str) and key in TIMES}
    return msgspec.structs.replace(
        Settings(), domain="cop.example", relay=Relay(**{"host": "127.0.0.1", "port": port, **relay, **seconds})
    )


TIMES = ("timeout", "first_retry", "last_retry", "give_up")


def deliverer(sink: Sink | int, store: Store, clock: Clock | None = None, **relay: Any) -> Deliverer:
    return Deliverer(settings(sink, **relay), store, KEYS, clock or Clock())


def community(store: Store, members: Sequence[str], name: str = "wells") -> int:
    with store.writing() as conn:
        id = people.add_community(conn, name, NOW)
        for email in members:
            people.join(conn, people.add_person(conn, email, NOW), id, NOW)
    return id


def raw(message_id: str = "post1@cop.example", text: str = TEXT) -> bytes:
    wells = Mailbox("Wells", "wells@cop.example")
    return compose(Draft(wells, (wells,), "Seals", text, message_id, NOW))


def post(
    store: Store, community_id: int, now: datetime = NOW, priority: int = 1, content: bytes | None = None, **more: Any
) -> int:
    """A mailing to all members of a community; its id."""
    with store.writing() as conn:
        id = mailings.add(conn, "post", community_id, "post1@cop.example", now, about=mailings.About())
        assert id
        variant = mailings.add_variant(conn, id, "", content or raw(), personal=True)
        deliveries.fan_out_members(conn, id, variant, Audience(community_id, ["each"], **more), now, priority)
    return id


def rows(store: Store) -> dict[str, tuple[str, int]]:
    """email -> (state, tries) of every delivery."""
    from mailer.store.tables import delivery

    with store.reading() as conn:
        return {row.email: (row.state, row.tries) for row in conn.execute(delivery.select())}
