"""A forwarded mail holds somebody else's words: its sender says whether they go out, or only the comment above them."""

from dataclasses import replace

from mailer.commands import Answer
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.folding import without_heading
from mailer.mail.message import Body
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.society import people
from mailer.store.traffic.mailings import About

SHOWN = 2000  # characters of the forwarded words in our question


def ask(desk: Desk, case: Case) -> Outcome:
    """Hold the mail and ask its sender. Where they wrote no comment of their own, only yes and no are left."""
    assert case.sender
    comment = "" if case.body.flagged else case.body.new_text
    offers = ("yes", "comment", "no") if comment.strip() else ("yes", "no")
    id = asks.open_ask(
        desk.conn,
        case.community.id,
        "forward",
        "choice",
        desk.now,
        options=offers,
        person_id=case.sender.id,
        inbox_id=case.mail,
    )
    facts = {
        "author": _author(case.body),
        "subject": case.message.subject,
        "comment": comment[:SHOWN],
        "text": (_words(case.body) or case.body.text)[:SHOWN],
        "others": max(people.count_members(desk.conn, case.community.id) - 1, 0),
    }
    about = About(ask_id=id, inbox_id=case.mail)
    notices.answer(desk, case.community, case.sender, case.message, "sender-forward", facts, offers, about)
    return Outcome("held", "a forward")


def shared(desk: Desk, case: Case) -> Case:
    """The case with the words that may go out: with a yes those of the forwarded author as well, who is credited."""
    if not case.forward or case.share != "yes":
        return case
    author = _author(case.body)
    credit = desk.press.phrase("forwarded_from", case.community.language).format(author=author) if author else ""
    comment, theirs = ("", case.body.text) if case.body.flagged else (case.body.new_text, _words(case.body))
    folded = tuple(fold for fold in case.body.folded if fold.kind != "forward")
    text = "\n\n".join(part.strip() for part in (comment, credit, theirs) if part.strip())
    return case.but(body=replace(case.body, new_text=text, folded=folded))


def _author(body: Body) -> str:
    return (body.forwarded.name or body.forwarded.address.partition("@")[0]) if body.forwarded else ""


def _words(body: Body) -> str:
    return "\n\n".join(without_heading(fold.text) for fold in body.folded if fold.kind == "forward")


def _settled(desk: Desk, case: Case, said: Said) -> Outcome:
    """The first answer counts: yes, only the comment, or nothing at all."""
    assert case.ask and case.sender
    if not asks.answer(desk.conn, case.ask.id, case.sender.id, said.command, said.comment, case.mail, desk.now):
        return Outcome("ignored", "answered before")
    asks.close(desk.conn, case.ask.id)
    if said.command not in ("yes", "comment") or not case.ask.inbox_id:
        return Outcome("refused", "by its sender")
    return Outcome("released", f"forward: {said.command}", release=(case.ask.inbox_id,))


FORWARD = Answer("forward", _settled)
