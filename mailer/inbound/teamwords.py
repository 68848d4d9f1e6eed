"""What a mail to `-team@` says: a facilitator's first line, or subject, may be a command, or lines that set something.

A member's command is understood too, so that it can be refused kindly; anything else is words for the facilitators.
Called by gather.
"""

from dataclasses import replace

from mailer.commands.managing import SAYABLE
from mailer.community import choices
from mailer.community.choices import Heard
from mailer.community.grammar import Near, Said, Words
from mailer.community.likeness import plain
from mailer.mail.addressing import Local
from mailer.mail.message import Body, Message
from mailer.outbound.render import Press
from mailer.store.society.people import Membership
from mailer.store.traffic.mailings import Mailing

OFFERS = (*SAYABLE, "help", "volunteer")  # what may be said to -team@ without answering anything
SCREEN = "facilitator-settings"  # whatever is said to it sets something
OURS = frozenset({SCREEN, "facilitator-done", "facilitator-members", "facilitator-which", "facilitator-news"})
UNSURE = 3  # words behind the name of a setting; more of them are a sentence


def opening(message: Message, body: Body) -> Body:
    """The words that count: those of the subject where there are no others."""
    return replace(body, new_text=message.subject, flagged=False) if body.flagged or not body.new_text.strip() else body


def heard(
    press: Press,
    said: Said | Near | None,
    body: Body,
    local: Local,
    answered: Mailing | None,
    member: Membership | None,
) -> Said | Near | None:
    """What was said, looked at again where it is for those who facilitate. `body` is what `opening` made of it."""
    to_team = local.verb == "team" and answered is None
    if not to_team and (answered is None or answered.kind not in OURS):
        return said
    if member is None or not member.active:
        return None if to_team else said
    if member.role != "facilitator":
        return None if to_team and not isinstance(said, Said) else said
    if isinstance(said, Said):
        return said
    if isinstance(said, Near) and said.command == "invite":
        return None  # a list of addresses below the word
    words = press.words(*press.languages)
    text = _without_set(body.new_text, words)
    lines = choices.read(text, choices.choices(press.languages), words)
    if answered and answered.kind == SCREEN:
        return Said("set", text) if body.new_text.strip() and not body.flagged else said
    return Said("set", text) if _sets(lines) else said


def _sets(lines: Heard) -> bool:
    """Every line is a setting; what takes any words has its colon: "title: Wells of the North"."""
    if lines.lost or not (lines.chosen or lines.unsure):
        return False
    if any(one.free and not one.marked for one in lines.chosen):
        return False
    return all(len(one.rest.split()) <= UNSURE for one in lines.unsure)


def _without_set(text: str, words: tuple[Words, ...]) -> str:
    """ "set digest day friday" """
    first, _, rest = text.strip().partition(" ")
    known = {plain(word) for table in words for word in table.table.get("set", ())}
    return rest if plain(first) in known else text
