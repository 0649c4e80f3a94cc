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
        ("https://a.example.com/", "en", "04/05/2012", "2012-04-05"),
        ("https://a.example.com/", "en", "04/05/2012</p><p>Organised by the guild", "2012-05-04"),
        ("https://a.example.com/", "en", "04/05/2012</p><p>Tel. +49 (30) 123", "2012-05-04"),
        ("https://a.example.eu/", "en", "04/05/2012", "2012-05-04"),
        ("https://a.example.com/", "de", "04/05/2012", "2012-05-04"),
        ("https://a.example.com/", "en", "04.05.2012", "2012-05-04"),
        ("https://a.example.com/", "en-US", "04.05.2012", "2012-04-05"),
        ("https://a.example.com/", "en", "04.05.2012</p><p>Next: 04.25.2012", "2012-04-05"),
        ("https://a.example.com/", "en", "04/05/2012</p><p>Sold in Europe", "2012-05-04"),
        ("https://a.example.com/", "en", "04/05/2012</p><p>$12, not in Europe", "2012-04-05"),
    ],
)
def test_numbers_above_twelve_then_the_region_tell_the_order(
    url: str, lang: str, body: str, day: str
) -> None:
    assert _day(f"<p class='date'>{body}</p>", url=url, lang=lang) == day


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("<p>04.05.2012</p><img src='/uploads/2012/04/saw.jpg'>", "2012-04-05"),
        ("<p>04/05/2012</p><img src='/uploads/2012/05/saw.jpg'>", "2012-05-04"),
        ("<p>04/05/12</p><!-- saved 2012-05-04T10:00 -->", "2012-05-04"),
        ("<p>04/05/2012</p><img src='/2012/04/a.jpg'><img src='/2012/05/b.jpg'>", "2012-04-05"),
    ],
)
def test_months_of_pictures_and_stamps_tell_the_order(body: str, day: str) -> None:
    assert _day(body, url="https://a.example.com/") == day


def test_days_by_name_tell_the_order_where_all_put_the_day_first() -> None:
    named = "<p>Founded on 3 August 2009.</p><p>Moved on 14 July 2011.</p>"
    assert _day(f"<p>04/05/2012</p>{named}", url="https://a.example.com/") == "2012-05-04"
    turned = named.replace("14 July", "July 14,")
    assert _day(f"<p>04/05/2012</p>{turned}", url="https://a.example.com/") == "2012-04-05"


def test_a_meta_element_may_call_its_content_value() -> None:
    head = "<meta name='article:published_time' value='2019-02-11T08:30:00Z'>"
    assert _day("", head) == "2019-02-11"
    assert _day("", head.replace(" value", " content='2018-01-01' value")) == "2018-01-01"


@pytest.mark.parametrize(
    "body",
    [
        "<div class='share-bar'>Jo Roe<div>May 4, 2012</div><a href='/s'>Share</a></div>",
        f"<div class='byline'>{'Jo Roe of the Quay Paper ' * 6}<br>on May 4, 2012</div>",
        "<p>seen <i data-unixtime='1336125600'></i>17 times</p>",
        "<p class='date'>May 4 '12</p>",
    ],
)
def test_bars_and_bylines_below_the_title_hold_its_day(body: str) -> None:
    assert _day(body) == "2012-05-04"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{TEXT}</p><div class='share-bar'><div>May 4, 2012</div></div>",
        "<p>Ann replied on May 4, 2012</p>",
    ],
)
def test_answers_and_bars_below_the_text_are_no_publication(body: str) -> None:
    assert _day(body) == ""


@pytest.mark.parametrize("name", ["data-end-date", "data-last-update", "data-countdown-time"])
def test_attributes_named_for_ends_and_changes_are_no_publication(name: str) -> None:
    assert _day(f"<p>May 4, 2012</p><p {name}='2012-05-06'>Soon</p>") == "2012-05-04"


def test_a_title_in_east_asia_is_parted_from_its_site_without_blanks() -> None:
    text = "河边的作坊买了一台新锯子，在那里工作的人希望它能像旧的那台一样耐用。" * 4
    page = (
        "<html lang='zh'><head><title>老作坊的新锯子_工具_河岸日报</title></head><body>"
        f"<h2>老作坊的新锯子</h2><div class='share'>2012-05-04 10:00</div><p>{text}</p>"
    )
    article = read_article(page.encode(), "https://quay.example/x", zone=BERLIN, now=NOW)
    assert article.title == "老作坊的新锯子"
    assert article.published is not None
    assert article.published.day.isoformat() == "2012-05-04"


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


@pytest.mark.parametrize(
    ("lang", "body", "day"),
    [
        ("es", "<div><span>31 de marzo de 2016</span><span>19:44</span></div>", "2016-03-31"),
        ("en", "<h2>It cuts wet timber</h2><p>November 20, 2019 13:42</p>", "2019-11-20"),
        ("es", "<div class='credits'>abril 12, 2016 a las 17:12 CDT</div>", "2016-04-12"),
        (
            "en",
            "<p>8/17/13 11:04am, by Jane Roe, who has worked with saws for years</p>",
            "2013-08-17",
        ),
        ("en", "<div class='cal'><b>23</b><i>Oct</i></div>", "2015-10-23"),
    ],
)
def test_templates_forget_blanks_put_subtitles_between_and_leave_out_years(
    lang: str, body: str, day: str
) -> None:
    assert _day(body, url="https://quay.example/2015/10/saw", lang=lang) == day


