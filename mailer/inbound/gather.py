"""From a raw mail to the Case: read it, find who wrote it, what it answers and what it says. Reads, never writes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mailer.commands.askingback import NEAR
from mailer.commands.case import Case
from mailer.commands.confiding import DOUBT
from mailer.commands.moderating import GOES_OUT
from mailer.community import discretion
from mailer.inbound import private
from mailer.inbound.known import DUTY
from mailer.inbound.saying import Speaker, heard
from mailer.mail import addressing, seals, tokens
from mailer.mail.addressing import Local
from mailer.mail.authenticate import Verdict, authenticate
from mailer.mail.dsn import bounces
from mailer.mail.folding import fold
from mailer.mail.message import Automatic, Body, Bounced, Message
from mailer.mail.parse import parse
from mailer.mail.quotes.sentlines import SentLines
from mailer.mail.robots import automatic
from mailer.outbound.desk import Desk, House
from mailer.store.knowledge import asks
from mailer.store.society import habits, people, starts
from mailer.store.society.people import Community, Person
from mailer.store.talk import talks
from mailer.store.traffic import inbox, mailings
from mailer.store.traffic.inbox import Waiting
from mailer.store.traffic.mailings import Mailing

OURSELVES = Verdict("", False, "", "", "it says that one of our own addresses wrote it")
TWIN = timedelta(days=3660)  # SECURITY 27: a client that lost our 250 tries for days, who means harm for years
TWIN_NAMELESS = timedelta(hours=1)  # without Message-ID and Date two short mails may be alike and both be meant


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail read, before it is looked at for each of our addresses it came to."""

    mail: Waiting  # without its bytes
    message: Message
    verdict: Verdict
    automatic: Automatic | None
    bounced: tuple[Bounced, ...]
    fingerprint: str


def read(house: House, mail: Waiting) -> Reading:
    """What can be known from the bytes alone. Raises nothing: any bytes are a mail."""
    envelope = mail.envelope
    message = parse(envelope.raw)
    robot = automatic(message, envelope.mail_from)
    return Reading(
        replace(mail, envelope=replace(envelope, raw=b"")),
        message,
        authenticate(message, house.settings.trust.authserv_id or None, envelope.trusted, mail.looked_up),
        robot,
        bounces(message, envelope.mail_from) if robot == "bounce" else (),
        _fingerprint(mail, message),
    )


def cases(desk: Desk, reading: Reading, released: bool = False) -> list[Case]:
    """One case for each address of ours the mail came to, in the order given; none for addresses that are no more."""
    known = {community.name: community for community in people.communities(desk.conn)}
    if _ours(desk, known, reading.verdict.address):
        reading = replace(reading, verdict=OURSELVES)
    found = []
    for recipient in dict.fromkeys(reading.mail.envelope.recipients):
        local, _, domain = recipient.rpartition("@")
        if domain != desk.settings.domain:
            continue
        where = addressing.split(local, known, desk.settings.delimiter)
        if local in DUTY and known:  # whoever facilitates the oldest community hears those who cannot reach anyone
            where = Local(next(iter(known)), "team", "")
        if where is None and known and (wished := addressing.newcomer(local, desk.settings.delimiter)) is not None:
            where = _begun(desk.conn, reading, list(known.values()), wished)
        if where:
            case = _case(desk, reading, known[where.community], where, released)
            twin = None if released else _twin(desk.conn, reading, recipient)
            found.append(case.but(astray=_astray(reading, recipient), twin=twin))
    return found


def _ours(desk: Desk, known: Iterable[str], email: str) -> bool:
    """Whether this is an address of ours. Nobody writes from there: an answer would come back to us."""
    local, _, domain = email.rpartition("@")
    if domain != desk.settings.domain:
        return False
    return local in DUTY or addressing.split(local, set(known), desk.settings.delimiter) is not None


