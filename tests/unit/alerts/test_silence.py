"""Unusual silence is judged by a source's own rhythm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.silence import is_quiet

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def published(every_days: int, count: int, last_days_ago: int) -> list[datetime]:
    newest = NOW - timedelta(days=last_days_ago)
    return [newest - timedelta(days=every_days * number) for number in range(count)]


@pytest.mark.parametrize(
    ("every", "last", "quiet"),
    [
        (1, 3, False),
        (1, 10, False),  # two quiet weeks happen to everybody
        (1, 20, True),
        (7, 20, False),
        (7, 25, True),
        (30, 40, False),  # a monthly blog is not dead after a week
        (30, 80, False),
        (30, 100, True),
    ],
)
def test_the_pause_is_compared_with_the_usual_gap(every: int, last: int, quiet: bool) -> None:
    assert is_quiet(published(every, 20, last), NOW) is quiet


def test_few_items_say_nothing_about_a_rhythm() -> None:
    assert not is_quiet(published(1, 5, 200), NOW)


def test_several_items_on_one_day_are_one_day() -> None:
    burst = [NOW - timedelta(days=300, minutes=number) for number in range(40)]
    assert not is_quiet(burst, NOW)


def test_one_summer_break_does_not_hide_the_next_silence() -> None:
    weekly = published(7, 30, 30)
    with_break = weekly + [moment - timedelta(days=60) for moment in published(7, 10, 240)]
    assert is_quiet(with_break, NOW)
