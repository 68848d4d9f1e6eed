"""What a mail says: a word that was offered, or nearly one, or a wish about one's settings in words of one's own.

Only what was offered is done. What reads as a wish about the mail one gets is asked back, where it would go to everyone
otherwise. Who has nothing new to say in the text may have said it in the subject. Called by gather.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from mailer import commands
from mailer.commands import severally
from mailer.commands.askingback import OURS
from mailer.commands.describing import CHOICES
from mailer.community.absence import Unread, read_until
from mailer.community.grammar import Near, Said, first_line, new_lines
from mailer.community.likeness import plain
from mailer.community.vocabulary import Known
from mailer.community.wishes import wish
from mailer.inbound import teamwords
from mailer.mail.addressing import Local
from mailer.mail.message import Body, Message
from mailer.mail.subjects import base_subject
from mailer.outbound import relay
from mailer.outbound.render import Press
from mailer.store.society.people import Community, Membership, Person
from mailer.store.traffic.mailings import Mailing

FACILITATING = frozenset(word for word, command in commands.by_word().items() if command.facilitators)
ALL_SETTINGS = frozenset(CHOICES)
ITSELF = ("charter", "rules")  # of the community: what it is for, what holds in it
SPOKEN = {"me": (*CHOICES, "volunteer", *ITSELF), "leave": CHOICES, "help": (*ITSELF, "more", "settings")}
# Of one's own settings, what nobody says to others: asked back wherever it would be a post. Words that are answers as
# well ("weekly", "none", "name") are left out, but where a mail is the first of its conversation.
PLAINLY = frozenset({"settings", "mydata", "erase", "receipts", "away", "own", "mailto", "also", "unlink"})
ELSEWHERE = PLAINLY | {"stop", "leave", "each", "daily", "weekly"}
FEW = 6  # lines of a mail that only says please, and who writes
SHORT = 400  # characters of a mail about one's own mail, with greeting and closing; a longer one is for people
WORDS = 10  # on the line of a setting, with what it is set to
TO_EVERYONE = ("", "r", "help")  # addresses of ours where words may reach people


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it, and where."""

    sender: Person | None
    member: Membership | None
    community: Community
    today: date  # where the community lives

    @property
    def active(self) -> bool:
        return self.member is not None and self.member.active


def heard(
    press: Press, message: Message, body: Body, local: Local, answered: Mailing | None, who: Speaker
) -> Said | Near | None:
    """The word it says, of those that what it answers, or the address it came to, takes."""
    if local.verb == "private":
        return None
    if (answered is None and local.verb in ("team", "me")) or local.verb in TO_EVERYONE:
        body = opening(message, body, answered)
    said = _heard(press, body, local, answered, who)
    if local.verb == "leave" and isinstance(said, Near):
        return None  # the address has said it
    if said is None and local.verb in TO_EVERYONE and _polite(press, message, body, answered):
        return _heard(press, replace(body, new_text=message.subject), local, answered, who)
    return said


def _heard(press: Press, body: Body, local: Local, answered: Mailing | None, who: Speaker) -> Said | Near | None:
    if answered is None and local.verb == "team":
        offers: tuple[str, ...] = teamwords.OFFERS
    else:
        offers = _sayable(answered.offers if answered else SPOKEN.get(local.verb, ()), who.member)
    said = _said(press, body, offers, who)
    said = teamwords.heard(press, said, body, local, answered, who.member)
    if isinstance(said, Said) and answered is not None and answered.kind == "post":
        return _doubted(press, said, body)
    return said or _wished(press, body, local, answered, who)


def opening(message: Message, body: Body, answered: Mailing | None) -> Body:
    """The words that count: those of the subject where there are no others, and where it is not the subject of what is
    answered."""
    nothing_new = body.flagged or not body.new_text.strip()
    if not nothing_new or body.forwarded or not _own_subject(message, answered):
        return body
    return replace(body, new_text=message.subject, flagged=False)


