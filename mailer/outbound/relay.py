"""A line between two members: what one writes goes to the other alone, and neither sees the other's address.

The line is an Ask that stays open while they write: its token, in the address of each mail, is bound to the one who got
that mail. Refuses to carry what tells who somebody is behind the writer's back: ids and fields of their own mail, cards
and signatures that their program attaches. Called by the commands that confide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from mailer.community.firstnames import shown_name
from mailer.mail.compose import Draft, compose
from mailer.mail.message import Attachment, Mailbox
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.society.people import Community, Person
from mailer.store.traffic import deliveries, mailings
from mailer.store.traffic.mailings import About

LINE = "private"  # the kind of ask
MAIL, NOTE = "private-message", "private-line"  # what the one gets, and what the other is told of it
KINDS = frozenset({MAIL, NOTE})  # whatever answers these is for one person, wherever it was sent
OFFERS = ("stop",)  # no other word means anything here: "thanks" is for the other one
OPEN = timedelta(days=30)  # since the last word on the line
AT_ONCE = 15_000_000  # octets of attachments in one mail; common mailboxes take 20 to 25 MB encoded
IDS = 10  # Message-IDs of a line that each side may name
TELLING = frozenset(
    {
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
        "application/ms-tnef",
    }
)
"""Types of attachments that a program adds by itself, with the writer's address in them."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be passed on. `message_id` is of the mail it came in, which only its writer has."""

    text: str
    message_id: str
    hidden: bool = False  # the writer's own address stood in it
    files: tuple[Attachment, ...] = field(default=(), repr=False)

    @property
    def empty(self) -> bool:
        return not self.text.strip() and not self.files


def open_line(
    desk: Desk, community: Community, writer: Person, reader: Person, *, subject: str, why: str, known: str = ""
) -> Ask:
    """A line from one to the other. `why`: post or who; `known` is the Message-ID of a post that both have."""
    ids = {str(reader.id): [known] if known else [], str(writer.id): [known] if known else []}
    payload = {"people": [writer.id, reader.id], "subject": subject, "why": why, "ids": ids, "count": 0}
    id = asks.open_ask(
        desk.conn,
        community.id,
        LINE,
        "choice",
        desk.now,
        options=OFFERS,
        payload=payload,
        closes_at=desk.now + OPEN,
    )
    made = asks.ask(desk.conn, id)
    assert made
    return made


def other_end(line: Ask, person: Person) -> int | None:
    """Whom this person writes to on the line; None where it is none of theirs."""
    ends = line.payload["people"]
    return next((id for id in ends if id != person.id), None) if person.id in ends else None


def carry(desk: Desk, community: Community, line: Ask, writer: Person, reader: Person, words: Words) -> int:
    """Pass the words on and keep the line open; the mailing's id."""
    files, left = _fitting(words.files)
    facts = {
        "other": _shown(writer),
        "subject": line.payload["subject"],
        "why": line.payload["why"],
        "first": line.payload["count"] == 0,
        "text": words.text,
        "attachments": [{"name": one.name, "size": one.size} for one in files],
        "left_out": left,
    }
    author = Mailbox(named(writer, community), "")
    id, message_id = _send(desk, community, MAIL, line, reader, facts, author, files)
    ids = {key: list(some) for key, some in line.payload["ids"].items()}
    ids[str(reader.id)] = [*ids[str(reader.id)], message_id][-IDS:]
    ids[str(writer.id)] = [*ids[str(writer.id)], words.message_id][-IDS:]
    asks.change_payload(desk.conn, line.id, {**line.payload, "ids": ids, "count": line.payload["count"] + 1})
    asks.prolong(desk.conn, line.id, desk.now + OPEN)
    return id


def note(desk: Desk, community: Community, line: Ask, writer: Person, reader: Person, done: str, hidden: bool) -> int:
    """Tell the writer how the line stands, `ready` or `sent`; their Reply goes on to the other one."""
    facts = {"done": done, "other": _shown(reader), "subject": line.payload["subject"], "hidden": hidden}
    return _send(desk, community, NOTE, line, writer, facts, Mailbox(community.title, ""))[0]


def _send(
    desk: Desk,
    community: Community,
    name: str,
    line: Ask,
    to: Person,
    facts: Mapping[str, object],
    author: Mailbox,
    files: tuple[Attachment, ...] = (),
) -> tuple[int, str]:
    """Queue one mail of the line; its mailing id and Message-ID. It comes from the address its Reply goes to."""
    message_id, about = desk.message_id("private"), About(person_id=to.id, ask_id=line.id)
    id = mailings.add(desk.conn, name, community.id, message_id, desk.now, offers=OFFERS, about=about, priority=0)
    assert id is not None
    back = notices.reply_address(desk, community, id, to)
    frame = notices.framed(desk, community, to, id, OFFERS, back, facts)
    rendered = desk.press.render(name, notices.spoken(to, community), frame)
    known = line.payload["ids"][str(to.id)]
    draft = Draft(
        sender=replace(author, address=back),
        to=(Mailbox(to.name, to.email),),
        reply_to=replace(author, address=back),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=message_id,
        date=desk.now,
        in_reply_to=known[-1] if known else "",
        references=tuple(known),
        extra=notices.list_fields(desk, community)[:1],  # whose mail it is, but no List-Post: it is for one
        attachments=files,
    )
    mailings.name_subject(desk.conn, id, rendered.subject)
    key = mailings.add_variant(desk.conn, id, "", compose(draft), personal=False)
    deliveries.fan_out(desk.conn, id, [deliveries.Recipient(to.email, to.address_id, key)], desk.now, 0)
    return id, message_id


def _fitting(files: Sequence[Attachment]) -> tuple[tuple[Attachment, ...], int]:
    """What fits in one mail and tells nobody's address, and how many were too large."""
    room, chosen, left = AT_ONCE, [], 0
    for one in files:
        if one.type in TELLING:
            continue
        if one.size > room:
            left += 1
            continue
        room -= one.size
        chosen.append(replace(one, inline=False, content_id=""))
    return tuple(chosen), left


def _shown(person: Person) -> dict[str, object]:
    """A person as the other one knows them: without the address."""
    facts = notices.person_facts(person)
    return {name: facts[name] for name in ("name", "first_name", "organisation")}


def named(person: Person, community: Community) -> str:
    """`A. Name (Acme) via Wells`"""
    where = shown_name(person.organisation)
    organisation = f" ({where})" if where else ""
    return f"{notices.name_of(person)}{organisation} via {community.title}"
