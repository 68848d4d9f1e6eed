"""Several addresses of one person: "is this also you?", asked where we know them; which gets the mail; which no more.

Two proofs make a link, never one: a yes from the address we know and a sign of life from the new one, which is its mail
vouched for by our border or a yes of its own. The question goes to the address we know first, since the new one may be
anyone who got hold of a mail of ours (DESIGN §4); the new one is written to only where our border vouches for it, or
once the known one has said yes. Neither mail shows what the other side may not know: a stranger is told the same
whether an address is one of ours or not (SECURITY 52). Called by acts, and by the words also, here, mailto, unlink.
"""

from datetime import timedelta

from mailer.commands import Answer, Command, confirming
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail import addressing
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.society import addresses, people
from mailer.store.society.people import Person
from mailer.store.traffic.mailings import About

KIND = "also-you"
QUESTION = "member-link"  # the template
MOST = 3  # strangers a day one person is asked about
DAY = timedelta(days=1)
PATIENCE = timedelta(days=14)  # how long the question stands and the mail waits
MEMORY = timedelta(days=365)  # how long a no is remembered
SHOWN = 2000  # characters of the new address's mail in our question


def ask(desk: Desk, case: Case) -> Outcome:
    """A mail from an address nobody knows answers what one member got: it is kept, and that member asked."""
    assert case.owner and case.mailing
    if case.mailing.kind == QUESTION:
        return _tell_stranger(desk, case, "from-there", Outcome("unclear", "another address answers whether it is one"))
    return keep(desk, case, case.owner)


def keep(desk: Desk, case: Case, owner: Person) -> Outcome:
    """Keep a mail from an address nobody knows, and ask the member whose it may be."""
    name = case.message.sender.name if case.proven and case.message.sender else ""
    new = case.sender or people.add_person(desk.conn, case.verdict.address, desk.now, name=name)
    if _refused(desk, case, owner, new.address_id):
        return _tell_stranger(desk, case.but(sender=new), "apart", Outcome("refused", "kept apart before"))
    words = case.body.new_text[:SHOWN] if case.proven else ""  # nobody has us carry their words to somebody else
    asked = _ask_known(desk, case, owner, new, case.mail, words)
    return _tell_stranger(desk, case.but(sender=new), "kept", Outcome("held", asked))


def _ask_known(desk: Desk, case: Case, known: Person, new: Person, mail: int | None, words: str = "") -> str:
    """Put it to the address we know; what came of it. At most once a day about one address, and about few. `mail` is
    what waits for the answer."""
    day = desk.now - DAY
    today = [one for one in asks.asks_since(desk.conn, case.community.id, KIND, day) if one.person_id == known.id]
    about = {one.payload.get("address") for one in today}
    if new.address_id not in about and len(about) >= MOST:
        return "not asked: too many strangers today"
    id = _open(desk, case, known.id, known.id, new.address_id, then=not case.proven, mail=mail)
    why = "answer" if mail else "word"
    facts = {"why": why, "address": new.email, "subject": case.message.subject if words else "", "text": words}
    key = f"also:{known.id}:{new.address_id}:{desk.now:%Y-%m-%d}"
    sent = _question(desk, case, known, facts, About(ask_id=id, inbox_id=mail), key)
    return "asked whether it is also theirs" if sent else "asked before today"


def _question(desk: Desk, case: Case, who: Person, facts: notices.Facts, about: About, key: str) -> int | None:
    return notices.tell(desk, QUESTION, case.community, who, facts, offers=("yes", "no"), about=about, period_key=key)


def _open(desk: Desk, case: Case, asked: int, person: int, address: int, *, then: bool, mail: int | None) -> int:
    """The ask itself: is `address` also `person`'s? `then` the new address has yet to be asked as well."""
    payload = {"person": person, "address": address, "then": then}
    return asks.open_ask(
        desk.conn,
        case.community.id,
        KIND,
        "yes-no",
        desk.now,
        payload=payload,
        person_id=asked,
        inbox_id=mail,
        closes_at=desk.now + PATIENCE,
    )


def _refused(desk: Desk, case: Case, asked: Person, address: int) -> bool:
    """Whether they have said before that this address is not theirs, or not to be linked."""
    before = asks.asks_since(desk.conn, case.community.id, KIND, desk.now - MEMORY)
    closed = [one for one in before if one.person_id == asked.id and one.payload.get("address") == address]
    return any(said.value == "no" for one in closed for said in asks.answers(desk.conn, one.id))


