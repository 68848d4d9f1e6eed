"""A community with its house, on the desk: what was queued is read back from the deliveries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from mailer.jobs.clock import Clock
from mailer.jobs.job import Job
from mailer.mail.message import Body, Headers, Mailbox, Message
from mailer.mail.parse import parse
from mailer.outbound.desk import House
from mailer.store.db import Store
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.society.people import Community, Person
from mailer.store.tables import delivery, mailing, variant
from mailer.store.talk import posting
from mailer.store.talk.posting import NewPost, Posted


@dataclass(frozen=True)
class Queued:
    """One delivery: what kind of mail to whom."""

    kind: str
    to: str
    message: Message
    raw: bytes = field(default=b"", repr=False)

    @property
    def what(self) -> tuple[str, str]:
        return self.kind, self.to.partition("@")[0]


@dataclass
class Village:
    """One community and its people; `now` is turned by hand."""

    house: House
    store: Store
    now: datetime
    id: int = 0
    folk: dict[str, Person] = field(default_factory=dict)
    seen: int = 0
    count: int = 0

    @property
    def community(self) -> Community:
        with self.store.reading() as conn:
            return people.community_by_id(conn, self.id)

    def join(self, name: str, **values: object) -> Person:
        """A member; `values` are `role` and `mode`, and `language`, `zone`, `quiet` of the person."""
        own = {key: values.pop(key) for key in ("language", "zone", "quiet") if key in values}
        with self.store.writing() as conn:
            who = people.add_person(conn, f"{name.lower()}@acme.example", self.now, name=name, confirmed=True)
            people.change_person(conn, who.id, **own) if own else None
            who = people.by_id(conn, who.id)
            people.join(conn, who, self.id, self.now, **values)
        self.folk[name] = who
        return who

    def post(self, name: str, subject: str, text: str, thread: int | None = None) -> Posted:
        self.count += 1
        who = self.folk[name]
        message = Message(Headers(()), f"m{self.count}@acme.example", (), (), subject, (Mailbox(name, who.email),),
                          (), (), (), self.now, text, "")  # fmt: skip
        with self.store.writing() as conn:
            new = NewPost(self.id, message, Body(text, text), who.id, name, None, self.now, self.now)
            return posting.add(conn, new, thread)

    def thank(self, giver: str, receiver: str, post: Posted | None = None) -> None:
        with self.store.writing() as conn:
            who, other = self.folk[giver].id, self.folk[receiver].id
            id = post.post_id if post else None
            ledger.record(conn, "thanked", at=self.now, community_id=self.id, person_id=who, other_id=other, post_id=id)

    def desk(self, work: Callable[..., object], *args: object) -> object:
        """`work(desk, community, *args)` in one transaction now."""
        with self.store.writing() as conn:
            return work(self.house.desk(conn, self.now), people.community_by_id(conn, self.id), *args)

    def clock(self, *jobs: Job) -> Clock:
        """A clock of its own, as after a restart; with these jobs alone, where some are given."""
        return Clock(self.house, self.store, lambda: None, shelf={job.name: job for job in jobs} or None)

    async def tick(self, **later: float) -> list[str]:
        """Everything leaves, time passes, a fresh clock ticks: `job: outcome` of everything that ran."""
        with self.store.writing() as conn:
            conn.execute(
                sa.update(delivery).where(delivery.c.state == "waiting").values(state="sent", sent_at=self.now)
            )
        self.now += timedelta(**later)
        return [f"{name.split()[0]}: {outcome}" for name, outcome in await self.clock().tick(self.now)]

    def new(self) -> list[Queued]:
        """The deliveries queued since this was last asked, in order."""
        query = (
            sa.select(delivery.c.id, mailing.c.kind, delivery.c.email, variant.c.raw)
            .join_from(delivery, mailing, delivery.c.mailing_id == mailing.c.id)
            .join(variant, delivery.c.variant_id == variant.c.id)
            .where(delivery.c.id > self.seen)
            .order_by(delivery.c.id)
        )
        with self.store.reading() as conn:
            rows = conn.execute(query).all()
        self.seen = max([self.seen, *(row.id for row in rows)])
        return [Queued(row.kind, row.email, parse(row.raw), row.raw) for row in rows]
