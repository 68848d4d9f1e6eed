"""Which way a mail goes. The order is the policy: read ROUTES from top to bottom, the first that holds wins. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from mailer.commands.case import Case
from mailer.commands.holdqueue import MAILS
from mailer.community.grammar import Near, Said
from mailer.outbound.relay import KINDS

ANSWERS = frozenset({"yes", "no", "maybe", "number", "ok", "send", "edit", "another", "comment"})
VERDICTS = frozenset({"ok", "yes", "no", "always", "everything", "rule", "edit", "number"})  # on a post that waits
ANEW = "sender-rule"  # the mail that brings a writer a rule, and their own words back
ROBOTS = frozenset({"auto-reply", "receipt"})


@dataclass(frozen=True, slots=True)
class Route:
    """A name, the act of that name in `acts`, and when."""

    name: str
    holds: Callable[[Case], bool]
    why: str


ROUTES: tuple[Route, ...] = (
    Route("duplicate", lambda c: c.twin is not None, "the same mail was handed over before"),
    Route("bounce", lambda c: c.local.verb == "bounces" or c.automatic == "bounce", "a report of non-delivery"),
    Route("complaint", lambda c: c.automatic == "feedback-report", "a feedback report of a mailbox provider"),
    Route("loop", lambda c: _our_own(c), "it carries a mark of ours"),
    Route("calendar", lambda c: _calendar(c, "REPLY", "COUNTER"), "a calendar's Accept or Decline"),
    Route("machine", lambda c: c.automatic in ROBOTS or not c.mail_from, "automatic mail is never answered"),
    Route("list", lambda c: c.automatic == "list" and not c.released, "another list's mail"),
    Route("nobody", lambda c: not c.verdict.address, "no one author to answer"),
    Route("forged", lambda c: c.failed and (c.said is not None or c.local.verb != ""), "not who they say: no answer"),
    Route("banned", lambda c: c.membership is not None and c.membership.state == "banned", "not welcome here"),
    Route("elsewhere", lambda c: c.elsewhere and c.local.verb in ("", "r", "help"), "a member's mail, another address"),
    Route("verdicts", lambda c: _decides(c), "a facilitator's words on what waits"),
    Route("digest", lambda c: _digest(c), "words for what a digest numbered"),
    Route("answer", lambda c: _answers(c), "to an ask"),
    Route("command", lambda c: isinstance(c.said, Said), "a word this mail offered, on its first line"),
    Route("near", lambda c: isinstance(c.said, Near), "almost a word: ask back"),
    Route(
        "invitation", lambda c: c.member and _calendar(c, "REQUEST", "CANCEL", "PUBLISH"), "a meeting from a calendar"
    ),
    Route("anew", lambda c: c.personal and c.mailing is not None and c.mailing.kind == ANEW, "changed by a rule"),
    Route("lost", lambda c: c.local.verb == "r" and c.mailing is None, "an answer to something we no longer know"),
    Route("private", lambda c: _private(c), "words in answer to a mail that was for one person"),
    Route("verb", lambda c: c.local.verb not in ("", "r"), "an address with a word of its own"),
    Route("empty", lambda c: c.void or not (c.body.text.strip() or c.message.attachments), "nothing in it, or new"),
    Route("post", lambda c: True, "everything else is a post"),
)


def decide(case: Case) -> Route:
    """The first route that holds. The last one always does."""
    return next(route for route in ROUTES if route.holds(case))


def _answers(case: Case) -> bool:
    """A word that answers any ask, or one that this ask offers."""
    return (
        case.ask is not None
        and isinstance(case.said, Said)
        and (case.said.command in ANSWERS or case.said.command in case.ask.options)
    )


def _decides(case: Case) -> bool:
    """It answers a mail about posts that wait, from whoever may decide, with more than a word of thanks."""
    if case.mailing is None or case.mailing.kind not in MAILS or not (case.facilitator or case.personal):
        return False
    return case.ask is not None and not (isinstance(case.said, Said) and case.said.command not in VERDICTS)


def _calendar(case: Case, *methods: str) -> bool:
    return case.message.calendar is not None and case.message.calendar.method in methods


def _our_own(case: Case) -> bool:
    """Our own mail come back: a loop the listener could not see."""
    return f"<{case.community.name}." in case.message.headers.get("list-id")


def _digest(case: Case) -> bool:
    """More than a command, in answer to a mail that numbered threads, items and events."""
    numbers = case.mailing.about.numbers if case.mailing else {}
    if not numbers or all(what in ("post", "person") for what, _ in numbers.values()):
        return False
    return case.said is None or (
        isinstance(case.said, Said) and case.said.command == "number" and case.said.comment != ""
    )


def _private(case: Case) -> bool:
    """It answers a notice rather than a post, and is not addressed to the list."""
    if case.mailing is not None and case.mailing.kind in KINDS:
        return True  # of a line between two: never for everyone, wherever it was sent
    return case.local.verb in ("r", "help") and case.mailing is not None and case.mailing.kind != "post"
