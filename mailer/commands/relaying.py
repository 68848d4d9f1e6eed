"""Words for the facilitators: to `-team@`, or in answer to a mail that was for one person. Open to anyone."""

from mailer.commands import Command, inviting
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.message import Mailbox
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.traffic.mailings import About


def to_facilitators(desk: Desk, case: Case) -> Outcome:
    """Every facilitator gets it, and a Reply goes to the writer."""
    writer = case.message.sender
    if writer is None or not (case.proven or case.member):
        return Outcome("recorded", "for the team, from nobody we can vouch for")
    facts = {
        "writer": writer.name or writer.address,
        "address": case.verdict.address,
        "subject": case.message.subject,
        "text": case.body.new_text,
        "member": case.member,
    }
    team = people.members(desk.conn, case.community.id, roles=["facilitator"])
    for one in team:
        about = About(inbox_id=case.mail)
        back = Mailbox(writer.name, case.verdict.address)
        notices.tell(desk, "facilitator-message", case.community, one.person, facts, about=about, back_to=back)
    return Outcome("relayed", f"{len(team)} facilitators")


def _team(desk: Desk, case: Case, said: Said) -> Outcome:
    if inviting.lists(desk, case):
        return inviting.from_list(desk, case)
    return to_facilitators(desk, case)


TEAM = Command("write to the facilitators", _team, verbs=("team", "ask"), changes=False)
