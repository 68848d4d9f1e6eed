"""Who has helped: from thanks received and lessons kept, never from how much anyone wrote.

One giver counts little, many givers count much, and nobody counts for themselves. Called by the contributor's job.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

PER_GIVER = 2  # thanks of one person to one other that count in a month: friends do not make a contributor
PER_LESSONS = 3  # lessons of one author that count in a month: a heap of them is volume
GIVERS = 2  # people who must have thanked: one person's thanks stay between two


@dataclass(frozen=True, slots=True)
class Edge:
    """Help that somebody acknowledged: `giver` thanked `receiver`, or kept a lesson that `receiver` wrote."""

    giver: int
    receiver: int
    what: Literal["thanks", "lesson"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands: how many others thanked them, how often (capped), and their lessons (capped)."""

    person: int
    givers: int
    thanks: int
    lessons: int

    @property
    def score(self) -> int:
        return self.thanks + self.lessons


def standings(edges: Iterable[Edge]) -> list[Standing]:
    """Everyone with a point, best first: by score, then by givers, then by id, so that the order is always the same."""
    pairs: Counter[tuple[int, int]] = Counter()
    lessons: Counter[int] = Counter()
    for edge in edges:
        if edge.what == "lesson":
            lessons[edge.receiver] += 1
        elif edge.giver != edge.receiver:
            pairs[edge.giver, edge.receiver] += 1
    thanks: Counter[int] = Counter()
    givers: Counter[int] = Counter()
    for (_, receiver), times in pairs.items():
        thanks[receiver] += min(times, PER_GIVER)
        givers[receiver] += 1
    people = sorted({*thanks, *lessons})
    found = [Standing(id, givers[id], thanks[id], min(lessons[id], PER_LESSONS)) for id in people]
    return sorted(found, key=lambda one: (-one.score, -one.givers, one.person))


def contributor(edges: Iterable[Edge], excluded: Collection[int] = ()) -> Standing | None:
    """The one to name, or None: a month without one is fine. `excluded` are the quiet, the recent and the absent."""
    fit = (one for one in standings(edges) if one.givers >= GIVERS and one.person not in excluded)
    return next(fit, None)
