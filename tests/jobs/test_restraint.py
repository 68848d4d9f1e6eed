"""Law 15: two mails of our own a week to one person, and nothing of what waits is lost."""

import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from village import Village

from mailer.outbound import notices, restraint
from mailer.outbound.desk import Desk
from mailer.store.society.people import Community, Person
from mailer.store.tables import ask, mailing

DAYS = 20


async def test_thanks_of_every_day_come_in_two_mails_a_week_and_none_is_lost(village: Village) -> None:
    for name in ("Ana", "Bob", "Cleo"):
        village.join(name)
    await village.tick()
    told: list[datetime] = []
    subjects = 0
    for day in range(DAYS):
        village.thank("Bob" if day % 2 else "Cleo", "Ana", village.post("Ana", f"Beads {day:02}", "Ceramic ones."))
        await village.tick(days=1)
        mails = [mail for mail in village.new() if mail.what == ("thanks-received", "ana")]
        told += [village.now] * len(mails)
        subjects += sum(len(re.findall(r"Beads \d\d", mail.message.text)) for mail in mails)
    assert all(later - first >= restraint.WEEK for first, later in zip(told, told[2:], strict=False))
    assert len(told) == 6 and subjects == DAYS - (village.now - told[-1]).days


async def test_a_welcome_waits_for_room_and_asks_once(village: Village) -> None:
    nia = village.join("Nia")
    village.desk(welcome, nia)
    village.desk(thanked, nia, 2)
    came = []
    for day in range(1, 18):
        await village.tick(days=1)
        came += [(mail.kind, day) for mail in village.new() if mail.kind in restraint.UNASKED and day > 1]
    assert came == [("welcome-line", 7), ("welcome-fortnight", 14)]
    with village.store.reading() as conn:
        assert conn.scalar(sa.select(sa.func.count()).where(ask.c.kind == "intro")) == 1


async def test_what_was_written_elsewhere_or_long_ago_counts_as_it_should(village: Village) -> None:
    nia = village.join("Nia")
    village.desk(thanked, nia, 1)
    assert village.desk(full) == frozenset()
    village.desk(thanked, nia, 1)
    with village.store.writing() as conn:
        conn.execute(sa.update(mailing).values(community_id=None))
    assert village.desk(full) == {nia.id}
    village.now += timedelta(days=7)
    assert village.desk(full) == frozenset()


def full(desk: Desk, community: Community) -> frozenset[int]:
    return restraint.full(desk)


def welcome(desk: Desk, community: Community, who: Person) -> None:
    notices.tell(desk, "member-welcome", community, who, {"released": False, "charter": None, "rules": []})


def thanked(desk: Desk, community: Community, who: Person, times: int) -> None:
    for _ in range(times):
        facts = {"total": 1, "posts": [{"subject": "Beads", "people": ["Bob"]}]}
        notices.tell(desk, "thanks-received", community, who, facts, offers=("help",))
