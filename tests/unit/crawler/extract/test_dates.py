"""What a written date means, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.dates import find_dates, parse_date
from crawler.extract.dates_words import _MONTHS_BY_LANGUAGE, MONTHS
from crawler.extract.dates_words_neighbours import NEIGHBOUR_MONTHS
from tests.cost import bounded

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 12, tzinfo=BERLIN)


def test_a_date_without_a_time_is_the_whole_local_day() -> None:
    published = parse_date("20.11.2026", zone=BERLIN, now=NOW)
    assert published is not None
    assert published.whole_day
    assert published.isoformat() == "2026-11-20T00:00:00+01:00"


def test_an_explicit_offset_is_kept_and_a_naive_time_is_local() -> None:
    kept = parse_date("2026-11-20T23:30:00-08:00", zone=BERLIN, now=NOW)
    local = parse_date("2026-07-20 23:30", zone=BERLIN, now=NOW)
    assert kept is not None
    assert local is not None
    assert kept.isoformat() == "2026-11-20T23:30:00-08:00"
    assert local.isoformat() == "2026-07-20T23:30:00+02:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "31.02.2026",
        "20.11.1989",
        "2029-01-01",
        "9999-12-31",
        "2026-11-20T10:00:00+99:99",
        "Fri, 20 Nov 2026 10:00:00 +9999",
        "/Date(99999999999999)/",
        "10.12.2025 bis 12.12.2025",
        "Version 1.2.13",
        "192.168.10.12",
    ],
)
def test_what_names_no_plausible_day_gives_none(text: str) -> None:
    assert parse_date(text, zone=BERLIN, now=NOW) is None


def test_without_now_relative_forms_and_far_futures_are_refused() -> None:
    assert parse_date("vor 3 Tagen", zone=BERLIN) is None
    assert parse_date("9999-01-01", zone=BERLIN) is None
    assert parse_date("2027-01-01", zone=BERLIN) is not None


def test_slashes_mean_the_order_that_is_not_in_the_future() -> None:
    swapped = parse_date("12/11/2026", zone=BERLIN, now=NOW)
    both_past = parse_date("04/03/2026", zone=BERLIN, now=NOW)
    points = parse_date("11.12.2026", zone=BERLIN, now=NOW)
    assert swapped is not None
    assert swapped.day == date(2026, 11, 12)
    assert both_past is not None
    assert both_past.day == date(2026, 3, 4)
    # Points are European: a coming event stays a coming event.
    assert points is not None
    assert points.day == date(2026, 12, 11)


def test_the_same_day_written_twice_is_one_date_and_the_time_is_taken() -> None:
    published = parse_date("2026-11-20 (Freitag, 20.11.2026, 10:30 Uhr)", zone=BERLIN, now=NOW)
    assert published is not None
    assert published.isoformat() == "2026-11-20T10:30:00+01:00"


def test_dates_in_prose_are_found_with_their_offsets() -> None:
    text = "Am 3. Mai 2024 begann es, und am 2024-06-07 endete es; 20.11.26 zählt hier nicht."
    found = find_dates(text, zone=BERLIN, now=NOW)
    assert [text[start:end] for start, end, _ in found] == ["3. Mai 2024", "2024-06-07"]
    assert [each.day for _, _, each in found] == [date(2024, 5, 3), date(2024, 6, 7)]


def test_no_month_word_means_two_months() -> None:
    for language, months in (_MONTHS_BY_LANGUAGE | NEIGHBOUR_MONTHS).items():
        for number, words in enumerate(months, start=1):
            for word in words.split():
                assert MONTHS[word] == number, (language, word)


@pytest.mark.parametrize(
    "hostile",
    [
        "1" * 50_000,
        "1 a " * 20_000,
        "12:30 " * 20_000,
        "1.1." * 20_000,
        "jan 1 " * 20_000,
        "1.2.13 x; " * 20_000,
    ],
)
def test_hostile_texts_cost_linear_time(hostile: str) -> None:
    with bounded():
        find_dates(hostile, zone=BERLIN)


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2027, 1, 1)))  # noqa: DTZ001
def test_iso_dates_are_read_back_exactly(moment: datetime) -> None:
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    read = parse_date(aware.isoformat(), zone=BERLIN, now=NOW)
    assert read is not None
    assert read.moment == aware


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    for language in ("", "de", "ko"):
        found = find_dates(text, zone=BERLIN, language=language, now=NOW)
        assert all(each.utc < NOW + timedelta(days=800) for _, _, each in found)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("23 Kasım 2012 Cuma", date(2012, 11, 23)),
        ("31 авг 2015, 12:40", date(2015, 8, 31)),
        ("2013. május 7. kedd", date(2013, 5, 7)),
        ("2012 m. gegužės 9 d.", date(2012, 5, 9)),
        ("Πέμπτη, 12 Ιουνίου 2014", date(2014, 6, 12)),
        ("20 مارس 2013", date(2013, 3, 20)),
        ("16 III 2011", date(2011, 3, 16)),
        ("enero 18 de 2012", date(2012, 1, 18)),
    ],
)
def test_months_of_the_neighbouring_languages_are_read(written: str, day: date) -> None:
    published = parse_date(written, zone=BERLIN, now=NOW)
    assert published is not None
    assert published.day == day


def test_american_numbers_stand_month_first() -> None:
    for written in ("04/05/2012", "04-05-2012", "04.05.12", "4/5/12"):
        published = parse_date(written, zone=BERLIN, now=NOW, language="en-US")
        assert published is not None
        assert published.day == date(2012, 4, 5), written


@pytest.mark.parametrize(
    ("name", "hours"),
    [("MET", 1), ("MEST", 2), ("MT", -7), ("PT", -8), ("AKDT", -8), ("ADT", -3)],
)
def test_named_zones_are_places_on_the_clock(name: str, hours: int) -> None:
    published = parse_date(f"Thu, 30 Apr 2015 08:57:00 {name}", zone=BERLIN, now=NOW)
    assert published is not None
    assert published.moment.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "written", ["Ausgabe 3/Mai 2024", "Issue 3/May 2024", "Firmware 4, 1.2.13"]
)
def test_numbers_of_issues_and_versions_name_no_day(written: str) -> None:
    assert not find_dates(written, zone=BERLIN, now=NOW)
    assert [found[2].day for found in find_dates("Ulm, 3.5.12", zone=BERLIN, now=NOW)] == [
        date(2012, 5, 3)
    ]
