"""What makes someone new feel welcome: a member who is told of their first post, and their own line about themselves.

The line stands in the archive and in the next digest; it is nobody's mail of its own. Called by publishing, and when a
welcome is answered in words.
"""

from dataclasses import replace
from datetime import timedelta

from mailer.commands import Answer
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices, restraint
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks, library
from mailer.store.society import guests, people
from mailer.store.society.people import Member
from mailer.store.talk import posting, talks
from mailer.store.talk.posting import NewPost, Posted
from mailer.store.traffic import mailings
from mailer.store.traffic.mailings import About

NEW = timedelta(days=90)  # someone who joined longer ago has found their way
WARM = timedelta(days=180)  # of thanks given and received
ONCE = timedelta(days=7)  # between two such mails to the same buddy
LINE = 500  # characters of an introduction


def first_post(desk: Desk, case: Case, posted: Posted) -> None:
    """Tell one kind member, privately, that someone new has written. Nobody, where nobody fits."""
    assert case.sender
    here, who = case.community, case.sender
    if who.id not in {id for id, _ in guests.welcomed(desk.conn, here.id, desk.now - NEW, desk.now + ONCE)}:
        return
    buddy = _buddy(desk, case)
    if buddy is None:
        return
    facts = {"newcomer": notices.person_facts(who), "subject": case.message.subject, "text": case.body.new_text[:600]}
    about = About(thread_id=posted.thread_id, post_id=posted.post_id)
    notices.tell(
        desk, restraint.BUDDY, here, buddy.person, facts, offers=("help",), about=about, also=("quiet",), priority=1
    )


def _buddy(desk: Desk, case: Case) -> Member | None:
    """A facilitator first, then who has thanked and been thanked most; each at most once a week."""
    members = {one.person.id: one for one in people.members(desk.conn, case.community.id)}
    asked = mailings.told(desk.conn, [restraint.BUDDY], desk.now - ONCE, case.community.id)
    spared = restraint.full(desk).union(asked)
    facilitators = [id for id, one in members.items() if one.membership.role == "facilitator"]
    warm = guests.warm(desk.conn, case.community.id, desk.now - WARM)
    for id in dict.fromkeys((*facilitators, *warm)):
        one = members.get(id)
        if one and id not in spared and one.person.id != (case.sender and case.sender.id) and _here(desk, one):
            return one
    return None


def _here(desk: Desk, one: Member) -> bool:
    away = one.membership.away_until
    return one.membership.mode != "none" and not (away and away > desk.now)


def _introduced(desk: Desk, case: Case, said: Said) -> Outcome:
    """Their line: kept as the answer, and in the archive under a title that says what it is."""
    assert case.ask and case.sender
    words = case.body.new_text.strip()[:LINE]
    if not case.member or not words:
        return Outcome("ignored", "no introduction")
    asks.answer(desk.conn, case.ask.id, case.sender.id, words, "", case.mail, desk.now)
    asks.close(desk.conn, case.ask.id)
    facts = {"text": words}
    notices.answer(desk, case.community, case.sender, case.message, "welcome-introduced", facts, ("help",))
    if case.community.policy.posting != "members":
        return Outcome("answered", "an introduction, kept to the facilitators' community")
    language = case.community.language
    title = desk.press.phrase("new_here", language).replace("{name}", notices.name_of(case.sender))
    message = replace(case.message, subject=title, in_reply_to=(), references=(), attachments=())
    new = NewPost(
        community_id=case.community.id,
        message=message,
        body=replace(case.body, new_text=words),
        person_id=case.sender.id,
        author=notices.name_of(case.sender),
        inbox_id=case.mail,
        sent_at=min(case.message.date or case.received_at, case.received_at),
        posted_at=desk.now,
    )
    posted = posting.add(desk.conn, new)
    talks.set_kind(desk.conn, posted.thread_id, "introduction")
    library.tag_post(desk.conn, posted.post_id, ("intro",), case.sender.id, desk.now)
    return Outcome("answered", "an introduction", post_id=posted.post_id)


INTRODUCED = Answer("intro", _introduced)
