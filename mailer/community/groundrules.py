"""The ground rules by their numbers: one item a rule, or one item that numbers several. Pure. Called by moderating."""

import re
from collections.abc import Sequence

_STEP = re.compile(r"\s*(\d{1,2})[.):]\s+(\S.*)")


def rules_of(items: Sequence[tuple[str, str]]) -> list[str]:
    """The rules in order, from (title, text) of each item, oldest first. The first is rule 1."""
    if len(items) == 1 and len(steps := _steps(items[0][1])) > 1:
        return steps
    return [_whole(title, text) for title, text in items]


def _whole(title: str, text: str) -> str:
    return text.strip() or title


def _steps(text: str) -> list[str]:
    """ "1. Be kind", "2. No names": the lines numbered from one; what follows a line is part of it."""
    found: list[str] = []
    for line in text.split("\n"):
        step = _STEP.fullmatch(line)
        if step and int(step[1]) == len(found) + 1:
            found.append(step[2].strip())
        elif found and line.strip():
            found[-1] = f"{found[-1]}\n{line.strip()}"
    return found