def _begun(conn: Connection, reading: Reading, known: list[Community], wished: str) -> Local:
    """`new@`: a post of the community that this conversation has begun, or the wish for one, put where the sender is a
    member, or else in the oldest."""
    message = reading.message
    if id := starts.of_chain(conn, [message.message_id, *message.references, *message.in_reply_to]):
        return Local(people.community_by_id(conn, id).name, "", "")
    sender = people.by_email(conn, reading.verdict.address) if reading.verdict.address else None
    homes = (one for one in known if sender and (m := people.membership_of(conn, sender.id, one.id)) and m.active)
    return Local(next(homes, known[0]).name, addressing.NEW, wished)


def _case(desk: Desk, reading: Reading, community: Community, local: Local, released: bool) -> Case:
    conn = desk.conn
    message, envelope = reading.message, reading.mail.envelope
    sender = people.by_email(conn, reading.verdict.address) if reading.verdict.address else None
    answered, personal = _answered(desk, conn, reading, community, local, sender)
    learnt = habits.learnt(conn, sender.id) if sender else ()
    body = fold(message, _sent(conn, answered) if answered else None, learnt)
    ours = (desk.settings.domain, desk.settings.delimiter)
    body, message = private.body_without(body, *ours), replace(message, subject=private.without(message.subject, *ours))
    member = people.membership_of(conn, sender.id, community.id) if sender else None
    who = Speaker(sender, member, community, envelope.received_at.astimezone(ZoneInfo(community.zone)).date())
    meant = released and asks.settled(conn, community.id, NEAR, reading.mail.id) == "all"
    return Case(
        mail=reading.mail.id,
        received_at=envelope.received_at,
        mail_from=envelope.mail_from,
        message=message,
        body=body,
        verdict=reading.verdict,
        automatic=reading.automatic,
        bounced=reading.bounced,
        community=community,
        local=local,
        sender=sender,
        membership=member,
        mailing=answered,
        personal=personal,
        owner=_owner(desk, conn, reading, community, local, answered) if answered and not personal else None,
        said=None if meant else heard(desk.press, message, body, local, answered, who),
        ask=asks.ask(conn, answered.about.ask_id) if answered and answered.about.ask_id else None,
        pace=_pace(conn, answered, sender, desk.now),
        first=bool(member and sender and talks.silent(conn, community.id, sender.id)),
        share=asks.settled(conn, community.id, "forward", reading.mail.id) if released else "",
        cleared=released and asks.settled(conn, community.id, "hold", reading.mail.id) in GOES_OUT,
        released=released,
        meant=meant,
        intimate=_intimate(conn, answered, body, community, reading.mail.id),
    )


def _answered(
    house: House, conn: Connection, reading: Reading, community: Community, local: Local, sender: Person | None
) -> tuple[Mailing | None, bool]:
    """The mailing this is an answer to, and whether only this sender could know of it.

    Found by the token of the address, by the Message-IDs it names, or by the visible code: any one suffices to find
    it; only the first two, in a mail to one person and from that person, prove anything.
    """
    if local.verb == "r" and (ids := tokens.unseal(house.keys, "reply", local.token)):
        answered = mailings.by_id(conn, ids[0])
        if answered and answered.community_id == community.id:
            return answered, bool(sender and sender.id == ids[1])
    if local.verb == "private" and (ids := tokens.unseal(house.keys, "private", local.token)):
        return mailings.of_post(conn, ids[0]), False  # every reader of a post has its private address
    named = [*reading.message.in_reply_to, *reversed(reading.message.references)]
    answered = mailings.by_message_ids(conn, community.id, list(dict.fromkeys(named))) if named else None
    if answered:
        return answered, bool(sender and sender.id == answered.about.person_id)
    for code in _codes(reading.message):
        answered = mailings.by_id(conn, code)
        if answered and answered.community_id == community.id:
            return answered, False
    return None, False


