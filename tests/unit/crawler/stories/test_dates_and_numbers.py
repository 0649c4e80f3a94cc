"""Dates, numbers and amounts in the languages of our sources."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crawler.stories.dates import days
from crawler.stories.numbers import figure, numbers, ordinal, word_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 26. Juni 2019 eröffnet", [(2019, 6, 26)]),
        ("vom 24. bis 26. Oktober 2022", [(2022, 10, 24), (2022, 10, 26)]),
        ("on 8 November at COBIS", [(0, 11, 8)]),
        ("on November 8, 2012", [(2012, 11, 8)]),
        ("den 8. november i forskerparken", [(0, 11, 8)]),
        ("9 maja podpisano", [(0, 5, 9)]),
        ("riunita il 16 dicembre", [(0, 12, 16)]),
        ("le 14 février 2018", [(2018, 2, 14)]),
        ("2019년 6월 26일", [(2019, 6, 26)]),
        ("지난 23일 서울", [(0, 0, 23)]),
        ("Stand: 18.11.2025", [(2025, 11, 18)]),
        ("2024-06-20", [(2024, 6, 20)]),
        ("signed on the 23rd at", [(0, 0, 23)]),
        ("31 Unternehmen aus Thüringen", []),
        ("99 Mai", []),
    ],
)
def test_days_are_read(text: str, expected: list[tuple[int, int, int]]) -> None:
    assert [(day.year, day.month, day.day) for day in days(text)] == expected


def test_days_never_overlap() -> None:
    found = days("am 21. und 22. Oktober 2025, 2025-10-23 und 24.10.2025")
    spans = sorted({(day.start, day.end) for day in found})
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("1.300", 1300),
        ("1,300", 1300),
        ("36,6", 36.6),
        ("36.6", 36.6),
        ("1.234.567", 1234567),
        ("105 000", 105000),
        ("1.234,50", 1234.5),
        ("7", 7),
    ],
)
def test_figures_have_one_value_in_every_notation(digits: str, value: float) -> None:
    assert figure(digits) == value


@pytest.mark.parametrize(
    "text",
    [
        "36,6 Millionen Euro",
        "36.6 million euros",
        "36,6 millioner kroner",
        "36,6 mln zł",
        "36,6 milioni di euro",
        "36,6 millions d'euros",
    ],
)
def test_scale_words_are_multiplied_in(text: str) -> None:
    (number,) = numbers(text)
    assert number.value == pytest.approx(36_600_000)
    assert number.amount


def test_korean_scales_follow_the_figure() -> None:
    (number,) = numbers("예산 3억원")
    assert number.value == 300_000_000


@pytest.mark.parametrize("word", ["sechsundzwanzig", "twenty-six", "seksogtyve", "ventisei"])
def test_number_words_are_read(word: str) -> None:
    assert word_number(word) == 26


@pytest.mark.parametrize("word", ["siebten", "seventh", "syvende", "septieme", "settimo"])
def test_ordinals_are_read(word: str) -> None:
    assert ordinal(word) == 7


@pytest.mark.parametrize("text", ["4. Forum", "the 4th forum", "제4회 포럼"])
def test_ordinal_figures_are_marked(text: str) -> None:
    assert [number.ordinal for number in numbers(text)] == [True]


def test_names_with_figures_hold_no_number() -> None:
    assert not list(numbers("COVID-19, BioMan4R2 und P4"))


def test_years_are_no_numbers() -> None:
    assert [number.year for number in numbers("Im Jahr 2021 kamen 2500 Gäste")] == [True, False]
