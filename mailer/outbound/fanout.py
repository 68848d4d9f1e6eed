"""One mailing to many: rendered once for all who read the same words, addressed to each in bulk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mailer.mail.compose import Draft, compose
from mailer.mail.message import Mailbox
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society.people import Community, Member
from mailer.store.traffic import deliveries, mailings
from mailer.store.traffic.mailings import About


@dataclass(frozen=True, slots=True)
class Copy:
    """The same words for these members. `key` is unique in the mailing; `plain` is text only."""

    key: str
    members: Sequence[Member]
    language: str
    facts: Mapping[str, object]
    calendar: bytes = field(default=b"", repr=False)
    method: str = ""
    plain: bool = False


def broadcast(
    desk: Desk,
    name: str,
    community: Community,
    copies: Sequence[Copy],
    *,
    offers: Sequence[str] = (),
    about: About = notices.NOTHING,
    period_key: str | None = None,
    priority: int = 1,
) -> int | None:
    """Queue one mailing with one rendered variant a copy; None when its period has had it or nobody is to get it.

    A copy for one member has a reply address of that member's own; one for several the help address.
    """
    copies = [copy for copy in copies if copy.members]
    if not copies:
        return None
    message_id = desk.message_id(name)
    id = mailings.add(
        desk.conn,
        name,
        community.id,
        message_id,
        desk.now,
        offers=tuple(dict.fromkeys((*offers, *notices.ALWAYS))),
        about=about,
        period_key=period_key,
        priority=priority,
    )
    if id is None:
        return None
    place = notices.community_facts(desk, community)
    rows = [row for copy in copies for row in _print(desk, name, community, copy, id, message_id, offers, place)]
    deliveries.fan_out(desk.conn, id, rows, desk.now, priority)
    return id


def _print(
    desk: Desk,
    name: str,
    community: Community,
    copy: Copy,
    mailing_id: int,
    message_id: str,
    offers: Sequence[str],
    place: Mapping[str, object],
) -> list[deliveries.Recipient]:
    """Render and compose one variant; whom it goes to. `place` are the facts of the community."""
    one = copy.members[0].person if len(copy.members) == 1 else None
    back = notices.reply_address(desk, community, mailing_id, one) if one else desk.address(community, "help")
    frame = notices.framed(desk, community, one, mailing_id, offers, back, copy.facts, place)
    rendered = desk.press.render(name, copy.language, {**frame, "language": copy.language})
    draft = Draft(
        sender=Mailbox(community.title, desk.address(community, "help")),
        to=(Mailbox(one.name, one.email) if one else Mailbox(community.title, desk.address(community)),),
        reply_to=Mailbox(community.title, back),
        subject=rendered.subject,
        text=rendered.text,
        html="" if copy.plain else rendered.html,
        message_id=message_id,
        date=desk.now,
        extra=(("Auto-Submitted", "auto-generated"), ("Precedence", "list"), *notices.list_fields(desk, community)),
        calendar=copy.calendar,
        method=copy.method,
    )
    mailings.name_subject(desk.conn, mailing_id, rendered.subject)
    variant = mailings.add_variant(desk.conn, mailing_id, copy.key, compose(draft), personal=True)
    return [deliveries.Recipient(m.person.email, m.person.address_id, variant) for m in copy.members]
