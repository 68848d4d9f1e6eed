"""A post: into its thread, into the library where it is tagged so, and out to everyone. Called by acts."""

from dataclasses import replace

from mailer.commands import forwarding, hearing, labelling, meeting, welcoming
from mailer.commands.case import Case, Outcome
from mailer.community.asides import aside
from mailer.community.grammar import Said, understand
from mailer.community.segments import laid_out, passages, segments
from mailer.community.tagging import hashtags, left_out
from mailer.mail.subjects import base_subject
from mailer.outbound import notices, resend
from mailer.outbound.desk import Desk
from mailer.store.knowledge import events, library
from mailer.store.society import people
from mailer.store.talk import posting, posts, talks
from mailer.store.talk.posting import NewPost, Posted
from mailer.store.traffic import mailings
from mailer.store.traffic.mailings import About

UNDO_MINUTES = 10
SAID = frozenset({"announce", "urgent"})  # tags that an announcement says by being one


def post(desk: Desk, case: Case, thread: int | None = None, *, quiet: bool = False) -> Outcome:
    """Keep it, send it, and tell the writer what became of it where that is not obvious, and not `quiet`."""
    case = hearing.writer(desk, forwarding.shared(desk, case))
    tags = hashtags(case.message.subject, case.body.new_text)
    announced = case.facilitator and "announce" in tags
    case = _announcing(case) if announced else case
    assert case.sender
    thread = thread or (case.mailing.about.thread_id if case.mailing else None)
    posted = posting.add(desk.conn, _new(desk, case, tags), thread)
    if posted.duplicate:
        return Outcome("duplicate", "the same post", post_id=posted.post_id)
    newcomer = case.first and not case.facilitator
    if announced:
        talks.set_kind(desk.conn, posted.thread_id, "announcement")
    item = labelling.keep(desk, case, posted.post_id, tags)
    modes = ("each", "daily", "weekly", "events", "tags") if announced and "urgent" in tags else ("each",)
    shown = [tag for tag in tags if not (announced and tag in SAID)]
    more: dict[str, object] = {"tags": shown, "announcement": announced, "first": newcomer}
    more["item"] = labelling.shown(desk, item, case.sender) if item else None
    resend.post(desk, case.community, case.sender, case.message, case.body, posted, modes, more)
    if not quiet:
        _receipt(desk, case, posted, tags, item)
    if newcomer:
        welcoming.first_post(desk, case, posted)
    return Outcome("announced" if announced else "posted", f"thread {posted.thread_id}", post_id=posted.post_id)


def from_digest(desk: Desk, case: Case) -> Outcome:
    """Each piece goes where its number or the quote above it says; nowhere, one question back with the candidates."""
    assert case.mailing
    pieces = _with_asides(desk, case, _pieces(desk, case))
    several = len(pieces) > 1
    found = [(number, _piece(desk, case, at, number, text, several)) for at, (number, text) in enumerate(pieces)]
    done = {number: became for number, became in found if became}
    if several and done:
        _one_receipt(desk, case, done)
    return Outcome("posted", f"digest items {', '.join(done)}") if done else _which_thread(desk, case)


