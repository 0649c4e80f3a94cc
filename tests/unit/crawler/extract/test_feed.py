"""Feeds of every kind, and each thing the parser below gets wrong."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ExtractError
from crawler.extract.feed import MAX_ENTRIES, FeedReading, read_feed
from crawler.model.item import RawItem
from tests.cost import bounded

URL = "https://www.example.org/news/feed/"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def rss(items: str, channel: str = "", declaration: str = '<?xml version="1.0"?>') -> bytes:
    return (
        f'{declaration}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>News</title><link>/</link>{channel}{items}</channel></rss>"
    ).encode()


def read(body: bytes, content_type: str = "") -> FeedReading:
    return read_feed(body, URL, content_type=content_type, zone=BERLIN, now=NOW)


def only(body: bytes) -> RawItem:
    items = read(body).items
    assert len(items) == 1
    return items[0]


def published(item: RawItem) -> str:
    return item.published.isoformat() if item.published else ""


def test_an_rss_feed_is_read() -> None:
    reading = read(
        rss(
            "<item><title>Eins</title><link>https://www.example.org/1</link>"
            '<guid isPermaLink="false">n-1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 +0100</pubDate>'
            "<description>Ein Satz.</description><author>Ina Beispiel</author></item>",
            channel="<language>de-DE</language><ttl>90</ttl>"
            "<skipHours><hour>2</hour><hour>3</hour></skipHours>",
        )
    )
    assert (reading.kind, reading.title, reading.language) == ("rss", "News", "de")
    assert reading.site_url == "https://www.example.org/"
    assert (reading.ttl_seconds, reading.skip_hours) == (5_400, (2, 3))
    item = reading.items[0]
    assert (item.url, item.title, item.guid) == ("https://www.example.org/1", "Eins", "n-1")
    assert (item.summary, item.author) == ("Ein Satz.", "Ina Beispiel")
    assert published(item) == "2026-11-20T10:00:00+01:00"


def test_an_atom_feed_with_xhtml_titles_and_relative_links_is_read() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.example/a/"
      xml:lang="da"><title>T</title><entry>
      <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Et <em>lille</em> skridt</div>
      </title><link rel="alternate" href="b/c"/><id>tag:e.example,2026:1</id>
      <published>2026-11-19T08:00:00+01:00</published><updated>2026-11-20T08:00:00Z</updated>
      <summary type="html">&lt;p&gt;Hej&lt;/p&gt;</summary></entry></feed>"""
    reading = read(body)
    item = reading.items[0]
    assert (reading.kind, reading.language) == ("atom", "da")
    assert (item.title, item.url) == ("Et lille skridt", "https://e.example/a/b/c")
    assert published(item) == "2026-11-19T08:00:00+01:00"
    assert item.modified is not None
    assert item.modified.isoformat() == "2026-11-20T08:00:00+00:00"
    assert item.summary == "Hej"


