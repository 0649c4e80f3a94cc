"""Plain feeds are read without feedparser: both must agree on every feed that is accepted.

The feeds: the matrix of spellings, WordPress's and an Atom generator's, those two with accidents
of every kind, and feedparser's own tests where FEEDPARSER_TESTS names their folder (its source
distribution holds them: ``pip download --no-binary :all: feedparser``).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import ExtractError
from crawler.extract import feed as feed_module
from crawler.extract.feed import FeedReading, read_feed
from tests.quality import test_feed_quality as matrix

URL = "https://cluster.example/aktuelles/feed"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORDPRESS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>Netz &#8211; Neues</title>
<atom:link href="https://w.example/feed/" rel="self" type="application/rss+xml" />
<link>https://w.example</link><description>Neues</description>
<lastBuildDate>Fri, 20 Nov 2026 08:00:00 +0000</lastBuildDate><language>de-DE</language>
<sy:updatePeriod>
	hourly	</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>
<generator>https://wordpress.org/?v=6.8</generator>
<image><url>https://w.example/i.png</url><title>Netz</title><link>https://w.example</link>
<width>32</width><height>32</height></image>
<item><title>A &#038; B&#8230; für alle</title><link>https://w.example/a/?x=1&amp;copy=2</link>
<comments>https://w.example/a/#respond</comments><dc:creator><![CDATA[Ina Roth]]></dc:creator>
<pubDate>Thu, 19 Nov 2026 07:00:00 +0000</pubDate><category><![CDATA[Allgemein]]></category>
<category><![CDATA[KI]]></category><guid isPermaLink="false">https://w.example/?p=1</guid>
<description><![CDATA[<p>Kurz &#8230; <a href="/a">mehr</a></p>
<p>The post <a href="x">A</a> appeared first on <a>W</a>.</p>]]></description>
<content:encoded><![CDATA[<p>Lang &amp; breit</p>
<p>Zweiter Absatz</p>]]></content:encoded>
<wfw:commentRss>https://w.example/a/feed/</wfw:commentRss><slash:comments>0</slash:comments>
<enclosure url="https://w.example/a.jpg" length="1" type="image/jpeg"/></item>
<item><title><![CDATA[Zwei <b>fett</b>]]></title><link>https://w.example/b/</link>
<pubDate>Wed, 18 Nov 2026 07:00:00 GMT</pubDate><guid>https://w.example/b/</guid>
<description>Nur Text &lt;br/&gt; und mehr</description></item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="da"><title type="text">Nyt</title>
<subtitle>x</subtitle><link rel="alternate" type="text/html" href="https://a.example/"/>
<link rel="self" type="application/atom+xml" href="https://a.example/feed"/>
<id>https://a.example/feed</id><updated>2026-11-20T08:00:00Z</updated>
<author><name>Bo</name><uri>https://a.example</uri></author>
<entry><title type="html">En &lt;i&gt;ny&lt;/i&gt; ting</title>
<link rel="alternate" type="text/html" href="https://a.example/1"/>
<link rel="replies" href="https://a.example/1#c"/>
<link rel="enclosure" type="image/png" href="https://a.example/1.png" length="3"/>
<id>tag:a.example,2026:1</id><published>2026-11-19T08:00:00+01:00</published>
<updated>2026-11-20T08:00:00Z</updated><category term="x" scheme="y"/>
<author><name>Bo</name></author><summary type="html">&lt;p&gt;Kort&lt;/p&gt;</summary>
<content type="html">&lt;p&gt;Lang tekst&lt;/p&gt;&lt;p&gt;To&lt;/p&gt;</content></entry>
<entry><title>To</title><link href="https://a.example/2"/><id>tag:a.example,2026:2</id>
<updated>2026-11-18T08:00:00Z</updated><content>ren tekst &amp;lt; 3</content></entry></feed>"""
ACCIDENTS = (
    "<title>", "</title>", "&amp;", "&lt;b&gt;x&lt;/b&gt;", "&#150;", "ä", ' type="html"',
    ' type="xhtml"', "<![CDATA[<p>a &amp; b</p>]]>", "<x/>", ' xml:lang="fr"',
    ' xml:base="http://b.example/"', "<dc:title>o</dc:title>", "<updated>2026-01-01</updated>",
    "<pubDate>gestern</pubDate>", "<link>/rel?a=1&amp;b=2</link>", "<author>a@b.de (Ina)</author>",
    "<guid>http://x.example/1</guid>", "<category/>", "<description/>", "\n", "<!-- c -->",
    '<source url="http://s.example">S</source>', "Ã¼", "<content:encoded>a</content:encoded>",
    "<link href='https://c.example/'/>", "<dc:date>2026-11-02</dc:date>", "<name>N</name>",
)  # fmt: skip


