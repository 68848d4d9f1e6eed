"""Help: all that can be said, in one screen."""

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk


def _help(desk: Desk, case: Case, said: Said) -> Outcome:
    """To a member, or to whoever is proven to have asked; to a stranger nothing a border has not vouched for."""
    if not case.sender or not (case.member or case.proven):
        return Outcome("ignored", "help for a stranger") if not case.proven else _stranger(desk, case)
    key = f"help:{case.community.id}:{case.sender.id}:{desk.now:%Y-%m-%d-%H}"
    offers = ("daily", "weekly", "stop") if case.member else ()
    facts = {"facilitator": case.facilitator, "member": case.member}
    also = ("charter", "rules", "invite") if case.member else ()
    notices.answer(desk, case.community, case.sender, case.message, "member-help", facts, offers, None, key, also)
    return Outcome("helped")


def _stranger(desk: Desk, case: Case) -> Outcome:
    return Outcome("ignored", "a stranger is answered at -join@")


HELP = Command("what one can say", _help, words=("help",), verbs=("help",), changes=False)
