"""Events: called by a facilitator in plain words or by a calendar, answered by a word or by a calendar."""

from dataclasses import replace

from mailer.commands import Answer, Command, confirming, labelling, linking, relaying
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.community.moments import Moment, Unclear, read_moment
from mailer.community.replanning import moved
from mailer.community.tagging import hashtags, without_tags
from mailer.mail.message import Calendar
from mailer.mail.subjects import base_subject
from mailer.outbound import invitations, notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, events, library
from mailer.store.knowledge.events import Event, Plan
from mailer.store.society import people
from mailer.store.traffic.mailings import About

WORDS = 9  # of a line; a longer one with a date in it says more than the date


def _event(desk: Desk, case: Case, said: Said) -> Outcome:
    """A mail to `wells-event@` that says when: back comes the invitation as understood, for a `send`."""
    if case.message.calendar:
        return from_calendar(desk, case)
    text = f"{case.message.subject}\n{case.body.new_text}"
    moment = read_moment(text, desk.now, notices.zone_of(case.sender, case.community))
    if isinstance(moment, Unclear):
        return _ask_when(desk, case, "past" if moment.reason == "past" else "no-date")
    title = base_subject(case.message.subject).strip() or "Meeting"
    words = _besides(without_tags(case.body.new_text), moment, desk)
    return _draft(desk, case, Plan(title, moment.start, moment.end, moment.zone, moment.place, words), None)


def _besides(text: str, moment: Moment, desk: Desk) -> str:
    """What the mail says besides when and where: those lines stand above the words already."""

    def told(line: str) -> bool:
        place = bool(moment.place) and line.strip().endswith(moment.place)
        return len(line.split()) <= WORDS and (place or isinstance(read_moment(line, desk.now, moment.zone), Moment))

    return "\n".join(line for line in text.split("\n") if not told(line)).strip()


def from_calendar(desk: Desk, case: Case) -> Outcome:
    """An ordinary invitation, change or cancellation from a facilitator's calendar."""
    calendar = case.message.calendar
    assert calendar and case.sender
    if not case.facilitator:
        return _not_theirs(desk, case)
    if not case.proven:
        return Outcome("refused", "an invitation nobody proves")
    known = events.by_their_uid(desk.conn, case.community.id, calendar.uid)
    if known and known.state in ("draft", "open"):
        return _again(desk, case, calendar, known)
    plan = events.plan_of(calendar, notices.zone_of(case.sender, case.community))
    if calendar.method == "CANCEL":
        return Outcome("ignored", "a cancellation of nothing")
    if plan is None or plan.ends_at <= desk.now:
        return _ask_when(desk, case, "past" if plan else "no-date")
    return _draft(desk, case, plan, calendar)


def _again(desk: Desk, case: Case, calendar: Calendar, known: Event) -> Outcome:
    """A new version of an invitation we have: members hear of it only when it has gone out to them."""
    if calendar.method == "CANCEL":
        cancelled = events.move(desk.conn, known.id, "cancelled")
        if cancelled and known.state == "open":
            invitations.cancelled(desk, case.community, cancelled.id, "")
            return _tell_caller(desk, case, cancelled, "called-off", Outcome("invited", "cancelled"))
        return Outcome("invited", "cancelled")
    changed = events.change_by(desk.conn, calendar, known)
    if changed is None:
        return Outcome("ignored", "nothing new in the invitation")
    if known.state == "open":
        invitations.changed(desk, case.community, changed.id, known.plan)
        outcome = Outcome("invited", f"changed, sequence {changed.sequence}")
        return _tell_caller(desk, case, changed, "moved", outcome)
    assert case.sender
    invitations.preview(desk, case.community, case.sender, changed.id)
    return Outcome("asked", "the facilitator, to send")


def from_reply(desk: Desk, case: Case) -> Outcome:
    """Accept or Decline in a calendar counts as the word does, for whoever sent it."""
    calendar = case.message.calendar
    assert calendar
    if not case.sender or not case.member:
        return _from_elsewhere(desk, case, calendar)
    if not case.proven:
        return confirming.ask_back(desk, case, "calendar")
    applied = events.apply_reply(desk.conn, case.community.id, calendar, case.sender, case.mail, desk.now)
    return Outcome(
        "answered" if applied.verdict in ("changed", "same") else "recorded", f"{applied.verdict} {applied.value}"
    )


