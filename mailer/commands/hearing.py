"""What is read from somebody's own mails where nothing is known yet: name, language, organisation, zone.

Never in the place of what they said by a word, and only from mail that is certain to be theirs. The language only at
joining, from the word they joined with; the zone only once they write to everyone, since a phone abroad says little.
"""

from mailer.commands.case import Case
from mailer.community import hearsay
from mailer.community.grammar import Said
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.society.people import Person


def newcomer(desk: Desk, case: Case, who: Person) -> Person:
    """Whoever joins by their own mail, with what it says of them."""
    if case.sender is None or case.sender.id != who.id:
        return who  # a facilitator's word let them in: that mail says nothing of them
    known = _said_of(case, who)
    command = case.said.command if isinstance(case.said, Said) else ""
    spoken = hearsay.language(case.body.new_text, command, desk.press.words(*desk.press.languages))
    if spoken and not who.language and spoken != case.community.language:
        known["language"] = spoken
    return _kept(desk, who, known)


def writer(desk: Desk, case: Case) -> Case:
    """The case of a post that goes out, with what it says of its writer."""
    if case.sender is None or not case.proven:
        return case
    known = _said_of(case, case.sender)
    zone = hearsay.zone(case.message.headers.get("date"), case.received_at, case.community.zone)
    if zone and not case.sender.zone:
        known["zone"] = zone
    return case.but(sender=_kept(desk, case.sender, known))


def _said_of(case: Case, who: Person) -> dict[str, str]:
    sender, headers = case.message.sender, case.message.headers
    stated = hearsay.organisation(headers.get("organization") or headers.get("organisation"))
    found = {"name": sender.name.strip() if sender and "@" not in sender.name else "", "organisation": stated}
    return {key: value for key, value in found.items() if value and not getattr(who, key)}


def _kept(desk: Desk, who: Person, known: dict[str, str]) -> Person:
    if known:
        people.change_person(desk.conn, who.id, **known)
    return people.by_address(desk.conn, who.address_id) or who
