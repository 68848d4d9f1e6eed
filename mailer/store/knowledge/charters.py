"""What a community is for and what holds in it: its newest charter, its rules in their order. Read by every mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer.store.tables import item, item_post, ledger

LINE = 100  # characters of the one line under each mail
SKIPPED = ("charter", "rule", "win", "offer", "request", "gap")  # kinds that are no help to look things up


@dataclass(frozen=True, slots=True)
class Charter:
    """The charter as an item, and the one line of it that stands under each mail."""

    id: int
    title: str
    text: str
    review_on: date | None

    @property
    def line(self) -> str:
        first = next((" ".join(line.split()) for line in self.text.splitlines() if line.strip()), "") or self.title
        return first if len(first) <= LINE else first[: LINE - 1].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class Rule:
    """A ground rule; `number` is its place among them, from 1."""

    number: int
    title: str
    text: str


def charter(conn: Connection, community_id: int) -> Charter | None:
    """The newest that stands."""
    row = conn.execute(_standing(community_id, "charter").order_by(item.c.id.desc()).limit(1)).first()
    return Charter(row.id, row.title, row.text, row.review_on) if row else None


def rules(conn: Connection, community_id: int) -> list[Rule]:
    """All that stand, in the order in which they were made."""
    rows = conn.execute(_standing(community_id, "rule").order_by(item.c.id))
    return [Rule(number, row.title, row.text) for number, row in enumerate(rows, 1)]


def _standing(community_id: int, kind: str) -> sa.Select[tuple[int, str, str, date]]:
    query = sa.select(item.c.id, item.c.title, item.c.text, item.c.review_on)
    return query.where(item.c.community_id == community_id, item.c.kind == kind, item.c.status == "current")


def review(conn: Connection, item_id: int, on: date | None) -> None:
    """It stands until it is looked at again on this day; without a day it is retired."""
    values = {"review_on": on} if on else {"status": "retired"}
    conn.execute(sa.update(item).where(item.c.id == item_id).values(**values))


def most_useful(conn: Connection, community_id: int, limit: int) -> Sequence[tuple[str, str]]:
    """Name ("T-12") and title of what helped most people: by thanks for what it was made from, then the newest."""
    thanked = sa.func.count(ledger.c.person_id.distinct())
    words = sa.and_(ledger.c.post_id == item_post.c.post_id, ledger.c.what.in_(("thanked", "useful")))
    query = (
        sa.select(item.c.number, item.c.title)
        .outerjoin(item_post, item_post.c.item_id == item.c.id)
        .outerjoin(ledger, words)
        .where(item.c.community_id == community_id, item.c.status == "current", item.c.kind.not_in(SKIPPED))
        .group_by(item.c.id, item.c.number, item.c.title)
        .order_by(thanked.desc(), item.c.id.desc())
        .limit(limit)
    )
    return [(f"T-{number}", title) for number, title in conn.execute(query)]
