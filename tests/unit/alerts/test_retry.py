"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.retry import RetryPolicy

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
POLICY = RetryPolicy()


def delay(attempt: int, retry_after: float | None = None, delivery: str = "d1") -> float:
    moment = POLICY.next_attempt(
        delivery, attempt, created_at=NOW, now=NOW, retry_after_seconds=retry_after
    )
    assert moment is not None
    return (moment - NOW).total_seconds()


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (9, 7200), (5000, 7200)]
)
def test_the_delay_doubles_up_to_two_hours_give_or_take_a_quarter(
    attempt: int, seconds: float
) -> None:
    for number in range(50):
        assert seconds * 0.75 <= delay(attempt, delivery=f"d{number}") <= seconds * 1.25


def test_jitter_belongs_to_the_delivery_and_the_attempt() -> None:
    assert delay(3) == delay(3)
    assert len({delay(3, delivery=f"d{number}") for number in range(50)}) == 50


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        (600, 600, 750),
        (1, 22.5, 37.5),  # our own delay is longer
        (0, 22.5, 37.5),
        (-5, 22.5, 37.5),
        (1e12, 12 * 3600, 12 * 3600 + 1800),
        (float("inf"), 12 * 3600, 12 * 3600 + 1800),
        (float("nan"), 22.5, 37.5),
    ],
)
def test_retry_after_is_obeyed_within_reason(retry_after: float, least: float, most: float) -> None:
    for number in range(20):
        assert least <= delay(1, retry_after, f"d{number}") <= most


def test_after_two_days_a_delivery_is_given_up() -> None:
    made = NOW - timedelta(hours=47)
    assert POLICY.next_attempt("d1", 3, created_at=made, now=NOW) is not None
    made = NOW - timedelta(days=2)
    assert POLICY.next_attempt("d1", 3, created_at=made, now=NOW) is None
