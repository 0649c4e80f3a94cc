"""This process's counters and the queue's gauges as Prometheus reads them: for ``/metrics`` and
for a worker's own port."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler.errors import StorageError, UsageError
from crawler.logs import event
from crawler.metrics import SERIES, snapshot
from crawler.storage import queue_schema
from crawler.storage.database import Database

MOST_PORTS = 65_536
_log = logging.getLogger(__name__)


class ProcessCounters(Collector):
    """What this process did since it started; others have counters of their own."""

    def collect(self) -> Iterator[Metric]:
        counts: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for (name, label), value in sorted(snapshot().items()):
            counts[name].append((label, value))
        for name, series in SERIES.items():
            family = CounterMetricFamily(
                f"clusterwatch_{name}", series.about, labels=[series.label]
            )
            for label, value in counts[name]:
                family.add_metric([label], value)
            yield family


class QueueGauges(Collector):
    """How full the queue is, the same from every process; nothing where there is none, or while
    the database is away: the process goes on, and so do its own counters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        try:
            queue = queue_schema.figures(self._database)
        except StorageError:
            return
        if queue is None:
            return
        yield GaugeMetricFamily("clusterwatch_workers", "Workers alive.", value=queue.workers)
        depth = GaugeMetricFamily(
            "clusterwatch_queue_hints", "Hints in the queue.", labels=["queue", "state"]
        )
        for state, counted in (("waiting", queue.waiting), ("working", queue.working)):
            for name in ("polls", "chores"):
                depth.add_metric([name, state], counted.get(name, 0))
        yield depth


def serve(listen: str, database: Database) -> None:
    """Answer Prometheus on ``HOST:PORT`` from a thread that ends with the process.

    Port 0 is any that is free; the log names it. Raises UsageError for what is no such address,
    ConfigError where it is taken.
    """
    from prometheus_client import (
        GC_COLLECTOR,
        PROCESS_COLLECTOR,
        CollectorRegistry,
        start_http_server,
    )

    from alerts.web.serving import check_free

    host, _, port = listen.rpartition(":")
    if not (host and port.isdecimal() and int(port) < MOST_PORTS):
        raise UsageError(
            f"--metrics: {listen!r} is no address to listen at.",
            remedy="Give host and port: --metrics 127.0.0.1:9101",
        )
    check_free(listen, "--metrics")
    registry = CollectorRegistry()
    for one in (ProcessCounters(), QueueGauges(database), PROCESS_COLLECTOR, GC_COLLECTOR):
        registry.register(one)
    server, _ = start_http_server(int(port), host.strip("[]"), registry)
    event(_log, logging.INFO, "metrics.started", listen=f"{host}:{server.server_port}")
