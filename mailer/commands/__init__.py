"""What members and facilitators can say. A shelf: a new command is one new file here, and nothing else edited.

A command is known by the words it may be said with (names of `templates/<lang>/words.toml`) or by an address of ours
(`wells-join@`). An answer is what follows when an Ask of a kind is answered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mailer import shelf
from mailer.commands.case import Case, Line, Outcome
from mailer.community.grammar import Said
from mailer.outbound.desk import Desk

Setter = Callable[[Desk, Case, Said], Line]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing one can say. `changes` something: then it needs proof of who said it. `setter` is what it does where
    it is one of several lines that are answered together: commands/describing."""

    does: str
    run: Callable[[Desk, Case, Said], Outcome]
    words: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    changes: bool = True
    facilitators: bool = False
    setter: Setter | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows when an Ask of this kind gets an answer it offered."""

    kind: str
    run: Callable[[Desk, Case, Said], Outcome]


def by_word() -> dict[str, Command]:
    return shelf.collect(__name__, Command, lambda command: command.words)


def by_verb() -> dict[str, Command]:
    return shelf.collect(__name__, Command, lambda command: command.verbs)


def by_kind() -> dict[str, Answer]:
    return shelf.collect(__name__, Answer, lambda answer: (answer.kind,))