def test_rdf_and_its_dublin_core_dates_are_read() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="x"><title>c</title><link>https://e.example</link></channel>
      <item rdf:about="https://e.example/1"><title>t</title><link>https://e.example/1</link>
      <dc:date>2026-11-20T09:00:00+09:00</dc:date></item></rdf:RDF>"""
    reading = read(body)
    assert reading.kind == "rdf"
    assert published(reading.items[0]) == "2026-11-20T09:00:00+09:00"


def test_a_json_feed_is_read() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "home_page_url": "https://e.example/",
        "language": "en",
        "items": [
            {"id": 7, "url": "/x", "title": "A &amp; B", "content_html": "<p>Hi</p>"},
            {"id": "8", "url": "javascript:alert(1)", "date_published": "2026-11-20T10:00:00Z"},
            "rubbish",
        ],
    }
    reading = read(json.dumps(feed).encode())
    assert (reading.kind, reading.site_url) == ("json", "https://e.example/")
    first, second = reading.items
    assert (first.guid, first.url, first.title) == ("7", "https://e.example/x", "A & B")
    assert first.summary == "Hi"
    assert second.url == ""
    assert published(second) == "2026-11-20T10:00:00+00:00"


def test_a_json_feeds_odd_authors_and_addresses_are_read() -> None:
    feed = {
        "home_page_url": "https://site.example/",
        "authors": [{"name": "Haus"}],
        "items": [
            {"url": "a", "authors": {"name": "Ina"}},
            {"external_url": "b", "authors": [{"name": "Bo"}, {"name": "Ina"}, {"name": "Bo"}]},
            {"url": "c", "author": {"name": "Eva"}, "content_text": "Ohne Titel"},
            {"url": "d", "title": "</beispiel>", "authors": "unsinn"},
        ],
    }
    items = read(json.dumps(feed).encode()).items
    assert [item.author for item in items] == ["Ina", "Bo, Ina", "Eva", "Haus"]
    assert [item.url for item in items] == [f"https://site.example/{name}" for name in "abcd"]
    assert [item.title for item in items] == ["", "", "Ohne Titel", "</beispiel>"]


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("<pubDate>20.11.2026</pubDate>", "2026-11-20T00:00:00+01:00"),
        ("<pubDate>16. Oktober 2019</pubDate>", "2019-10-16T00:00:00+02:00"),
        ("<pubDate>Mi, 18 Mär 2026 15:04:05 +0100</pubDate>", "2026-03-18T15:04:05+01:00"),
        ("<pubDate>18 février 2026</pubDate>", "2026-02-18T00:00:00+01:00"),
        ("<pubDate>2026-11-20 10:30</pubDate>", "2026-11-20T10:30:00+01:00"),
        ("<pubDate>/Date(1404198000000+0200)/</pubDate>", "2014-07-01T09:00:00+02:00"),
        ("<dc:date>2026-11-20</dc:date>", "2026-11-20T00:00:00+01:00"),
        ("<dc:created>2026-11-20</dc:created>", ""),
        ("<pubDate>Fri, 20 Nov 2026 10:00:00 +9999</pubDate>", ""),
        ("<pubDate>Fri, 01 Jan 9999 00:00:00 GMT</pubDate>", ""),
        ("<pubDate>0001-01-01T00:00:00Z</pubDate>", ""),
        ("<pubDate>soon</pubDate>", ""),
        ("", ""),
    ],
)
def test_dates_the_parser_cannot_read_are_read_or_left_out(element: str, expected: str) -> None:
    item = only(rss(f"<item><title>t</title><link>https://e.example/1</link>{element}</item>"))
    assert published(item) == expected


def test_atom_0_3_modified_and_issued_are_dates() -> None:
    body = b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>x</title><entry>
      <title mode="escaped" type="text/html">&lt;b>fat&lt;/b></title>
      <link rel="alternate" type="text/html" href="https://e.example/1"/>
      <modified>2003-12-13T18:30:02Z</modified></entry></feed>"""
    item = only(body)
    assert item.title == "fat"
    assert published(item) == "2003-12-13T18:30:02+00:00"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<![CDATA[<b>Fett</b> &amp; mehr]]>", "Fett & mehr"),
        ("AT&amp;amp;T", "AT&T"),
        ("M&uuml;nchen &ndash; Jena", "München – Jena"),
        ("Forschung & Entwicklung", "Forschung & Entwicklung"),
        ("Zeile\n  eins\tzwei", "Zeile eins zwei"),
        ("a &lt; b und c &gt; d", "a < b und c > d"),
        ("<![CDATA[<script>alert(1)</script>Titel]]>", "Titel"),
        ("Ein\x0bTitel&#1;", "EinTitel"),
    ],
)
def test_titles_become_plain_text(written: str, title: str) -> None:
    item = only(rss(f"<item><title>{written}</title><link>https://e.example/1</link></item>"))
    assert item.title == title


