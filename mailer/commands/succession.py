"""The last one who facilitates goes: asked once who takes over, and never kept. Whoever would be asked instead of a
facilitator, the sponsors or the readers of postmaster's mail, hears when nobody is left.

Called by leaving, owning and bouncing.
"""

from datetime import timedelta

from mailer import journal
from mailer.commands import duty
from mailer.commands.case import Case
from mailer.commands.managing import SAYABLE
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.society.people import Community, Person
from mailer.store.traffic import deliveries

TEMPLATE = "facilitator-last"
PATIENCE = timedelta(days=14)  # within which a second word needs no second question


def asked_first(desk: Desk, case: Case) -> bool:
    """Whether they were asked now who takes over, and have not gone yet. Alone, or asked before, nobody is."""
    who = case.sender
    team = [one.person.id for one in duty.facilitators(desk, case.community)]
    if who is None or team != [who.id] or people.count_members(desk.conn, case.community.id) < 2:
        return False
    if deliveries.told(desk.conn, who.address_id, TEMPLATE, desk.now - PATIENCE):
        return False
    facts = {"done": "asked", "member": notices.person_facts(who)}
    also = tuple(word for word in SAYABLE if word != "remove")  # in English it may mean to leave
    offers = ("leave", "members", "help")
    notices.answer(desk, case.community, who, case.message, TEMPLATE, facts, offers, None, None, also)
    return True


def gone(desk: Desk, community: Community, who: Person | None) -> None:
    """Someone has gone, or somebody we may not name. If nobody facilitates those who stay, it is told."""
    if duty.facilitators(desk, community) or not people.count_members(desk.conn, community.id):
        return
    journal.trouble("a community has nobody who facilitates it", community=community.name)
    facts = {"done": "gone", "member": notices.person_facts(who)}
    for one in duty.beyond(desk, community):
        notices.tell(desk, TEMPLATE, community, one.person, facts, offers=("help",))