def _tell_stranger(desk: Desk, case: Case, why: str, outcome: Outcome) -> Outcome:
    """What became of their mail, once a day, and only where our border vouches that it is theirs."""
    if case.proven:
        who = case.sender or people.add_person(desk.conn, case.verdict.address, desk.now)
        key = f"kept:{who.id}:{desk.now:%Y-%m-%d}"
        facts = {"why": why, "subject": case.message.subject}
        notices.answer(desk, case.community, who, case.message, "stranger-kept", facts, (), None, key)
    return outcome


def _answered(desk: Desk, case: Case, said: Said) -> Outcome:
    """Yes or no of whoever was asked, to all that was asked about this address."""
    assert case.sender and case.ask
    if not case.ask.open:
        return Outcome("ignored", "answered before")
    pair = (case.ask.payload["person"], case.ask.payload["address"])
    waiting = [
        one
        for one in asks.open_asks(desk.conn, case.community.id, KIND, case.sender.id)
        if (one.payload["person"], one.payload["address"]) == pair
    ]
    for one in waiting:
        asks.answer(desk.conn, one.id, case.sender.id, said.command, said.comment, case.mail, desk.now)
        asks.close(desk.conn, one.id)
    new = addresses.by_id(desk.conn, case.ask.payload["address"])
    if said.command != "yes" or new is None:
        _tell(desk, case, "apart", new.email if new else "")
        return Outcome("refused", "not their address")
    if all(one.payload["then"] for one in waiting):
        return _ask_new(desk, case, waiting, new.id)
    return _link(desk, case, waiting, new)


def _ask_new(desk: Desk, case: Case, waiting: list[Ask], address: int) -> Outcome:
    """The known address says yes; the new one, which nobody vouched for, has yet to show that it is there."""
    new = people.by_address(desk.conn, address)
    assert new and case.ask and case.sender
    mails: list[int | None] = [one.inbox_id for one in waiting if one.inbox_id]
    person = case.ask.payload["person"]
    ids = [_open(desk, case, new.id, person, address, then=False, mail=mail) for mail in mails or [None]]
    _claim(desk, case, new, ids[-1])
    return Outcome("asked", "the new address as well")


def _claim(desk: Desk, case: Case, new: Person, ask_id: int) -> None:
    """Ask the new address; of the known person it sees the address they answered from, and no more."""
    assert case.sender
    facts = {"why": "claimed", "address": case.sender.email, "subject": "", "text": ""}
    _question(desk, case, new, facts, About(ask_id=ask_id), f"also:{new.address_id}:{desk.now:%Y-%m-%d}")


def _link(desk: Desk, case: Case, waiting: list[Ask], new: addresses.Address) -> Outcome:
    """One person from now on; what waited goes through as what it was."""
    assert case.ask and case.sender
    owner, guest = case.ask.payload["person"], new.person_id
    if addresses.banned(desk.conn, owner, guest):
        return Outcome("refused", "not welcome under another name")
    joins = asks.open_asks(desk.conn, case.community.id, "join", guest) if guest != owner else []
    for one in joins:
        asks.close(desk.conn, one.id, "withdrawn")
    addresses.link(desk.conn, new.id, owner, desk.now)
    home = people.member(desk.conn, owner, case.community.id)
    known = home.person if home else people.by_id(desk.conn, owner)
    _tell(desk, case, "linked", new.email, known.address_id)
    mails = tuple(dict.fromkeys(one.inbox_id for one in (*waiting, *joins) if one.inbox_id))
    return Outcome("linked", f"address {new.id}", other_id=owner, release=mails)


# --- words --------------------------------------------------------------------------------------------------------


def _also(desk: Desk, case: Case, said: Said) -> Outcome:
    """ "This is also ana@acme.example": from a stranger a known address is asked, from a member a new one."""
    email = _address(said.argument)
    if email is None or email == case.verdict.address:
        return _unknown(desk, case, said.argument)
    return _also_mine(desk, case, email) if case.member else _also_somebody(desk, case, email)


def _also_mine(desk: Desk, case: Case, email: str) -> Outcome:
    """A member names an address: it is asked, and nothing of theirs is shown there but the address they wrote from."""
    assert case.sender
    if not case.proven:
        return confirming.ask_back(desk, case, "also")
    new = people.by_email(desk.conn, email)
    if new and new.id == case.sender.id:
        return _set(desk, case, "linked", email)
    new = new or people.add_person(desk.conn, email, desk.now)
    if _refused(desk, case, new, new.address_id):
        return _set(desk, case, "asked", email)
    today = asks.asks_since(desk.conn, case.community.id, KIND, desk.now - DAY)
    mine = {one.payload["address"] for one in today if one.payload["person"] == case.sender.id}
    if new.address_id not in mine and len(mine) >= MOST:
        return Outcome("limited", "too many addresses today")
    id = _open(desk, case, new.id, case.sender.id, new.address_id, then=False, mail=None)
    _claim(desk, case, new, id)
    _tell(desk, case, "asked", email)
    return Outcome("asked", "a new address")