def test_a_date_with_its_change_behind_it_is_the_articles_wherever_it_stands() -> None:
    links = "".join(f"<p><a href='/{n}'>Another story about saws {n}</a></p>" for n in range(3))
    foot = "<p>7 marzo 2022 (modifica il 8 marzo 2022 | 10:19)</p>"
    assert _day(f"<p>{TEXT}</p><p>{TEXT}</p>{links}{foot}", lang="it") == "2022-03-07"


def test_what_a_calendar_beside_the_article_lists_is_no_publication() -> None:
    calendar = "<h3>Upcoming events</h3><p>12.04.2014: Flea market</p><p>19.04.2014: Fire</p>"
    assert _day(f"{calendar}<h3>Contact</h3>") == ""
    assert _day(f"{calendar}<h3>News</h3><p>8 April 2014</p>") == "2014-04-08"


def test_a_headline_in_no_heading_is_known_by_the_page_title_before_the_sites_names() -> None:
    paragraphs = "".join(f"<p>{TEXT} That was year {number} of it.</p>" for number in range(3))
    teasers = "".join(f"<div>{TEXT} ({number})</div>" for number in range(3))
    page = (
        "<html><head><title>Wet timber bends a saw | Timber/Guild | News</title></head><body>"
        f"<div role='navigation'><ul><li>26 July 2013</li></ul>{teasers}</div>"
        "<div class='node'><div>Wet timber bends a saw</div><div>2013-07-18 14:00</div>"
        f"<div><a href='#talk'>Comments</a></div>{paragraphs}</div></body></html>"
    )
    article = read_article(page.encode(), "", zone=BERLIN, now=NOW)
    assert article.published
    assert article.published.day.isoformat() == "2013-07-18"
    assert article.title == "Wet timber bends a saw"
    assert "year 2" in article.text


SHORT = "<p>Ann Roe</p>" * 5
RELATED = "".join(
    f"<div><a href='/{n}'>Another story of the quay, number {n}</a></div><div>May {n}, 2012</div>"
    for n in (1, 2, 3)
)


@pytest.mark.parametrize(
    "body",
    [
        f"{SHORT}<div>{RELATED}</div><p class='articleInfo'>ULM | Fri May 4, 2012</p>",
        "<p>May 4, 2012</p><div>Launch Date: September 7, 1998</div>",
        "<p>Ann</p><p>Joined: 1/1/2009</p><p>Posted: May 4, 2012</p>",
        "<p>Ann Roe</p><p>Posted on Friday, May 4 @ 08:15:00 CEST 2012 by Ann</p>",
        "<p>4/May/2012</p>",
        "<p>By Ann, 4. 5. 2012</p>",
        "<p class='date'>Online since May 4, 2012</p>",
        "<p>Member since May 4, 2009</p><p>Posted: May 4, 2012</p>",
    ],
)
def test_other_people_s_and_other_pages_days_are_no_publication(body: str) -> None:
    assert _day(body) == "2012-05-04"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<p>PDF</p><p>Ann Roe</p><p class='created'>Friday, May 4, 2012</p>", "2012-05-04"),
        ("", "2019-11-16"),
    ],
)
def test_a_clock_in_a_box_of_its_own_gives_way_to_a_line_below_the_title(
    line: str, day: str
) -> None:
    clock = "<div class='module'><div class='date'>Saturday, November 16, 2019</div></div>"
    told = f"<div><p>A new saw for the workshop</p>{line}<p>{TEXT}</p></div>"
    page = f"<title>A new saw for the workshop</title><body>{clock}{told}"
    published = read_article(page.encode(), "https://quay.example/x", now=NOW).published
    assert published is not None
    assert published.day.isoformat() == day


def test_a_bare_date_in_the_head_that_is_the_last_change_is_none_of_publication() -> None:
    head = "<meta name='date' content='2015-02-03'>"
    diary = "<div><h3>Events</h3><p>December 24, 2019: carols</p></div>"
    changed = "<p>Last modified: February 3, 2015</p>"
    assert _day(f"<p>Ann Roe</p><p>Ulm</p><p>May 4, 2012</p>{diary}{changed}", head) == "2012-05-04"
    assert _day(changed, head) == "2015-02-03"


def test_what_heads_the_text_tells_where_the_day_stands_where_the_head_names_the_site() -> None:
    head = "<title>Quay Cooperative</title><meta name='date' content='2015-02-03'>"
    page = f"{head}<body><h2>A new saw for the workshop</h2><p>May 4, 2012</p><p>{TEXT}</p>"
    article = read_article(page.encode(), "https://club.example/x", now=NOW)
    assert article.published is not None
    assert article.published.day.isoformat() == "2012-05-04"


@pytest.mark.parametrize("short", ["Ann Roe, 3.5.12", "am 3.5.12", "Stand: 3.5.12", "den 03.5.12"])
def test_short_days_are_read_where_words_lead_to_them(short: str) -> None:
    assert _day(f"<p>{short}</p>", lang="de") == "2012-05-03"


def test_numbers_of_versions_are_no_days() -> None:
    assert _day("<p>1.2.13</p><p>Release 1.2.13</p>", lang="de") == ""
