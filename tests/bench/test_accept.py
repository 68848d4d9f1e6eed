"""Mails accepted a second, durable before each 250, beside a bare aiosmtpd that keeps nothing. Prints, asserts no time.

Servers and load are processes of their own, on uvloop, taking turns; each figure is the median of the rounds.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import figures
import psutil
import pytest

PROGRAM = Path(__file__).with_name("accepting.py")
ROUNDS = 3
MAILS = {2_000: 1500, 50_000: 500}  # octets of a mail: mails in a round
CONNECTIONS = (1, 10, 50)


class Round(NamedTuple):
    """Mails a second; median and 99 % of the milliseconds of one; microseconds of CPU the server spent on each."""

    rate: float
    middle: float
    worst: float
    cpu: float


@contextmanager
def serving(*words: str, journal: Path) -> Iterator[tuple[psutil.Process, int]]:
    with journal.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(PROGRAM), *words], stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    try:
        port = next(int(line) for line in process.stdout if line.strip().isdigit())
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.communicate(timeout=20)


def play(server: tuple[psutil.Process, int], connections: int, mails: int, octets: int) -> Round:
    process, port = server
    before = process.cpu_times()
    words = [str(word) for word in ("load", port, connections, mails, octets)]
    done = subprocess.run([sys.executable, str(PROGRAM), *words], stdout=subprocess.PIPE, check=True)
    after = process.cpu_times()
    return Round(*json.loads(done.stdout), 1e6 * (after.user + after.system - before.user - before.system) / mails)


def median(rounds: list[Round]) -> Round:
    return Round(*(statistics.median(part) for part in zip(*rounds, strict=True)))


@pytest.mark.bench
@pytest.mark.parametrize("octets", MAILS)
def test_accept(octets: int, tmp_path: Path) -> None:
    log = tmp_path / "journal.log"
    with serving("ours", str(tmp_path), journal=log) as ours, serving("bare", journal=log) as bare:
        for connections in CONNECTIONS:
            turns = [[play(one, connections, MAILS[octets], octets) for one in (ours, bare)] for _ in range(ROUNDS)]
            mine, other = (median([turn[which] for turn in turns]) for which in (0, 1))
            for which, who in enumerate(("ours, durable", "bare aiosmtpd, keeps nothing")):
                rounds, what = [turn[which] for turn in turns], f"accept {octets // 1000} kB, {connections} conn."
                figures.keep(what, who, "mails", [one.rate for one in rounds], median(rounds).cpu)
            print(
                f"accept {octets // 1000:>2} kB, {connections:>2} connections {mine.rate:7,.0f} mails/s durable"
                f" ({mine.cpu:.0f} µs CPU each, p50 {mine.middle:.1f} ms, p99 {mine.worst:.1f} ms),"
                f" bare aiosmtpd {other.rate:7,.0f} ({other.cpu:.0f} µs): {mine.rate / other.rate:.0%}",
                file=sys.stderr,
            )
