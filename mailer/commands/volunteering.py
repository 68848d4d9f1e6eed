"""Who facilitates: a member offers, a facilitator says ok; and the week's turn, passed on with a word."""

from mailer.commands import Answer, Command, duty
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.society import people
from mailer.store.society.people import Person
from mailer.store.traffic.mailings import About

KIND = "lead"


def _volunteer(desk: Desk, case: Case, said: Said) -> Outcome:
    """A member is asked about among the facilitators; a facilitator takes the week."""
    if not case.member or not case.sender:
        return Outcome("ignored", "not a member")
    if case.facilitator:
        return _take_the_week(desk, case, case.sender)
    if any(ask.payload["person"] == case.sender.id for ask in asks.open_asks(desk.conn, case.community.id, KIND)):
        return _tell(desk, case, case.sender, "asked", Outcome("ignored", "volunteered before"))
    team = duty.facilitators(desk, case.community) or duty.beyond(desk, case.community)
    payload = {"person": case.sender.id, "asked": [one.person.id for one in team]}
    id = asks.open_ask(desk.conn, case.community.id, KIND, "yes-no", desk.now, audience="facilitators", payload=payload)
    facts = {"member": notices.person_facts(case.sender), "done": "asked", "decider": ""}
    for one in team:
        about = About(ask_id=id)
        notices.tell(desk, "facilitator-volunteer", case.community, one.person, facts, offers=("ok", "no"), about=about)
    return _tell(desk, case, case.sender, "asked", Outcome("asked", "the facilitators, about a volunteer"))


def _chosen(desk: Desk, case: Case, said: Said) -> Outcome:
    """The first word of whoever was asked counts."""
    assert case.sender and case.ask
    mine = case.facilitator or (case.personal and case.sender.id in case.ask.payload["asked"])
    if not mine or not asks.close(desk.conn, case.ask.id):
        return Outcome("ignored", "decided before" if mine else "not a facilitator")
    who = people.member(desk.conn, case.ask.payload["person"], case.community.id)
    if who is None or not who.membership.active:
        return Outcome("ignored", "has left meanwhile")
    agreed = said.command in ("ok", "yes")
    outcome = Outcome("refused", "a volunteer", other_id=who.person.id)
    if agreed:
        people.change_membership(desk.conn, who.membership.id, role="facilitator")
        before = ("membership", who.membership.id, {"role": who.membership.role})
        outcome = Outcome("governed", "facilitator", other_id=who.person.id, undo=(before,))
    done = "welcomed" if agreed else "declined"
    facts = {"member": notices.person_facts(who.person), "done": done, "decider": notices.name_of(case.sender)}
    for one in duty.facilitators(desk, case.community):
        if one.person.id not in (case.sender.id, who.person.id):
            notices.tell(desk, "facilitator-volunteer", case.community, one.person, facts)
    if agreed:
        offers, about = ("undo", "help"), About(inbox_id=case.mail)
        notices.answer(desk, case.community, case.sender, case.message, "facilitator-volunteer", facts, offers, about)
    return _tell(desk, case, who.person, done, outcome, said.comment)


def _tell(desk: Desk, case: Case, who: Person, done: str, outcome: Outcome, text: str = "") -> Outcome:
    notices.tell(desk, "member-volunteer", case.community, who, {"done": done, "text": text}, offers=("help",))
    return outcome


def _take_the_week(desk: Desk, case: Case, who: Person) -> Outcome:
    week = duty.current(desk, case.community)
    member = people.member(desk.conn, who.id, case.community.id)
    if case.community.policy.rota != "weekly" or week is None or member is None or week.person_id == who.id:
        return _tell(desk, case, who, "already", Outcome("ignored", "a facilitator already"))
    duty.give(desk, case.community, member, week.payload["week"], "yours", by=_name(desk, week.person_id))
    if week.person_id:
        _relieved(desk, case, week.person_id, notices.name_of(who))
    return Outcome("set", "on duty this week", other_id=who.id)


def _swap(desk: Desk, case: Case, said: Said) -> Outcome:
    """The one on duty passes the week on; the next in turn hears that it is theirs."""
    week = duty.current(desk, case.community)
    if not case.sender or week is None:
        return Outcome("ignored", "no rota")
    if week.person_id != case.sender.id:
        _relieved(desk, case, case.sender.id, _name(desk, week.person_id))
        return Outcome("ignored", "not on duty")
    following = duty.next_in_turn(desk, case.community, week)
    if following is None:
        facts = {"why": "nobody-else", "by": "", "others": 0}
        notices.answer(desk, case.community, case.sender, case.message, "facilitator-duty", facts, ("help",), About())
        return Outcome("ignored", "nobody else this week")
    passed = {*week.payload["passed"], case.sender.id}
    name = notices.name_of(case.sender)
    duty.give(desk, case.community, following, week.payload["week"], "passed", passed, by=name)
    _relieved(desk, case, case.sender.id, notices.name_of(following.person))
    return Outcome("set", "week passed on", other_id=following.person.id)


def _relieved(desk: Desk, case: Case, person_id: int, by: str) -> None:
    """Whose week it was hears who has it now."""
    facts = {"why": "relieved", "by": by, "others": 1}
    member = people.member(desk.conn, person_id, case.community.id)
    if member and member.membership.active:
        notices.tell(desk, "facilitator-duty", case.community, member.person, facts, offers=("help",))


def _name(desk: Desk, person_id: int | None) -> str:
    return notices.name_of(people.by_id(desk.conn, person_id)) if person_id else ""


VOLUNTEER = Command("offer to facilitate; as a facilitator, take the week", _volunteer, words=("volunteer",))
SWAP = Command("pass your week on to the next in turn", _swap, words=("swap",), facilitators=True)
LEAD = Answer(KIND, _chosen)
