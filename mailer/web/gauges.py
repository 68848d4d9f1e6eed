"""`/health` for whoever restarts things, `/metrics` for whoever draws them. Figures only: no name, no address.

The database is asked at most once in FRESH seconds, however often we are.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from mailer import journal
from mailer.store import vitals
from mailer.store.db import Store
from mailer.store.vitals import Vitals

FRESH = 5.0  # seconds
PATIENCE = 5.0  # seconds the database has
STUCK = timedelta(minutes=10)  # a mail that nobody has read for so long: the reader is not at work


class Gauges:
    """Both pages."""

    def __init__(self, store: Store, clock: Callable[[], datetime], fresh: float = FRESH) -> None:
        self._store, self._clock, self._fresh = store, clock, fresh
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
        unread, unsent = self._age(found.unread_since), self._age(found.unsent_since)
        well = unread < STUCK.total_seconds()
        facts = {
            "well": well,
            "database": "ok",
            "unread": {"count": found.unread, "oldest_seconds": unread},
            "unsent": {"count": found.unsent, "oldest_seconds": unsent},
            "shunted": found.shunted,
        }
        return JSONResponse(facts, 200 if well else 503)

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
        yield oldest
        yield CounterMetricFamily("mailer_mails_taken", "Mails ever taken.", value=found.taken)
        yield CounterMetricFamily("mailer_deliveries_queued", "Deliveries ever queued.", value=found.queued)
        outcomes = CounterMetricFamily("mailer_outcomes", "What came of everything, by its word.", labels=["what"])
        for what, count in sorted(self._outcomes.items()):
            outcomes.add_metric([what], count)
        yield outcomes

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
