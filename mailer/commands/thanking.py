"""Thanks: one word to one person, never a post to all. Counted once a giver and post; told in one mail a day."""

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound.desk import Desk
from mailer.store.talk import posts, talks


def _thank(desk: Desk, case: Case, said: Said) -> Outcome:
    post_id = case.mailing.about.post_id if case.mailing else None
    post = posts.post(desk.conn, post_id) if post_id else None
    if not case.sender or not case.member or post is None or post.person_id is None:
        return Outcome("ignored", "nobody to thank")
    if post.person_id == case.sender.id:
        return Outcome("ignored", "their own post")
    if said.command != "useful" and posts.posts_of(desk.conn, post.thread_id)[0].person_id == case.sender.id:
        talks.set_state(desk.conn, post.thread_id, "answered")  # by whoever has asked, and by nobody else
    if talks.thanked(desk.conn, case.sender.id, post.id):
        return Outcome("ignored", "thanked before")
    return Outcome("thanked", said.command, post_id=post.id, other_id=post.person_id)


THANKS = Command("thank the writer of a post", _thank, words=("thanks", "useful", "solved"))
