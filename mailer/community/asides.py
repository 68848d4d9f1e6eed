"""A word for an event said in passing, at the end of words for something else: "And yes to the webinar."

Refuses whatever is not plainly so: the sentence is short, answers first, then names one event after a word like "to",
and stands last. "No webinar has helped us" stays what it is. Pure; called by inbound's publishing.
"""

import re
from collections.abc import Mapping, Sequence

from mailer.community.grammar import Words
from mailer.community.likeness import plain

ANSWERS = ("yes", "no", "maybe")
SHORT = 12  # words of such a sentence
TELLING = 4  # letters of a title's word that names an event
SCRIPT_TELLING = 2  # of one in a script with letters that say more

_SENTENCE = re.compile(r"(?<=[.!?。！？؟])\s+|\n+")
_TO = frozenset(  # made plain: without accents
    re.findall(
        r"\S+",
        "to for at about on the pour a au aux le la les al el los las para por ao aos zu zum zur fur bei beim den das"
        " der die kwa kwenye ya في الي على لل",
    )
)


def aside(text: str, events: Mapping[str, str], words: Sequence[Words]) -> tuple[str, list[tuple[str, str]]]:
    """The text without its last sentences that answer an event, and (number, answer) for each, in order.

    `events`: the number of each event with its title.
    """
    pieces = _SENTENCE.split(text.strip())
    found: list[tuple[str, str]] = []
    while len(pieces) > 1 and (said := _answer(pieces[-1], events, words)):
        found.insert(0, said)
        pieces.pop()
    if not found:
        return text, []
    end = text.rindex(pieces[-1]) + len(pieces[-1])
    return text[:end].rstrip(), found


def _answer(sentence: str, events: Mapping[str, str], words: Sequence[Words]) -> tuple[str, str] | None:
    tokens = plain(sentence).split()
    if len(tokens) > SHORT:
        return None
    said = {plain(word): name for each in words for name in ANSWERS for word in each.table.get(name, ())}
    joints = {plain(word) for each in words for word in each.table.get("_but", ())}
    whole = [tokens, tokens[1:]] if tokens and tokens[0] in joints else [tokens]
    return next((found for some in whole if (found := _begins(some, said, events))), None)


def _begins(tokens: Sequence[str], said: Mapping[str, str], events: Mapping[str, str]) -> tuple[str, str] | None:
    """An answer, a word like "to", and an event's name, in this order."""
    for length in range(min(5, len(tokens) - 2), 0, -1):
        answer = said.get(" ".join(tokens[:length]))
        number = _named(tokens[length + 1 :], events) if answer and tokens[length] in _TO else None
        if answer and number:
            return number, answer
    return None


def _named(tokens: Sequence[str], events: Mapping[str, str]) -> str | None:
    """The one event that these words name."""
    named = [number for number, title in events.items() if _telling(title) & set(tokens)]
    return named[0] if len(named) == 1 else None


def _telling(title: str) -> set[str]:
    return {word for word in plain(title).split() if len(word) >= (TELLING if word.isascii() else SCRIPT_TELLING)}
