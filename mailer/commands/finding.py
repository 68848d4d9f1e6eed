"""Search by mail: words to `-find@`, numbered hits back, a number fetches one whole."""

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.subjects import base_subject
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store import posts, search, talks
from mailer.store.mailings import About
from mailer.store.posts import PostRow

HITS = 8
POSTS = 10


def _find(desk: Desk, case: Case, said: Said) -> Outcome:
    """The subject, or else the first line, is what is looked for. Only members search, and only what is theirs."""
    if not case.sender or not case.member:
        return Outcome("ignored", "not a member")
    lines = [line for line in case.body.new_text.split("\n") if line.strip()]
    query = said.argument or base_subject(case.message.subject).strip() or (lines[0] if lines else "")
    hits = search.find(desk.conn, case.community.id, query, case.community.language, HITS)
    facts = {
        "query": query[:100],
        "hits": [
            {"number": n, "title": h.subject, "author": h.author, "date": h.sent_at, "snippet": h.snippet}
            for n, h in enumerate(hits, 1)
        ],
    }
    numbers = {str(n): ("post", hit.post_id) for n, hit in enumerate(hits, 1)}
    offers = ("number", "help") if hits else ("help",)
    about = About(numbers=numbers)
    notices.answer(desk, case.community, case.sender, case.message, "find-results", facts, offers, about)
    return Outcome("found", f"{len(hits)} hits")


def _get(desk: Desk, case: Case, said: Said) -> Outcome:
    """A number in answer to hits or to a digest: that post, or that thread, whole."""
    what, id = (case.mailing.about.numbers.get(said.argument) if case.mailing else None) or ("", 0)
    found = _thread(desk, talks.of_item(desk.conn, id) if what == "item" else id) if what in ("thread", "item") else []
    one = posts.post(desk.conn, id) if what == "post" else None
    found = [one] if one else found
    if not case.sender or not case.member or not found:
        return Outcome("ignored", "no such number")
    text = "\n\n".join(f"{post.author}:\n\n{post.new_text}" for post in found)
    facts = {"done": "post", "subject": found[0].subject, "stopped": 0, "text": text}
    about = About(thread_id=found[0].thread_id, post_id=found[0].id)
    offers = ("thanks", "files", "help")
    notices.answer(desk, case.community, case.sender, case.message, "sender-outcome", facts, offers, about)
    return Outcome("found", f"{len(found)} posts", post_id=found[0].id)


def _thread(desk: Desk, id: int | None) -> list[PostRow]:
    """The latest posts of a thread, as many as fit in a mail one reads."""
    return posts.posts_of(desk.conn, id)[-POSTS:] if id else []


FIND = Command("search what was said and kept", _find, words=("find",), verbs=("find",), changes=False)
GET = Command("get one of the hits", _get, words=("number",), changes=False)
