"""A member's post on its way to the others: composed once, from our own address, in the thread where it belongs.

The From is ours, so that no sender's policy can have it refused (RFC 7960), and a Reply goes to everyone; the
Message-ID stays the member's, so that their answer and ours name the same post; one that a mail of ours has already
is not given twice, or answers to the one would count for the other.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

from mailer.mail import tokens
from mailer.mail.compose import Draft, compose
from mailer.mail.message import Body, Mailbox, Message
from mailer.mail.writing import headline
from mailer.outbound import notices, relay
from mailer.outbound.desk import Desk
from mailer.outbound.render import Rendered, mailto
from mailer.store.society import people
from mailer.store.society.people import Community, Person
from mailer.store.talk import posts, wanting
from mailer.store.talk.posting import Posted
from mailer.store.talk.wanting import Audience
from mailer.store.traffic import deliveries, mailings
from mailer.store.traffic.mailings import About

SHOWN = ("thanks", "private", "mute", "weekly", "help")
SAYABLE = (
    *SHOWN,
    "useful",
    "solved",
    "follow",
    "stop",
    "leave",
    "each",
    "daily",
    "tag",
    "undo",
    "quiet",
    "split",
    "merge",
    "title",
    "hold",
    "unhold",
    "invite",
)
TEXT = 30_000  # characters of a post that are mailed; the whole is in the archive and among its files


def post(
    desk: Desk,
    community: Community,
    writer: Person,
    message: Message,
    body: Body,
    posted: Posted,
    modes: Sequence[str],
    facts: notices.Facts,
) -> int | None:
    """Queue it for every active member who wants it: by mode, thread and tags. One variant a language, and one more
    where someone reads text only."""
    offers = (*SAYABLE, "files") if message.attachments else SAYABLE
    about = About(thread_id=posted.thread_id, post_id=posted.post_id)
    given = message.message_id
    free = headline.is_id(given) and mailings.by_message_ids(desk.conn, community.id, [given]) is None
    kept = given if free else desk.message_id("post")
    id = mailings.add(desk.conn, "post", community.id, kept, desk.now, offers=offers, about=about)
    assert id is not None
    facts = _facts(message, body, writer, facts)
    place = notices.community_facts(desk, community)
    audience = _audience(desk, community, writer, posted, modes)
    for language, readers in _readers(desk, community).items():
        frame = notices.framed(desk, community, None, id, SHOWN, desk.address(community), facts, place)
        rendered = desk.press.render(
            "member-post", language, {**frame, "words": _words(desk, community, id, posted.post_id, language)}
        )
        draft = _draft(desk, community, writer, message, posted, kept, rendered)
        mailings.name_subject(desk.conn, id, rendered.subject)
        for plain, chosen in readers.items():
            raw = compose(replace(draft, html="") if plain else draft)
            key = mailings.add_variant(desk.conn, id, f"{language}/text" if plain else language, raw, personal=True)
            theirs = replace(audience, languages=chosen, plain=plain)
            deliveries.fan_out_members(desk.conn, id, key, theirs, desk.now)
    return id


def _audience(desk: Desk, community: Community, writer: Person, posted: Posted, modes: Sequence[str]) -> Audience:
    """Who wants this post. Its writer gets it back only where they have asked for that. What goes past the digests goes
    past caps, mutes and tags as well: to everyone who is here and gets mail at all."""
    member = people.membership_of(desk.conn, writer.id, community.id)
    but = () if member and member.own else (writer.id,)
    if "daily" in modes:
        return Audience(community.id, modes, except_person_ids=but)
    midnight = desk.now.astimezone(ZoneInfo(community.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Audience(
        community.id,
        modes,
        posted.thread_id,
        wanting.tags_of(desk.conn, posted.thread_id),
        day_began=wanting.last_mailing(desk.conn, midnight.astimezone(UTC)),
        except_person_ids=but,
    )


def _readers(desk: Desk, community: Community) -> dict[str, dict[bool, list[str]]]:
    """The languages the mail is written in; in each, by text only or not, the choices of the members who read it so."""
    groups: dict[str, dict[bool, list[str]]] = {}
    for chosen, plain in people.readings(desk.conn, community.id):
        language = desk.press.speaks("member-post", chosen or community.language)
        groups.setdefault(language, {}).setdefault(plain, []).append(chosen)
    return groups


def _words(desk: Desk, community: Community, id: int, post_id: int, language: str) -> list[dict[str, str]]:
    """What the mail may be answered with; what is for the author alone has an address of its own."""
    code = tokens.code(id)
    offered = desk.press.offer(SHOWN, language, desk.address(community), code)
    alone = desk.address(community, "private", tokens.seal(desk.keys, "private", post_id))
    return [
        {**one, "mailto": mailto(alone, f"{one['word']} [#{code}]")} if one["command"] == "private" else one
        for one in offered
    ]


def _draft(
    desk: Desk,
    community: Community,
    writer: Person,
    message: Message,
    posted: Posted,
    message_id: str,
    rendered: Rendered,
) -> Draft:
    """The post as a mail of ours, in the thread where it belongs even if the writer's program did not say so."""
    named = [*message.references, *message.in_reply_to]
    if not named and not posted.new_thread:
        named = [one.message_id for one in posts.posts_of(desk.conn, posted.thread_id)[:1]]
    references = tuple(dict.fromkeys(filter(headline.is_id, named)))[-20:]
    return Draft(
        sender=Mailbox(relay.named(writer, community), desk.address(community)),
        to=(Mailbox(community.title, desk.address(community)),),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=message_id,
        date=desk.now,
        in_reply_to=next(filter(headline.is_id, message.in_reply_to), references[-1] if references else ""),
        references=references,
        extra=(("Precedence", "list"), *notices.list_fields(desk, community)),
    )


def _facts(message: Message, body: Body, writer: Person, facts: notices.Facts) -> dict[str, object]:
    text = body.new_text.strip("\n")
    return {
        "author": notices.person_facts(writer),
        "subject": message.subject,
        "text": text if len(text) <= TEXT else text[:TEXT].rsplit("\n", 1)[0],
        "cut": len(text) > TEXT,
        "attachments": [{"name": one.name, "size": one.size} for one in message.attachments],
        **facts,
    }
