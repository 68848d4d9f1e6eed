"""Attachments stay here until someone wants them: `files` brings those of a post."""

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.parse import parse
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store import inbox, posts
from mailer.store.mailings import About

AT_ONCE = 15_000_000  # octets of attachments in one mail; common mailboxes take 20 to 25 MB encoded


def _files(desk: Desk, case: Case, said: Said) -> Outcome:
    post = posts.post(desk.conn, case.mailing.about.post_id) if case.mailing and case.mailing.about.post_id else None
    raw = inbox.raw(desk.conn, post.inbox_id) if post and post.inbox_id else None
    if not case.sender or not case.member or post is None or raw is None:
        return Outcome("ignored", "nothing to fetch")
    attached = parse(raw).attachments
    room, chosen = AT_ONCE, []
    for one in attached:
        if one.size <= room:
            chosen.append(one)
            room -= one.size
    facts = {"done": "files", "subject": post.subject, "stopped": len(attached) - len(chosen), "text": ""}
    notices.tell(
        desk,
        "sender-outcome",
        case.community,
        case.sender,
        facts,
        about=About(thread_id=post.thread_id, post_id=post.id),
        in_reply_to=case.message.message_id,
        attachments=tuple(chosen),
    )
    return Outcome("fetched", f"{len(chosen)} of {len(attached)}", post_id=post.id)


FILES = Command("get the attachments of a post", _files, words=("files",))
