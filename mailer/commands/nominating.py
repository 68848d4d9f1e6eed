"""Who else should be here: the answer of a member who was asked after a month.

Addresses are invited as by the word `invite`; a name without one goes to the facilitators; after `no` nobody asks
again. Called when that ask is answered.
"""

from mailer.commands import Answer, inviting, relaying
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.traffic.mailings import About

TEMPLATE = "who-else"


def _named(desk: Desk, case: Case, said: Said) -> Outcome:
    if not case.ask or not case.member or not case.ask.open:
        return Outcome("ignored", "nobody to name")
    if said.command == "no":
        asks.close(desk.conn, case.ask.id)
        return _told(desk, case, "declined", Outcome("answered", "nobody else"))
    listed = inviting.named_in(case)
    if listed.guests:
        return inviting.invite(desk, case, listed)
    return _told(desk, case, "passed", relaying.to_facilitators(desk, case))


def _told(desk: Desk, case: Case, done: str, outcome: Outcome) -> Outcome:
    about = About(ask_id=case.ask.id if case.ask and case.ask.open else None)
    notices.answer(desk, case.community, case.sender, case.message, TEMPLATE, {"done": done}, ("help",), about)
    return outcome


NOMINATED = Answer("nominate", _named)
