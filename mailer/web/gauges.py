"""`/health` for whoever restarts things, `/metrics` for whoever draws them. Figures only: no name, no address.

/health names each trouble; its status is 503 only for what a restart may mend, so that a relay that is away or a full
disk does not make the service be killed over and over.

The database is asked at most once in FRESH seconds, however often we are.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from mailer import journal
from mailer.config import Settings
from mailer.inbound.admission import Room
from mailer.store.db import Store
from mailer.store.record import vitals
from mailer.store.record.vitals import Vitals

FRESH = 5.0  # seconds
PATIENCE = 5.0  # seconds the database has
TROUBLES = ("reader", "relay", "clock", "disk")
RESTART = {"reader", "clock"}  # may be mended by one


class Gauges:
    """Both pages."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime], fresh: float = FRESH) -> None:
        self._store, self._clock, self._fresh = store, clock, fresh
        self._room, self._reserve = Room(Path(settings.state)), settings.listen.reserve
        self._asking = asyncio.Lock()
        self._found: Vitals | None = None
        self._until = 0.0
        self._outcomes: Counter[str] = Counter()
        self._counted = 0  # the last line of the ledger that is in `_outcomes`

    def routes(self) -> list[BaseRoute]:
        return [Route("/health", self.health), Route("/metrics", self.metrics)]

    async def health(self, request: Request) -> Response:
        found = await self._look()
        if found is None:
            return JSONResponse({"well": False, "database": "unreachable"}, 503)
        troubles = self._troubles(found)
        unread, unsent = self._age(found.unread_since), self._age(found.unsent_since)
        facts = {
            "well": not troubles,
            "troubles": troubles,
            "database": "ok",
            "unread": {"count": found.unread, "oldest_seconds": unread},
            "unsent": {"count": found.unsent, "oldest_seconds": unsent, "due_seconds": self._age(found.due_since)},
            "shunted": found.shunted,
            "clock": {"ran_seconds": self._age(found.clock_ran)},
            "disk": {"free_octets": self._free()},
        }
        return JSONResponse(facts, 503 if RESTART & set(troubles) else 200)

    async def metrics(self, request: Request) -> Response:
        found = await self._look()
        if found is None:
            return PlainTextResponse("The database cannot be reached.\n", 503)
        registry = CollectorRegistry()
        registry.register(_Said(list(self._metrics(found))))
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    def _metrics(self, found: Vitals) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("mailer_mails", "Mails that came in and are not done with.", labels=["state"])
        waiting.add_metric(["waiting"], found.unread)
        waiting.add_metric(["shunted"], found.shunted)
        yield waiting
        yield GaugeMetricFamily("mailer_deliveries", "Deliveries not yet made.", value=found.unsent)
        oldest = GaugeMetricFamily("mailer_oldest_seconds", "How long the oldest has waited.", labels=["what"])
        oldest.add_metric(["mail"], self._age(found.unread_since))
        oldest.add_metric(["delivery"], self._age(found.unsent_since))
        oldest.add_metric(["due delivery"], self._age(found.due_since))
        yield oldest
        yield GaugeMetricFamily("mailer_clock_seconds", "Since the clock last ran.", value=self._age(found.clock_ran))
        yield GaugeMetricFamily("mailer_free_octets", "Free disk under the state.", value=self._free())
        trouble = GaugeMetricFamily("mailer_trouble", "1 where something is amiss.", labels=["what"])
        for what in TROUBLES:
            trouble.add_metric([what], what in self._troubles(found))
        yield trouble
        yield CounterMetricFamily("mailer_mails_taken", "Mails ever taken.", value=found.taken)
        yield CounterMetricFamily("mailer_deliveries_queued", "Deliveries ever queued.", value=found.queued)
        outcomes = CounterMetricFamily("mailer_outcomes", "What came of everything, by its word.", labels=["what"])
        for what, count in sorted(self._outcomes.items()):
            outcomes.add_metric([what], count)
        yield outcomes

    def _troubles(self, found: Vitals) -> list[str]:
        """What is amiss, of TROUBLES."""
        return [*found.troubles(self._clock()), *(["disk"] if self._free() < self._reserve else [])]

    def _free(self) -> int:
        return self._room.free(time.monotonic())

    async def _look(self) -> Vitals | None:
        """The figures, some seconds old at most; None where the database does not answer."""
        async with self._asking:
            if time.monotonic() >= self._until:
                try:
                    async with asyncio.timeout(PATIENCE):
                        self._found = await self._store.read(vitals.look)
                        self._counted, new = await self._store.read(vitals.outcomes, self._counted)
                    self._outcomes.update(new)
                except Exception as error:  # whatever it is, we are asked in order to say so
                    journal.trouble("the database does not answer", error)
                    self._found = None
                self._until = time.monotonic() + self._fresh
            return self._found

    def _age(self, since: datetime | None) -> int:
        return max(round((self._clock() - since).total_seconds()), 0) if since else 0


class _Said(Collector):
    """Metrics that were gathered before anyone asks the registry."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        return self._metrics
