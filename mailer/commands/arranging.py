"""Threads put in order by a facilitator's reply to any post: `split`, `merge k7q`, `title New words`."""

from mailer.commands import Command
from mailer.commands.case import Before, Case, Outcome
from mailer.community.grammar import Said
from mailer.mail import tokens
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.talk import arrange, posts
from mailer.store.traffic import mailings
from mailer.store.traffic.mailings import About


def _split(desk: Desk, case: Case, said: Said) -> Outcome:
    """The post that is answered and all below it become a conversation of their own, called so where it is said."""
    id = case.mailing.about.post_id if case.mailing else None
    post = posts.post(desk.conn, id) if id else None
    if post is None:
        return Outcome("ignored", "no post to split off")
    before = arrange.standing(desk.conn, post.thread_id)
    thread = arrange.split(desk.conn, post.id)
    if thread and said.argument:
        arrange.retitle(desk.conn, thread, said.argument)
    if thread and before:  # taken back, the new conversation goes into the old one
        before = (*before, ("thread", thread, {"into_id": post.thread_id, "state": "merged"}))
    return _told(desk, case, "split", thread or post.thread_id, undo=before)


def _merge(desk: Desk, case: Case, said: Said) -> Outcome:
    """This conversation joins the one that the code in a mail's footer leads to."""
    here, there = _here(case), _behind(desk, case, said.argument)
    if here is None or there is None:
        return _told(desk, case, "merge-unknown", here, said.argument)
    before = arrange.standing(desk.conn, here, there)
    return _told(desk, case, "merge", arrange.join(desk.conn, case.community.id, here, there) or there, undo=before)


def _title(desk: Desk, case: Case, said: Said) -> Outcome:
    """This conversation is called so from now on."""
    here = _here(case)
    if here is None or not said.argument:
        return Outcome("ignored", "nothing to name")
    before = arrange.standing(desk.conn, here)
    return _told(desk, case, "title", arrange.retitle(desk.conn, here, said.argument), undo=before)


def _here(case: Case) -> int | None:
    return case.mailing.about.thread_id if case.mailing else None


def _behind(desk: Desk, case: Case, code: str) -> int | None:
    """The thread of the mail with this code, in this community alone."""
    number = tokens.number(code)
    mailing = mailings.by_id(desk.conn, number) if number is not None else None
    return mailing.about.thread_id if mailing and mailing.community_id == case.community.id else None


def _told(
    desk: Desk, case: Case, done: str, thread: int | None, code: str = "", undo: tuple[Before, ...] = ()
) -> Outcome:
    """One line to whoever asked for it, who may take it back for a day."""
    found = posts.thread(desk.conn, thread) if thread else None
    subject = found.subject if found else case.message.subject
    facts = {"done": done, "subject": subject, "stopped": 0, "text": code}
    about = About(thread_id=thread, inbox_id=case.mail)
    offers = ("undo", "help") if undo else ("help",)
    notices.answer(desk, case.community, case.sender, case.message, "sender-outcome", facts, offers, about)
    return Outcome("unclear" if done == "merge-unknown" else "arranged", f"{done} {thread}", undo=undo)


SPLIT = Command("make a post and its answers a conversation of their own", _split, words=("split",), facilitators=True)
MERGE = Command("join a conversation with another one", _merge, words=("merge",), facilitators=True)
TITLE = Command("name a conversation anew", _title, words=("title",), facilitators=True)
