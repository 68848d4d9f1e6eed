"""Posts out to a thousand members, a Return-Path of its own for each: ours, GNU Mailman and mlmmj taking turns, to one
sink by one driver. Prints, asserts no time. `make bench-peers` installs the two; what is not there is passed over.
"""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import figures
import pytest
from bench.test_walk import BENCH, MEMBERS, serving

PEERS = Path(sys.prefix) / ".bench"  # where make bench-peers puts Mailman
MLMMJ = "/usr/bin/mlmmj-receive"
ROUNDS, POSTS = 3, 5
SINK, CONTROL, REST, LMTP = 2525, 2526, 8001, 8024  # the drivers' own


@pytest.fixture
def drivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The neutral drivers, with their sink compiled."""
    if not (BENCH / "fsink.c").is_file() or not shutil.which("gcc"):
        pytest.skip(f"no drivers at {BENCH} or no gcc; set MAILER_BENCH")
    place = tmp_path / "drivers"
    shutil.copytree(BENCH, place)
    subprocess.run(["gcc", "-O2", "-w", "-o", str(place / "fsink"), str(place / "fsink.c")], check=True)
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setenv("BENCH_RUN", str(tmp_path))
    monkeypatch.setenv("MM_VENV", str(PEERS))
    monkeypatch.setattr(sys, "argv", ["bench"])  # one of them reads its number of rounds there
    yield place


@pytest.fixture
def sink(drivers: Path) -> Iterator[object]:
    perflib = importlib.import_module("perflib")
    started = perflib.Sink(SINK, CONTROL, "-Q")
    yield started
    started.stop()


def writer() -> str:
    return "m000000@d00.example.com"


def keep(who: str, rounds: list[dict[str, float]], memory: float = 0) -> None:
    rates = [one["rcpt_per_s"] for one in rounds]
    cpu = sorted(one.get("us_per_rcpt", 0) for one in rounds)[len(rounds) // 2]
    figures.keep(f"to {MEMBERS:,} members", who, "recipients", rates, cpu, memory)


def driven(
    sink: object, port: int, to: str, expect: int, pid: int, *, lmtp: bool, posts: int = POSTS, rounds: int = ROUNDS
) -> list[dict[str, float]]:
    fanout: ModuleType = importlib.import_module("fanout")
    return [
        fanout.fanout(sink, port, to, writer(), posts, expect, lmtp=lmtp, pids=[pid], timeout=150, tag=f"r{number}")
        for number in range(rounds)
    ]


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_ours(sink: object, tmp_path: Path) -> None:
    with serving(tmp_path, SINK) as (process, port, _):
        rounds = driven(sink, port, "wells@cop.example", MEMBERS - 1, process.pid, lmtp=False)
        keep("ours", rounds, process.memory_full_info().pss / 2**20)


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_mlmmj(sink: object) -> None:
    if not os.access(MLMMJ, os.X_OK):
        pytest.skip(f"no {MLMMJ}; make bench-peers installs it")
    mlmmj = importlib.import_module("mlmmj_bench")
    place = mlmmj.mk("bench", MEMBERS)
    rounds = [mlmmj.fan(sink, place, MEMBERS, POSTS) for _ in range(ROUNDS)]
    for one in rounds:
        one["us_per_rcpt"] = 1e6 * one["machine_cpu_less_sink"] / max(1, one["got"])
    keep("mlmmj (CPU: the machine)", rounds)


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("personal", [True, False])
def test_mailman(sink: object, personal: bool) -> None:
    if not (PEERS / "bin" / "mailman").exists():
        pytest.skip(f"no Mailman at {PEERS}; make bench-peers installs it")
    mm, perflib = importlib.import_module("mm"), importlib.import_module("perflib")
    mta = "verp_delivery_interval: 1\nverp_personalized_deliveries: yes" if personal else ""
    mailman = mm.Mailman(f"peer{personal:d}", LMTP, REST, SINK, mta)
    mailman.start()
    try:
        to = mailman.mklist("bench")
        mailman.sub_sql(to, importlib.import_module("members").members(MEMBERS))
        posts, often = (1, 1) if personal else (POSTS, ROUNDS)  # half a minute for a thousand of their own
        rounds = driven(sink, LMTP, to, MEMBERS, mailman.pid, lmtp=True, posts=posts, rounds=often)
        keep("Mailman, " + ("own Return-Path" if personal else "batched"), rounds, perflib.mem([mailman.pid])[2])
    finally:
        mailman.stop()