def _from_elsewhere(desk: Desk, case: Case, calendar: Calendar) -> Outcome:
    """A calendar of nobody we know answers for a member: that member is asked whether it is theirs as well."""
    stranger = Outcome("recorded", "a calendar's answer of a stranger")
    if case.known or not case.proven or case.automatic or not case.mail_from:
        return stranger
    if events.by_uid(desk.conn, case.community.id, calendar.uid) is None or len(calendar.attendees) != 1:
        return stranger
    named = people.by_email(desk.conn, calendar.attendees[0].address.lower())
    owner = people.member(desk.conn, named.id, case.community.id) if named else None
    return linking.keep(desk, case, owner.person) if owner and owner.membership.active else stranger


def _draft(desk: Desk, case: Case, plan: Plan, calendar: Calendar | None) -> Outcome:
    assert case.sender
    uid = f"{desk.mint()}@{desk.settings.domain}"
    made = events.create(
        desk.conn, case.community.id, case.sender.id, plan, uid, desk.now, calendar=calendar, inbox_id=case.mail
    )
    invitations.preview(desk, case.community, case.sender, made.id)
    return Outcome("asked", "the facilitator, to send")


def _sent(desk: Desk, case: Case, said: Said) -> Outcome:
    """`send` in answer to the preview; `undo` calls off what has gone out."""
    event = _of(desk, case)
    if event is None or not case.facilitator or event.state not in ("draft", "open"):
        return Outcome("ignored", "no event to send")
    assert case.ask
    if said.comment and _replanned(event, said.comment, desk):
        return again(desk, case)  # "send, but at 11:00"
    change = invitations.wanted(case.ask)
    fresh = asks.close(desk.conn, case.ask.id)
    dropped = said.command in ("no", "undo")
    if dropped and change:
        return Outcome("refused", "the change is dropped")
    if said.command == "no" and event.state == "open":
        return _tell(desk, case, event, "out-already", Outcome("refused", "members have it already"))
    if dropped:
        return _called_off(desk, case, event)
    if fresh and change and events.change(desk.conn, event.id, change):
        invitations.changed(desk, case.community, event.id, event.plan)
        return _tell_caller(desk, case, event, "moved", Outcome("invited", f"event {event.id} changed"))
    if events.move(desk.conn, event.id, "open") is None:
        return _tell(desk, case, event, "out-already", Outcome("ignored", "sent before"))
    invitations.invite(desk, case.community, event.id)
    return _tell_caller(desk, case, event, "released", Outcome("invited", f"event {event.id}"))


def _called_off(desk: Desk, case: Case, event: Event) -> Outcome:
    """It will not be: whoever has been invited hears of it."""
    events.move(desk.conn, event.id, "cancelled")
    if event.state == "draft":
        return Outcome("refused", "the event is dropped")
    invitations.cancelled(desk, case.community, event.id)
    return _tell_caller(desk, case, event, "called-off", Outcome("invited", "cancelled"))


def _tell_caller(desk: Desk, case: Case, event: Event, done: str, outcome: Outcome) -> Outcome:
    """Whoever has it in their own calendar gets no mail of the others: one line says that those have theirs."""
    own = case.sender is not None and event.their_uid and event.person_id == case.sender.id
    return _tell(desk, case, event, done, outcome) if own else outcome


def _tell(desk: Desk, case: Case, event: Event, done: str, outcome: Outcome) -> Outcome:
    facts = {"done": done, "subject": event.plan.title, "stopped": 0, "text": ""}
    notices.answer(desk, case.community, case.sender, case.message, "sender-outcome", facts, ("help",))
    return outcome


