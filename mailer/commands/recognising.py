"""The facilitator's word on whom to thank this month."""

from mailer.commands import Answer
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import recognition
from mailer.outbound.desk import Desk


def _decided(desk: Desk, case: Case, said: Said) -> Outcome:
    """`ok` sends the note to everyone, `another` drafts one for the next, `no` leaves this month without."""
    assert case.ask
    if not case.facilitator:
        return Outcome("ignored", "not a facilitator")
    if not recognition.answered(desk, case.community, case.ask, said.command):
        return Outcome("ignored", "decided before")
    return Outcome("answered", f"contributor: {said.command}")


DECIDED = Answer("contributor", _decided)