@pytest.mark.parametrize(
    ("elements", "address"),
    [
        ("<link>/news/1?a=1&b=2</link>", "https://www.example.org/news/1?a=1&b=2"),
        ("<link>\n https://e.example/1 \n</link>", "https://e.example/1"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>data:text/html,x</link><guid>https://e.example/g</guid>", "https://e.example/g"),
        ("<guid>https://e.example/g</guid>", "https://e.example/g"),
        ('<guid isPermaLink="false">https://e.example/g</guid>', "https://e.example/g"),
        ("<guid>urn:uuid:1</guid>", ""),
    ],
)
def test_links_are_absolute_web_addresses_or_left_out(elements: str, address: str) -> None:
    assert only(rss(f"<item><title>t</title>{elements}</item>")).url == address


def test_a_guid_that_is_no_address_stays_as_it_is() -> None:
    item = only(
        rss('<item><title>t</title><guid isPermaLink="false">at://did:plc:x/1</guid></item>')
    )
    assert (item.guid, item.url) == ("at://did:plc:x/1", "")


def test_summaries_are_plain_text_without_the_blog_softwares_trailer() -> None:
    item = only(
        rss(
            "<item><title>t</title><link>https://e.example/1</link><description><![CDATA[<p>Ein "
            "<b>Satz</b>.<script>x()</script></p><p>Der Beitrag <a href='#'>t</a> erschien zuerst "
            "auf <a href='#'>Blog</a>.</p>]]></description></item>"
        )
    )
    assert item.summary == "Ein Satz."


def test_a_full_text_becomes_paragraphs_and_leaves_the_teaser_alone() -> None:
    paragraph = "Ein langer Absatz, der zeigt, dass hier der ganze Artikel steht. " * 4
    item = only(
        rss(
            "<item><title>t</title><link>https://e.example/1</link><description>Teaser.</description>"
            f"<content:encoded><![CDATA[<p>{paragraph}</p><ul><li>eins</li></ul><p>{paragraph}</p>"
            "]]></content:encoded></item>"
        )
    )
    assert item.summary == "Teaser."
    assert item.text.split("\n\n") == [paragraph.strip(), "- eins", paragraph.strip()]


def test_a_wrong_charset_label_is_seen_through() -> None:
    body = rss(
        "<item><title>Südkorea</title><link>https://e.example/1</link></item>",
        declaration='<?xml version="1.0" encoding="iso-8859-1"?>',
    )
    assert only(body).title == "Südkorea"
    latin = body.decode().replace("iso-8859-1", "utf-8").encode("cp1252")
    assert only(latin).title == "Südkorea"


def test_undeclared_entities_and_prefixes_do_not_lose_the_feed() -> None:
    body = b"""<rss version="2.0"><channel><title>x&nbsp;y</title><item>
      <title>A&hellip;</title><link>https://e.example/1</link>
      <dc:date>2026-11-20</dc:date></item></channel></rss>"""
    item = only(body)
    assert item.title == "A…"
    assert published(item) == "2026-11-20T00:00:00+01:00"


def test_a_flood_of_entries_is_capped_and_the_newest_are_kept() -> None:
    def entry(number: int) -> str:
        day = date.fromordinal(date(2020, 1, 1).toordinal() + number)
        return (
            f"<item><title>{number}</title><link>https://e.example/{number}</link>"
            f"<pubDate>{day.isoformat()}</pubDate></item>"
        )

    rising = read(rss("".join(entry(number) for number in range(700))))
    falling = read(rss("".join(entry(number) for number in reversed(range(700)))))
    assert len(rising.items) == len(falling.items) == MAX_ENTRIES
    assert rising.dropped == falling.dropped == 200
    assert {item.title for item in rising.items} == {item.title for item in falling.items}
    assert rising.items[-1].title == "699"


def test_exact_repetitions_count_once() -> None:
    entry = "<item><title>t</title><link>https://e.example/1</link></item>"
    assert len(read(rss(entry * 3)).items) == 1


def test_a_moved_feed_says_where_it_went() -> None:
    body = rss("", channel="<newLocation>https://new.example/feed</newLocation>")
    assert read(body).moved_to == "https://new.example/feed"


def test_skipped_hours_and_days_are_all_read() -> None:
    days = "<skipDays><day>Saturday</day><day> Sunday </day><day>Feast</day></skipDays>"
    before = read(rss("", channel=days + "<skipHours><hour>0</hour><hour>24</hour></skipHours>"))
    behind = read(rss("<item><title>t</title></item>" + days))
    every = "".join(f"<day>{name}</day>" for name in ("Mon", "Tue", "Wed", "Thu", "Fri"))
    never = read(rss("", channel=f"<skipDays>{every}<day>Sat</day><day>Sun</day></skipDays>"))
    assert (before.skip_days, before.skip_hours) == ((5, 6), (0,))
    assert behind.skip_days == (5, 6)
    assert never.skip_days == ()  # a feed that is never to be asked is mistaken


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>60</ttl>", 3_600),
        ("<ttl>99999999</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>oft</ttl>", None),
        ("<ttl>40000</ttl>", 604_800),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", 604_800),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
         1_800),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
         86_400),
    ],
)  # fmt: skip
def test_how_long_a_feed_asks_to_be_left_alone(channel: str, seconds: int | None) -> None:
    assert read(rss("", channel=channel)).ttl_seconds == seconds


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("<itunes:new-feed-url>https://new.example/feed</itunes:new-feed-url>",
         "https://new.example/feed"),
        (f"<itunes:new-feed-url>{URL}</itunes:new-feed-url>", ""),
        ("<itunes:new-feed-url>javascript:alert(1)</itunes:new-feed-url>", ""),
    ],
)  # fmt: skip
def test_a_podcasts_new_address_is_read(channel: str, address: str) -> None:
    itunes = ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" version="2.0"'
    body = rss("", channel=channel).replace(b' version="2.0"', itunes.encode())
    assert read(body).moved_to == address


