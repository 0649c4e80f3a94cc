"""When a source is polled next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.sources.polling import (
    JITTER,
    Pace,
    SkipTimes,
    full_look_after,
    next_due,
    pause_after_failure,
    rhythm_of,
    rhythmic_interval,
)

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PACE = Pace(every=HOUR, min_every=timedelta(minutes=15), max_every=DAY)


def interval(pace: Pace, seen: Sequence[datetime], now: datetime) -> timedelta:
    return rhythmic_interval(pace, rhythm_of(seen), now)


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


@pytest.mark.parametrize(
    ("kind", "status", "second", "third", "longest"),
    [
        ("dns", None, 1.5, 2.25, 1),
        ("connect", None, 1.5, 2.25, 1),
        ("timeout", None, 1.5, 2.25, 1),
        ("body", None, 1.5, 2.25, 1),
        ("tls", None, 2, 4, 1),
        ("http", 500, 2, 4, 1),
        ("http", 503, 2, 4, 1),
        ("http", 429, 3, 9, 1),
        ("http", 404, 4, 16, 1),
        ("http", 403, 4, 16, 3),
        ("http", 410, 4, 16, 7),
        ("http", 451, 4, 16, 3),
        ("missing", 200, 4, 16, 1),
        ("bot", 200, 4, 16, 3),
        ("login", 200, 4, 16, 3),
        ("consent", 200, 4, 16, 3),
        ("robots", None, 6, 36, 3),
        ("extract", None, 2, 4, 1),
        ("empty", None, 2, 4, 1),
        ("moved", None, 3, 9, 1),
        ("size", None, 3, 9, 1),
        ("never heard", None, 2, 4, 1),
    ],
)
def test_pauses_grow_by_their_cause_and_never_for_good(
    kind: str, status: int | None, second: float, third: float, longest: int
) -> None:
    """The table of the policy: hours after the second and third failure, days at the longest."""
    waits = [pause_after_failure(PACE, failures, kind, status) for failures in range(1, 2000)]
    bound = longest * DAY
    assert waits[0] == HOUR
    assert waits[1:3] == [min(HOUR * second, bound), min(HOUR * third, bound)]
    assert all(earlier <= later <= bound for earlier, later in pairwise(waits))
    assert waits[-1] == bound


@pytest.mark.parametrize(
    ("learned", "days"),
    [(None, 7), (timedelta(minutes=15), 1), (timedelta(hours=6), 3), (timedelta(days=1), 7)],
)
def test_an_etag_is_believed_for_three_usual_pauses(learned: timedelta | None, days: int) -> None:
    assert full_look_after(learned) == days * DAY


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ((), (), "2026-11-21T09:00"),
        ((9, 10), (), "2026-11-21T11:00"),  # NOW is a Saturday, 8:00
        ((), (5, 6), "2026-11-22T08:00"),  # Monday is further than max_every
        (tuple(range(24)), (), "2026-11-22T08:00"),  # who skips every hour is asked all the same
        ((8,), (), "2026-11-21T09:00"),
    ],
)
def test_hours_and_days_without_news_are_skipped(
    hours: tuple[int, ...], days: tuple[int, ...], expected: str
) -> None:
    source = min("abcdefgh", key=lambda one: abs(next_due(NOW, HOUR, one) - NOW - HOUR))
    due = next_due(NOW, HOUR, source, skip=SkipTimes(hours, days), max_every=DAY)
    assert abs(due - datetime.fromisoformat(expected + "+00:00")) < timedelta(minutes=5)


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
