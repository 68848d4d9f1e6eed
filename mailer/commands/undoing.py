"""Undo: take back one's own post. Copies not yet sent are stopped; archive, digest and search forget it."""

from datetime import timedelta

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store import deliveries, mailings, posts
from mailer.store.mailings import About

WINDOW = timedelta(minutes=10)


def _undo(desk: Desk, case: Case, said: Said) -> Outcome:
    post = posts.post(desk.conn, case.mailing.about.post_id) if case.mailing and case.mailing.about.post_id else None
    if not case.sender or post is None or post.person_id != case.sender.id:
        return Outcome("ignored", "nothing of theirs to undo")
    late = desk.now - post.posted_at > WINDOW
    stopped = 0
    if not late:
        posts.withdraw(desk.conn, post.id)
        sent = mailings.of_post(desk.conn, post.id)
        stopped = deliveries.stop(desk.conn, sent.id) if sent else 0
    facts = {"done": "undo-late" if late else "undo", "subject": post.subject, "stopped": stopped, "text": ""}
    about = About(thread_id=post.thread_id)
    notices.answer(desk, case.community, case.sender, case.message, "sender-outcome", facts, ("help",), about)
    return Outcome("ignored", "too late to undo") if late else Outcome("undone", f"{stopped} stopped", post_id=post.id)


UNDO = Command("take back a post within ten minutes", _undo, words=("undo",))
