"""Tags: in a post or later by reply, by anyone. A tag that names a kind keeps the post as an item of that kind."""

from mailer.commands import Command
from mailer.commands.case import Before, Case, Outcome
from mailer.community import kinds
from mailer.community.firstnames import shown_name
from mailer.community.grammar import Said
from mailer.community.tagging import hashtags, title_of
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import library
from mailer.store.knowledge.library import ItemRow
from mailer.store.society import people
from mailer.store.society.people import Person
from mailer.store.talk import posts
from mailer.store.traffic.mailings import About


def keep(desk: Desk, case: Case, post_id: int, tags: tuple[str, ...]) -> ItemRow | None:
    """Tag a post; keep it in the library where a tag names a kind. The item, if it is a new one."""
    assert case.sender
    library.tag_post(desk.conn, post_id, tags, case.sender.id, desk.now)
    kind = kinds.kind_for(tags)
    post = posts.post(desk.conn, post_id)
    if kind is None or post is None or library.item_of_post(desk.conn, post_id):
        return None
    return library.keep(
        desk.conn,
        case.community.id,
        kind.name,
        [post_id],
        title_of(post.subject, post.new_text),
        post.new_text,
        author_id=post.person_id,
        steward_id=post.person_id or case.sender.id,
        tags=tags,
        now=desk.now,
    )


def _tag(desk: Desk, case: Case, said: Said) -> Outcome:
    """`#lesson #cementing` in reply to a post."""
    post_id = case.mailing.about.post_id if case.mailing else None
    if post_id is None or not case.member or not case.sender:
        return Outcome("ignored", "nothing to tag")
    tags = hashtags("", said.argument)
    had = library.taggings(desk.conn, post_id)
    item = keep(desk, case, post_id, tags)
    undo: list[Before] = [("tagging", id, {}) for id in sorted(library.taggings(desk.conn, post_id) - had)]
    if item:  # what was kept is set aside, not forgotten
        undo.append(("item", item.id, {"status": "retired"}))
    post = posts.post(desk.conn, post_id)
    assert post
    author = people.by_id(desk.conn, post.person_id) if post.person_id else case.sender
    facts = {
        "first": False,
        "subject": post.subject,
        "text": post.new_text,
        "members": people.count_members(desk.conn, case.community.id),
        "minutes": 10,
        "tags": list(tags),
        "item": shown(desk, item, author) if item else None,
        "similar": [],
    }
    about = About(thread_id=post.thread_id, post_id=post.id, item_id=item.id if item else None, inbox_id=case.mail)
    offers = ("undo", "help") if undo else ("help",)
    notices.answer(desk, case.community, case.sender, case.message, "sender-receipt", facts, offers, about)
    return Outcome("tagged", " ".join(tags), post_id=post_id, undo=tuple(undo))


def shown(desk: Desk, item: ItemRow, author: Person) -> dict[str, object]:
    """An item as receipts and digests show it."""
    kind = kinds.KINDS[item.kind]
    return {
        "number": item.name,
        "kind": kind.title,
        "title": item.title,
        "text": item.text,
        "tags": list(library.tags_of_item(desk.conn, item.id)),
        "author": notices.name_of(author),
        "organisation": shown_name(author.organisation),
    }


TAG = Command("tag a post, now or later; #lesson keeps it as a lesson", _tag, words=("tag",))
