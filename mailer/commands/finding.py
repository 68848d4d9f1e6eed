"""Search by mail: words to `-find@`, numbered hits back, a number fetches one whole.

`who #cementing` finds persons instead: names and organisations, never addresses, and only of those who do not mind. A
number with words below it goes to that one alone.
"""

import re

from mailer.commands import Command, confiding, helping
from mailer.commands.case import Case, Outcome
from mailer.community.firstnames import shown_name
from mailer.community.grammar import Said, understand
from mailer.community.tagging import tag
from mailer.mail.subjects import base_subject
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import experts, people
from mailer.store.talk import posts, search, talks
from mailer.store.talk.posts import PostRow
from mailer.store.traffic.mailings import About

HITS = 8
POSTS = 10
PERSONS = 5
TOPICS = 2  # words after "who", without a sign, that may be tags: "who cementing"
WHO = "find-who"  # the mail that numbers persons

_CHOICE = re.compile(r"\D{0,3}(\d{1,2})(?!\d)[\s:：.,、)）-]*")


def _find(desk: Desk, case: Case, said: Said) -> Outcome:
    """The subject, or else the first line, is what is looked for. Only members search, and only what is theirs."""
    if not case.sender or not case.member:
        return helping.no_member(desk, case)
    lines = [line for line in case.body.new_text.split("\n") if line.strip()]
    query = said.argument or base_subject(case.message.subject).strip() or (lines[0] if lines else "")
    if found := _who(desk, case, query):
        return found
    hits = search.find(desk.conn, case.community.id, query, case.community.language, HITS)
    facts = {
        "query": query[:100],
        "hits": [
            {"number": n, "title": h.subject, "author": h.author, "date": h.sent_at, "snippet": h.snippet}
            for n, h in enumerate(hits, 1)
        ],
    }
    numbers: dict[str, tuple[str, int]] = {str(n): ("post", hit.post_id) for n, hit in enumerate(hits, 1)}
    offers = ("number", "help") if hits else ("help",)
    about = About(numbers=numbers)
    notices.answer(desk, case.community, case.sender, case.message, "find-results", facts, offers, about)
    return Outcome("found", f"{len(hits)} hits")


def _who(desk: Desk, case: Case, query: str) -> Outcome | None:
    """`who #cementing`: who has answered others on it. None where that is no question for persons."""
    assert case.sender
    known = desk.press.words(*desk.press.languages)
    bare = understand(query, ("find",), known)
    query = bare.argument if isinstance(bare, Said) and bare.argument else query
    said = understand(query.strip(" ?？"), ("who",), known)
    if not isinstance(said, Said) or not said.argument:
        return None
    words = said.argument.split()
    signed = [word for word in words if word[0] in "#＃"]
    tags = [name for name in map(tag, signed or words) if name]
    found = experts.experts(desk.conn, case.community.id, tags, case.sender.id, PERSONS)
    if (not found and not signed) or (not signed and len(words) > TOPICS):
        return None
    facts = {
        "query": " ".join(f"#{name}" for name in tags)[:100],
        "persons": [
            {"number": n, "name": _name(desk, one.person_id), "organisation": shown_name(one.organisation)}
            | _deeds(one)
            for n, one in enumerate(found, 1)
        ],
    }
    about = About(numbers={str(n): ("person", one.person_id) for n, one in enumerate(found, 1)})
    offers = ("number", "help") if found else ("help",)
    notices.answer(desk, case.community, case.sender, case.message, WHO, facts, offers, about)
    return Outcome("found", f"{len(found)} persons")


def _name(desk: Desk, person_id: int) -> str:
    return notices.name_of(people.by_id(desk.conn, person_id))


def _deeds(one: experts.Expert) -> dict[str, int]:
    return {"answered": one.answered, "thanked": one.thanked}


def chosen(desk: Desk, case: Case) -> Outcome:
    """A number and a question in answer to persons found: to that one alone, by a line that shows no address."""
    assert case.mailing and case.sender
    lines = case.body.new_text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(">")), 0)
    number = _CHOICE.match(lines[first].strip())
    what, id = case.mailing.about.numbers.get(str(int(number[1])), ("", 0)) if number else ("", 0)
    if number is None or what != "person":
        facts = {"line": lines[first][:100], "meant": "", "command": "number", "subject": case.message.subject}
        about = case.mailing.about
        notices.answer(
            desk, case.community, case.sender, case.message, "sender-asked-back", facts, ("number", "help"), about
        )
        return Outcome("asked", "which person")
    text = "\n".join([lines[first].strip()[number.end() :], *lines[first + 1 :]]).strip()
    topic = re.search(r"#\S+", case.mailing.subject)
    return confiding.begin(desk, case, id, text, subject=topic[0] if topic else "", why="who")


def _get(desk: Desk, case: Case, said: Said) -> Outcome:
    """A number in answer to hits or to a digest: that post, or that thread, whole."""
    if case.mailing and case.mailing.kind == WHO and case.member and case.personal:
        return chosen(desk, case)
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
GET = Command("get one of the hits, or ask one of the persons found", _get, words=("number",), changes=False)
