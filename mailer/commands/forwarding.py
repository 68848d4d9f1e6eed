"""A forwarded mail holds somebody else's words: its sender says whether they go out, or only the comment above them."""

from dataclasses import replace

from mailer.commands import Answer, thinkingtwice
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.mail.folding import without_heading
from mailer.mail.message import Body
from mailer.outbound.desk import Desk
from mailer.store.society import people

FORWARDED = "forward"  # the kind of ask


def ask(desk: Desk, case: Case) -> Outcome:
    """Hold the mail and ask its sender. Where they wrote no comment of their own, only yes and no are left."""
    assert case.sender
    comment = "" if case.body.flagged else case.body.new_text
    offers = ("yes", "comment", "no") if comment.strip() else ("yes", "no")
    facts = {
        "author": _author(case.body),
        "subject": case.message.subject,
        "comment": comment[: thinkingtwice.SHOWN],
        "text": (_words(case.body) or case.body.text)[: thinkingtwice.SHOWN],
        "others": max(people.count_members(desk.conn, case.community.id) - 1, 0),
    }
    thinkingtwice.ask(desk, case, FORWARDED, "sender-forward", offers, facts)
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
    return thinkingtwice.settle(desk, case, said, "forward", ("yes", "comment"))


FORWARD = Answer(FORWARDED, _settled)
