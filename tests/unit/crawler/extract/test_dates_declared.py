"""Dates that a feed declares: the odd spellings of home-made generators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.dates_declared import declared_date
from crawler.extract.dates_words import _WEEKDAYS_BY_LANGUAGE, WEEKDAYS

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 12, tzinfo=BERLIN)


def read(text: str) -> str:
    published = declared_date(text, zone=BERLIN, now=NOW)
    if published is None:
        return ""
    return published.day.isoformat() if published.whole_day else published.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1795190400", "2026-11-20T16:00:00+00:00"),
        ("1795190400.25", "2026-11-20T16:00:00+00:00"),
        ("1795190400000", "2026-11-20T16:00:00+00:00"),
        ("20261120160000", "2026-11-20T16:00:00+01:00"),
        ("202611201600", ""),  # twelve digits are milliseconds of 1976
        ("9999999999", ""),
        ("4711", ""),
    ],
)
def test_digits_alone_are_a_unix_time_or_a_moment_run_together(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 20 Nov 2026 8:30:00 America/Los_Angeles", "2026-11-20T08:30:00-08:00"),
        ("Fri, 17 Jul 2026 20:30:00 Europe/Brussels", "2026-07-17T20:30:00+02:00"),
        ("2026-11-20 08:30 Asia/Seoul", "2026-11-20T08:30:00+09:00"),
        ("Fri, 20 Nov 2026 8:30:00 Nowhere/Atall", "2026-11-20T08:30:00+01:00"),
    ],
)
def test_a_zone_may_be_named_by_its_place(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat, 04/11/2020", "2020-04-11"),
        ("Wed, 04/11/2020", "2020-11-04"),
        ("Sat, 11 04 2020 08:51:49 +0100", "2020-04-11T08:51:49+01:00"),
        ("Sa, 11-04-2020 08:51", "2020-04-11T08:51:00+02:00"),
        ("Tue, 11/04/2020", "2020-04-11"),  # a wrong weekday decides nothing
    ],
)
def test_the_weekday_tells_day_and_month_apart(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["Nov. 2026", "November 2026", "listopad 2026", "2026-11"])
def test_a_month_is_its_first_day(text: str) -> None:
    assert read(text) == "2026-11-01"


def test_an_offset_no_zone_has_is_left_out_and_a_greater_one_refused() -> None:
    assert read("2026-11-20 10:00:00+15:00") == "2026-11-20T10:00:00+01:00"
    assert read("2026-11-20 10:00:00+14:00") == "2026-11-20T10:00:00+14:00"
    assert read("2026-11-20 10:00:00+99:99") == ""
    assert read("2026-11-20 10:00:00 -2575") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 22 Nov 2026 12:30:00 +0100", "2026-11-22T12:30:00+01:00"),  # a mistaken clock
        ("2026-11-22", "2026-11-22"),
        ("2026-12-24", ""),  # an event's day
        ("Mon, 23 Nov 2026 12:30:00 +0100", ""),
        ("2027", ""),
        ("Jan. 2027", ""),
    ],
)
def test_nothing_is_published_in_the_future(text: str, expected: str) -> None:
    assert read(text) == expected


def test_no_weekday_word_means_two_days() -> None:
    for language, days in _WEEKDAYS_BY_LANGUAGE.items():
        for number, words in enumerate(days):
            for word in words.split():
                assert WEEKDAYS[word] == number, (language, word)


@given(st.text(max_size=80) | st.from_regex(r"[0-9:/., +TZ-]{0,40}", fullmatch=True))
def test_any_text_is_survived(text: str) -> None:
    published = declared_date(text, zone=UTC, now=NOW)
    assert published is None or published.utc < NOW + timedelta(days=800)
