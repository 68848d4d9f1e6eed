"""Lines that a program ran together are parted again: an answer and an attribution, a rule and the header behind it.

Refuses to part a line whose other half would hold no word. Called by `folding` before anything else.
"""

import re
from collections.abc import Sequence

from mailer.mail.quotes import lineshapes as shape
from mailer.mail.quotes import phrases

_SHARED = re.compile(r"(?<=\S)\s*(?:-{2,4}\s*|\s)(?=(?:" + "|".join(phrases.ATTRIBUTION_LEADS) + r")\s[^\n]{0,30}\d)")
_WORDED = re.compile(r"[^\W_]")
# Samsung: "-------- Original message --------From: Ana <ana@x> Date: 3/3/26 10:15 To: ..."
_RULES = frozenset({"---", "___", "***"})
_RULED = re.compile(r"(-{3,20}|_{3,20}|\*{3,20})\s?[^-_*]{3,60}\1[-_*]{0,20}(?=[^\W\d_])")


def split_shared(lines: Sequence[str]) -> list[str]:
    """The lines, where one that holds two is made two."""
    made: list[str] = []
    done = 0
    for at, line in enumerate(lines):
        cut = 0
        if line[:3] in _RULES:
            cut = _behind_rule(line)
        elif (":" in line[-12:] or not line.isascii()) and at + 1 < len(lines) and shape.is_marked(lines[at + 1]):
            cut = _attributed(line)
        if cut:
            made += [*lines[done:at], line[:cut], line[cut:]]
            done = at + 1
    return [*made, *lines[done:]]


def _attributed(line: str) -> int:
    """Where an attribution begins on the line of the answer, or 0."""
    if len(line) > shape.LONG or not shape.ends_open(line) or shape.is_marked(line):
        return 0
    found = (m for m in _SHARED.finditer(line) if shape.dated(line[m.end() :]))
    return next((m.start() for m in found if _WORDED.search(line[: m.start()])), 0)


def _behind_rule(line: str) -> int:
    """Where a header begins on the line of its rule, or 0."""
    ruled = _RULED.match(line) if len(line) <= shape.LONG else None
    rest = line[ruled.end() :] if ruled else ""
    return ruled.end() if ruled and ":" in rest[:30] and (shape.addressed(rest) or shape.dated(rest)) else 0
