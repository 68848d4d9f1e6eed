"""One mail to one person, from a template: answers, receipts, questions. Called by commands, acts and jobs.

The frame of facts every template may use is built here; so is the address a reply comes back to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from mailer.community.firstnames import first_name, shown_name
from mailer.mail import tokens
from mailer.mail.compose import Draft, compose
from mailer.mail.message import Attachment, Mailbox, Message
from mailer.outbound.desk import Desk
from mailer.store.knowledge import charters
from mailer.store.society import people
from mailer.store.society.people import Community, Person
from mailer.store.traffic import deliveries, mailings
from mailer.store.traffic.mailings import About

Facts = Mapping[str, object]
ALWAYS = ("thanks", "help")  # may be said to any mail, shown or not: nobody is to be misunderstood for being kind
NOTHING = About()
DAY = timedelta(days=1)
MOST = 30  # answers of one kind to one address in a day


def tell(
    desk: Desk,
    name: str,
    community: Community,
    person: Person,
    facts: Facts,
    *,
    offers: Sequence[str] = (),
    about: About = NOTHING,
    period_key: str | None = None,
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
    priority: int = 0,
    calendar: bytes = b"",
    method: str = "",
    attachments: tuple[Attachment, ...] = (),
    also: Sequence[str] = (),
    back_to: Mailbox | None = None,
) -> int | None:
    """Queue one mail from template `name` to `person`; its mailing id, or None when its period has had one.

    `offers` are shown and may be said; `also` may be said. A Reply comes to us, or goes `back_to` whoever else's words
    it carries.
    """
    message_id = desk.message_id(name)
    about = replace(about, person_id=person.id)
    id = mailings.add(
        desk.conn,
        name,
        community.id,
        message_id,
        desk.now,
        offers=tuple(dict.fromkeys((*offers, *also, *ALWAYS))),
        about=about,
        period_key=period_key,
        priority=priority,
    )
    if id is None:
        return None
    draft = _draft(desk, name, community, person, id, message_id, offers, facts)
    draft = replace(
        draft,
        reply_to=back_to or draft.reply_to,
        in_reply_to=in_reply_to,
        references=references,
        extra=(("Auto-Submitted", "auto-replied" if in_reply_to else "auto-generated"), *list_fields(desk, community)),
        calendar=calendar,
        method=method,
        attachments=attachments,
    )
    mailings.name_subject(desk.conn, id, draft.subject)
    key = mailings.add_variant(desk.conn, id, "", compose(draft), personal=False)
    deliveries.fan_out(desk.conn, id, [deliveries.Recipient(person.email, person.address_id, key)], desk.now, priority)
    return id


def _draft(
    desk: Desk,
    name: str,
    community: Community,
    person: Person,
    mailing_id: int,
    message_id: str,
    offers: Sequence[str],
    facts: Facts,
) -> Draft:
    """The words, from us to this person, with an address of their own to answer to."""
    back = reply_address(desk, community, mailing_id, person)
    frame = framed(desk, community, person, mailing_id, offers, back, facts)
    rendered = desk.press.render(name, spoken(person, community), frame)
    plain = people.reads_plain(desk.conn, person.id, community.id)
    return Draft(
        sender=Mailbox(community.title, desk.address(community, "help")),
        to=(Mailbox(person.name, person.email),),
        reply_to=Mailbox(community.title, back),
        subject=rendered.subject,
        text=rendered.text,
        html="" if plain else rendered.html,
        message_id=message_id,
        date=desk.now,
    )


def answer(
    desk: Desk,
    community: Community,
    person: Person | None,
    message: Message,
    name: str,
    facts: Facts,
    offers: Sequence[str] = (),
    about: About | None = None,
    period_key: str | None = None,
    also: Sequence[str] = (),
) -> int | None:
    """Answer a mail of this person, in its thread. Nothing to nobody, and no more of a kind than a person asks for in a
    day: a machine that says so nowhere may be answering us.
    """
    if person is None or deliveries.told(desk.conn, person.address_id, name, desk.now - DAY) >= MOST:
        return None
    references = (*message.references, message.message_id)
    return tell(
        desk,
        name,
        community,
        person,
        facts,
        offers=offers,
        about=about or NOTHING,
        period_key=period_key,
        in_reply_to=message.message_id,
        references=references[-20:],
        also=also,
    )


def reply_address(desk: Desk, community: Community, mailing_id: int, person: Person) -> str:
    """Where a reply to this mail to this person goes: no one else can know it."""
    return desk.address(community, "r", tokens.seal(desk.keys, "reply", mailing_id, person.id))


def spoken(person: Person | None, community: Community) -> str:
    """The language to write to this person in."""
    return (person and person.language) or community.language


def zone_of(person: Person | None, community: Community) -> str:
    """The time zone this person lives by, as far as we know."""
    return (person and person.zone) or community.zone


def framed(
    desk: Desk,
    community: Community,
    person: Person | None,
    mailing_id: int,
    offers: Sequence[str],
    back: str,
    facts: Facts,
    place: Facts | None = None,
) -> dict[str, object]:
    """The facts of a mail, with those every template may use around them; `place` are the community's, where known."""
    language, code = spoken(person, community), tokens.code(mailing_id)
    return {
        "community": place or community_facts(desk, community),
        "person": person_facts(person),
        "code": code,
        "zone": zone_of(person, community),
        "language": language,
        "words": desk.press.offer(offers, language, back, code),
        "goes_to": "",
        **facts,
    }


def community_facts(desk: Desk, community: Community) -> dict[str, object]:
    """A community as templates know it."""
    verbs = ("help", "join", "leave", "team", "find", "me", "event", "invite")
    charter = charters.charter(desk.conn, community.id)
    return {
        "charter": charter.line if charter else "",
        "name": community.name,
        "title": community.title,
        "description": community.description,
        "address": desk.address(community),
        "zone": community.zone,
        "members": people.count_members(desk.conn, community.id),
        **{f"{verb}_address": desk.address(community, verb) for verb in verbs},
    }


def name_of(person: Person) -> str:
    """What to call someone: their name, or the part of their address that does not say where to write."""
    return shown_name(person.name) or person.email.partition("@")[0]


def person_facts(person: Person | None) -> dict[str, object]:
    """A person as templates know them; the first name is empty where we know no name."""
    if not person:
        return {"name": "", "first_name": "", "address": "", "organisation": ""}
    return {
        "name": name_of(person),
        "first_name": first_name(shown_name(person.name)),
        "address": person.email,
        "organisation": shown_name(person.organisation),
    }


def list_fields(desk: Desk, community: Community) -> tuple[tuple[str, str], ...]:
    """The fields that say which list this is (RFC 2919, RFC 2369), but for the personal way out."""
    return (
        ("List-Id", f"{community.title} <{community.name}.{desk.settings.domain}>"),
        ("List-Post", f"<mailto:{desk.address(community)}>"),
        ("List-Help", f"<mailto:{desk.address(community, 'help')}>"),
        ("List-Owner", f"<mailto:{desk.address(community, 'team')}>"),
        ("List-Subscribe", f"<mailto:{desk.address(community, 'join')}>"),
    )
