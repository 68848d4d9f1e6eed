"""Help: what one can say, the most useful on one screen and the rest on a second."""

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.society.people import Person

ALSO = ("charter", "rules", "invite", "settings")


def _help(desk: Desk, case: Case, said: Said) -> Outcome:
    """To a member; a stranger hears what this is and how to join."""
    if not case.member or case.sender is None:
        return to_stranger(desk, case)
    more = said.command == "more"
    key = f"{'more' if more else 'help'}:{case.community.id}:{case.sender.id}:{desk.now:%Y-%m-%d-%H}"
    words = ("settings", "help") if more else ("more", "daily", "weekly", "stop")
    return _tell(desk, case, case.sender, key, words, ALSO, more=more)


def to_stranger(desk: Desk, case: Case) -> Outcome:
    """What this is, once a day, to whoever is no member and whom the border vouches for."""
    if not case.proven:
        return Outcome("ignored", "a stranger")
    who = case.sender or people.add_person(desk.conn, case.verdict.address, desk.now)
    key = f"stranger:{case.community.id}:{who.id}:{desk.now:%Y-%m-%d}"
    return _tell(desk, case, who, key, (), ("also",), more=False)


def no_member(desk: Desk, case: Case) -> Outcome:
    """A member's word from whoever is none: who was one once hears that nothing was done."""
    return to_stranger(desk, case) if case.membership else Outcome("ignored", "not a member")


def _tell(
    desk: Desk, case: Case, who: Person, key: str, offers: tuple[str, ...], also: tuple[str, ...], *, more: bool
) -> Outcome:
    facts = {"facilitator": case.facilitator, "member": case.member, "more": more}
    notices.answer(desk, case.community, who, case.message, "member-help", facts, offers, None, key, also)
    return Outcome("helped")


HELP = Command("what one can say", _help, words=("help",), verbs=("help",), changes=False)
MORE = Command("what else one can say", _help, words=("more",), changes=False)
