"""A community out of a conversation: CC `new@` on an ordinary mail to several people, and each of them is asked.

It waits until the first says yes; then the mail that began it is its first post, and whoever wrote it facilitates.
Where nobody does within a fortnight it is gone again. Refuses senders nobody vouches for, and crowds.
"""

import re
import unicodedata
from datetime import timedelta

from mailer.commands import Answer, Command, inviting
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.community.roster import Guest, Roster, called
from mailer.mail import addressing
from mailer.mail.folding import fold
from mailer.mail.parse import parse
from mailer.mail.subjects import base_subject
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.society import people, starts
from mailer.store.society.people import Community, Person
from mailer.store.talk import posting
from mailer.store.talk.posting import NewPost
from mailer.store.traffic import inbox
from mailer.store.traffic.mailings import About

PATIENCE = timedelta(days=14)  # until a community nobody wants is gone
PEOPLE = 20  # in To and Cc of one mail: a working group; more is a list, which a facilitator can invite
WAITING = 3  # conversations of one person that wait for a first yes
NAME, TITLE = 20, 60  # characters; the name as in verbs/founding, so that a token fits behind it


def _new(desk: Desk, case: Case, said: Said) -> Outcome:
    """A mail with `new@` among its addresses. `said.argument` is the name wished for, or empty."""
    if not case.proven:
        return Outcome("recorded", "new@, from nobody we can vouch for")
    who = case.sender or people.add_person(desk.conn, case.verdict.address, desk.now, name=_writer(case))
    if desk.settings.new_communities == "members" and not case.member:
        return _refuse(desk, case, who, "members")
    guests = _guests(desk, case)
    chosen = inviting.sort(desk, case.community, Roster(guests), who, inviting.A_DAY)
    if not guests or len(guests) > PEOPLE or starts.open_by(desk.conn, who.id) >= WAITING or chosen.over:
        return _refuse(desk, case, who, "nobody" if not guests else "crowd" if len(guests) > PEOPLE else "enough")
    community = _found(desk, case, said.argument)
    fresh = inviting.sort(desk, community, Roster(guests), who, inviting.A_DAY)
    id = _open(desk, case, community, who)
    for guest in fresh.ask:
        inviting.ask_guest(desk, community, guest, who, "start-ask", conversation=community.title)
    facts = {"reason": "", "asked": len(fresh.ask), "days": PATIENCE.days, "most": PEOPLE}
    about = About(ask_id=id)
    notices.answer(desk, community, who, case.message, "start-receipt", facts, ("no", "help"), about)
    return Outcome("asked", f"community {community.id}, {len(fresh.ask)} people", other_id=who.id)


def _refuse(desk: Desk, case: Case, who: Person, reason: str) -> Outcome:
    facts = {"reason": reason, "asked": 0, "days": PATIENCE.days, "most": PEOPLE}
    key = f"start:{reason}:{who.id}:{desk.now:%Y-%m-%d}"
    notices.answer(desk, case.community, who, case.message, "start-receipt", facts, ("help",), None, key)
    return Outcome("refused", f"new@: {reason}")


def _guests(desk: Desk, case: Case) -> tuple[Guest, ...]:
    """Everybody else in To and Cc, each once, with the name they are called by."""
    ours, found = f"@{desk.settings.domain}", dict[str, Guest]()
    for mailbox in (*case.message.to, *case.message.cc):
        email = addressing.address(mailbox.address)
        if email and email != case.verdict.address and not email.endswith(ours):
            found.setdefault(email, Guest(email, called(mailbox.name)))
    return tuple(found.values())


def _found(desk: Desk, case: Case, wished: str) -> Community:
    """The community, in the language and zone of the one its writer is of."""
    title = base_subject(case.message.subject).strip()[:TITLE].strip() or _writer(case) or "New"
    names = {one.name for one in people.communities(desk.conn)}
    name = free_name(wished or title, names | {addressing.NEW})
    home = case.community
    more = {"title": title, "language": home.language, "zone": home.zone}
    return people.community_by_id(desk.conn, people.add_community(desk.conn, name, desk.now, **more))


def free_name(words: str, taken: set[str]) -> str:
    """A name for an address: letters and digits of the first words, with a number where it is taken."""
    ascii = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    name = ""
    for word in re.findall(r"[a-z0-9]+", ascii):
        if len(name + word) > NAME - 3:
            break
        name += word
    name = name or re.sub(r"[^a-z0-9]", "", ascii)[: NAME - 3] or "group"
    return next(one for one in (name, *(f"{name}{n}" for n in range(2, 1000))) if one not in taken)


def _open(desk: Desk, case: Case, community: Community, who: Person) -> int:
    ids = [case.message.message_id, *case.message.references, *case.message.in_reply_to]
    payload = {"ids": list(dict.fromkeys(filter(None, ids)))[-50:], "email": who.email}
    return asks.open_ask(
        desk.conn,
        community.id,
        "start",
        "yes-no",
        desk.now,
        person_id=who.id,
        inbox_id=case.mail,
        payload=payload,
        closes_at=desk.now + PATIENCE,
    )


def pending(desk: Desk, community: Community) -> Ask | None:
    """What a community waits for that has not begun."""
    return next(iter(asks.open_asks(desk.conn, community.id, "start")), None)


def begin(desk: Desk, community: Community, first: Person) -> None:
    """The first yes: the mail that began it is its first post, and its writer facilitates. Nothing, where it has."""
    start = pending(desk, community)
    if start is None or not asks.close(desk.conn, start.id):
        return
    starter = people.by_email(desk.conn, start.payload["email"]) or people.by_id(desk.conn, start.person_id or 0)
    people.join(desk.conn, starter, community.id, desk.now, role="facilitator")
    raw = inbox.raw(desk.conn, start.inbox_id) if start.inbox_id else None
    if raw is not None:
        _keep(desk, community, starter, raw, start.inbox_id)
    facts = {"first": notices.person_facts(first)}
    notices.tell(desk, "start-open", community, starter, facts, offers=("help",), also=("invite", "charter", "rules"))


def _keep(desk: Desk, community: Community, starter: Person, raw: bytes, mail: int | None) -> None:
    """Into the archive; everyone asked has it in their mailbox."""
    message = parse(raw)
    new = NewPost(
        community_id=community.id,
        message=message,
        body=fold(message, None, ()),
        person_id=starter.id,
        author=notices.name_of(starter),
        inbox_id=mail,
        sent_at=min(message.date or desk.now, desk.now),
        posted_at=desk.now,
    )
    posting.add(desk.conn, new)


def _stopped(desk: Desk, case: Case, said: Said) -> Outcome:
    """Whoever began it says no after all: while it waits, it is gone at once."""
    if said.command != "no" or not case.ask or not asks.close(desk.conn, case.ask.id, "withdrawn"):
        return Outcome("ignored", "a community that has begun")
    for ask in asks.open_asks(desk.conn, case.community.id, "invite"):
        asks.close(desk.conn, ask.id, "withdrawn")
    return Outcome("undone", "a community nobody is in yet")


def _writer(case: Case) -> str:
    return case.message.sender.name if case.message.sender else ""


NEW = Command("begin a community with everyone in To and Cc", _new, verbs=("new",))
STOPPED = Answer("start", _stopped)