def again(desk: Desk, case: Case) -> Outcome:
    """Words in answer to a preview: another day, time or place. Back comes what it would be now, for a `send`."""
    event = _of(desk, case)
    text = "" if case.body.flagged else case.body.new_text
    plan = _replanned(event, text, desk) if event and event.state in ("draft", "open") else None
    if event is None or plan is None or not case.sender:
        return relaying.to_facilitators(desk, case)
    if not case.proven:
        return confirming.ask_back(desk, case, "event")
    if event.state == "draft":
        events.change(desk.conn, event.id, plan)
    invitations.preview(desk, case.community, case.sender, event.id, plan if event.state == "open" else None)
    return Outcome("asked", "the facilitator, to send")


def _replanned(event: Event, text: str, desk: Desk) -> Plan | None:
    """The plan with what these words change; None where they say neither when nor where."""
    plan = event.plan
    found = moved(text, desk.now, Moment(plan.starts_at, plan.ends_at, plan.zone, plan.place))
    if found is None:
        return None
    return replace(plan, starts_at=found.start, ends_at=found.end, zone=found.zone, place=found.place)


def _answered(desk: Desk, case: Case, said: Said) -> Outcome:
    """yes, no or maybe, with a comment or without."""
    assert case.ask
    event = events.by_ask(desk.conn, case.ask.id)
    return come(desk, case, event, said) if event and case.member else Outcome("ignored", "no event to answer")


def come(desk: Desk, case: Case, event: Event, said: Said, *, quiet: bool = False) -> Outcome:
    """Keep a member's answer to an event; they hear of it where it changes anything, unless `quiet`."""
    assert case.sender
    changed = asks.answer(desk.conn, event.ask_id, case.sender.id, said.command, said.comment, case.mail, desk.now)
    if changed and not quiet:
        invitations.answer_receipt(desk, case.community, case.sender, event.id)
    return Outcome("answered", said.command)


def _learnt(desk: Desk, case: Case, said: Said) -> Outcome:
    """What whoever called an event writes of it a week later: a lesson, shown as it will be found; `no` is none."""
    if not case.ask or not case.sender or not case.member or not asks.close(desk.conn, case.ask.id):
        return Outcome("ignored", "no lesson to keep")
    event = events.event(desk.conn, case.ask.payload["event"])
    if said.command == "no":
        return Outcome("refused", "nothing to keep")
    text = case.body.new_text
    item = library.keep(
        desk.conn,
        case.community.id,
        "lesson",
        [],
        event.plan.title,
        text,
        author_id=case.sender.id,
        steward_id=case.sender.id,
        tags=("lesson", *hashtags(event.plan.title, text)),
        now=desk.now,
    )
    facts = {
        "first": False,
        "subject": event.plan.title,
        "text": text,
        "members": people.count_members(desk.conn, case.community.id),
        "minutes": 0,
        "tags": list(library.tags_of_item(desk.conn, item.id)),
        "item": labelling.shown(desk, item, case.sender),
        "similar": [],
    }
    about = About(item_id=item.id)
    notices.answer(desk, case.community, case.sender, case.message, "sender-receipt", facts, ("help",), about)
    return Outcome("tagged", f"lesson of event {event.id}")


def _of(desk: Desk, case: Case) -> Event | None:
    id = case.mailing.about.event_id if case.mailing else None
    return events.event(desk.conn, id) if id else None


def _ask_when(desk: Desk, case: Case, reason: str) -> Outcome:
    facts = {"reason": reason, "subject": case.message.subject, "text": case.body.new_text[:2000]}
    notices.answer(desk, case.community, case.sender, case.message, "sender-unclear", facts, ("help",))
    return Outcome("asked", reason)


def _not_theirs(desk: Desk, case: Case) -> Outcome:
    facts = {"reason": "facilitators-only", "subject": case.message.subject, "text": case.body.new_text[:2000]}
    notices.answer(desk, case.community, case.sender, case.message, "sender-unclear", facts, ("help",))
    return Outcome("unclear", "facilitators-only")


EVENT = Command("call a meeting", _event, verbs=("event",), facilitators=True)
SEND = Answer("event-send", _sent)
RSVP = Answer("rsvp", _answered)
LEARNT = Answer(invitations.LESSON, _learnt)
