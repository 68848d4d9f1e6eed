"""A mail of several lines, each a word: what the lines say, without greeting, closing and name around them.

Refuses to drop a line in silence: what is no greeting and no closing is kept as not understood. Called by
commands/severally. Pure.
"""

from collections.abc import Callable, Sequence

from mailer.community.grammar import Near, Said, Words
from mailer.community.vocabulary import Known

LINES = 30  # of one mail
INTRODUCTION = 6  # words of a line that only leads to others: "Please change my settings:"

Heard = tuple[str, Said | Near | None]


def read(text: str, hear: Callable[[str], Said | Near | None], tables: Sequence[Words]) -> list[Heard]:
    """Each new line and what it says, the first LINES of them."""
    known = Known.of((), tables)
    found: list[Heard] = []
    understood = False
    for line in _lines(text)[:LINES]:
        said = hear(line)
        if said is None and understood and _closes(line, known):
            break  # a closing or a name: what follows is a signature
        if said is None and not understood and (_leads(line) or _closes(line, known)):
            continue
        understood = understood or said is not None
        found.append((line, said))
    return found


def _lines(text: str) -> list[str]:
    bare = (" ".join(line.split()) for line in text.splitlines())
    return [line.lstrip("-–•*· ") for line in bare if line.strip("-–•*·_= ") and not line.startswith(">")]


def _leads(line: str) -> bool:
    return line.endswith((",", ":", "،", "、", "，", "：", "!", "。")) and len(line.split()) <= INTRODUCTION


def _closes(line: str, known: Known) -> bool:
    return all(known.closes(piece) for piece in line.split(","))
