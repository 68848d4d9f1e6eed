"""A question to a sender about their own mail, which waits for the answer: whose words go out, or to whom.

The first answer counts. Called by the commands that hold such mails.
"""

from collections.abc import Collection, Mapping, Sequence

from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.knowledge import asks
from mailer.store.traffic.mailings import About

SHOWN = 2000  # characters of their own words in the question


def ask(desk: Desk, case: Case, kind: str, template: str, offers: Sequence[str], facts: Mapping[str, object]) -> None:
    """Hold the mail and ask its sender with this template, in an Ask of this kind."""
    about = About(ask_id=hold(desk, case, kind, offers), inbox_id=case.mail)
    notices.answer(desk, case.community, case.sender, case.message, template, facts, tuple(offers), about)


def hold(desk: Desk, case: Case, kind: str, options: Sequence[str]) -> int:
    """Hold the mail for a word of its sender; the id of the Ask."""
    assert case.sender
    return asks.open_ask(
        desk.conn,
        case.community.id,
        kind,
        "choice",
        desk.now,
        options=tuple(options),
        person_id=case.sender.id,
        inbox_id=case.mail,
    )


def settle(desk: Desk, case: Case, said: Said, what: str, goes: Collection[str]) -> Outcome:
    """What the answer leads to: one of `goes` lets the mail go, anything else drops it."""
    assert case.ask and case.sender
    if not asks.answer(desk.conn, case.ask.id, case.sender.id, said.command, said.comment, case.mail, desk.now):
        return Outcome("ignored", "answered before")
    asks.close(desk.conn, case.ask.id)
    if said.command not in goes or not case.ask.inbox_id:
        return Outcome("refused", "by its sender")
    return Outcome("released", f"{what}: {said.command}", release=(case.ask.inbox_id,))
