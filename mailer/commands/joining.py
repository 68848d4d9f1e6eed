"""Coming in: by a mail to `-join@`, or by writing to the list. Nobody is in before they have said yes."""

from datetime import timedelta

from mailer.commands import Answer, Command, hearing, inviting, starting
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, charters
from mailer.store.knowledge.asks import Ask
from mailer.store.society import people
from mailer.store.society.people import Person
from mailer.store.traffic import mailings
from mailer.store.traffic.mailings import About

UNSOLICITED = ("join-confirm", "stranger-held")
UNSOLICITED_AN_HOUR = 100  # SECURITY F17: in all, whoever asks for them


def _join(desk: Desk, case: Case, said: Said) -> Outcome:
    """A mail to `-join@`, whatever is in it; a member's that holds addresses asks those."""
    if case.member and case.sender:
        others = inviting.named_in(case)
        if any(guest.email != case.sender.email for guest in others.guests):
            return inviting.invite(desk, case, others)
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
    if starting.pending(desk, case.community) and asks.open_asks(desk.conn, case.community.id, "invite", who.id):
        return Outcome("held", "asked already, with everyone of the conversation")
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
        also=("also",),  # somebody may be a member already, at another address: commands/linking
        about=About(ask_id=id, inbox_id=held),
        period_key=None if case.proven else f"join:{who.email}:{desk.now:%Y-%m-%d}",
        in_reply_to=case.message.message_id,
    )
    return Outcome("held" if held else "asked", notice if sent else f"{notice}, asked before today")


def _answered(desk: Desk, case: Case, said: Said) -> Outcome:
    """Their yes or no to all they were asked about joining."""
    assert case.sender and case.ask
    waiting = [
        ask for kind in ("join", "invite") for ask in asks.open_asks(desk.conn, case.community.id, kind, case.sender.id)
    ]
    for ask in waiting:
        asks.answer(desk.conn, ask.id, case.sender.id, said.command, said.comment, case.mail, desk.now)
        asks.close(desk.conn, ask.id)
    mails = tuple(ask.inbox_id for ask in waiting if ask.inbox_id)
    if said.command != "yes":
        return Outcome("answered", "stays outside")
    if case.member:
        return Outcome("released", "a member already", release=mails)
    by = _inviter([case.ask, *waiting])
    if case.community.policy.joining == "asked" and not _facilitates(desk, case, by):
        return _ask_facilitators(desk, case, case.sender, mails, by)
    return admit(desk, case, case.sender, mails, by)


def _inviter(about: list[Ask]) -> int | None:
    """Who asked them, where somebody did."""
    return next((ask.payload["by"] for ask in about if ask.kind == "invite" and ask.payload["by"]), None)


def _facilitates(desk: Desk, case: Case, person_id: int | None) -> bool:
    found = people.membership_of(desk.conn, person_id, case.community.id) if person_id else None
    return found is not None and found.active and found.role == "facilitator"


def admit(desk: Desk, case: Case, who: Person, mails: tuple[int, ...], by: int | None = None) -> Outcome:
    """They are in: welcome them, and let their mails go. The first of a conversation opens its community."""
    people.confirm(desk.conn, who.address_id, desk.now)
    people.join(desk.conn, who, case.community.id, desk.now, **({"invited_by": by} if by else {}))
    who = hearing.newcomer(desk, case, who)
    starting.begin(desk, case.community, who)
    welcome(desk, case, who, bool(mails))
    return Outcome("joined", f"{len(mails)} mails let go" if mails else "", other_id=who.id, release=mails)


def welcome(desk: Desk, case: Case, who: Person, released: bool) -> None:
    """What this is and what holds here, and that Reply is all it takes: the first of three mails (jobs/welcome)."""
    rules = charters.rules(desk.conn, case.community.id)
    facts = {"released": released, "charter": charters.charter(desk.conn, case.community.id), "rules": rules}
    offers, also = ("daily", "weekly", "stop", "help"), ("charter", "rules", "invite")
    notices.tell(desk, "member-welcome", case.community, who, facts, offers=offers, also=also)


def _ask_facilitators(desk: Desk, case: Case, who: Person, mails: tuple[int, ...], by: int | None) -> Outcome:
    people.confirm(desk.conn, who.address_id, desk.now)
    payload = {"person": who.id, "mails": list(mails), "by": by}
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
    return admit(desk, case, who, tuple(case.ask.payload["mails"]), case.ask.payload.get("by"))


def _name(case: Case) -> str:
    return case.message.sender.name if case.message.sender else ""


JOIN = Command("join the community, after one question", _join, verbs=("join",), changes=False)
JOINED = Answer("join", _answered)
INVITED = Answer("invite", _answered)
ADMITTED = Answer("admit", _admitted)