def _with_asides(desk: Desk, case: Case, pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces, with a yes to an event that stands at the end of another piece as a piece of its own."""
    assert case.mailing
    ahead = {number: id for number, (what, id) in case.mailing.about.numbers.items() if what == "event"}
    titles = {number: events.event(desk.conn, id).plan.title for number, id in ahead.items()}
    words = desk.press.words(notices.spoken(case.sender, case.community), case.community.language)
    found = []
    for number, text in pieces:
        rest, said = (text, []) if number in ahead else aside(text, titles, words)
        found += [(number, rest), *((event, desk.press.shown(answer, words[0].language)) for event, answer in said)]
    return found


def _piece(desk: Desk, case: Case, at: int, number: str, text: str, quiet: bool) -> str:
    """One numbered piece: an answer to an event, or a post in the thread of that number. What became of it, or nothing
    where it found no place."""
    assert case.mailing and case.sender
    what, id = case.mailing.about.numbers[number]
    if what == "event":
        words = desk.press.words(notices.spoken(case.sender, case.community), case.community.language, "en")
        said = understand(text, ("yes", "no", "maybe"), words)
        if not isinstance(said, Said):
            return ""
        meeting.come(desk, case, events.event(desk.conn, id), said, quiet=quiet)
        return said.command
    thread = id if what == "thread" else talks.of_item(desk.conn, id)
    if thread is None:
        return ""
    message = replace(case.message, subject=f"Re: {_subject(desk, thread)}", in_reply_to=(), references=())
    if at:  # one mail, several posts: each wants an id of its own
        message = replace(message, message_id=f"{at}.{message.message_id}")
    post(desk, case.but(body=replace(case.body, new_text=text), message=message), thread, quiet=quiet)
    return "posted"


def _one_receipt(desk: Desk, case: Case, done: dict[str, str]) -> None:
    """What became of each piece of one mail, in one mail."""
    assert case.mailing
    numbers = case.mailing.about.numbers
    pieces = [{"title": _title(desk, *numbers[number]), "done": became} for number, became in done.items()]
    members = max(people.count_members(desk.conn, case.community.id) - 1, 0)
    facts = {"pieces": pieces, "members": members, "subject": case.message.subject}
    notices.answer(desk, case.community, case.sender, case.message, "sender-pieces", facts, ("help",))


def _title(desk: Desk, what: str, id: int) -> str:
    """What a number of the digest is called."""
    if what == "event":
        return events.event(desk.conn, id).plan.title
    thread = id if what == "thread" else talks.of_item(desk.conn, id)
    return base_subject(_subject(desk, thread)) if thread else ""


def _pieces(desk: Desk, case: Case) -> list[tuple[str, str]]:
    """What the mail says to each number of the digest it answers; nothing where its new words could not be told."""
    assert case.mailing
    numbers = case.mailing.about.numbers
    titles = dict.fromkeys(numbers, "")
    for text in reversed(mailings.texts(desk.conn, case.mailing.id)):
        titles |= passages(text, numbers)
    return [] if case.body.flagged else segments(laid_out(case.body), titles)


def _which_thread(desk: Desk, case: Case) -> Outcome:
    assert case.mailing
    threads = [
        {"number": number, "title": _subject(desk, id)}
        for number, (what, id) in case.mailing.about.numbers.items()
        if what == "thread"
    ]
    facts = {"text": case.body.new_text[:2000], "items": threads, "subject": case.message.subject, "reason": "digest"}
    about = replace(case.mailing.about, inbox_id=case.mail)
    notices.answer(desk, case.community, case.sender, case.message, "sender-unclear", facts, ("help",), about)
    return Outcome("asked", "which item of the digest")


def _subject(desk: Desk, thread: int) -> str:
    found = posts.thread(desk.conn, thread)
    return found.subject if found else ""


def _announcing(case: Case) -> Case:
    """The case without the tags that were an instruction to us. Members know an announcement by its first line."""
    subject, text = left_out(case.message.subject, case.body.new_text, SAID)
    return case.but(message=replace(case.message, subject=subject), body=replace(case.body, new_text=text))


def _new(desk: Desk, case: Case, tags: tuple[str, ...]) -> NewPost:
    assert case.sender
    return NewPost(
        community_id=case.community.id,
        message=case.message,
        body=case.body,
        person_id=case.sender.id,
        author=notices.name_of(case.sender),
        inbox_id=case.mail,
        sent_at=min(case.message.date or case.received_at, case.received_at),
        posted_at=desk.now,
        tags=tags,
    )


def _receipt(desk: Desk, case: Case, posted: Posted, tags: tuple[str, ...], item: library.ItemRow | None) -> None:
    """A first-timer hears who will see it, whoever tagged something what it became; a regular hears nothing, and
    whoever's mail waited for their yes has just been told. Who has asked for receipts gets one, or none."""
    assert case.sender
    wish = case.membership.receipts if case.membership else ""
    if wish == "off" or (wish != "on" and not item and (not case.first or case.released)):
        return
    facts = {
        "first": case.first and not case.released,
        "sent": wish == "on",
        "subject": base_subject(case.message.subject),
        "text": case.body.new_text,
        "members": max(people.count_members(desk.conn, case.community.id) - 1, 0),
        "minutes": UNDO_MINUTES,
        "tags": list(tags),
        "item": labelling.shown(desk, item, case.sender) if item else None,
        "similar": [],
    }
    about = About(thread_id=posted.thread_id, post_id=posted.post_id, item_id=item.id if item else None)
    offers = ("undo", "help")
    notices.answer(desk, case.community, case.sender, case.message, "sender-receipt", facts, offers, about)
