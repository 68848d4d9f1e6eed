"""Health and metrics: true figures, and a 503 where there is nothing well to report."""

import json
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from mailer.store.tables import inbox as table
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope
from mailer.web import gauges

from .conftest import Site

ANA = "ana@acme.example"


def put(site: Site, count: int = 1) -> list[int]:
    envelope = Envelope(b"Subject: x\r\n\r\n", ANA, ("wells@cop.example",), "127.0.0.1", True, site.now)
    with site.app.store.writing() as conn:
        return inbox.accept(conn, [envelope] * count)


async def test_all_is_well(site: Site) -> None:
    answer = await site.get("/health")
    assert answer.status == 200
    found = json.loads(answer.body)
    assert found.pop("disk")["free_octets"] > 0
    assert found == {
        "well": True,
        "troubles": [],
        "database": "ok",
        "unread": {"count": 0, "oldest_seconds": 0},
        "unsent": {"count": 0, "oldest_seconds": 0, "due_seconds": 0},
        "shunted": 0,
        "clock": {"ran_seconds": 0},
    }


async def test_mail_that_nobody_reads(site: Site) -> None:
    put(site, 2)
    site.now += timedelta(minutes=3)
    answer = await site.get("/health")
    assert (answer.status, json.loads(answer.body)["unread"]) == (200, {"count": 2, "oldest_seconds": 180})
    site.now += timedelta(minutes=7)
    answer = await site.get("/health")
    assert (answer.status, json.loads(answer.body)["troubles"]) == (503, ["reader"])


@pytest.mark.fault("F6")
async def test_a_relay_that_is_away_is_trouble_that_no_restart_mends(site: Site) -> None:
    await site.sink.stop()
    await site.write(ANA, "wells@cop.example", "News", "Something new.")
    assert json.loads((await site.get("/health")).body)["troubles"] == []
    site.now += timedelta(minutes=10)
    answer = await site.get("/health")
    found = json.loads(answer.body)
    assert (answer.status, found["well"], found["troubles"]) == (200, False, ["relay"])
    assert found["unsent"]["due_seconds"] == 600
    metrics = (await site.get("/metrics")).body.splitlines()
    assert 'mailer_trouble{what="relay"} 1.0' in metrics and 'mailer_trouble{what="clock"} 0.0' in metrics


@pytest.mark.fault("F4")
async def test_a_disk_that_fills_up_is_said_before_it_is_full(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    free = site.app.settings.listen.reserve - 1
    monkeypatch.setattr("shutil.disk_usage", lambda place: SimpleNamespace(free=free))
    answer = await site.get("/health")
    found = json.loads(answer.body)
    assert (answer.status, found["troubles"], found["disk"]) == (200, ["disk"], {"free_octets": free})


async def test_a_clock_that_stands_still(site: Site) -> None:
    await site.wait(days=1)
    assert json.loads((await site.get("/health")).body)["troubles"] == []
    site.now += timedelta(hours=27)
    answer = await site.get("/health")
    assert (answer.status, json.loads(answer.body)["troubles"]) == (503, ["clock"])


async def test_a_mail_on_the_shunt_and_a_delivery_that_waits(site: Site) -> None:
    [id] = put(site)
    with site.app.store.writing() as conn:
        conn.execute(sa.update(table).where(table.c.id == id).values(state="shunted"))
    site.sink.on_rcpt = lambda mail_from, rcpt: "450 4.2.1 Later"
    await site.write(ANA, "wells@cop.example", "News", "Something new.")
    site.now += timedelta(minutes=2)
    found = json.loads((await site.get("/health")).body)
    unsent = {"count": len(set(site.sink.refused)), "oldest_seconds": 120, "due_seconds": 0}
    assert (found["well"], found["shunted"], found["unsent"]) == (True, 1, unsent)


@pytest.mark.fault("F5")
async def test_a_database_that_does_not_answer(site: Site) -> None:
    site.app.store._readers.shutdown()
    assert (await site.get("/health")).status == 503
    assert (await site.get("/metrics")).status == 503


async def test_metrics_count_what_happened_once(any_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await any_site.write(ANA, "wells@cop.example", "News", "Something new.")
    first = (await any_site.get("/metrics")).body.splitlines()
    assert 'mailer_outcomes_total{what="posted"} 1.0' in first
    assert 'mailer_mails{state="waiting"} 0.0' in first
    assert "mailer_mails_taken_total 1.0" in first
    assert f"mailer_deliveries_queued_total {len(any_site.sink.mails)}.0" in first
    await any_site.write(ANA, "wells@cop.example", "More", "Something newer.")
    assert 'mailer_outcomes_total{what="posted"} 1.0' in (await any_site.get("/metrics")).body  # of a moment ago
    later = time.monotonic() + gauges.FRESH
    monkeypatch.setattr(gauges, "time", SimpleNamespace(monotonic=lambda: later))
    last = (await any_site.get("/metrics")).body
    assert 'mailer_outcomes_total{what="posted"} 2.0' in last and "@" not in last
