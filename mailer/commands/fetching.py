"""Attachments stay here until someone wants them: `files` brings those of a post, in several mails where one is too
small."""

from collections.abc import Sequence

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.message import Attachment
from mailer.mail.parse import parse
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.talk import posts
from mailer.store.talk.posts import PostRow
from mailer.store.traffic import inbox
from mailer.store.traffic.mailings import About

MEGABYTE = 1_000_000
MOST = 20  # mails for one word


def _files(desk: Desk, case: Case, said: Said) -> Outcome:
    post = posts.post(desk.conn, case.mailing.about.post_id) if case.mailing and case.mailing.about.post_id else None
    raw = inbox.raw(desk.conn, post.inbox_id) if post and post.inbox_id else None
    if not case.sender or not case.member or post is None or raw is None:
        return Outcome("ignored", "nothing to fetch")
    attached = parse(raw).attachments
    parts = packed(attached, case.community.policy.files_size * MEGABYTE)[:MOST] or [()]
    for number, part in enumerate(parts, 1):
        _send(desk, case, post, part, {"part": number, "parts": len(parts), "stopped": _left_out(attached, parts)})
    sent = sum(len(part) for part in parts)
    return Outcome("fetched", f"{sent} of {len(attached)} in {len(parts)}", post_id=post.id)


def packed(attached: Sequence[Attachment], size: int) -> list[tuple[Attachment, ...]]:
    """These in their order, in as few parts as that allows, each of at most `size` octets; one that is larger by itself
    is in none."""
    parts: list[tuple[Attachment, ...]] = []
    room = 0
    for one in attached:
        if one.size > size:
            continue
        if one.size > room or not parts:
            parts, room = [*parts, ()], size
        parts[-1] += (one,)
        room -= one.size
    return parts


def _left_out(attached: Sequence[Attachment], parts: Sequence[tuple[Attachment, ...]]) -> int:
    return len(attached) - sum(len(part) for part in parts)


def _send(desk: Desk, case: Case, post: PostRow, part: tuple[Attachment, ...], which: dict[str, int]) -> None:
    assert case.sender
    notices.tell(
        desk,
        "sender-files",
        case.community,
        case.sender,
        {"subject": post.subject, **which},
        about=About(thread_id=post.thread_id, post_id=post.id),
        in_reply_to=case.message.message_id,
        attachments=part,
    )


FILES = Command("get the attachments of a post, in several mails where they are many", _files, words=("files",))
