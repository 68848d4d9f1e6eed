"""A member's settings: all of them on one screen, and the one plain line that answers each change. Several lines of
one mail are answered together: commands/severally.

Called by the commands that change them, and by `wells-me@`.
"""

from zoneinfo import ZoneInfo

from mailer.commands import Command, Setter, confirming, helping, severally
from mailer.commands.case import Before, Case, Line, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store.society import follows, people
from mailer.store.traffic.mailings import About

TEMPLATE = "member-settings"
SHOWN = ("each", "daily", "weekly", "stop", "help")  # words of the screen's last line
CHOICES = (
    *("each", "daily", "weekly", "events", "tags", "none", "mute", "follow", "away", "back", "cap", "own", "receipts"),
    *("plain", "html", "quiet", "named", "language", "zone", "name", "organisation", "settings"),
    *("stop", "leave", "help"),
    *("also", "here", "mailto", "unlink", "mydata", "erase"),  # one's addresses, one's data: linking, owning
)  # what may be said to the screen, to any answer about a setting, and to `wells-me@`
MOST = 5  # conversations that the screen names


def settings(desk: Desk, case: Case, said: Said) -> Outcome:
    """`wells-me@`: what is set, and the lines that change it; or such lines, done."""
    if not case.member:
        return helping.no_member(desk, case)
    if said.command == "settings" and said.argument:
        return several(desk, case, said)
    answer(desk, case, Line("shown", SHOWN, Outcome("helped", "settings"), None, screen(desk, case)))
    return Outcome("helped", "settings")


def several(desk: Desk, case: Case, said: Said) -> Outcome:
    """Several lines: one answer says what became of each, and its `undo` takes all of them back."""
    if not case.proven:
        return confirming.ask_back(desk, case, "settings")
    lines = severally.perform(desk, case, said.argument, CHOICES)
    answer(desk, severally.afresh(desk, case), lines)
    return lines.outcome


def setting(does: str, setter: Setter, words: tuple[str, ...]) -> Command:
    """A command that is answered by one plain line, alone or among others."""

    def run(desk: Desk, case: Case, said: Said) -> Outcome:
        if not case.member or not case.sender:
            return helping.no_member(desk, case)
        line = setter(desk, case, said)
        answer(desk, severally.afresh(desk, case), line)
        return line.outcome

    return Command(does, run, words=words, setter=setter)


def answer(desk: Desk, case: Case, line: Line) -> None:
    """What one line does is always answered by one plain line. Any setting may be changed in reply to it."""
    mode = case.membership.mode if case.membership else ""
    frame = {"setting": line.setting, "mode": mode, "thread": "", **line.facts}
    to, message = case.sender, case.message
    notices.answer(desk, case.community, to, message, TEMPLATE, frame, line.offers, line.about, also=CHOICES)


def changed(
    setting: str,
    offers: tuple[str, ...],
    undo: tuple[Before, ...],
    *,
    detail: str = "",
    about: About | None = None,
    **facts: object,
) -> Line:
    """It is done; `undo` takes it back."""
    return Line(setting, (*offers, "undo", "help"), Outcome("set", detail or setting, undo=undo), about, facts)


def asked(setting: str, **facts: object) -> Line:
    """What was said cannot be done as it is: how to say it."""
    return Line(setting, ("settings", "help"), Outcome("asked", setting), None, facts)


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


SETTINGS = Command(
    "show my settings; several lines change several", settings, words=("settings",), verbs=("me",), changes=False
)
