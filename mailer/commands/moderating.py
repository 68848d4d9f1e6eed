"""A post that waits for a facilitator: the first word of any of them decides, the writer learns the outcome."""

from mailer.commands import Answer
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store import asks, people
from mailer.store.mailings import About


def hold(desk: Desk, case: Case, why: str) -> Outcome:
    """Ask the facilitators about a mail."""
    who = notices.person_facts(case.sender)
    told = case.sender.id if case.sender and not case.failed else None  # who may be somebody else hears nothing
    payload = {"person": told, "writer": who["name"] or case.verdict.address, "subject": case.message.subject}
    id = asks.open_ask(
        desk.conn,
        case.community.id,
        "hold",
        "yes-no",
        desk.now,
        audience="facilitators",
        inbox_id=case.mail,
        payload=payload,
    )
    facts = {
        "writer": payload["writer"],
        "address": case.verdict.address,
        "reason": why,
        "subject": case.message.subject,
        "text": case.body.new_text[:4000],
    }
    for one in people.members(desk.conn, case.community.id, roles=["facilitator"]):
        about = About(ask_id=id, inbox_id=case.mail)
        notices.tell(desk, "facilitator-hold", case.community, one.person, facts, offers=("ok", "no"), about=about)
    return Outcome("held", why)


def _decided(desk: Desk, case: Case, said: Said) -> Outcome:
    """`ok` lets it go, `no` keeps it back with the reason, if there is one. The other facilitators and the writer
    hear of it."""
    assert case.ask and case.sender
    if not case.facilitator or not case.ask.open:
        return Outcome("ignored", "decided before" if case.facilitator else "not a facilitator")
    asks.answer(desk.conn, case.ask.id, case.sender.id, said.command, said.comment, case.mail, desk.now)
    asks.close(desk.conn, case.ask.id)
    id, subject = case.ask.payload.get("person"), case.ask.payload["subject"]
    writer = people.by_id(desk.conn, id) if id else None
    sent = said.command in ("ok", "yes") and case.ask.inbox_id is not None
    facts = {
        "decider": notices.name_of(case.sender),
        "writer": case.ask.payload["writer"],
        "subject": subject,
        "sent": sent,
        "text": said.comment,
    }
    for one in people.members(desk.conn, case.community.id, roles=["facilitator"]):
        if one.person.id != case.sender.id:
            notices.tell(desk, "facilitator-decided", case.community, one.person, facts)
    if writer:
        outcome = {"done": "released" if sent else "refused", "subject": subject, "stopped": 0, "text": said.comment}
        notices.tell(desk, "sender-outcome", case.community, writer, outcome, offers=("help",))
    if sent and case.ask.inbox_id:
        return Outcome("released", "by a facilitator", other_id=id, release=(case.ask.inbox_id,))
    return Outcome("refused", said.comment, other_id=id)


HELD = Answer("hold", _decided)
