"""Sources are looked at ahead of a daily or weekly digest, spread over the hour before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.ahead import AHEAD, near_ones, polls_ahead
from crawler.model.source import Source, SourceState
from crawler.model.subscription import Subscription
from crawler.storage.source_rows import SourceRow

DIGEST = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # 08:00 in Berlin
NIGHT = DIGEST - timedelta(hours=9)
TEAM = Subscription(
    id="team", to="slack:#c", topics=("*",), schedule="daily 08:00", timezone="Europe/Berlin",
    active_since=DIGEST - timedelta(days=9),
)  # fmt: skip


def row(source_id: str, *tags: str, **state: object) -> SourceRow:
    source = Source(id=source_id, name=source_id, url="https://a.example/", tags=tags)
    values = {"last_polled": NIGHT, "last_ok": NIGHT} | state
    return SourceRow(source, SourceState(source_id, **values))  # type: ignore[arg-type]


SOURCES = [row(f"s{number}") for number in range(40)]


def ids(
    now: datetime, *subscriptions: Subscription, sources: list[SourceRow] = SOURCES
) -> set[str]:
    return {one.source.id for one in polls_ahead(near_ones(subscriptions, now), sources, now)}


def test_nobody_is_asked_before_the_last_hour() -> None:
    assert ids(DIGEST - AHEAD - timedelta(seconds=1), TEAM) == set()


def test_polls_spread_over_the_hour_and_all_begin_before_the_digest() -> None:
    asked = [len(ids(DIGEST - timedelta(minutes=left), TEAM)) for left in range(60, 4, -5)]
    assert asked == sorted(asked)
    assert 5 < asked[len(asked) // 2] < 35
    assert len(ids(DIGEST - timedelta(minutes=5), TEAM)) == 40


def test_who_was_polled_within_the_hour_is_left_alone() -> None:
    fresh = [row("a", last_polled=DIGEST - timedelta(minutes=50))]
    assert ids(DIGEST - timedelta(minutes=5), TEAM, sources=fresh) == set()


def test_a_failing_source_keeps_its_back_off() -> None:
    failing = [row("a", failures=2)]
    assert ids(DIGEST - timedelta(minutes=5), TEAM, sources=failing) == set()


def test_only_the_sources_of_the_subscription_are_asked() -> None:
    sources = [row("a"), row("b", "rivals"), row("c")]
    some = replace(TEAM, sources=("a", "tag:rivals"))
    assert ids(DIGEST - timedelta(minutes=5), some, sources=sources) == {"a", "b"}


@pytest.mark.parametrize("schedule", ["hourly", "immediate", "*/30 * * * *"])
def test_frequent_digests_ask_nobody(schedule: str) -> None:
    often = replace(TEAM, schedule=schedule)
    assert ids(DIGEST - timedelta(minutes=5), often) == set()


def test_after_the_digest_it_is_the_next_ones_turn() -> None:
    assert ids(DIGEST + timedelta(minutes=1), replace(TEAM, last_window="2026-11-21")) == set()
    weekly = replace(TEAM, schedule="weekly mon 08:00")
    assert ids(DIGEST - timedelta(minutes=5), weekly) == set()  # a Saturday
    assert len(ids(DIGEST + timedelta(days=2, minutes=-5), weekly)) == 40
