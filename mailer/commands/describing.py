"""A member's settings: all of them on one screen, and the one plain line that answers each change.

Called by the commands that change them, and by `wells-me@`.
"""

from zoneinfo import ZoneInfo

from mailer.commands import Command
from mailer.commands.case import Before, Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import follows, people
from mailer.store.traffic.mailings import About

TEMPLATE = "member-settings"
SHOWN = ("each", "daily", "weekly", "stop", "help")  # words of the screen's last line
CHOICES = (
    *("each", "daily", "weekly", "events", "tags", "none", "mute", "follow", "away", "back", "cap", "own", "receipts"),
    *("plain", "html", "quiet", "language", "zone", "name", "organisation", "settings", "stop", "help"),
    *("also", "here", "mailto", "unlink", "mydata", "erase"),  # one's addresses, one's data: linking, owning
)  # what may be said to the screen, to any answer about a setting, and to `wells-me@`
MOST = 5  # conversations that the screen names


def settings(desk: Desk, case: Case, said: Said) -> Outcome:
    """`wells-me@`: what is set, and the lines that change it."""
    if not case.member:
        return Outcome("ignored", "not a member")
    answer(desk, case, "shown", SHOWN, None, **screen(desk, case))
    return Outcome("helped", "settings")


def answer(
    desk: Desk, case: Case, setting: str, offers: tuple[str, ...], about: About | None = None, **facts: object
) -> None:
    """What one line does is always answered by one plain line. Any setting may be changed in reply to it."""
    frame = {"setting": setting, "mode": case.membership.mode if case.membership else "", "thread": "", **facts}
    notices.answer(desk, case.community, case.sender, case.message, TEMPLATE, frame, offers, about, also=CHOICES)


def changed(
    desk: Desk,
    case: Case,
    setting: str,
    offers: tuple[str, ...],
    undo: tuple[Before, ...],
    *,
    detail: str = "",
    about: About | None = None,
    **facts: object,
) -> Outcome:
    """Tell them, and remember how it was: `undo` takes it back."""
    answer(desk, case, setting, (*offers, "undo", "help"), about, **facts)
    return Outcome("set", detail or setting, undo=undo)


def asked(desk: Desk, case: Case, setting: str, **facts: object) -> Outcome:
    """What was said cannot be done as it is: how to say it."""
    answer(desk, case, setting, ("settings", "help"), None, **facts)
    return Outcome("asked", setting)


def screen(desk: Desk, case: Case) -> dict[str, object]:
    """Everything that is set, as the template shows it."""
    assert case.sender and case.membership
    mine, choices = case.membership, follows.of_member(desk.conn, case.membership.id)
    zone = ZoneInfo(notices.zone_of(case.sender, case.community))
    return {
        "day": (mine.digest_day or case.community.policy.digest_day) if mine.mode == "weekly" else "",
        "tags": list(choices.followed_tags),
        "muted_tags": list(choices.muted_tags),
        "muted": list(choices.muted_threads[-MOST:]),
        "followed": list(choices.followed_threads[-MOST:]),
        "away": mine.away_until.astimezone(zone).date() if mine.away_until and mine.away_until > desk.now else "",
        "cap": mine.cap or 0,
        "own": mine.own,
        "receipts": mine.receipts,
        "plain": mine.plain,
        "quiet": case.sender.quiet,
        "tongue": tongue(desk, notices.spoken(case.sender, case.community)),
        "addresses": people.emails(desk.conn, case.sender.id),
    }


def tongue(desk: Desk, code: str) -> str:
    """A language by its own name."""
    known = code.lower().partition("-")[0]
    return next((words.table[f"={known}"][0] for words in desk.press.words(known) if words.language == known), code)


SETTINGS = Command("show my settings", settings, words=("settings",), verbs=("me",), changes=False)
