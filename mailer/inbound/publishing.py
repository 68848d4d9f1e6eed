"""A post: into its thread, into the library where it is tagged so, and out to everyone. Called by acts."""

from dataclasses import replace

from mailer.commands import forwarding, hearing, labelling, meeting, moderating, welcoming
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said, understand
from mailer.community.segments import laid_out, passages, segments
from mailer.community.tagging import hashtags
from mailer.outbound import notices, resend
from mailer.outbound.desk import Desk
from mailer.store import events, library, mailings, people, posting, posts, talks
from mailer.store.mailings import About
from mailer.store.posting import NewPost, Posted

UNDO_MINUTES = 10


def post(desk: Desk, case: Case, thread: int | None = None) -> Outcome:
    """Keep it, send it, and tell the writer what became of it where that is not obvious."""
    case = hearing.writer(desk, moderating.edited(desk, forwarding.shared(desk, case)))
    assert case.sender
    thread = thread or (case.mailing.about.thread_id if case.mailing else None)
    posted = posting.add(desk.conn, _new(desk, case), thread)
    if posted.duplicate:
        return Outcome("duplicate", "the same post", post_id=posted.post_id)
    tags = hashtags(case.message.subject, case.body.new_text)
    announced = case.facilitator and "announce" in tags
    if announced:
        talks.set_kind(desk.conn, posted.thread_id, "announcement")
    item = labelling.keep(desk, case, posted.post_id, tags)
    modes = ("each", "daily", "weekly", "events", "tags") if announced and "urgent" in tags else ("each",)
    more = {"tags": list(tags), "item": labelling.shown(desk, item, case.sender) if item else None, "first": case.first}
    more |= {"announcement": announced}
    resend.post(desk, case.community, case.sender, case.message, case.body, posted, modes, more)
    _receipt(desk, case, posted, tags, item)
    if case.first:
        welcoming.first_post(desk, case, posted)
    return Outcome("announced" if announced else "posted", f"thread {posted.thread_id}", post_id=posted.post_id)


def from_digest(desk: Desk, case: Case) -> Outcome:
    """Each piece goes where its number or the quote above it says; nowhere, one question back with the candidates."""
    assert case.mailing
    pieces = enumerate(_pieces(desk, case))
    done = [number for at, (number, text) in pieces if _piece(desk, case, at, number, text)]
    return Outcome("posted", f"digest items {', '.join(done)}") if done else _which_thread(desk, case)


def _piece(desk: Desk, case: Case, at: int, number: str, text: str) -> bool:
    """One numbered piece: an answer to an event, or a post in the thread of that number. Whether it found its place."""
    assert case.mailing and case.sender
    what, id = case.mailing.about.numbers[number]
    if what == "event":
        words = desk.press.words(notices.spoken(case.sender, case.community), "en")
        said = understand(text, ("yes", "no", "maybe"), words)
        if isinstance(said, Said):
            meeting.come(desk, case, events.event(desk.conn, id), said)
        return isinstance(said, Said)
    thread = id if what == "thread" else talks.of_item(desk.conn, id)
    if thread is None:
        return False
    message = replace(case.message, subject=f"Re: {_subject(desk, thread)}", in_reply_to=(), references=())
    if at:  # one mail, several posts: each wants an id of its own
        message = replace(message, message_id=f"{at}.{message.message_id}")
    post(desk, case.but(body=replace(case.body, new_text=text), message=message), thread)
    return True


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


def _new(desk: Desk, case: Case) -> NewPost:
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
        "subject": case.message.subject,
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
