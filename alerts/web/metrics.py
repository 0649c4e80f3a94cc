"""``/metrics`` for Prometheus: gauges read from the rows, so that every process tells the same, and
the counters of the process that answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.process_metrics import ProcessCounters, QueueGauges
from alerts.web.api import guarded_by_token
from alerts.web.site import site_of
from alerts.wiring import AlertParts
from crawler.storage.items import Filter
from crawler.storage.source_figures import SourceFigures

_DAY = timedelta(days=1)


def routes() -> list[Route]:
    """``/metrics``; needs the admin token as a bearer token."""
    return [Route("/metrics", guarded_by_token(metrics), methods=["GET"])]


def metrics(request: Request) -> Response:
    """What the rows say at this moment."""
    site = site_of(request)
    registry = CollectorRegistry()
    registry.register(_Rows(site.parts, site.clock()))
    registry.register(ProcessCounters())
    registry.register(QueueGauges(site.parts.crawler.database))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Rows(Collector):
    """Gauges from the database: no process keeps counters that another would not know."""

    def __init__(self, parts: AlertParts, now: datetime) -> None:
        self._parts = parts
        self._now = now

    def collect(self) -> Iterator[Metric]:
        yield from self._sources()
        yield from self._polls()
        yield from self._deliveries()
        items = self._parts.crawler.items.count(Filter())
        yield _gauge("clusterwatch_items", "Items in the archive.", items)

    def _sources(self) -> Iterator[Metric]:
        found = SourceFigures.of(self._parts.crawler.database, self._now)
        states = GaugeMetricFamily(
            "clusterwatch_sources", "Watched sources by health.", labels=["health"]
        )
        for health in ("ok", "failing", "new", "paused"):
            states.add_metric([health], getattr(found, health))
        yield states
        yield _gauge("clusterwatch_due_sources", "Sources whose turn it is.", found.due)
        yield _gauge(
            "clusterwatch_due_lag_seconds", "How long the longest waiting source is due.",
            found.lag_seconds,
        )  # fmt: skip

    def _polls(self) -> Iterator[Metric]:
        sums = self._parts.crawler.sources.poll_sums(self._now - _DAY)
        for name, value in sums.items():
            yield _gauge(f"clusterwatch_polls_{name}_24h", f"Of the last 24 hours: {name}.", value)

    def _deliveries(self) -> Iterator[Metric]:
        states = GaugeMetricFamily(
            "clusterwatch_deliveries", "Deliveries by state.", labels=["state"]
        )
        counts = self._parts.deliveries.counts()
        for state in ("pending", "sending", "sent", "retry", "parked", "dead"):
            states.add_metric([state], counts.get(state, 0))
        yield states


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)
