"""How much mail, and of which threads: each, daily, weekly, events or none; mute and follow."""

from mailer.commands import Command
from mailer.commands.case import Case, Outcome
from mailer.community.grammar import Said
from mailer.outbound import notices
from mailer.outbound.desk import Desk
from mailer.store import follows, people
from mailer.store.mailings import About


def _mode(desk: Desk, case: Case, said: Said) -> Outcome:
    if not case.member or not case.membership:
        return Outcome("ignored", "not a member")
    people.change_membership(desk.conn, case.membership.id, mode=said.command)
    others = tuple(mode for mode in ("each", "daily", "weekly") if mode != said.command)
    _done(desk, case, said.command, said.command, "", (*others, "help"), About())
    return Outcome("set", f"mode {said.command}")


def _thread(desk: Desk, case: Case, said: Said) -> Outcome:
    thread = case.mailing.about.thread_id if case.mailing else None
    if not case.member or not case.membership or thread is None:
        return Outcome("ignored", "no thread to choose for")
    choice: follows.Choice = "mute" if said.command == "mute" else "follow"
    follows.choose(desk.conn, case.membership.id, choice, thread_id=thread)
    other = "follow" if choice == "mute" else "mute"
    subject = case.mailing.subject if case.mailing else ""
    _done(desk, case, choice, case.membership.mode, subject, (other, "help"), About(thread_id=thread))
    return Outcome("set", f"{choice} thread {thread}")


def _quiet(desk: Desk, case: Case, said: Said) -> Outcome:
    if not case.sender or not case.membership:
        return Outcome("ignored", "nobody here")
    people.change_person(desk.conn, case.sender.id, quiet=True)
    _done(desk, case, "quiet", case.membership.mode, "", ("help",), About())
    return Outcome("set", "never to be named in recognition")


def _settings(desk: Desk, case: Case, said: Said) -> Outcome:
    """`wells-me@`: what is set, and the words that change it."""
    if not case.member or not case.membership:
        return Outcome("ignored", "not a member")
    _done(desk, case, "shown", case.membership.mode, "", ("each", "daily", "weekly", "none", "stop", "help"), About())
    return Outcome("helped", "settings")


def _done(desk: Desk, case: Case, setting: str, mode: str, thread: str, offers: tuple[str, ...], about: About) -> None:
    """What one word does is always answered by one plain line."""
    facts = {"setting": setting, "mode": mode, "thread": thread}
    notices.answer(desk, case.community, case.sender, case.message, "member-settings", facts, offers, about)


MODE = Command("how often mail comes", _mode, words=("each", "daily", "weekly", "events", "none"))
THREAD = Command("hear no more, or again, of a thread", _thread, words=("mute", "follow"))
QUIET = Command("never be named in recognition", _quiet, words=("quiet",))
SETTINGS = Command("show my settings", _settings, words=("settings",), verbs=("me",), changes=False)
