"""Coming in: by a mail to `-join@`, or by writing to the list. Nobody is in before they have said yes."""

from datetime import timedelta

from mailer.commands import Answer, Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store import asks, mailings, people
from mailer.store.mailings import About
from mailer.store.people import Person

UNSOLICITED = ("join-confirm", "stranger-held")
UNSOLICITED_AN_HOUR = 100  # SECURITY F17: in all, whoever asks for them


def _join(desk: Desk, case: Case, said: Said) -> Outcome:
    """A mail to `-join@`, whatever is in it."""
    if case.member and case.sender:
        key = f"already:{case.community.id}:{case.sender.id}:{desk.now:%Y-%m-%d}"
        notices.tell(desk, "member-already", case.community, case.sender, {}, offers=("help",), period_key=key)
        return Outcome("ignored", "a member already")
    return _ask(desk, case, "join-confirm", None)


def hold_stranger(desk: Desk, case: Case) -> Outcome:
    """Someone who is not a member wrote to the list: the mail is safe, one yes joins them and sends it on its way."""
    return _ask(desk, case, "stranger-held", case.mail)


def _ask(desk: Desk, case: Case, notice: str, held: int | None) -> Outcome:
    # Whoever wrote may not be who the address belongs to: their words, a name among them, are not carried there.
    name = _name(case) if case.proven else ""
    who = case.sender or people.add_person(desk.conn, case.verdict.address, desk.now, name=name)
    id = asks.open_ask(desk.conn, case.community.id, "join", "yes-no", desk.now, person_id=who.id, inbox_id=held)
    since = desk.now - timedelta(hours=1)
    if not case.proven and mailings.recent(desk.conn, UNSOLICITED, since) >= UNSOLICITED_AN_HOUR:
        return Outcome("limited", "too many questions to strangers this hour")
    # One question an address and day over all communities, so that nobody can have another person's mailbox flooded.
    sent = notices.tell(
        desk,
        notice,
        case.community,
        who,
        {},
        offers=("yes", "no"),
        about=About(ask_id=id, inbox_id=held),
        period_key=None if case.proven else f"join:{who.email}:{desk.now:%Y-%m-%d}",
        in_reply_to=case.message.message_id,
    )
    return Outcome("held" if held else "asked", notice if sent else f"{notice}, asked before today")


def _answered(desk: Desk, case: Case, said: Said) -> Outcome:
    """Their yes or no to all they were asked about joining."""
    assert case.sender and case.ask
    waiting = asks.open_asks(desk.conn, case.community.id, "join", case.sender.id)
    for ask in waiting:
        asks.answer(desk.conn, ask.id, case.sender.id, said.command, said.comment, case.mail, desk.now)
        asks.close(desk.conn, ask.id)
    mails = tuple(ask.inbox_id for ask in waiting if ask.inbox_id)
    if said.command != "yes":
        return Outcome("answered", "stays outside")
    if case.member:
        return Outcome("released", "a member already", release=mails)
    if case.community.policy.joining == "asked":
        return _ask_facilitators(desk, case, case.sender, mails)
    return admit(desk, case, case.sender, mails)


def admit(desk: Desk, case: Case, who: Person, mails: tuple[int, ...]) -> Outcome:
    """They are in: welcome them, and let their mails go."""
    people.confirm(desk.conn, who.address_id, desk.now)
    people.join(desk.conn, who, case.community.id, desk.now)
    if not who.name and (name := _name(case)):
        people.change_person(desk.conn, who.id, name=name)
    welcome(desk, case, who, bool(mails))
    return Outcome("joined", f"{len(mails)} mails let go" if mails else "", other_id=who.id, release=mails)


def welcome(desk: Desk, case: Case, who: Person, released: bool) -> None:
    """What this is, and that Reply is all it takes."""
    offers = ("daily", "weekly", "stop", "help")
    notices.tell(desk, "member-welcome", case.community, who, {"released": released}, offers=offers)


def _ask_facilitators(desk: Desk, case: Case, who: Person, mails: tuple[int, ...]) -> Outcome:
    people.confirm(desk.conn, who.address_id, desk.now)
    payload = {"person": who.id, "mails": list(mails)}
    id = asks.open_ask(
        desk.conn, case.community.id, "admit", "yes-no", desk.now, audience="facilitators", payload=payload
    )
    facts = {"member": notices.person_facts(who), "text": case.body.new_text[:500]}
    for one in people.members(desk.conn, case.community.id, roles=["facilitator"]):
        about = About(ask_id=id)
        notices.tell(desk, "facilitator-newcomer", case.community, one.person, facts, offers=("ok", "no"), about=about)
    return Outcome("asked", "the facilitators, about a newcomer")


def _admitted(desk: Desk, case: Case, said: Said) -> Outcome:
    """A facilitator's word on a newcomer; the first one counts."""
    assert case.sender and case.ask
    if not case.facilitator or case.ask.state != "open":
        return Outcome("ignored", "decided before" if case.facilitator else "not a facilitator")
    asks.answer(desk.conn, case.ask.id, case.sender.id, said.command, said.comment, case.mail, desk.now)
    asks.close(desk.conn, case.ask.id)
    if said.command not in ("ok", "yes"):
        return Outcome("refused", "a newcomer")
    who = people.by_id(desk.conn, case.ask.payload["person"])
    return admit(desk, case, who, tuple(case.ask.payload["mails"]))


def _name(case: Case) -> str:
    return case.message.sender.name if case.message.sender else ""


JOIN = Command("join the community, after one question", _join, verbs=("join",), changes=False)
JOINED = Answer("join", _answered)
ADMITTED = Answer("admit", _admitted)
