"""Words for the facilitators: to `-team@`, or in answer to a mail that was for one person. Open to anyone."""

from mailer.commands import Command, duty, inviting
from mailer.commands.case import Case, Outcome
from mailer.community.firstnames import shown_name
from mailer.community.grammar import Said
from mailer.mail.message import Mailbox
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society.people import Member
from mailer.store.traffic.mailings import About

FEW = 12  # words: a facilitator who writes no more may have meant us


def to_facilitators(desk: Desk, case: Case) -> Outcome:
    """Every facilitator gets it, and a Reply goes to the writer."""
    writer = case.message.sender
    if writer is None or not (case.proven or case.member):
        return Outcome("recorded", "for the team, from nobody we can vouch for")
    facts = {
        "writer": shown_name(writer.name) or case.verdict.address.partition("@")[0],
        "address": case.verdict.address,
        "subject": case.message.subject,
        "text": case.body.new_text,
        "role": case.membership.role if case.member and case.membership else "",
    }
    team = _others(desk, case)
    if not team:
        told = {"reason": "no-team", "subject": case.message.subject, "text": case.body.new_text[:2000]}
        notices.answer(desk, case.community, case.sender, case.message, "sender-unclear", told, ("help",))
        return Outcome("unclear", "nobody else facilitates")
    for one in team:
        about = About(inbox_id=case.mail)
        back = Mailbox(shown_name(writer.name), case.verdict.address)
        notices.tell(desk, "facilitator-message", case.community, one.person, facts, about=about, back_to=back)
    if case.facilitator and case.mailing is None and len(case.body.new_text.split()) <= FEW:
        told = {"reason": "to-team", "subject": case.message.subject, "text": ""}
        notices.answer(desk, case.community, case.sender, case.message, "sender-unclear", told, ("help",))
    return Outcome("relayed", f"{len(team)} facilitators")


def _others(desk: Desk, case: Case) -> list[Member]:
    """The facilitators but for whoever writes; where there are none at all, whoever is asked in their place."""
    team = duty.facilitators(desk, case.community) or duty.beyond(desk, case.community)
    return [one for one in team if case.sender is None or one.person.id != case.sender.id]


def _team(desk: Desk, case: Case, said: Said) -> Outcome:
    if inviting.lists(desk, case):
        return inviting.from_list(desk, case)
    return to_facilitators(desk, case)


TEAM = Command("write to the facilitators", _team, verbs=("team", "ask"), changes=False)
