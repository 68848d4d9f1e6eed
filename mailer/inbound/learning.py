"""What a sender repeats under every mail is learnt from their posts. Called by the reader once a post is out.

Refuses to learn from mail that nobody proves: a stranger must not teach us to fold a member's words.
"""

from mailer.commands.case import Case, Outcome
from mailer.mail.quotes.disclaimers import last_paragraph, trailing_block
from mailer.outbound.desk import Desk
from mailer.store.society import habits

PARAGRAPHS = 4  # of one notice


def learn(desk: Desk, case: Case, outcome: Outcome) -> None:
    """Count how this post ends."""
    if case.sender and case.proven and outcome.what in ("posted", "announced"):
        habits.count(desk.conn, case.sender.id, endings(case.body.new_text), desk.now)


def endings(text: str) -> list[str]:
    """The paragraphs a text ends in that could be a notice, the last first; never all of it."""
    lines = text.split("\n")
    found: list[str] = []
    while len(found) < PARAGRAPHS and (block := trailing_block("\n".join(lines))):
        found.append(block)
        lines = lines[: last_paragraph(lines)[0]]
    return found