def _polite(press: Press, message: Message, body: Body, answered: Mailing | None) -> bool:
    """What was to be said stands in the subject; the text only says please, or who writes."""
    known = Known.of((), press.words(*press.languages))
    lines = list(islice(new_lines(body.new_text), FEW + 1))
    if len(lines) > FEW or not _own_subject(message, answered):
        return False
    return known.is_sign_off([line for line in lines if plain(line) not in known.around["please"]])


def _own_subject(message: Message, answered: Mailing | None) -> bool:
    return bool(message.subject.strip()) and (answered is None or _differs(message.subject, answered.subject))


def _differs(subject: str, answered: str) -> bool:
    return plain(base_subject(subject)) != plain(base_subject(answered))


def _sayable(offers: tuple[str, ...], member: Membership | None) -> tuple[str, ...]:
    """Without the words that are commands for facilitators only: in anybody else's mail they are words."""
    facilitates = member is not None and member.active and member.role == "facilitator"
    return offers if facilitates else tuple(word for word in offers if word not in FACILITATING)


def _said(press: Press, body: Body, offers: tuple[str, ...], who: Speaker) -> Said | Near | None:
    """The word they said; where settings may be said, several lines are one word for all of them."""
    if not offers or body.flagged:
        return None
    if ALL_SETTINGS.issubset(offers) and severally.several(press, body.new_text, offers, who.sender, who.community):
        return Said("settings", body.new_text)
    return severally.heard(press, body.new_text, offers, who.sender, who.community)


def _doubted(press: Press, said: Said, body: Body) -> Said | Near:
    """Under a post, what people also answer others with is asked about: "Once a week.", "Remove." The one word that
    our mails show is taken at its word."""
    shown = {plain(press.shown(said.command, language)) for language in press.languages}
    doubtful = Known.of((), press.words(*press.languages)).around["doubtful"] - shown
    lines = [line for line in islice(new_lines(body.new_text), 2) if plain(line) in doubtful]
    return Near(said.command, lines[0]) if lines and not (said.argument or said.comment) else said


def _wished(press: Press, body: Body, local: Local, answered: Mailing | None, who: Speaker) -> Near | None:
    """A wish about one's own mail, or a word for a setting that this mail did not offer, from a member to everyone."""
    if not who.active or body.flagged or body.forwarded or local.verb not in (*TO_EVERYONE, "me"):
        return None
    if len(body.new_text) > SHORT:
        return None
    if answered is not None and (answered.kind in relay.KINDS or answered.kind in OURS):
        return None  # between two people nothing is about us; and who is asked twice is a machine
    words = press.words(*_languages(press, who))
    found = wish(body.new_text, words)
    if found and found.command == "files" and (answered is None or "files" not in answered.offers):
        return None
    return found or _unoffered(press, body, answered, who)


def _languages(press: Press, who: Speaker) -> tuple[str, ...]:
    own = (who.sender.language if who.sender else "", who.community.language)
    return tuple(dict.fromkeys((*filter(None, own), *press.languages)))


def _unoffered(press: Press, body: Body, answered: Mailing | None, who: Speaker) -> Near | None:
    """A word that would have done something elsewhere, alone in its mail."""
    if len(first_line(body.new_text).split()) > WORDS:
        return None
    post = answered is not None and answered.kind == "post"
    said = severally.heard(press, body.new_text, CHOICES, who.sender, who.community)
    if not isinstance(said, Said) or said.comment or said.command not in (PLAINLY if post else ELSEWHERE):
        return None
    if said.command == "away" and isinstance(
        read_until(said.argument, press.words(*press.languages), who.today), Unread
    ):
        return None  # "away on business"
    line = next(line for line in body.new_text.splitlines() if line.strip()).strip()
    alone = "leave" if said.command == "stop" else said.command
    return Near(alone, line, said.argument.rstrip(" ."))