def _also_somebody(desk: Desk, case: Case, email: str) -> Outcome:
    """A stranger names an address: its owner is asked, if it has one here; the stranger is told the same either way."""
    name = case.message.sender.name if case.proven and case.message.sender else ""
    new = case.sender or people.add_person(desk.conn, case.verdict.address, desk.now, name=name)
    known = people.by_email(desk.conn, email)
    home = people.member(desk.conn, known.id, case.community.id) if known and known.confirmed else None
    asked = "not one of ours"
    if known and home and home.membership.active and not _refused(desk, case, known, new.address_id):
        asked = _ask_known(desk, case, known, new, None)
    return _tell_stranger(desk, case.but(sender=new), "named", Outcome("asked", asked))


def _here(desk: Desk, case: Case, said: Said) -> Outcome:
    """Mail of this community comes to the address they write from."""
    return _mail_to(desk, case, case.verdict.address)


def _to(desk: Desk, case: Case, said: Said) -> Outcome:
    """Mail of this community comes to that address of theirs; one that is not theirs yet is asked first."""
    email = _address(said.argument)
    mine = [one.email for one in addresses.of(desk.conn, case.sender.id)] if case.sender else []
    return _mail_to(desk, case, email) if email in mine else _also(desk, case, said)


def _mail_to(desk: Desk, case: Case, email: str | None) -> Outcome:
    mine = {one.email: one for one in addresses.of(desk.conn, case.sender.id)} if case.sender else {}
    if not case.membership or not case.member or email not in mine:
        return Outcome("ignored", "no address of a member")
    before = case.membership.address_id
    people.confirm(desk.conn, mine[email].id, desk.now)
    people.change_membership(desk.conn, case.membership.id, address_id=mine[email].id)
    undo = (("membership", case.membership.id, {"address_id": before}),)
    _tell(desk, case, "mail", email, before)
    return Outcome("set", f"mail to address {mine[email].id}", undo=undo)


def _unlink(desk: Desk, case: Case, said: Said) -> Outcome:
    """That address is theirs no longer. The last one stays: leaving has its own word."""
    email = _address(said.argument)
    mine = {one.email: one for one in addresses.of(desk.conn, case.sender.id)} if case.sender else {}
    if not case.member or email not in mine:
        return _unknown(desk, case, said.argument)
    if not [one for one in mine.values() if one.confirmed and one.email != email]:
        return _set(desk, case, "last", email)
    _tell(desk, case, "removed", email, mine[email].id)
    addresses.remove(desk.conn, mine[email].id)
    return Outcome("set", "an address removed")


def _unknown(desk: Desk, case: Case, written: str) -> Outcome:
    if case.member and case.proven:
        _tell(desk, case, "unknown", written[:100])
    return Outcome("unclear", "no address of theirs")


def _set(desk: Desk, case: Case, done: str, email: str) -> Outcome:
    _tell(desk, case, done, email)
    return Outcome("ignored", f"addresses: {done}")


def _tell(desk: Desk, case: Case, done: str, email: str, *more: int) -> None:
    """One plain line, to where they wrote from and to those of their addresses that it concerns: nothing changes behind
    anybody's back."""
    assert case.sender
    for id in dict.fromkeys((case.sender.address_id, *more)):
        who = people.by_address(desk.conn, id)
        theirs = [one.email for one in addresses.of(desk.conn, who.id) if one.confirmed] if who else []
        facts = {"done": done, "address": email, "addresses": theirs, "subject": case.message.subject}
        offers = ("here", "mailto", "unlink", "help") if len(theirs) > 1 else ("also", "help")
        notices.answer(desk, case.community, who, case.message, "member-linked", facts, offers)


def _address(written: str) -> str | None:
    """The address in what follows a word, canonical; a mail program may have made a link of it."""
    bare = written.partition("<mailto:")[0] or written
    return addressing.address(bare.removeprefix("mailto:").strip("<>()[]\"'.,;: "), utf8=True)


ANSWERED = Answer(KIND, _answered)
ALSO = Command("say that you are also somebody at another address", _also, words=("also",), changes=False)
HERE = Command("get the mail at the address you write from", _here, words=("here",))
MAILTO = Command("get the mail at another address of yours", _to, words=("mailto",))
UNLINK = Command("remove an address of yours", _unlink, words=("unlink",))