def _owner(
    house: House, conn: Connection, reading: Reading, community: Community, local: Local, answered: Mailing
) -> Person | None:
    """The member whose own mail is answered. Anyone can guess a visible code: it counts where our border vouches."""
    ids = tokens.unseal(house.keys, "reply", local.token) if local.verb == "r" else None
    named = answered.message_id in (*reading.message.in_reply_to, *reading.message.references)
    id = ids[1] if ids else answered.about.person_id if named or reading.verdict.verified else None
    found = people.member(conn, id, community.id) if id else None
    return found.person if found and found.membership.active else None


def _astray(reading: Reading, recipient: str) -> bool:
    """A signed mail that its writer need not have sent to this address of ours: it names others, or the signature
    leaves open whom it names. Anybody may send a copy again; whose own server hands it over is not asked, nor a mail
    that was signed as naming nobody. Large providers leave To and Cc open: a border that says nothing of servers
    (SPF) would have all of their users asked for each mail, so there what stands in them is believed."""
    server, message = reading.verdict.server, reading.message
    if not reading.verdict.verified or server == "own":
        return False
    mark = next((name for name in ("message-id", "date") if message.headers.get(name)), "")
    sealed = "dkim-signature" in message.headers
    if sealed and not (mark and seals.covers(message, "message-id") and seals.covers(message, mark)):
        return True  # under another id, or with none and at no time, it would be another mail each time
    to, cc = (server == "" or seals.covers(message, name) for name in ("to", "cc"))
    named = {addressing.address(one.address) for one in (*(message.to if to else ()), *(message.cc if cc else ()))}
    silent = to and cc and not named and ":" not in message.headers.get("to")  # undisclosed:; says something
    return not silent and recipient not in named


def _twin(conn: Connection, reading: Reading, recipient: str) -> int | None:
    """The same mail for the same address of ours, where it was handed over before."""
    headers = reading.message.headers
    before = TWIN if headers.get("message-id") or headers.get("date") else TWIN_NAMELESS
    since = reading.mail.envelope.received_at - before
    return inbox.twin(conn, reading.fingerprint, recipient, since, reading.mail.id)


def _intimate(conn: Connection, answered: Mailing | None, body: Body, community: Community, mail: int) -> str:
    """Why an answer to a post looks meant for one, where more would read it than the community lets pass unasked."""
    many = community.policy.discretion
    if not many or answered is None or answered.kind != "post" or body.flagged:
        return ""
    why = discretion.looks_private(body.new_text)
    if not why or people.count_members(conn, community.id) - 1 <= many:
        return ""
    return "" if asks.settled(conn, community.id, DOUBT, mail) == "all" else why


def _pace(conn: Connection, answered: Mailing | None, sender: Person | None, now: datetime) -> int:
    """How often they have posted in this thread within the hour: a loop shows here whatever its headers say."""
    thread = answered.about.thread_id if answered else None
    return talks.pace(conn, thread, sender.id, now - timedelta(hours=1)) if thread and sender else 0


def _codes(message: Message) -> Iterable[int]:
    """The numbers behind the visible codes of subject and text, first seen first."""
    seen = [tokens.number(match[1]) for match in private.CODE.finditer(f"{message.subject}\n{message.text}")]
    return dict.fromkeys(number for number in seen[:8] if number is not None)


def _sent(conn: Connection, answered: Mailing) -> SentLines:
    """The lines of ours that an answer to this mailing is likely to quote."""
    texts = mailings.texts(conn, answered.id)
    if answered.about.thread_id:
        texts += talks.texts(conn, answered.about.thread_id)
    return SentLines.of(texts)


def _fingerprint(mail: Waiting, message: Message) -> str:
    """The same for the same mail handed over again, whatever servers have made of its blanks: no signature minds them
    (RFC 6376 §3.4). SECURITY 27: its author, id and content; without an id what else makes it that mail."""
    names = ("from", "message-id") if message.headers.get("message-id") else ("from", "date", "subject", "to")
    fields = ["".join(message.headers.get(name).split()).encode() for name in names]
    return inbox.fingerprint([*fields, inbox.content(mail.envelope.raw)])
