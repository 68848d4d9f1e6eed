"""Who decides what waits: every facilitator, or the one of this week; after a day all of them, after two a sponsor.

The week's turn is an open Ask of one person, kind "duty". Whoever is away is passed over while there is anybody else.
Called by the hold queue, by volunteering and by the rota.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.society import people
from mailer.store.society.people import Community, Member
from mailer.store.traffic.mailings import About

PATIENCE = timedelta(hours=24)  # before others are asked as well
FIRST, EVERYONE, BEYOND = 0, 1, 2  # rounds of asking


def deciders(desk: Desk, community: Community, since: datetime) -> list[tuple[Member, int]]:
    """Whom a post that waits since then has to be put to by now, each with the last round they are part of."""
    age = desk.now - since
    rounds = {one.person.id: (one, FIRST) for one in on_duty(desk, community)}
    if age >= PATIENCE:
        rounds |= {one.person.id: (one, EVERYONE) for one in _here(desk, facilitators(desk, community))}
    if age >= 2 * PATIENCE or not rounds:
        for one in beyond(desk, community):
            rounds.setdefault(one.person.id, (one, BEYOND))
    return list(rounds.values())


def facilitators(desk: Desk, community: Community) -> list[Member]:
    return people.members(desk.conn, community.id, roles=["facilitator"])


def beyond(desk: Desk, community: Community) -> list[Member]:
    """Who is asked when no facilitator answers: the sponsors, else whoever reads postmaster's mail."""
    sponsors = people.members(desk.conn, community.id, roles=["sponsor"])
    return sponsors or facilitators(desk, people.communities(desk.conn)[0])


def on_duty(desk: Desk, community: Community) -> list[Member]:
    """The facilitators whose turn it is; all of them where there is no rota."""
    team = facilitators(desk, community)
    week = current(desk, community)
    if community.policy.rota != "weekly" or week is None:
        return _here(desk, team)
    return _here(desk, _from(team, week.person_id))[:1]


def current(desk: Desk, community: Community) -> Ask | None:
    """The turn that runs now."""
    return next(reversed(asks.open_asks(desk.conn, community.id, "duty")), None)


def begin(desk: Desk, community: Community, week: str) -> Member | None:
    """The next in turn takes the week, and is told."""
    last = current(desk, community)
    for ask in asks.open_asks(desk.conn, community.id, "duty"):
        asks.close(desk.conn, ask.id)
    team = facilitators(desk, community)
    line = _from(team, last.person_id)[1:] + _from(team, last.person_id)[:1] if last else team
    chosen = next(iter(_here(desk, line)), None)
    if chosen:
        give(desk, community, chosen, week, "monday")
    return chosen


def give(
    desk: Desk, community: Community, chosen: Member, week: str, why: str, passed: Collection[int] = (), by: str = ""
) -> None:
    """The week is theirs: asked as an Ask of one, whose answer would be `swap`."""
    for ask in asks.open_asks(desk.conn, community.id, "duty"):
        asks.close(desk.conn, ask.id)
    payload = {"week": week, "passed": list(passed)}
    id = asks.open_ask(
        desk.conn, community.id, "duty", "line", desk.now, person_id=chosen.person.id, payload=payload,
        closes_at=desk.now + timedelta(days=35),
    )  # fmt: skip
    others = len(facilitators(desk, community)) - 1
    offers = ("swap", "help") if others else ("help",)
    facts = {"why": why, "by": by, "others": others}
    notices.tell(desk, "facilitator-duty", community, chosen.person, facts, offers=offers, about=About(ask_id=id))


def next_in_turn(desk: Desk, community: Community, week: Ask) -> Member | None:
    """Who could take over from the one on duty: not away, and has not passed this week on."""
    passed = {*week.payload["passed"], week.person_id}
    line = _from(facilitators(desk, community), week.person_id)
    return next((one for one in line if one.person.id not in passed and not _away(desk, one)), None)


def _from(team: Sequence[Member], person_id: int | None) -> list[Member]:
    """The team in its order, beginning with this person; where they have left, from the start."""
    at = next((at for at, one in enumerate(team) if one.person.id == person_id), 0)
    return [*team[at:], *team[:at]]


def _here(desk: Desk, team: Sequence[Member]) -> list[Member]:
    """Those who are not away; all where everyone is."""
    return [one for one in team if not _away(desk, one)] or list(team)


def _away(desk: Desk, one: Member) -> bool:
    return one.membership.away_until is not None and one.membership.away_until > desk.now
