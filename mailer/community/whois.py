"""Whom someone means: by an address anywhere in the words, or by a name as people write it. Pure.

Refuses to guess: who is only alike is a candidate to ask about. Called by the commands that act on one person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailer.community.likeness import distance, plain

MOST = 9  # candidates: as many as there are words for numbers
SLIPS = 2  # letters by which a name may be misspelt

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")


@dataclass(frozen=True, slots=True)
class Known:
    """Someone one may mean."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Meant:
    """Those who fit, in the order given; `sure` where they fit the words and not merely nearly."""

    ids: tuple[int, ...] = ()
    sure: bool = False


def addresses(text: str) -> tuple[str, ...]:
    """What looks like an address, once each. Outlook writes them twice: `ana@a.example<mailto:ana@a.example>`."""
    return tuple(dict.fromkeys(found[0].strip(".").casefold() for found in _ADDRESS.finditer(text)))


def find(text: str, people: Sequence[Known]) -> Meant:
    """Whoever has this name whole; else those whose name or address holds all these words; else those alike."""
    wanted = plain(text)
    if not wanted:
        return Meant()
    whole = [one.id for one in people if plain(one.name) == wanted]
    tokens = set(wanted.split())
    parts = whole or [one.id for one in people if tokens <= _tokens(one)]
    if parts:
        return Meant(tuple(parts[:MOST]), sure=True)
    near = [one.id for one in people if _near(tokens, _tokens(one))]
    return Meant(tuple(near[:MOST]))


def _tokens(one: Known) -> set[str]:
    return {*plain(one.name).split(), *plain(one.email.partition("@")[0]).split()}


def _near(wanted: set[str], has: set[str]) -> bool:
    """One of the words is one of theirs, or a slip away."""
    return any(
        given == own or (len(own) > 3 and given[:1] == own[:1] and distance(given, own) <= SLIPS)
        for given in wanted
        for own in has
    )
