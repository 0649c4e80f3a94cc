"""Counters of a process: counted by label, told to Prometheus, unknown names refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from alerts.process_metrics import ProcessCounters, QueueGauges, serve
from crawler import metrics
from crawler.errors import UsageError
from crawler.storage.database import Database


def test_what_is_counted_is_told() -> None:
    metrics.add("fetch_bytes", "299", 1000)
    metrics.add("fetch_bytes", "299", 24)
    with metrics.step("read_nothing"):
        pass
    registry = CollectorRegistry()
    registry.register(ProcessCounters())
    told = generate_latest(registry).decode()
    assert 'clusterwatch_fetch_bytes_total{status="299"} 1024.0' in told
    assert 'clusterwatch_steps_total{step="read_nothing"} 1.0' in told
    assert 'clusterwatch_step_seconds_total{step="read_nothing"}' in told


def test_counters_are_told_while_the_database_is_away() -> None:
    metrics.add("fetch_bytes", "298", 1)
    registry = CollectorRegistry()
    registry.register(ProcessCounters())
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    registry.register(QueueGauges(away))
    told = generate_latest(registry).decode()
    assert 'clusterwatch_fetch_bytes_total{status="298"} 1.0' in told
    assert "clusterwatch_queue_hints" not in told
    away.close()


def test_a_name_that_nobody_declared_is_refused() -> None:
    with pytest.raises(KeyError):
        metrics.add("unheard_of", "x")


@pytest.mark.parametrize("listen", ["nonsense", ":9101", "127.0.0.1:", "127.0.0.1:70000"])
def test_what_is_no_address_is_refused(listen: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--metrics"):
        serve(listen, Database(f"sqlite:///{tmp_path}/cw.db"))
