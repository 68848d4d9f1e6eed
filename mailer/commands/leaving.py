"""Going: by the mail's own way out, by a word said twice, by an address. Always possible, never argued with; only the
last who facilitates is asked once who takes over."""

from dataclasses import replace
from itertools import takewhile

from mailer.commands import Command, askingback, confirming, helping, succession
from mailer.commands.case import Before, Case, Outcome
from mailer.community.grammar import Near, Said, first_line
from mailer.mail import tokens
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import follows, people
from mailer.store.society.people import Community, Person
from mailer.store.traffic.mailings import About, Mailing


def _leave(desk: Desk, case: Case, said: Said) -> Outcome:
    """`wells-leave@`, with or without the token of the header that offered it."""
    ids = tokens.unseal(desk.keys, "leave", case.local.token) if case.local.token else None
    if ids:
        return _by_token(desk, case, ids)
    if not case.sender or not case.member:
        return helping.no_member(desk, case)
    return _go(desk, case) if case.proven else confirming.ask_back(desk, case, "leave")


def _by_token(desk: Desk, case: Case, ids: tuple[int, ...]) -> Outcome:
    """The way out that stands in each mail needs no proof, for it is used from any address. But whoever is known to be
    somebody else has had that mail passed on: the one it was for is asked."""
    owner = people.by_address(desk.conn, ids[0])
    member = people.membership_of(desk.conn, owner.id, case.community.id) if owner else None
    passed_on = case.known and owner is not None and case.sender is not None and case.sender.id != owner.id
    if not passed_on or case.released or ids[1:] != (case.community.id,) or member is None or not member.active:
        return leave_by_token(desk, case.community, ids)
    wordless = case.but(message=replace(case.message, subject=""), body=replace(case.body, new_text=""))
    return confirming.ask_back(desk, wordless.but(sender=owner, membership=member), "leave")


def _stop(desk: Desk, case: Case, said: Said) -> Outcome:
    """Once: this thread is silent. Again: they leave. Where there is no thread they are asked first."""
    if not case.sender or not case.member or not case.membership:
        return helping.no_member(desk, case)
    thread = case.mailing.about.thread_id if case.mailing else None
    if case.mailing and _said_so(case.mailing):
        return _go(desk, case)
    if thread is None:
        line = first_line(case.body.new_text) or case.message.subject
        return askingback.near(desk, case.but(said=Near("leave", line)))
    before = follows.choose(desk.conn, case.membership.id, "mute", thread_id=thread)
    facts = {"setting": "stop", "thread": case.mailing.subject if case.mailing else "", "mode": case.membership.mode}
    notices.answer(
        desk,
        case.community,
        case.sender,
        case.message,
        "member-settings",
        facts,
        ("stop", "follow", "help"),
        About(thread_id=thread),
        also=("undo",),
    )
    return Outcome("set", f"thread {thread} muted; stop again leaves", undo=(before,))


def _said_so(mailing: Mailing) -> bool:
    """The mail they answer has said that this word takes them out; what it shows stands before "help"."""
    shown = takewhile(lambda word: word != "help", mailing.offers)
    if mailing.kind == askingback.ASKED_BACK:
        return mailing.offers[0] == "leave"
    return mailing.kind == "member-settings" and "stop" in shown


def _go(desk: Desk, case: Case) -> Outcome:
    assert case.sender
    if succession.asked_first(desk, case):
        return Outcome("asked", "who facilitates after them")
    return leave(desk, case.community, case.sender)


def leave(desk: Desk, community: Community, who: Person) -> Outcome:
    """They are out, and told so once: the mail also says how to come back, by one word for a day."""
    member = people.membership_of(desk.conn, who.id, community.id)
    if not member or not member.active:
        return Outcome("ignored", "not a member")
    people.change_membership(desk.conn, member.id, state="left", left_at=desk.now)
    notices.tell(desk, "member-left", community, who, {}, offers=("undo",))
    if member.role == "facilitator":
        succession.gone(desk, community, who)
    before: Before = ("membership", member.id, {"state": "active", "left_at": None})
    return Outcome("left", other_id=who.id, undo=(before,))


def leave_by_token(desk: Desk, community: Community, ids: tuple[int, ...]) -> Outcome:
    """The way out in the header of a mail: (address, community)."""
    if len(ids) != 2 or ids[1] != community.id:
        return Outcome("recorded", "a way out of another community")
    who = people.by_address(desk.conn, ids[0])
    return leave(desk, community, who) if who else Outcome("ignored", "nobody here any more")


LEAVE = Command("leave the community", _leave, verbs=("leave",), words=("leave",), changes=False)
STOP = Command("stop this thread; said again, leave", _stop, words=("stop",))
