"""What a failure means: its name, when it is certain, what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.model.source import Source
from crawler.sources.faults import is_certain, is_walled, kind_of, remedy_for

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source("sud", "Cluster Süd", "https://www.sud.example/news")


@pytest.mark.parametrize(
    ("kind", "status", "name"),
    [
        ("http", 404, "missing"), ("http", 410, "gone"), ("http", 401, "login"),
        ("http", 403, "blocked"), ("http", 429, "busy"), ("http", 500, "http"),
        ("http", None, "http"), ("bot", 403, "bot"), ("tls", None, "tls"), ("odd", None, "other"),
    ],
)  # fmt: skip
def test_failures_are_named_by_kind_and_status(kind: str, status: int | None, name: str) -> None:
    assert kind_of(kind, status) == name


@pytest.mark.parametrize(
    ("kind", "failures", "lasting", "interval", "certain"),
    [
        ("timeout", 1, timedelta(0), HOUR, False),
        ("timeout", 9, 5 * HOUR, HOUR, False),  # a night's maintenance
        ("timeout", 4, 24 * HOUR, HOUR, True),
        ("timeout", 2, 48 * HOUR, DAY, False),
        ("missing", 3, 12 * HOUR, HOUR, True),
        ("missing", 3, 12 * HOUR, DAY, False),  # news come every fourth day: nothing is missed yet
        ("missing", 3, 3 * DAY, 30 * DAY, True),
        ("gone", 2, 12 * HOUR, HOUR, True),
        ("robots", 2, 6 * HOUR, HOUR, True),
        ("robots", 1, 9 * DAY, HOUR, False),
        ("tls", 3, 13 * HOUR, None, True),
    ],
)
def test_an_outage_is_certain_by_cause_and_rhythm(
    kind: str, failures: int, lasting: timedelta, interval: timedelta | None, certain: bool
) -> None:
    assert is_certain(kind, failures, lasting, interval) is certain


@pytest.mark.parametrize("kind", ["bot", "blocked", "robots", "consent", "login"])
def test_who_is_turned_away_hears_the_ways_left(kind: str) -> None:
    assert is_walled(kind)
    said = remedy_for(kind, SOURCE, tried=("https://www.sud.example/feed (HTTP 403)",))
    assert "sources show sud --letter" in said
    assert "newsletter" in said
    assert said.startswith("Also tried: https://www.sud.example/feed (HTTP 403). ")


def test_remedies_name_the_source_and_its_address() -> None:
    assert "detect https://www.sud.example/news" in remedy_for("extract", SOURCE)
    assert "sources set sud --url" in remedy_for("missing", SOURCE)
    assert not is_walled("timeout")
