"""Whether a post may go to everyone. The order is the policy: the first rule that speaks decides. Pure.

A rule decides without touching: it says pass on, or why the post is held or refused, and who may let it through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mailer.commands.case import Case

Who = Literal["author", "silence", "sender", "facilitators", "join", "one"]

PACE = 10  # posts an hour by one person in one thread: what answers faster is a machine that does not say so


@dataclass(frozen=True, slots=True)
class Rule:
    """When it holds, the post waits for `who`: the sender's own word, a facilitator's, or until they have joined."""

    name: str
    holds: Callable[[Case], bool]
    who: Who


RULES: tuple[Rule, ...] = (
    Rule("a stranger, forged it seems", lambda c: c.failed and not c.member, "silence"),
    Rule("forged, it seems", lambda c: c.failed, "facilitators"),
    Rule("faster than people write", lambda c: c.pace >= PACE, "facilitators"),
    Rule("not a member", lambda c: not c.member, "join"),
    Rule("not proven", lambda c: not c.proven and _wants_proof(c), "sender"),
    Rule(
        "facilitators only",
        lambda c: c.community.policy.posting == "facilitators" and not c.facilitator and _trust(c) != "trusted",
        "facilitators",
    ),
    Rule("held by a facilitator", lambda c: _trust(c) == "held", "facilitators"),
    Rule(
        "first post",
        lambda c: (
            c.first and c.community.policy.first_posts == "held" and not (c.facilitator or _trust(c) == "trusted")
        ),
        "facilitators",
    ),
    Rule("a forward", lambda c: c.unshared, "author"),
    Rule("looks private", lambda c: c.intimate != "", "one"),
)


def judge(case: Case) -> Rule | None:
    """The rule that holds a post back, or None: it may go. What one facilitator has let go waits for no other."""
    return next((r for r in RULES if r.holds(case) and not (case.cleared and r.who == "facilitators")), None)


def _wants_proof(case: Case) -> bool:
    """Some communities take nothing that is not proven; the others only mind when the sender's domain does, and when
    what somebody wrote elsewhere may have been sent on to us."""
    if case.disowned or case.astray:
        return True
    return case.community.policy.unverified == "held" and _trust(case) != "trusted"


def _trust(case: Case) -> str:
    """What a facilitator decided about this writer: trusted, held, or nothing."""
    return case.membership.trust if case.membership and not case.facilitator else ""
