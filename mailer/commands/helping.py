"""Help: what one can say, the most useful on one screen and the rest on a second."""

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people

ALSO = ("charter", "rules", "invite", "settings")


def _help(desk: Desk, case: Case, said: Said) -> Outcome:
    """To a member, or to whoever is proven to have asked; to a stranger nothing a border has not vouched for."""
    if not case.proven and not (case.member and case.sender):
        return Outcome("ignored", "help for a stranger")
    who = case.sender or people.add_person(desk.conn, case.verdict.address, desk.now)
    more = said.command == "more"
    key = f"{'more' if more else 'help'}:{case.community.id}:{who.id}:{desk.now:%Y-%m-%d-%H}"
    words = ("settings", "help") if more else ("more", "daily", "weekly", "stop")
    offers, also = (words, ALSO) if case.member else ((), ())
    facts = {"facilitator": case.facilitator, "member": case.member, "more": more}
    notices.answer(desk, case.community, who, case.message, "member-help", facts, offers, None, key, also)
    return Outcome("helped")


HELP = Command("what one can say", _help, words=("help",), verbs=("help",), changes=False)
MORE = Command("what else one can say", _help, words=("more",), changes=False)
