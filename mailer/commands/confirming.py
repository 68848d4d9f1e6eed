"""A mail in somebody's name that we could not verify: one question to that person, and their word lets it through."""

from mailer.commands import Answer
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.traffic.mailings import About

DAYS = 14  # how long the question stands


def ask_back(desk: Desk, case: Case, what: str) -> Outcome:
    """Hold the mail and ask the person it claims to be from. At most one such question a person and day; whoever is no
    member has one of any sort, which carries no word of whoever wrote (SECURITY 17)."""
    assert case.sender
    id = asks.open_ask(
        desk.conn,
        case.community.id,
        "confirm",
        "yes-no",
        desk.now,
        person_id=case.sender.id,
        inbox_id=case.mail,
        payload={"what": what},
    )
    facts = {"what": what, "subject": "", "text": ""}
    key = f"join:{case.sender.email}:{desk.now:%Y-%m-%d}"
    if case.member:
        facts |= {"subject": case.message.subject, "text": case.body.new_text[:2000]}
        key = f"confirm:{case.community.id}:{case.sender.id}:{desk.now:%Y-%m-%d}"
    notices.tell(
        desk,
        "sender-confirm",
        case.community,
        case.sender,
        facts,
        offers=("yes", "no"),
        about=About(ask_id=id, inbox_id=case.mail),
        period_key=key,
    )
    return Outcome("held", f"not proven: {what}")


def _confirmed(desk: Desk, case: Case, said: Said) -> Outcome:
    """Yes lets through whatever waits for this person's word; no drops it for good."""
    assert case.sender
    waiting = asks.open_asks(desk.conn, case.community.id, "confirm", case.sender.id)
    for ask in waiting:
        asks.answer(desk.conn, ask.id, case.sender.id, said.command, said.comment, case.mail, desk.now)
        asks.close(desk.conn, ask.id)
    mails = tuple(ask.inbox_id for ask in waiting if ask.inbox_id)
    if said.command != "yes":
        return Outcome("refused", f"{len(mails)} not theirs")
    return Outcome("released", f"{len(mails)} confirmed", release=mails)


CONFIRMED = Answer("confirm", _confirmed)
