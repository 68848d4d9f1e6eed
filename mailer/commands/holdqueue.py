"""What waits for a facilitator, put to each in at most one mail an hour, numbered where there are several.

The first goes out at once. Which hold was put to whom, and in which round, is kept with its ask in the transaction that
queues the mail: a restart repeats nothing. Called by moderating when a mail is held, and by the clock.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from mailer.commands import duty
from mailer.community.groundrules import rules_of
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, charters, decided
from mailer.store.knowledge.asks import Ask
from mailer.store.society import people
from mailer.store.society.people import Community, Member
from mailer.store.talk import turn
from mailer.store.traffic.mailings import About

KIND = "hold"
MAILS = (decided.MAIL, "facilitator-receipt")  # what may be answered with a word for each post
PACE = timedelta(hours=1)  # between two of these mails to one person
MOST = 20  # posts in one mail
WHOLE, EXCERPT = 4000, 500  # characters of a post shown alone, and among others
WORDS = ("ok", "always", "no", "edit", "rule")
WRITER = ("hold", "unhold")  # about whoever wrote the only one


def put(desk: Desk, community: Community) -> int:
    """Everyone whose turn it is gets what they have not been asked yet; how many mails."""
    turn.take(desk.conn, community.id)
    waiting = asks.open_asks(desk.conn, community.id, KIND)
    mine: dict[int, tuple[Member, list[tuple[Ask, int]]]] = {}
    for ask in waiting:
        for member, round_ in duty.deciders(desk, community, ask.opens_at):
            if round_ > _told(ask).get(str(member.person.id), -1):
                mine.setdefault(member.person.id, (member, []))[1].append((ask, round_))
    told: dict[int, dict[str, int]] = {}
    mails = 0
    for member, asked in mine.values():
        if not _lately(desk, community, member):
            _mail(desk, community, member, asked[:MOST])
            mails += 1
            for ask, round_ in asked[:MOST]:
                told.setdefault(ask.id, dict(_told(ask)))[str(member.person.id)] = round_
    for ask in waiting:
        if ask.id in told:
            asks.change_payload(desk.conn, ask.id, {**ask.payload, "told": told[ask.id]})
    return mails


def rules(desk: Desk, community: Community) -> list[str]:
    """The ground rules of the community; rule 1 comes first."""
    return rules_of([(rule.title, rule.text) for rule in charters.rules(desk.conn, community.id)])


def was_asked(ask: Ask, person_id: int) -> int | None:
    """The round in which this was put to them, if it was."""
    return _told(ask).get(str(person_id))


def told_of(ask: Ask) -> list[int]:
    """The persons this was put to."""
    return [int(id) for id in _told(ask)]


def shown(ask: Ask, number: str, most: int) -> dict[str, object]:
    """A post that waits, as mails show it."""
    names = ("writer", "address", "reason", "subject")
    facts: dict[str, object] = {name: ask.payload.get(name, "") for name in names}
    text = str(ask.payload.get("text", ""))
    return {**facts, "number": number, "text": text[:most], "cut": len(text) > most, "since": ask.opens_at}


def offered(several: bool) -> tuple[str, ...]:
    """The words for what waits that say all by themselves; the others want a number or a text."""
    return ("everything", "help") if several else ("ok", "always", "no", "help")


def sayable(several: bool) -> tuple[str, ...]:
    """The other words that such a mail may be answered with."""
    return WORDS if several else (*WORDS, *WRITER)


def _mail(desk: Desk, community: Community, member: Member, asked: Sequence[tuple[Ask, int]]) -> None:
    several = len(asked) > 1
    most = EXCERPT if several else WHOLE
    numbered = {str(number): ask for number, (ask, _) in enumerate(asked, 1)}
    facts = {
        "items": [shown(ask, number, most) for number, ask in numbered.items()],
        "old": any(desk.now - ask.opens_at >= duty.PATIENCE for ask, _ in asked),
        "beyond": any(round_ == duty.BEYOND for _, round_ in asked),
        "rules": len(rules(desk, community)),
    }
    about = About(
        ask_id=asked[0][0].id,
        inbox_id=asked[0][0].inbox_id,
        numbers={number: (KIND, ask.id) for number, ask in numbered.items()},
    )
    offers, also = offered(several), sayable(several)
    notices.tell(desk, decided.MAIL, community, member.person, facts, offers=offers, about=about, also=also)


def _lately(desk: Desk, community: Community, member: Member) -> bool:
    last = decided.last_told(desk.conn, community.id, member.person.id)
    return last is not None and desk.now - last < PACE


def _told(ask: Ask) -> dict[str, Any]:
    return dict(ask.payload.get("told", {}))


def reach(desk: Desk, community: Community, person_id: int) -> people.Person:
    """A person at the address they chose for this community, or at their first."""
    member = people.member(desk.conn, person_id, community.id)
    return member.person if member else people.by_id(desk.conn, person_id)
