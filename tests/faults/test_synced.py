"""250 is said after the disk has it. A power cut cannot be had in a test without a disk that forgets (a FUSE file
system, or a machine to reset); what stands in for it is this order and what both databases promise of a commit.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from killing import MEMBERS, connect, mail, talk, village
from posting import Clock, community, deliverer, post
from sink import Sink

from mailer.outbound import marking
from mailer.store.db import Store

pytestmark = [pytest.mark.fault("F2"), pytest.mark.fault("F3")]
SYNC = re.compile(r"\b(?:fdatasync|fsync)\(.*= 0|\b(?:fdatasync|fsync) resumed.*= 0")
KEPT = re.compile(r"(?:send\w*|write)\(.*250 2\.0\.0 Queued")
CALLS = "trace=fdatasync,fsync,recvfrom,recvmsg,read,sendto,sendmsg,write"
MAILS = 8


def test_a_commit_is_on_the_disk(store: Store) -> None:
    asked = ("PRAGMA synchronous", "PRAGMA journal_mode") if store.sqlite else ("SHOW synchronous_commit",)
    with store.writing() as conn:
        found = [conn.exec_driver_sql(one).scalar() for one in asked]
    assert found == ([2, "wal"] if store.sqlite else ["on"])  # 2: FULL, a sync at every commit


def waits_for_the_disk(conn: sa.Connection) -> bool:
    if conn.dialect.name == "sqlite":
        return bool(conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2)
    return bool(conn.exec_driver_sql("SHOW synchronous_commit").scalar() == "on")


async def test_only_what_is_said_to_be_light_does_not_wait_for_the_disk(store: Store) -> None:
    found = [await store.write(waits_for_the_disk), await store.write_lightly(waits_for_the_disk)]
    assert [*found, await store.write(waits_for_the_disk)] == [True, False, True]


async def test_what_was_sent_is_on_the_disk_when_nothing_more_waits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "SYNC", 1000.0)
    post(store, community(store, [f"m{number:03d}@acme.example" for number in range(200)]))
    waited: list[bool] = []

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def _executes(conn: sa.Connection, _: object, statement: str, *__: object) -> None:
        if "state = 'sent'" in statement:
            waited.append(waits_for_the_disk(conn))

    async with Sink() as sink:
        sender = deliverer(sink.port, store, Clock())
        assert await sender.drain() == 200
        assert False in waited and waited[-1]
        await sender.stop()


def no_strace() -> bool:
    return not shutil.which("strace") or subprocess.run(["strace", "true"], capture_output=True).returncode != 0


@pytest.mark.skipif(no_strace(), reason="strace cannot be used here")
async def test_a_sync_stands_between_the_dot_and_its_250(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    async with village(tmp_path, members=MEMBERS[:1]) as (service, _sink, _store):
        await service.start(["strace", "-D", "-f", "-qq", "-s", "400", "-e", CALLS, "-o", str(trace), sys.executable])
        await service.ready()
        peer = await connect(service.port)
        for number in range(MAILS):
            for piece in mail(MEMBERS[0], f"{number}.{MEMBERS[0]}"):
                await talk(*peer, piece)
        peer[1].close()
        assert synced(trace.read_text(errors="replace").splitlines()) == [True] * MAILS


def synced(calls: list[str]) -> list[bool]:
    """For each 250 after a dot, whether a sync ended between the two."""
    found, since = [], False
    for call in calls:
        if "held through the night" in call and re.search(r"\b(?:recv|read)", call):
            since = False
        elif SYNC.search(call):
            since = True
        elif KEPT.search(call):
            found.append(since)
    return found
