"""Shares and their intervals."""

from __future__ import annotations

import pytest

from crawler.topics.intervals import Share, wilson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [  # method 3 in table I of Newcombe, Statistics in Medicine 17 (1998), 857–872
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


def test_right_and_wrong_mirror_each_other() -> None:
    low, high = wilson(3, 11)
    assert wilson(8, 11) == pytest.approx((1 - high, 1 - low))


def test_the_ends_are_exact() -> None:
    assert wilson(0, 7)[0] == 0.0
    assert wilson(7, 7)[1] == 1.0
    assert 0.5 < wilson(7, 7)[0] < 1.0


def test_nothing_counted_means_nothing_known() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval == (0.0, 1.0)
    assert Share(3, 4).value == 0.75


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        wilson(5, 4)
