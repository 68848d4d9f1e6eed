"""The figures of one run, for the table at its end: what, how much a second, how far apart, CPU and memory."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Rates a second of several rounds; `cpu` is microseconds of CPU for each, `memory` MiB; 0 where not known."""

    what: str
    who: str
    unit: str
    rates: Sequence[float]
    cpu: float = 0
    memory: float = 0


kept: list[Figure] = []


def keep(what: str, who: str, unit: str, rates: Sequence[float], cpu: float = 0, memory: float = 0) -> None:
    kept.append(Figure(what, who, unit, tuple(rates), cpu, memory))


def table() -> Iterator[str]:
    """One line a figure, in the order they came."""
    yield f"{'what':<30} {'who':<22} {'median/s':>10} {'least – most':>17} {'µs CPU':>8} {'MiB':>6}"
    for one in kept:
        least, most = min(one.rates), max(one.rates)
        cpu, memory = (f"{value:,.0f}" if value else "" for value in (one.cpu, one.memory))
        spread = f"{least:,.0f} – {most:,.0f}"
        yield (
            f"{one.what:<30} {one.who:<22} {statistics.median(one.rates):>10,.0f} {spread:>17} {cpu:>8} {memory:>6}"
            f"  {one.unit}"
        )
