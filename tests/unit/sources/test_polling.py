"""When a source is polled next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.sources.polling import JITTER, Pace, interval, next_due, pause_after_failure

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PACE = Pace(every=HOUR, min_every=timedelta(minutes=15), max_every=DAY)


def each(step: timedelta, count: int = 10) -> list[datetime]:
    return [NOW - step * number for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (timedelta(hours=2), timedelta(minutes=30)),
        (timedelta(hours=8), timedelta(hours=2)),
        (timedelta(days=30), DAY),  # never rarer than max_every
    ],
)
def test_the_interval_is_a_quarter_of_the_rhythm(step: timedelta, expected: timedelta) -> None:
    assert interval(PACE, each(step), NOW) == expected


def test_the_interval_keeps_to_min_every() -> None:
    pace = Pace(every=HOUR, min_every=HOUR, max_every=DAY)
    assert interval(pace, each(timedelta(hours=1)), NOW) == HOUR


def test_a_baseline_teaches_no_rhythm() -> None:
    assert interval(PACE, [NOW] * 40, NOW) == HOUR
    assert interval(PACE, [], NOW) == HOUR


def test_a_source_that_falls_silent_is_asked_less_often() -> None:
    busy = each(timedelta(hours=4))
    gaps = [timedelta(hours=4), timedelta(hours=40)]
    seen = [*busy, busy[-1] - gaps[1]]
    assert interval(PACE, seen, NOW) < interval(PACE, seen, NOW + 2 * DAY)


def test_an_interval_of_its_own_is_never_learned_away() -> None:
    pace = Pace(every=timedelta(days=3), min_every=HOUR, max_every=DAY, fixed=True)
    assert interval(pace, each(timedelta(hours=2)), NOW) == timedelta(days=3)


@pytest.mark.parametrize("kind", ["dns", "tls", "http", "timeout", "robots", "size", "never heard"])
def test_pauses_grow_with_failures_and_never_for_good(kind: str) -> None:
    waits = [pause_after_failure(PACE, failures, kind) for failures in range(1, 2000)]
    assert waits[0] == HOUR
    assert all(earlier <= later <= DAY for earlier, later in pairwise(waits))
    assert waits[-1] == DAY


def test_what_a_site_does_on_purpose_weighs_more_than_a_hiccup() -> None:
    hiccup = pause_after_failure(PACE, 3, "timeout")
    error = pause_after_failure(PACE, 3, "http", 500)
    gone = pause_after_failure(PACE, 3, "http", 410)
    barred = pause_after_failure(PACE, 3, "robots")
    assert hiccup < error < gone < barred


def test_a_failing_source_is_not_asked_more_often_than_a_working_one() -> None:
    weekly = Pace(every=timedelta(days=7), min_every=HOUR, max_every=DAY, fixed=True)
    assert pause_after_failure(weekly, 1, "timeout") >= timedelta(days=7)


@pytest.mark.parametrize("source", ["a", "b", "another", "x" * 64])
def test_turns_are_spread_by_a_small_fixed_share(source: str) -> None:
    due = next_due(NOW, HOUR, source)
    assert abs(due - NOW - HOUR) <= HOUR * JITTER / 2
    assert due == next_due(NOW, HOUR, source)


@pytest.mark.parametrize("source", ["a", "b", "another"])
def test_what_server_and_feed_ask_for_is_kept_to_the_second(source: str) -> None:
    assert next_due(NOW, HOUR, source, retry_after_seconds=7200) == NOW + timedelta(hours=2)
    assert next_due(NOW, HOUR, source, ttl_seconds=7200) == NOW + timedelta(hours=2)
    assert next_due(NOW, HOUR, source, retry_after_seconds=1) >= NOW + HOUR * (1 - JITTER)


def test_a_ttl_is_bounded_by_max_every() -> None:
    assert next_due(NOW, HOUR, "a", ttl_seconds=10**9, max_every=DAY) == NOW + DAY
