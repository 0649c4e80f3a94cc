"""Counters of this process, for Prometheus: what was fetched, parsed, stored and sent.

What the rows tell stands in gauges that every process reads alike; these are the rest. Counting
costs a dictionary's look-up, and nothing here knows who asks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """A counter: what it counts, and the label that tells its parts from each other."""

    about: str
    label: str


SERIES = {
    "fetch_responses": Series("Answers of servers, by status.", "status"),
    "fetch_bytes": Series("Bytes of answers, decompressed, by status.", "status"),
    "fetch_seconds": Series("From sending a request to its whole answer, by status.", "status"),
    "steps": Series("Steps of work: pages read, topics, stories, digests, sending.", "step"),
    "step_seconds": Series("Time that they took, by step.", "step"),
    "items_stored": Series("New items, by whether a topic matched.", "matched"),
    "polls": Series("Polls that ended, by outcome.", "status"),
    "delivery_attempts": Series("Attempts to deliver, by outcome.", "outcome"),
}
_lock = threading.Lock()
_counts: dict[tuple[str, str], float] = {}


def add(name: str, label: str, value: float = 1.0) -> None:
    """Count in one of SERIES. Raises KeyError for another name."""
    _ = SERIES[name]
    with _lock:
        _counts[name, label] = _counts.get((name, label), 0.0) + value


def add_together(label: str, values: Mapping[str, float]) -> None:
    """Count in several of SERIES under one label. Raises KeyError for another name."""
    with _lock:
        for name, value in values.items():
            _ = SERIES[name]
            _counts[name, label] = _counts.get((name, label), 0.0) + value


def snapshot() -> dict[tuple[str, str], float]:
    """(name, label) → its count until now."""
    with _lock:
        return dict(_counts)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Count and time a step of work."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        add("steps", name)
        add("step_seconds", name, time.perf_counter() - begun)
