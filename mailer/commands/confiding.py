"""Words for one member alone: to the author of a post, to someone who knows a tag, and back. No address is shown.

Also the question to whom a reply was meant that looks private and would go to many. Refuses machines and strangers by
the routes before it, whoever holds somebody else's token, and whoever was told to stop. Called by acts and by finding.
"""

import re
import unicodedata
from datetime import timedelta

from mailer.commands import Answer, Command, thinkingtwice
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.subjects import base_subject
from mailer.outbound import notices, relay
from mailer.outbound.desk import Desk
from mailer.outbound.relay import Words
from mailer.store.knowledge import asks
from mailer.store.knowledge.asks import Ask
from mailer.store.record import ledger
from mailer.store.society import people
from mailer.store.society.people import Person
from mailer.store.talk import posts

MOST = 30  # private mails a person and day: nobody writes more by hand, two machines do
REST = timedelta(days=30)  # who said stop to somebody hears nothing from them for so long
DOUBT = "discretion"  # the kind of ask
CHOICES = ("all", "private", "no")
HIDDEN = "…"

# --- words on their way -------------------------------------------------------------------------------------------


def _private(desk: Desk, case: Case, said: Said) -> Outcome:
    """`private: …` under a post, or a mail to its private address: to its author."""
    post = posts.post(desk.conn, case.mailing.about.post_id) if case.mailing and case.mailing.about.post_id else None
    if case.sender is None:
        return Outcome("recorded", "private words of a stranger")
    if post is None or post.state != "posted":
        return _refused(desk, case, "lost")
    by_address = case.local.verb == "private"
    text = case.body.new_text if by_address else _after(case.body.new_text, said)
    return begin(desk, case, post.person_id, text, subject=base_subject(post.subject), known=post.message_id)


def begin(
    desk: Desk, case: Case, to: int | None, text: str, *, subject: str, why: str = "post", known: str = ""
) -> Outcome:
    """Open a line to somebody with these words; without words, ask for them. Whoever cannot is told so."""
    assert case.sender
    reader = _reachable(desk, case, to)
    refusal = _refusal(desk, case, to, reader)
    if refusal or reader is None:
        return _refused(desk, case, refusal)
    line = relay.open_line(desk, case.community, case.sender, reader, subject=subject, why=why, known=known)
    words = _words(desk, case, text)
    if words.empty:
        relay.note(desk, case.community, line, case.sender, reader, "ready", False)
        return Outcome("asked", "what to pass on", other_id=reader.id)
    relay.carry(desk, case.community, line, case.sender, reader, words)
    line = asks.ask(desk.conn, line.id) or line
    relay.note(desk, case.community, line, case.sender, reader, "sent", words.hidden)
    return Outcome("relayed", f"private line {line.id}", other_id=reader.id)


def onward(desk: Desk, case: Case, line: Ask) -> Outcome:
    """Words in answer to a mail of a line, from the one who got it: to the other end."""
    assert case.sender
    to = relay.other_end(line, case.sender)
    reader = _reachable(desk, case, to)
    refusal = _refusal(desk, case, to, reader) or ("" if line.open else "ended")
    if refusal or reader is None:
        return _refused(desk, case, refusal)
    words = _words(desk, case, case.body.new_text)
    if words.empty:
        relay.note(desk, case.community, line, case.sender, reader, "ready", False)
        return Outcome("asked", "what to pass on", other_id=reader.id)
    relay.carry(desk, case.community, line, case.sender, reader, words)
    if words.hidden or line.payload["count"] == 0:
        line = asks.ask(desk.conn, line.id) or line
        relay.note(desk, case.community, line, case.sender, reader, "sent", words.hidden)
    return Outcome("relayed", f"private line {line.id}", other_id=reader.id)


def _stopped(desk: Desk, case: Case, said: Said) -> Outcome:
    """Either may end a line; who did so hears nothing more from the other by this way for a while."""
    assert case.ask and case.sender
    if not case.personal or relay.other_end(case.ask, case.sender) is None:
        return _refused(desk, case, "not-yours")
    asks.change_payload(desk.conn, case.ask.id, {**case.ask.payload, "stopped": case.sender.id})
    asks.close(desk.conn, case.ask.id)
    _tell(desk, case, "stopped")
    return Outcome("set", f"private line {case.ask.id} ended", other_id=relay.other_end(case.ask, case.sender))


