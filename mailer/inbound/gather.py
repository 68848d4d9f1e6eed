"""From a raw mail to the Case: read it, find who wrote it, what it answers and what it says. Reads, never writes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mailer import commands
from mailer.commands.case import Case
from mailer.community.grammar import Near, Said, understand
from mailer.inbound import private
from mailer.inbound.known import DUTY
from mailer.mail import addressing, tokens
from mailer.mail.addressing import Local
from mailer.mail.authenticate import Verdict, authenticate
from mailer.mail.dsn import bounces
from mailer.mail.folding import fold
from mailer.mail.message import Automatic, Body, Bounced, Message
from mailer.mail.parse import parse
from mailer.mail.quotes.sentlines import SentLines
from mailer.mail.robots import automatic
from mailer.outbound import notices
from mailer.outbound.desk import Desk, House
from mailer.store import asks, habits, inbox, mailings, people, talks
from mailer.store.inbox import Waiting
from mailer.store.mailings import Mailing
from mailer.store.people import Community, Membership, Person

CODE = re.compile(r"\[#([0-9a-z]{3,8})\]", re.IGNORECASE)
MODES = ("each", "daily", "weekly", "events", "none")
FACILITATING = frozenset(word for word, command in commands.by_word().items() if command.facilitators)
SETTINGS = (*MODES, "stop", "help", "quiet")  # what may be said to -me@ and -leave@ without answering anything
TWIN = timedelta(days=7)  # SECURITY 27: a client that lost our 250 tries again for days
TWIN_NAMELESS = timedelta(hours=1)  # without Message-ID two short mails may be alike and both be meant


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail read, before it is looked at for each of our addresses it came to."""

    mail: Waiting
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
        mail,
        message,
        authenticate(message, house.settings.trust.authserv_id or None, envelope.trusted, mail.looked_up),
        robot,
        bounces(message, envelope.mail_from) if robot == "bounce" else (),
        _fingerprint(mail, message),
    )


def cases(desk: Desk, reading: Reading, released: bool = False) -> list[Case]:
    """One case for each address of ours the mail came to, in the order given; none for addresses that are no more."""
    known = {community.name: community for community in people.communities(desk.conn)}
    found = []
    for recipient in dict.fromkeys(reading.mail.envelope.recipients):
        local, _, domain = recipient.rpartition("@")
        if domain != desk.settings.domain:
            continue
        where = addressing.split(local, known, desk.settings.delimiter)
        if local in DUTY and known:  # whoever facilitates the oldest community hears those who cannot reach anyone
            where = Local(next(iter(known)), "team", "")
        if where:
            found.append(_case(desk, reading, known[where.community], where, released))
    return found


def _case(desk: Desk, reading: Reading, community: Community, local: Local, released: bool) -> Case:
    conn = desk.conn
    message, envelope = reading.message, reading.mail.envelope
    sender = people.by_email(conn, reading.verdict.address) if reading.verdict.address else None
    answered, personal = _answered(desk, conn, reading, community, local, sender)
    learnt = habits.learnt(conn, sender.id) if sender else ()
    body = fold(message, _sent(conn, answered) if answered else None, learnt)
    ours = (desk.settings.domain, desk.settings.delimiter)
    body, message = private.body_without(body, *ours), replace(message, subject=private.without(message.subject, *ours))
    offers = answered.offers if answered else SETTINGS if local.verb in ("me", "leave") else ()
    since = envelope.received_at - (TWIN if message.headers.get("message-id") else TWIN_NAMELESS)
    member = people.membership_of(conn, sender.id, community.id) if sender else None
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
        said=_said(desk, body, _sayable(offers, member), sender, community),
        ask=asks.ask(conn, answered.about.ask_id) if answered and answered.about.ask_id else None,
        pace=_pace(conn, answered, sender, desk.now),
        first=bool(member and sender and talks.silent(conn, community.id, sender.id)),
        twin=None if released else inbox.twin(conn, reading.fingerprint, since, reading.mail.id),
        share=asks.settled(conn, community.id, "forward", reading.mail.id) if released else "",
        cleared=released and asks.settled(conn, community.id, "hold", reading.mail.id) in ("ok", "yes"),
        released=released,
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
    named = [*reading.message.in_reply_to, *reversed(reading.message.references)]
    answered = mailings.by_message_ids(conn, community.id, list(dict.fromkeys(named))) if named else None
    if answered:
        return answered, bool(sender and sender.id == answered.about.person_id)
    for code in _codes(reading.message):
        answered = mailings.by_id(conn, code)
        if answered and answered.community_id == community.id:
            return answered, False
    return None, False


def _pace(conn: Connection, answered: Mailing | None, sender: Person | None, now: datetime) -> int:
    """How often they have posted in this thread within the hour: a loop shows here whatever its headers say."""
    thread = answered.about.thread_id if answered else None
    return talks.pace(conn, thread, sender.id, now - timedelta(hours=1)) if thread and sender else 0


def _codes(message: Message) -> Iterable[int]:
    """The numbers behind the visible codes of subject and text, first seen first."""
    seen = [tokens.number(match[1]) for match in CODE.finditer(f"{message.subject}\n{message.text}")]
    return dict.fromkeys(number for number in seen[:8] if number is not None)


def _sent(conn: Connection, answered: Mailing) -> SentLines:
    """The lines of ours that an answer to this mailing is likely to quote."""
    texts = mailings.texts(conn, answered.id)
    if answered.about.thread_id:
        texts += talks.texts(conn, answered.about.thread_id)
    return SentLines.of(texts)


def _sayable(offers: tuple[str, ...], member: Membership | None) -> tuple[str, ...]:
    """Without the words that are commands for facilitators only: in anybody else's mail they are words."""
    facilitates = member is not None and member.active and member.role == "facilitator"
    return offers if facilitates else tuple(word for word in offers if word not in FACILITATING)


def _said(
    house: House, body: Body, offers: tuple[str, ...], sender: Person | None, community: Community
) -> Said | Near | None:
    """The word they said, in the languages we know them by; a word that is plain in any other counts as well."""
    if not offers or body.flagged:
        return None
    languages = dict.fromkeys((notices.spoken(sender, community), community.language, "en"))
    said = understand(body.new_text, offers, house.press.words(*languages))
    if said is None:
        other = understand(body.new_text, offers, house.press.words(*house.press.languages))
        return other if isinstance(other, Said) and not other.comment else None
    return said


def _fingerprint(mail: Waiting, message: Message) -> str:
    """The same for the same mail handed over twice, whatever servers it came through."""
    fields = "\n".join(message.headers.get(name) for name in ("from", "message-id", "date", "subject"))
    _, _, content = mail.envelope.raw.partition(b"\r\n\r\n")
    return inbox.fingerprint([" ".join(sorted(mail.envelope.recipients)).encode(), fields.encode(), content])