def test_the_syndication_modules_period_is_a_ttl() -> None:
    channel = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    assert read(rss("", channel=channel)).ttl_seconds == 21_600


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>hello</body></html>", "HTML page instead of a feed"),
        (b"just text", "no feed"),
        (b"<note>no feed</note>", "no feed"),
        (b'{"version": 1}', "no list of items"),
        (b'{"items": [', "no valid JSON"),
        (b"{" + b'"a":{' * 100_000, "no valid JSON"),
    ],
)
def test_what_is_no_feed_is_said_clearly(body: bytes, words: str) -> None:
    with pytest.raises(ExtractError, match=words) as caught:
        read(body)
    assert caught.value.url == URL


@pytest.mark.parametrize(
    "hostile",
    [
        b"<rss version='2.0'><channel>" + b"<item>" * 50_000,
        b"<rss version='2.0'><channel><item><title>" + b"<a " * 100_000,
        b"<rss version='2.0'><channel>" + b"<x>" * 100_000,
        b"<rss " + b" ".join(b"a%d='1'" % number for number in range(50_000)) + b">",
        b"<rss><![CDATA[" * 50_000,
        b"<!--" * 50_000 + b"<rss>",
        b"<rss version='2.0'><channel>" + b"<items>" * 8_000 + b"<item></item></channel></rss>",
        b"<rss version='2.0'><channel><item>" + b"<!-- -->" * 40_000 + b"</item></channel></rss>",
        b"<rss version='2.0'><channel>" + b"<item " * 50_000 + b"</channel></rss>",
        b"<rss version='2.0'><channel><item><title>" + b"&#55357;" * 100_000 + b"</title></item>",
        b"<rss version='2.0'><channel><item><title>" + b"&lt;b&gt;" * 50_000 + b"</title></item>",
        b"<rss version='2.0'><channel><item><author>" + b"a@" * 200_000 + b"</author></item>",
        b"<rss version='2.0'><channel>"
        + b"<skipHours><hour>" * 15_000
        + b"<item/></channel></rss>",
    ],
)
def test_hostile_feeds_cost_little(hostile: bytes) -> None:
    with bounded(), contextlib.suppress(ExtractError):
        read(hostile)


def test_entities_that_multiply_are_not_expanded() -> None:
    bomb = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
      <!ENTITY c SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item>
      <title>&b;&c;</title><link>https://e.example/1</link></item></channel></rss>"""
    item = only(bomb)
    assert "root:" not in item.title
    assert len(item.title) < 50


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_reading_or_an_extract_error(noise: bytes) -> None:
    body = b"<rss version='2.0'><channel><item><title>" + noise + b"</item></channel></rss>"
    for document in (noise, body):
        try:
            read(document)
        except ExtractError:
            continue
