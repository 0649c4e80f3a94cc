"""Feeds of every kind, written in every way their formats allow: a scored matrix.

Each row says one thing in one way; title, link, identity, date and text must come out as meant.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from crawler.errors import ExtractError
from crawler.extract.feed import read_feed
from crawler.model.item import RawItem

URL = "https://cluster.example/aktuelles/feed"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RECORDED_SCORE = 1.0

WORDS = 'Sachsen & Südkorea: "Ein neues Labor" für 3 < 5 Partner'
MARKUP = "<p>Sachsen &amp; Südkorea: &quot;Ein <b>neues</b> Labor&quot; für 3 &lt; 5 Partner</p>"
LINK = "https://cluster.example/aktuelles/labor?id=17&section=4"
GUID = "tag:cluster.example,2026:Labor-17"
MOMENT = "2026-11-20T10:30:00+01:00"
RFC_822 = "Fri, 20 Nov 2026 10:30:00 +0100"

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:a="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"'
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FRAMES = {
    "rss 0.91": '<rss version="0.91"><channel><title>c</title><item>{}</item></channel></rss>',
    "rss 2.0": f'<rss version="2.0" {NAMESPACES}><channel><title>c</title><item>{{}}</item>'
    "</channel></rss>",
    "rss 0.90": f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
    "<channel><title>c</title></channel><item>{}</item></rdf:RDF>",
    "rss 1.0": f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/" {NAMESPACES}>'
    "<channel><title>c</title></channel><item>{}</item></rdf:RDF>",
    "atom 0.3": f'<feed version="0.3" xmlns="http://purl.org/atom/ns#" {NAMESPACES}>'
    "<title>c</title><entry>{}</entry></feed>",
    "atom 1.0": f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><title>c</title>'
    "<entry>{}</entry></feed>",
}
RSS_KINDS = ("rss 0.91", "rss 2.0", "rss 0.90", "rss 1.0")


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    document: bytes
    field: str  # of RawItem; "text": the full text, else the teaser
    expected: str


def _spellings() -> dict[str, str]:
    """The same words as an RSS element may hold them."""
    return {
        "plain": escape(WORDS, quote=False),
        "numeric references": "".join(c if c.isalnum() else f"&#{ord(c)};" for c in WORDS),
        "named entities": escape(WORDS).replace("ü", "&uuml;"),
        "stray ampersand": escape(WORDS, quote=False).replace("&amp;", "&"),
        "cdata": f"<![CDATA[{WORDS}]]>",
        "escaped markup": escape(MARKUP),
        "markup in cdata": f"<![CDATA[{MARKUP}]]>",
        "escaped markup in cdata": f"<![CDATA[{escape(MARKUP)}]]>",
        "naked markup": MARKUP,
        "several cdata sections": f"<![CDATA[{WORDS[:9]}]]><![CDATA[{WORDS[9:]}]]>",
        "white space around": f"\n\t  {escape(WORDS)}\n",
        "broken lines": escape(WORDS).replace(" ", "\n   "),
        "comment inside": escape(WORDS[:20]) + "<!-- x -->" + escape(WORDS[20:]),
        "control characters": escape(WORDS[:5]) + "\x08&#11;" + escape(WORDS[5:]),
    }


def _typed(element: str, kind: str) -> dict[str, str]:
    """The same words as a typed Atom element may hold them."""
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{MARKUP}</div>'
    encoded = base64.b64encode(MARKUP.encode()).decode()
    if kind == "atom 1.0":
        return {
            "text": f'<{element} type="text">{escape(WORDS)}</{element}>',
            "untyped": f"<{element}>{escape(WORDS)}</{element}>",
            "html": f'<{element} type="html">{escape(MARKUP)}</{element}>',
            "html in cdata": f'<{element} type="html"><![CDATA[{MARKUP}]]></{element}>',
            "xhtml": f'<{element} type="xhtml">{div}</{element}>',
            "mime type": f'<{element} type="text/html">{escape(MARKUP)}</{element}>',
        }
    return {
        "escaped": f'<{element} type="text/html" mode="escaped">{escape(MARKUP)}</{element}>',
        "xml": f'<{element} type="application/xhtml+xml" mode="xml">{div}</{element}>',
        "base64": f'<{element} type="text/html" mode="base64">{encoded}</{element}>',
        "plain": f'<{element} type="text/plain">{escape(WORDS)}</{element}>',
        "naked": f"<{element}>{MARKUP}</{element}>",
    }


def _texts() -> Iterator[Case]:
    for kind in RSS_KINDS:
        for element, field in (("title", "title"), ("description", "summary")):
            for name, written in _spellings().items():
                body = FRAMES[kind].format(f"<{element}>{written}</{element}>")
                yield Case(f"{kind} {element} {name}", body.encode(), field, WORDS)
    for kind in ("atom 0.3", "atom 1.0"):
        for element in ("title", "summary", "content"):
            field = "title" if element == "title" else "summary"
            for name, written in _typed(element, kind).items():
                body = FRAMES[kind].format(written)
                yield Case(f"{kind} {element} {name}", body.encode(), field, WORDS)
    for name, written in _spellings().items():
        element = f"<description>kurz</description><content:encoded>{written}</content:encoded>"
        yield Case(f"content {name}", FRAMES["rss 2.0"].format(element).encode(), "text", WORDS)


LINKS = {
    "rss 2.0": (
        f"<link>{escape(LINK)}</link>",
        f"<link><![CDATA[{LINK}]]></link>",
        f"<link>{LINK}</link>",
        f"<link>\n  {escape(LINK)}\n</link>",
        "<link>labor?id=17&amp;section=4</link>",
        f'<link href="{escape(LINK)}"/>',
        f'<a:link href="{escape(LINK)}"/>',
        f'<link>{escape(LINK)}</link><a:link rel="self" href="https://x.example/"/>',
        f'<a:link rel="alternate" href="https://x.example/"/><link>{escape(LINK)}</link>',
        f'<guid isPermaLink="true">{escape(LINK)}</guid>',
        f"<guid>{escape(LINK)}</guid>",
        f"<link/><guid>{escape(LINK)}</guid>",
        f"<link>{escape(LINK)}</link><guid>https://x.example/guid</guid>",
        f"<link>https://x.example/</link><fb:origLink>{escape(LINK)}</fb:origLink>",
    ),
    "rss 1.0": (f"<link>{escape(LINK)}</link>", f"<link><![CDATA[{LINK}]]></link>"),
    "atom 1.0": (
        f'<link href="{escape(LINK)}"/>',
        f'<link rel="alternate" type="text/html" href="{escape(LINK)}"/>',
        f'<link rel="self" href="https://x.example/"/><link href="{escape(LINK)}"/>',
        f'<link href="{escape(LINK)}"/><link rel="alternate" href="https://x.example/2"/>',
        f'<link rel="enclosure" href="https://x.example/e"/><link href="{escape(LINK)}"/>',
        f'<link rel="replies" href="https://x.example/r"/><link href="{escape(LINK)}"/>',
        f'<link type="application/json" href="https://x.example/j"/><link href="{escape(LINK)}"/>',
        '<link href="labor?id=17&amp;section=4"/>',
        f"<link>{escape(LINK)}</link>",
        f"<id>{escape(LINK)}</id>",
    ),
    "atom 0.3": (f'<link rel="alternate" type="text/html" href="{escape(LINK)}"/>',),
}
GUIDS = {
    "rss 2.0": (
        f'<guid isPermaLink="false">{GUID}</guid>',
        f"<guid>{GUID}</guid>",
        f"<guid>\n{GUID}\n</guid>",
        f"<guid><![CDATA[{GUID}]]></guid>",
    ),
    "atom 1.0": (
        f"<id>{GUID}</id>",
        f"<source><id>other</id></source><id>{GUID}</id>",
        f"<id>{GUID}</id><source><id>other</id></source>",
    ),
    "atom 0.3": (f"<id>{GUID}</id>",),
}
DATES = {
    "rss 2.0": (
        f"<pubDate>{RFC_822}</pubDate>",
        f"<pubDate> {RFC_822}\n</pubDate>",
        f"<pubDate><![CDATA[{RFC_822}]]></pubDate>",
        f"<pubDate>{MOMENT}</pubDate>",
        f"<dc:date>{MOMENT}</dc:date>",
        f"<dcterms:created>{MOMENT}</dcterms:created>",
        f"<dcterms:issued>{MOMENT}</dcterms:issued>",
        f"<a:published>{MOMENT}</a:published>",
        f"<a:updated>{MOMENT}</a:updated>",
        f"<pubDate>{RFC_822}</pubDate><dc:date>2026-11-21</dc:date>",
        f"<pubDate></pubDate><dc:date>{MOMENT}</dc:date>",
        f"<pubDate>bald</pubDate><dc:date>{MOMENT}</dc:date>",
        "<pubDate>Fr, 20. Nov. 2026 10:30 +0100</pubDate>",
        "<pubDate>vendredi 20 novembre 2026 à 10h30 +0100</pubDate>",
    ),
    "rss 1.0": (f"<dc:date>{MOMENT}</dc:date>", f"<dcterms:modified>{MOMENT}</dcterms:modified>"),
    "atom 1.0": (
        f"<published>{MOMENT}</published>",
        f"<updated>{MOMENT}</updated>",
        f"<published>{MOMENT}</published><updated>2026-11-21T08:00:00Z</updated>",
        f"<updated>2026-11-21T08:00:00Z</updated><published>{MOMENT}</published>",
    ),
    "atom 0.3": (
        f"<issued>{MOMENT}</issued>",
        f"<modified>{MOMENT}</modified>",
        f"<created>{MOMENT}</created>",
        f"<modified>2026-11-21T08:00:00Z</modified><issued>{MOMENT}</issued>",
        f"<modified>{RFC_822}</modified>",
    ),
}
OWN = {
    "title": (
        "<title>Eigen</title><media:title>Bild</media:title>",
        "<media:title>Bild</media:title><title>Eigen</title>",
        "<dc:title>Fremd</dc:title><title>Eigen</title>",
        "<itunes:title>Fremd</itunes:title><title>Eigen</title>",
        "<media:content><media:title>Bild</media:title></media:content><title>Eigen</title>",
        "<dc:title>Eigen</dc:title>",
    ),
    "summary": (
        "<description>Eigen</description><media:description>Bild</media:description>",
        "<media:description>Bild</media:description><description>Eigen</description>",
        "<description>Eigen</description><itunes:summary>Folge</itunes:summary>",
        "<title>t</title><dc:description>Eigen</dc:description>",
        "<title>t</title><itunes:subtitle>Eigen</itunes:subtitle>",
    ),
}


def _elements() -> Iterator[Case]:
    rows = (("url", LINKS, LINK), ("guid", GUIDS, GUID), ("published", DATES, MOMENT))
    for field, table, expected in rows:
        for kind, spellings in table.items():
            for number, written in enumerate(spellings):
                body = FRAMES[kind].format(written)
                yield Case(f"{kind} {field} {number}", body.encode(), field, expected)
    for field, spellings in OWN.items():
        for number, written in enumerate(spellings):
            body = FRAMES["rss 2.0"].format(written)
            yield Case(f"own {field} {number}", body.encode(), field, "Eigen")


def _charsets() -> Iterator[Case]:
    body = FRAMES["rss 2.0"].format(f"<title>{escape(WORDS, quote=False)}</title>")
    declared = {
        "utf-8": ("utf-8", "utf-8"), "utf-8 as latin": ("iso-8859-1", "utf-8"),
        "latin as utf-8": ("utf-8", "iso-8859-1"), "latin": ("iso-8859-1", "iso-8859-1"),
        "windows": ("windows-1252", "cp1252"), "mark": ("utf-8", "utf-8-sig"),
        "utf-16": ("utf-16", "utf-16"), "utf-16 as utf-8": ("utf-8", "utf-16"),
        "unknown": ("x-none", "utf-8"),
    }  # fmt: skip
    for name, (label, charset) in declared.items():
        document = f'<?xml version="1.0" encoding="{label}"?>\n{body}'.encode(charset)
        yield Case(f"charset {name}", document, "title", WORDS)


def _json_feeds() -> Iterator[Case]:
    item = {
        "id": GUID, "url": "labor?id=17&section=4", "title": WORDS, "date_published": MOMENT,
        "summary": "kurz", "content_html": MARKUP,
    }  # fmt: skip
    expected = {"guid": GUID, "url": LINK, "title": WORDS, "published": MOMENT, "text": WORDS}
    for version in ("1", "1.1"):
        feed = {"version": f"https://jsonfeed.org/version/{version}", "title": "c", "items": [item]}
        for field, value in expected.items():
            yield Case(f"json {version} {field}", json.dumps(feed).encode(), field, value)
    variants: dict[str, dict[str, object]] = {
        "url": {"external_url": LINK}, "title": {"content_text": WORDS}, "guid": {"id": 17},
        "published": {"date_modified": MOMENT, "id": "x"}, "summary": {"content_text": WORDS},
    }  # fmt: skip
    meant = expected | {"guid": "17", "summary": WORDS}
    for field, variant in variants.items():
        document = json.dumps({"items": [variant]}).encode()
        yield Case(f"json variant {field}", document, field, meant[field])


def _value(case: Case) -> str:
    try:
        items = read_feed(case.document, URL, now=NOW).items
    except ExtractError as error:
        return f"({error})"
    return _field(items[0], case.field) if items else "(no item)"


def _field(item: RawItem, field: str) -> str:
    if field == "published":
        return item.published.isoformat() if item.published else ""
    return str(getattr(item, field))


def test_feeds_keep_their_recorded_agreement() -> None:
    cases = [*_texts(), *_elements(), *_charsets(), *_json_feeds()]
    wrong = [
        f"{case.name}: {value!r} instead of {case.expected!r}"
        for case in cases
        if (value := _value(case)) != case.expected
    ]
    score = 1 - len(wrong) / len(cases)
    assert len(cases) >= 250
    assert score >= RECORDED_SCORE, f"{score:.4f} of {len(cases)}\n" + "\n".join(wrong)
