"""The mails of an event: the preview to its facilitator, the invitation to each member, changes, reminders, the count.

Each member's mail is their own: a calendar names one attendee, and the answer comes back to an address of theirs.
Reads what to say from the store and queues it; what an answer changes is the business of commands and of
`store/events`. Called by those commands and by the clock.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from mailer.community import tally
from mailer.mail import invite as calendar
from mailer.mail.invite import Invitation
from mailer.mail.message import Mailbox
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.outbound.fanout import Copy, broadcast
from mailer.store.knowledge import asks, events
from mailer.store.knowledge.asks import Ask
from mailer.store.knowledge.events import Event, Plan
from mailer.store.society import people
from mailer.store.society.people import Community, Member, Person
from mailer.store.traffic.mailings import About

REACHED = ("each", "daily", "weekly", "events", "tags")  # every mode but none
ANSWERS = ("yes", "no", "maybe", "help")
PREVIEW = "event-preview"
LESSON = "event-lesson"  # the ask of a lesson after an event


def preview(
    desk: Desk, community: Community, facilitator: Person, event_id: int, wanted: Plan | None = None
) -> int | None:
    """Show the facilitator what was understood and ask for `send`; an earlier preview counts no more. `wanted` is what
    they would make of an event that members have already."""
    event = events.event(desk.conn, event_id)
    plan = wanted or event.plan
    for old in asks.open_asks(desk.conn, community.id, "event-send", facilitator.id):
        if old.payload.get("event") == event_id:
            asks.close(desk.conn, old.id, "withdrawn")
    ask_id = asks.open_ask(
        desk.conn,
        community.id,
        "event-send",
        "choice",
        desk.now,
        person_id=facilitator.id,
        options=("send", "no", "undo"),
        question=plan.title,
        payload={"event": event_id, "plan": msgspec.to_builtins(wanted)},
        closes_at=plan.starts_at,
    )
    about, offers = About(ask_id=ask_id, event_id=event_id), ("send", "no", "help")
    facts = {"event": facts_of(plan), "before": facts_of(event.plan) if wanted else None}
    return notices.tell(desk, PREVIEW, community, facilitator, facts, offers=offers, about=about, also=("undo",))


def wanted(ask: Ask) -> Plan | None:
    """What a preview would make of an event that members have already."""
    kept = ask.payload.get("plan")
    return msgspec.convert(kept, Plan) if kept else None


def invite(desk: Desk, community: Community, event_id: int) -> int | None:
    """Invite everyone: words to answer with, and a calendar REQUEST each. Once an event."""
    event = events.event(desk.conn, event_id)
    copies = _copies(desk, community, event, audience(desk, community, event), calendar.request)
    return _send(desk, "event-invite", community, event, copies, f"event-invite/{event.id}")


def changed(desk: Desk, community: Community, event_id: int, before: Plan) -> int | None:
    """Tell everyone what an event is now and what it was `before`, with a newer REQUEST each."""
    event = events.event(desk.conn, event_id)
    said, before_facts = _said(desk, event), facts_of(before)
    members = audience(desk, community, event)
    more = {member.person.id: {"answer": said.get(member.person.id, ""), "before": before_facts} for member in members}
    copies = _copies(desk, community, event, members, calendar.request, more)
    return _send(desk, "event-changed", community, event, copies, f"event-changed/{event.id}/{event.sequence}")


def cancelled(desk: Desk, community: Community, event_id: int, reason: str = "") -> int | None:
    """Tell everyone that it will not be, with a CANCEL each. The event is cancelled already: its sequence has risen."""
    event = events.event(desk.conn, event_id)
    members = audience(desk, community, event)
    more = {member.person.id: {"reason": reason} for member in members}
    copies = _copies(desk, community, event, members, calendar.cancel, more)
    return _send(desk, "event-cancelled", community, event, copies, f"event-cancelled/{event.id}", ("help",))


def remind(desk: Desk, community: Community, event: Event, period_key: str) -> int | None:
    """Remind those who come, may come or have not answered; not whoever called it, who gets the count."""
    said = {event.person_id: "no"} | _said(desk, event)
    members = [one for one in audience(desk, community, event) if said.get(one.person.id) != "no"]
    more = {member.person.id: {"answer": said.get(member.person.id, "")} for member in members}
    copies = _copies(desk, community, event, members, None, more)
    return _send(desk, "event-reminder", community, event, copies, period_key)


def answer_receipt(desk: Desk, community: Community, person: Person, event_id: int) -> int | None:
    """Tell someone how their answer was understood."""
    event = events.event(desk.conn, event_id)
    given = asks.answers(desk.conn, event.ask_id)
    mine = next((answer for answer in given if answer.person_id == person.id), None)
    if mine is None:
        return None
    coming = tally.count(given, "yes-no-maybe").counts["yes"]
    facts = {"event": facts_of(event.plan), "answer": mine.value, "comment": mine.comment, "coming": coming}
    about = _about(event)
    return notices.tell(desk, "event-answer", community, person, facts, offers=ANSWERS, about=about)


def count_to_facilitator(desk: Desk, community: Community, event_id: int, period_key: str) -> int:
    """Tell whoever called the event who comes; all facilitators where that one has left. How many were told."""
    event = events.event(desk.conn, event_id)
    given = asks.answers(desk.conn, event.ask_id)
    names = _names(desk, [answer.person_id for answer in given])
    facts: dict[str, object] = {"event": facts_of(event.plan)}
    for value in ("yes", "maybe", "no"):
        chosen = [answer for answer in given if answer.value == value]
        facts[value] = [{"name": names[one.person_id], "comment": one.comment} for one in chosen]
    answered = {event.person_id, *(answer.person_id for answer in given)}
    facts["silent"] = sum(one.person.id not in answered for one in audience(desk, community, event))
    told = [
        notices.tell(
            desk, "event-count", community, person, facts, about=_about(event), period_key=f"{period_key}/{person.id}"
        )
        for person in _callers(desk, community, event)
    ]
    return sum(id is not None for id in told)


def ask_what_was_learnt(desk: Desk, community: Community, event_id: int, period_key: str) -> int:
    """Ask whoever called an event for its lesson, with a draft to fill in; how many were asked."""
    event = events.event(desk.conn, event_id)
    coming = tally.count(asks.answers(desk.conn, event.ask_id), "yes-no-maybe").counts["yes"]
    facts = {"event": facts_of(event.plan), "coming": coming}
    told = 0
    for person in _callers(desk, community, event):
        ask_id = asks.open_ask(
            desk.conn,
            community.id,
            LESSON,
            "line",
            desk.now,
            person_id=person.id,
            question=event.plan.title,
            options=("no",),
            payload={"event": event.id},
        )
        about = About(ask_id=ask_id)
        key = f"{period_key}/{person.id}"
        id = notices.tell(desk, "event-lesson", community, person, facts, offers=("no",), about=about, period_key=key)
        told += id is not None
    return told


def audience(desk: Desk, community: Community, event: Event) -> list[Member]:
    """Whom an event is for: members who want mail, but not whoever has it in their own calendar already."""
    members = people.members(desk.conn, community.id, modes=REACHED)
    return [one for one in members if not (event.their_uid and one.person.id == event.person_id)]


def facts_of(plan: Plan) -> dict[str, object]:
    """An event as templates know it."""
    when = {"starts": plan.starts_at, "ends": plan.ends_at, "zone": plan.zone}
    return {"title": plan.title, **when, "place": plan.place, "text": plan.text}


def _send(
    desk: Desk,
    name: str,
    community: Community,
    event: Event,
    copies: Sequence[Copy],
    period_key: str,
    offers: Sequence[str] = ANSWERS,
) -> int | None:
    return broadcast(desk, name, community, copies, offers=offers, about=_about(event), period_key=period_key)


def _copies(
    desk: Desk,
    community: Community,
    event: Event,
    members: Sequence[Member],
    method: Callable[[Invitation, datetime], bytes] | None,
    more: Mapping[int, Mapping[str, object]] | None = None,
) -> list[Copy]:
    """One copy a member: their facts, and their calendar where there is a `method`. `more` is by person."""
    shared = {"event": facts_of(event.plan)}
    word = "" if method is None else "CANCEL" if method is calendar.cancel else "REQUEST"
    return [
        Copy(
            key=str(member.membership.id),
            members=[member],
            language=notices.spoken(member.person, community),
            facts={**shared, **(more or {}).get(member.person.id, {})},
            calendar=method(_invitation(desk, community, event, member.person), desk.now) if method else b"",
            method=word,
        )
        for member in members
    ]


def _invitation(desk: Desk, community: Community, event: Event, person: Person) -> Invitation:
    plan = event.plan
    return Invitation(
        uid=event.uid,
        sequence=event.sequence,
        start=plan.starts_at,
        end=plan.ends_at,
        summary=plan.title,
        organizer=Mailbox(community.title, desk.address(community, "event")),
        attendee=Mailbox(person.name or person.email, person.email),
        location=plan.place,
        description=plan.text,
    )


def _about(event: Event) -> About:
    return About(ask_id=event.ask_id, event_id=event.id, thread_id=event.thread_id)


def _said(desk: Desk, event: Event) -> dict[int, str]:
    """What each person has answered so far."""
    return {answer.person_id: answer.value for answer in asks.answers(desk.conn, event.ask_id)}


def _names(desk: Desk, ids: Sequence[int]) -> dict[int, str]:
    found = (people.by_id(desk.conn, id) for id in ids)
    return {person.id: notices.name_of(person) for person in found}


def _callers(desk: Desk, community: Community, event: Event) -> list[Person]:
    """The facilitator who called an event, if still one; else every facilitator."""
    facilitators = [one.person for one in people.members(desk.conn, community.id, roles=["facilitator"])]
    return [one for one in facilitators if one.id == event.person_id] or facilitators