def readings(document: bytes, patched: pytest.MonkeyPatch) -> tuple[object, object] | None:
    """A feed as it is read without and with feedparser; None where the first way declines."""
    plain = feed_module._plain
    accepted: list[bool] = []

    def noted(*arguments: object) -> object:
        found = plain(*arguments)  # type: ignore[arg-type]
        accepted.append(found is not None)
        return found

    with patched.context() as ours:
        ours.setattr(feed_module, "_plain", noted)
        quick = _read(document)
    if not any(accepted):
        return None
    with patched.context() as theirs:
        theirs.setattr(feed_module, "_plain", lambda *_: None)
        return quick, _read(document)


def _read(document: bytes) -> FeedReading | str:
    try:
        return read_feed(document, URL, now=NOW)
    except ExtractError as error:
        return str(error)


def with_accidents(number: int, seed: int) -> Iterator[bytes]:
    """The two feeds with things put in, cut out and doubled at the borders of tags."""
    chance = random.Random(seed)
    for _ in range(number):
        text = chance.choice((WORDPRESS, ATOM))
        for _ in range(chance.randrange(1, 4)):
            places = [at + (char == ">") for at, char in enumerate(text) if char in "<>"]
            place, kind = chance.choice(places), chance.random()
            end = place + chance.randrange(1, 120)
            put = chance.choice(ACCIDENTS) if kind < 0.7 else text[place:end] if kind < 0.9 else ""
            text = text[:place] + put + text[place if put else end :]
        yield text.encode()


def test_usual_feeds_are_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for document in (WORDPRESS, ATOM):
        found = readings(document.encode(), monkeypatch)
        assert found is not None
        assert found[0] == found[1]


def test_both_ways_agree_on_every_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    for case in (*matrix._texts(), *matrix._elements(), *matrix._charsets()):
        found = readings(case.document, monkeypatch)
        assert found is None or found[0] == found[1], case.name


@pytest.mark.parametrize(
    "first", ["Mon, 23 Nov 2026 11:59:59 +0000", "Mon, 23 Nov 2026 13:00:01 +0100"]
)
@pytest.mark.parametrize(
    "second", ["2026-11-23T12:00:01Z", "2026-11-30T00:30:00+02:00", "2028-01-01T00:00:00Z"]
)
def test_usual_dates_ahead_are_nobodys(
    monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    for published, updated in ((first, ""), (second, ""), (first, second), (second, first)):
        dates = f"<pubDate>{published}</pubDate>" + (
            f"<dc:date>{updated}</dc:date>" if updated else ""
        )
        rss = WORDPRESS.replace("<pubDate>Thu, 19 Nov 2026 07:00:00 +0000</pubDate>", dates)
        found = readings(rss.encode(), monkeypatch)
        assert found is not None
        assert found[0] == found[1]


def test_both_ways_agree_whatever_happened_to_a_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = 0
    for document in with_accidents(600, seed=8):
        found = readings(document, monkeypatch)
        accepted += found is not None
        assert found is None or found[0] == found[1], document.decode()
    assert accepted > 60


def test_both_ways_agree_on_feedparsers_own_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = os.environ.get("FEEDPARSER_TESTS", "")
    if not folder:
        pytest.skip("FEEDPARSER_TESTS names no folder with feedparser's own tests")
    files = sorted(Path(folder).rglob("*.xml"))
    accepted = 0
    for file in files:
        found = readings(file.read_bytes(), monkeypatch)
        accepted += found is not None
        assert found is None or found[0] == found[1], file.name
    assert len(files) > 1000
    assert accepted > 50
