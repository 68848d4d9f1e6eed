"""Whether a member's posts wait for a facilitator: `hold writer` and back, in reply to a post or to a hold."""

from dataclasses import replace

from mailer.commands import Command, holdqueue
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import people
from mailer.store.talk import posts


def _hold(desk: Desk, case: Case, said: Said) -> Outcome:
    return _choose(desk, case, "held")


def _free(desk: Desk, case: Case, said: Said) -> Outcome:
    return _choose(desk, case, "")


def _choose(desk: Desk, case: Case, trust: str) -> Outcome:
    """From now on; what waits or has gone out stays as it is."""
    id = _writer(desk, case)
    member = people.member(desk.conn, id, case.community.id) if id else None
    if member is None or member.membership.role == "facilitator":
        return Outcome("ignored", "no writer to hold")
    people.change_membership(desk.conn, member.membership.id, trust=trust)
    facts = {"writer": notices.name_of(member.person), "held": trust == "held"}
    offers = ("unhold" if trust else "hold", "undo", "help")
    about = replace(case.mailing.about if case.mailing else notices.NOTHING, inbox_id=case.mail)
    notices.answer(desk, case.community, case.sender, case.message, "facilitator-trust", facts, offers, about)
    before = ("membership", member.membership.id, {"trust": member.membership.trust})
    return Outcome("set", f"trust: {trust or 'as everyone'}", other_id=member.person.id, undo=(before,))


def _writer(desk: Desk, case: Case) -> int | None:
    """Whose post the mail is about that this answers; nobody's where it is about several."""
    about = case.mailing.about if case.mailing else notices.NOTHING
    if about.post_id and (post := posts.post(desk.conn, about.post_id)):
        return post.person_id
    if case.ask and case.ask.kind == holdqueue.KIND and len(about.numbers) <= 1:
        person: int | None = case.ask.payload.get("person")
        return person
    return None


HOLD = Command("have this writer's posts wait for a facilitator", _hold, words=("hold",), facilitators=True)
UNHOLD = Command("let this writer's posts go as everyone's", _free, words=("unhold",), facilitators=True)
