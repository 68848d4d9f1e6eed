"""What this community is for and what holds in it: fetched by a word, looked at again once a year."""

from datetime import timedelta

from mailer.commands import Answer, Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, charters

YEAR = timedelta(days=365)


def _charter(desk: Desk, case: Case, said: Said) -> Outcome:
    """The charter, and below it the rules."""
    if not case.sender or not (case.member or case.proven):
        return Outcome("ignored", "a stranger")
    here = case.community.id
    facts: dict[str, object] = {"charter": charters.charter(desk.conn, here), "rules": charters.rules(desk.conn, here)}
    facts |= {"asked": said.command, "facilitator": case.facilitator}
    key = f"charter:{said.command}:{here}:{case.sender.id}:{desk.now:%Y-%m-%d-%H}"
    also = ("charter", "rules")
    notices.answer(desk, case.community, case.sender, case.message, "charter", facts, ("help",), None, key, also)
    return Outcome("fetched", said.command)


def _reviewed(desk: Desk, case: Case, said: Said) -> Outcome:
    """A facilitator's word on whether the charter still holds; the first one counts."""
    assert case.ask and case.sender
    if not case.facilitator or not asks.close(desk.conn, case.ask.id):
        return Outcome("ignored", "decided before" if case.facilitator else "not a facilitator")
    stands = said.command in ("yes", "ok")
    charters.review(desk.conn, case.ask.payload["item"], (desk.now + YEAR).date() if stands else None)
    facts = {"stands": stands}
    notices.answer(desk, case.community, case.sender, case.message, "charter-reviewed", facts, ("charter", "help"))
    return Outcome("set", "the charter stands" if stands else "the charter is retired")


CHARTER = Command("what this community is for", _charter, words=("charter",), changes=False)
RULES = Command("the ground rules", _charter, words=("rules",), changes=False)
REVIEWED = Answer("charter", _reviewed)