def _after(new_text: str, said: Said) -> str:
    """The new words without the word that says for whom they are: on their first line, or below a greeting."""
    lines = unicodedata.normalize("NFC", new_text).split("\n")  # as they were heard
    worded = (at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(">"))
    first = next((at for at in worded if " ".join(lines[at].split()).endswith(said.argument)), 0)
    greeting = " ".join(lines[first].split()).removesuffix(said.argument) if said.argument else ""
    return "\n".join([*lines[:first], greeting + said.comment, *lines[first + 1 :]]).strip()


def _words(desk: Desk, case: Case, text: str) -> Words:
    """The words without any address of their writer's own: both were promised that the other one does not see it."""
    assert case.sender
    own = sorted({case.verdict.address, *people.emails(desk.conn, case.sender.id)} - {""}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, own)) or "(?!)", re.IGNORECASE)
    shown = pattern.sub(HIDDEN, text)
    return Words(shown.strip("\n"), case.message.message_id, shown != text, case.message.attachments)


# --- who may write to whom ----------------------------------------------------------------------------------------


def _reachable(desk: Desk, case: Case, id: int | None) -> Person | None:
    """A member, at the address where they want this community's mail; nobody who has left or was shown out."""
    found = people.member(desk.conn, id, case.community.id) if id else None
    return found.person if found and found.membership.active else None


def _refusal(desk: Desk, case: Case, to: int | None, reader: Person | None) -> str:
    """Why these words cannot go, or nothing."""
    assert case.sender
    reasons = (
        ("members", not case.member),
        ("own", to == case.sender.id),
        ("gone", reader is None),
        ("stopped-you", _was_stopped(desk, case, to)),
        ("many", _today(desk, case) >= MOST),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _was_stopped(desk: Desk, case: Case, to: int | None) -> bool:
    lines = asks.asks_since(desk.conn, case.community.id, relay.LINE, desk.now - REST)
    mine = [line for line in lines if case.sender and line.payload.get("stopped") == to and not line.open]
    return any(case.sender and case.sender.id in line.payload["people"] for line in mine)


def _today(desk: Desk, case: Case) -> int:
    """How many private mails they have sent within a day."""
    assert case.sender
    since, until = desk.now - timedelta(days=1), desk.now + timedelta(seconds=1)
    lines = ledger.entries(desk.conn, case.community.id, "relayed", since, until)
    return sum(one.person_id == case.sender.id and one.detail.startswith("private line") for one in lines)


def _refused(desk: Desk, case: Case, why: str) -> Outcome:
    _tell(desk, case, why)
    return Outcome("unclear", f"private: {why}")


def _tell(desk: Desk, case: Case, done: str) -> None:
    """One plain answer about a private word, with the words that did not go."""
    subject = case.ask.payload["subject"] if case.ask and case.ask.kind == relay.LINE else case.message.subject
    text = "" if done == "stopped" else case.body.new_text[: thinkingtwice.SHOWN]
    facts = {"done": done, "subject": base_subject(subject), "text": text, "days": REST.days}
    notices.answer(desk, case.community, case.sender, case.message, "private-outcome", facts, ("help",))


# --- a reply that looks private -----------------------------------------------------------------------------------


def doubt(desk: Desk, case: Case) -> Outcome:
    """Hold a reply to many that looks meant for one, and ask; with the word `private` it goes to that one."""
    assert case.sender and case.mailing
    post = posts.post(desk.conn, case.mailing.about.post_id) if case.mailing.about.post_id else None
    to = post.person_id if post else None
    if post and asks.settled(desk.conn, case.community.id, DOUBT, case.mail) == "private":
        subject = base_subject(post.subject)
        return begin(desk, case, to, case.body.new_text, subject=subject, known=post.message_id)
    alone = _reachable(desk, case, to) if to != case.sender.id else None
    offers = CHOICES if alone else tuple(word for word in CHOICES if word != "private")
    facts = {
        "author": notices.person_facts(alone)["name"] if alone else "",
        "others": max(people.count_members(desk.conn, case.community.id) - 1, 0),
        "why": case.intimate,
        "subject": base_subject(case.message.subject),
        "text": case.body.new_text[: thinkingtwice.SHOWN],
    }
    thinkingtwice.ask(desk, case, DOUBT, "private-doubt", offers, facts)
    return Outcome("held", f"looks private: {case.intimate}")


def _settled(desk: Desk, case: Case, said: Said) -> Outcome:
    """The first answer counts: to all, to the one, or nothing at all."""
    return thinkingtwice.settle(desk, case, said, "looked private", ("all", "private"))


PRIVATE = Command("write to the author of a post alone", _private, words=("private",), verbs=("private",))
ON_THE_LINE = Answer(relay.LINE, _stopped)
DOUBTED = Answer(DOUBT, _settled)
