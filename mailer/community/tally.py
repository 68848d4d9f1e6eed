"""What the answers to an ask come to: reading one, counting all, and keeping small figures private.

The last answer of a person wins. Figures from fewer than `k_min` people stay private: the result has none.
Refuses what does not fit the shape by returning None. Called by the commands that answer, by receipts and by counts.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Shape = Literal["choice", "yes-no-maybe", "yes-no", "number", "line", "name"]

WORDS: Mapping[str, tuple[str, ...]] = {"yes-no-maybe": ("yes", "no", "maybe"), "yes-no": ("yes", "no")}
"""The values of the shapes that bring their own options. A word of another language is the grammar's to translate."""

LONGEST_LINE = 500  # characters of a one-line answer
_NUMBER = re.compile(r"([+-]?\d{1,15})(?:[.,](\d{1,9}))?(?:\s+(\S.{0,39}))?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said; `value` is as `fit` returned it."""

    person_id: int
    value: str
    comment: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What numbers of one unit come to. No lowest or highest: each would be one person's own figure."""

    median: Decimal
    lower: Decimal
    upper: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Tally:
    """`people` answered. Where `private`, that is all there is to know; `counts` has every option, in order."""

    people: int
    private: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    figures: Figures | None = None
    lines: tuple[str, ...] = ()


def options_of(shape: Shape, options: Sequence[str] = ()) -> tuple[str, ...]:
    """The values an answer may have, in order; empty where anything goes."""
    return WORDS.get(shape, tuple(options))


def fit(text: str, shape: Shape, options: Sequence[str] = ()) -> str | None:
    """The value this text stands for, or None. A choice may be named by its number, from 1, or by its words."""
    text = " ".join(text.split())
    match shape:
        case "yes-no-maybe" | "yes-no":
            return text.lower() if text.lower() in WORDS[shape] else None
        case "choice":
            if text.isdecimal():
                return options[int(text) - 1] if len(text) < 4 and 1 <= int(text) <= len(options) else None
            return next((option for option in options if option.casefold() == text.casefold()), None)
        case "number":
            return _number(text)
        case "line" | "name":
            return text if 0 < len(text) <= LONGEST_LINE else None


def last_of_each(answers: Sequence[Answer]) -> list[Answer]:
    """One answer a person, the last; in the order in which people first answered. `answers` are oldest first."""
    return list({answer.person_id: answer for answer in answers}.values())


def count(answers: Sequence[Answer], shape: Shape, options: Sequence[str] = (), k_min: int | None = None) -> Tally:
    """What the answers, oldest first, come to. Without `k_min` nothing is private: those who count may see names."""
    last = last_of_each(answers)
    if len(last) < (k_min or 0):
        return Tally(len(last), private=True)
    values = [answer.value for answer in last]
    match shape:
        case "number":
            return Tally(len(last), figures=_figures(values))
        case "line":
            return Tally(len(last), lines=tuple(values))
        case "name":
            return Tally(len(last), counts=dict(Counter(values).most_common()))
        case _:
            found = Counter(values)
            return Tally(len(last), counts={option: found[option] for option in options_of(shape, options)})


def reached(tally: Tally, threshold: int | None, value: str = "yes") -> bool:
    """Whether enough have chosen `value`, or answered at all where there is nothing to choose. No threshold, yes."""
    return threshold is None or (tally.counts.get(value, 0) if tally.counts else tally.people) >= threshold


def _number(text: str) -> str | None:
    """`14,5 days` as `14.5 days`: a decimal comma and a point are the same, a unit is kept as written."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    whole = f"{found[1]}.{found[2]}" if found[2] else found[1]
    return f"{whole} {found[3]}" if found[3] else whole


def _figures(values: Sequence[str]) -> Figures | None:
    """Median and quartiles of the values in the unit most people used; None without a value."""
    read = [value.partition(" ") for value in values]
    if not read:
        return None
    unit = Counter(unit.casefold() for _, _, unit in read).most_common(1)[0][0]
    numbers = sorted(Decimal(number) for number, _, own in read if own.casefold() == unit)
    return Figures(_at(numbers, 2), _at(numbers, 1), _at(numbers, 3), unit)


def _at(numbers: Sequence[Decimal], quarter: int) -> Decimal:
    """The value a quarter, half or three quarters of the way through, between its two neighbours."""
    place, rest = divmod((len(numbers) - 1) * quarter, 4)
    above = numbers[min(place + 1, len(numbers) - 1)]
    return numbers[place] + (above - numbers[place]) * rest / 4
