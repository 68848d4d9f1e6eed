"""The contributor of the month: found by thanks and lessons, shown to the facilitators with reasons, sent on their ok.

Nobody is named who asked to stay quiet, who was named lately, or who would decide on themselves. A month without one
is fine. Called by the clock, and by the command that takes the facilitators' answer.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mailer.community.standing import Edge, Standing, contributor
from mailer.mail.subjects import base_subject
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.outbound.fanout import Copy, broadcast
from mailer.outbound.invitations import REACHED
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.society.people import Community, Member
from mailer.store.talk import news, posts
from mailer.store.traffic.mailings import About

LATELY = timedelta(days=190)  # half a year between two notes on one person
SHOWN = 3  # reasons of a sort in a mail
OFFERS = ("ok", "another", "no", "help")


def propose(desk: Desk, community: Community, month: date, passed: Collection[int] = ()) -> str:
    """Draft the note for a month, given by its first day, to every facilitator. `passed` were shown before."""
    since, until = _bounds(month, ZoneInfo(community.zone))
    members = {one.person.id: one for one in people.members(desk.conn, community.id)}
    thanks = ledger.thanks_between(desk.conn, community.id, since, until)
    lessons = news.lessons_kept(desk.conn, community.id, since, until)
    edges = [Edge(e.person_id, e.other_id, "thanks") for e in thanks if e.person_id and e.other_id]
    edges += [Edge(author, author, "lesson") for author, _ in lessons]
    barred = {edge.receiver for edge in edges if not _may_be_named(members.get(edge.receiver))}
    found = contributor(edges, barred | _lately(desk, community) | set(passed))
    if found is None:
        return "nobody this month"
    posts_thanked = [e.post_id for e in thanks if e.other_id == found.person and e.post_id]
    titles = [title for author, title in lessons if author == found.person]
    payload = _payload(found, month, titles, _subjects(desk, posts_thanked), passed)
    return f"drafted to {_draft(desk, community, members, payload)}"


def answered(desk: Desk, community: Community, ask: Ask, word: str) -> bool:
    """What a facilitator said of a draft: ok, another or no. False when another facilitator was first."""
    if not asks.close(desk.conn, ask.id):
        return False
    if word == "ok":
        return _publish(desk, community, ask)
    if word == "another":
        passed = [*ask.payload["passed"], ask.payload["person"]]
        propose(desk, community, date.fromisoformat(ask.payload["month"]), passed)
    return True


def _may_be_named(member: Member | None) -> bool:
    return member is not None and not member.person.quiet and member.membership.role == "member"


def _lately(desk: Desk, community: Community) -> set[int]:
    """Who was named in the last half year."""
    drafts = asks.asks_since(desk.conn, community.id, "contributor", desk.now - LATELY)
    return {ask.payload["person"] for ask in drafts if ask.payload.get("sent")}


def _draft(desk: Desk, community: Community, members: dict[int, Member], payload: Mapping[str, Any]) -> int:
    """Ask the facilitators; how many were asked."""
    deciding = [one.person for one in members.values() if one.membership.role == "facilitator"]
    ask_id = asks.open_ask(
        desk.conn,
        community.id,
        "contributor",
        "choice",
        desk.now,
        audience="facilitators",
        options=("ok", "another", "no"),
        payload=payload,
    )
    facts, about = _facts(desk, payload), About(ask_id=ask_id)
    for person in deciding:
        notices.tell(desk, "contributor-draft", community, person, facts, offers=OFFERS, about=about, priority=1)
    return len(deciding)


def _publish(desk: Desk, community: Community, ask: Ask) -> bool:
    """Send the note to everyone, once a month; not where the one named has left or gone quiet meanwhile."""
    nominee = people.member(desk.conn, ask.payload["person"], community.id)
    if nominee is None or not nominee.membership.active or not _may_be_named(nominee):
        return False
    facts = _facts(desk, ask.payload)
    by_language: dict[str, list[Member]] = {}
    for member in people.members(desk.conn, community.id, modes=[mode for mode in REACHED if mode != "events"]):
        by_language.setdefault(notices.spoken(member.person, community), []).append(member)
    copies = [Copy(language, members, language, facts) for language, members in by_language.items()]
    key = f"contributor/{community.id}/{ask.payload['month']}"
    id = broadcast(desk, "contributor-note", community, copies, offers=("help",), period_key=key)
    asks.change_payload(desk.conn, ask.id, {**ask.payload, "sent": True})
    return id is not None


def _payload(
    found: Standing, month: date, lessons: list[str], helped: list[str], passed: Collection[int]
) -> dict[str, Any]:
    """What the ask keeps: the reasons as they were shown."""
    reasons = {"thanks": found.thanks, "people": found.givers, "lessons": lessons[:SHOWN], "helped": helped[:SHOWN]}
    return {"person": found.person, "month": month.isoformat(), "passed": list(passed), **reasons}


def _facts(desk: Desk, payload: Mapping[str, Any]) -> dict[str, object]:
    facts = {name: payload[name] for name in ("thanks", "people", "lessons", "helped")}
    nominee = notices.person_facts(people.by_id(desk.conn, payload["person"]))
    return {**facts, "month": date.fromisoformat(payload["month"]), "nominee": nominee}


def _subjects(desk: Desk, post_ids: list[int]) -> list[str]:
    """What the thanked posts were about, each subject once."""
    found = (posts.post(desk.conn, id) for id in dict.fromkeys(post_ids))
    return list(dict.fromkeys(base_subject(post.subject) for post in found if post and post.subject))


def _bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moments of a local month and of the next."""
    following = (month + timedelta(days=32)).replace(day=1)
    first, last = (datetime.combine(day, time(), zone) for day in (month, following))
    return first.astimezone(UTC), last.astimezone(UTC)
