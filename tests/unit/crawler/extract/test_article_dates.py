"""Which of a page's dates is the publication date, and where none is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.extract.article import read_article

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, tzinfo=BERLIN)
TEXT = (
    "The workshop by the river has bought a new saw, and the people who work there hope that it "
    "will last as long as the old one, which cut wet timber as quickly as dry timber."
)


def _day(body: str, head: str = "", url: str = "https://quay.example/x", lang: str = "en") -> str:
    page = (
        f"<html lang='{lang}'><head><title>A new saw</title>{head}</head><body>"
        f"<h1>A new saw for the workshop</h1>{body}<p>{TEXT}</p></body></html>"
    )
    published = read_article(page.encode(), url, zone=BERLIN, now=NOW).published
    return published.day.isoformat() if published else ""


@pytest.mark.parametrize(
    ("url", "lang", "body", "day"),
    [
        ("https://a.example.com/", "en-US", "04/05/2012", "2012-04-05"),
        ("https://a.example.co.uk/", "en-US", "04/05/2012", "2012-05-04"),
        ("https://a.example.com/", "en-GB", "04/05/2012", "2012-05-04"),
        ("https://a.example.gov/", "", "04/05/2012", "2012-04-05"),
        ("https://a.example.com/", "en", "04/05/2012</p><p>Next: 04/25/2012", "2012-04-05"),
        ("https://a.example.com/", "en-US", "04/05/2012</p><p>Edited: 25/05/2012", "2012-05-04"),
    ],
)
def test_numbers_above_twelve_then_the_region_tell_the_order(
    url: str, lang: str, body: str, day: str
) -> None:
    assert _day(f"<p class='date'>{body}</p>", url=url, lang=lang) == day


def test_a_utc_stamp_means_the_day_that_the_page_shows() -> None:
    head = "<meta property='article:published_time' content='2019-02-11T02:30:00Z'>"
    assert _day("<p class='date'>February 10, 2019 9:30 PM</p>", head) == "2019-02-10"
    assert _day("", head) == "2019-02-11"


def test_an_offset_of_its_own_keeps_the_day_of_a_stamp() -> None:
    head = "<meta property='article:published_time' content='2019-02-11T02:30:00+01:00'>"
    assert _day("<p class='date'>February 10, 2019</p>", head) == "2019-02-11"


@pytest.mark.parametrize(
    "script",
    [
        '{"publishedAt":1536739200000,"updatedAt":1636739200000}',
        "page.pubDate='2018/09/12';",
        '{"latestPublishedAt":1636739200000,"firstPublishedAt":1536739200}',
        '{"uploadDate":"2018-09-12"}',
    ],
)
def test_scripts_give_the_day_in_words_or_unix_time(script: str) -> None:
    assert _day(f"<script>{script}</script>") == "2018-09-12"


@pytest.mark.parametrize(
    "body",
    [
        "<p>The workshop was founded on 4 March 1996 and moved here later on.</p>",
        "<p>Template 1.12.2014 build 20160102</p>",
        "<!-- Page cached on 2026-11-21 10:10:10 --><script src='/a.js?v=20190304'></script>",
    ],
)
def test_history_and_the_stamps_of_software_are_no_publication(body: str) -> None:
    assert _day(body) == ""


def test_the_canonical_address_testifies_where_the_own_names_no_day() -> None:
    head = "<link rel='canonical' href='https://quay.example/2016/02/22/saw'>"
    assert _day("", head) == "2016-02-22"
