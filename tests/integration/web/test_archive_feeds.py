"""The archive's feeds: valid, the same ids for ever, asked for conditionally."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from httpx2 import Response

from crawler.extract.feed import read_feed
from tests.integration.web.conftest import NOW, MakeWeb, Web
from tests.integration.web.stock import KOREA, put, told, words

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '<b>"A&B"</b> ]]> \ufffe\u202e\x01 <script>x</script>'


@pytest.fixture
def web(make_web: MakeWeb) -> Web:
    return make_web(web='archive = "public"')


def valid_atom(answer: Response) -> ElementTree.Element:
    """The document, held against RFC 4287, sections 4.1.1, 4.1.2, 4.2.6, 4.2.7 and 3.3."""
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert feedparser.parse(answer.content).bozo == 0
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1, name
        assert urlsplit(part.findtext(f"{ATOM}id") or "").scheme
        for name in ("updated", "published"):
            for found in part.findall(f"{ATOM}{name}"):
                assert datetime.fromisoformat(found.text or "").tzinfo is not None
        for link in part.findall(f"{ATOM}link"):
            assert urlsplit(link.attrib["href"]).scheme in ("http", "https")
        alternates = [one for one in part.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert part.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [one.findtext(f"{ATOM}id") for one in root.iter() if one.tag.endswith(("feed", "entry"))]
    assert len(ids) == len(set(ids))
    return root


def valid_json(answer: Response) -> dict[str, Any]:
    """The document, held against JSON Feed 1.1."""
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    document: dict[str, Any] = json.loads(answer.content)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["title"]
    for item in document["items"]:
        assert item["id"]
        assert item["content_text"]
        assert urlsplit(item["url"]).scheme in ("http", "https")
        for name in ("date_published", "date_modified"):
            if name in item:
                assert datetime.fromisoformat(item[name]).tzinfo is not None
    ids = [item["id"] for item in document["items"]]
    assert len(ids) == len(set(ids))
    return document


def test_both_feeds_tell_what_the_page_shows_whatever_stands_in_it(web: Web) -> None:
    put(web, 1, "Sachsen und Südkorea kooperieren", KOREA, language="de", published=told(2))
    put(web, 2, f"Odd {HOSTILE}", f"Odd text {HOSTILE}. {words(2)}", published=told(1))
    atom, document = web.client.get("/archive.atom"), web.client.get("/archive.json")
    root, items = valid_atom(atom), valid_json(document)["items"]
    entries = root.findall(f"{ATOM}entry")
    titles = [one.findtext(f"{ATOM}title") for one in entries]
    assert [item["title"] for item in items] == titles
    assert titles[1] == "Sachsen und Südkorea kooperieren"
    assert "\u202e" not in str(titles[0])
    assert items[1]["tags"] == ["Cooperation with South Korea"]
    assert items[1]["external_url"] == "https://alpha.example/news/1"
    assert items[1]["url"].startswith("https://news.example.org/stories/s")
    assert entries[1].get("{http://www.w3.org/XML/1998/namespace}lang") == "de"


def test_a_feed_reader_and_our_own_reader_understand_it(web: Web) -> None:
    put(web, 1, "Sachsen & Südkorea <kooperieren>", KOREA, language="de", published=told(2))
    raw = web.client.get("/archive.atom").content
    parsed = feedparser.parse(raw)
    assert not parsed.bozo
    (entry,) = parsed.entries
    assert entry.link == "https://alpha.example/news/1"
    assert "Südkorea" in entry.title
    own = read_feed(raw, "https://news.example.org/archive.atom")
    (item,) = own.items
    assert (item.url, item.guid) == (entry.link, entry.id)
    assert item.published is not None
    assert item.published.utc == told(2)


def test_ids_stay_while_addresses_filters_and_tellings_change(web: Web) -> None:
    text = f"{KOREA} {words(7)}"
    put(web, 1, "Sachsen und Südkorea bauen aus", text, language="de", published=told(3))
    (before,) = valid_json(web.client.get("/archive.json"))["items"]
    put(web, 2, "Sachsen und Südkorea bauen aus", text, source="beta", language="de",
        seen=NOW + timedelta(hours=1))  # fmt: skip
    (after,) = valid_json(web.client.get("/archive.json?topic=korea-cooperation&lang=de"))["items"]
    assert after["id"] == before["id"]
    assert after["id"].startswith("urn:uuid:")
    assert after["date_modified"] > before["date_modified"]


def test_every_view_has_its_own_feed_with_its_own_id(web: Web) -> None:
    put(web, 1, "Sachsen und Südkorea kooperieren", KOREA, language="de")
    put(web, 2, "Something else", words(2))
    whole = valid_atom(web.client.get("/archive.atom"))
    part = valid_atom(web.client.get("/archive.atom?topic=korea-cooperation"))
    assert len(whole.findall(f"{ATOM}entry")) == 2
    assert len(part.findall(f"{ATOM}entry")) == 1
    assert whole.findtext(f"{ATOM}id") != part.findtext(f"{ATOM}id")
    assert "Cooperation with South Korea" in str(part.findtext(f"{ATOM}title"))
    page = web.client.get("/archive?topic=korea-cooperation").text
    head = page.partition("</head>")[0]
    assert 'href="/archive.atom?topic=korea-cooperation"' in head
    assert 'href="/archive.json?topic=korea-cooperation"' in head


def test_an_empty_view_is_a_valid_feed(web: Web) -> None:
    root = valid_atom(web.client.get("/archive.atom?topic=ai&language=da"))
    assert root.findall(f"{ATOM}entry") == []
    assert valid_json(web.client.get("/archive.json?topic=ai&language=da"))["items"] == []


@pytest.mark.parametrize("form", ["atom", "json"])
@pytest.mark.parametrize("wanted", ["topic=gone", "source=gone", "language=xx", "topic=%00"])
def test_a_view_of_what_is_not_there_is_not_found(web: Web, form: str, wanted: str) -> None:
    put(web, 1, "Something", words(1))
    answer = web.client.get(f"/archive.{form}?{wanted}")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith(f"There is no {wanted.partition('=')[0]} ")


def test_further_pages_are_linked(web: Web) -> None:
    for number in range(30):
        put(web, number, f"Story {number}", words(number), published=told(number))
    document = valid_json(web.client.get("/archive.json?language=en"))
    rest = valid_json(web.client.get(document["next_url"]))
    assert (len(document["items"]), len(rest["items"])) == (25, 5)
    assert "next_url" not in rest
    assert rest["feed_url"] == document["next_url"]
    links = valid_atom(web.client.get("/archive.atom")).findall(f"{ATOM}link")
    assert {link.get("rel") for link in links} == {"self", "alternate", "next"}


@pytest.mark.parametrize("form", ["atom", "json"])
def test_what_has_not_changed_is_not_sent_again(web: Web, form: str) -> None:
    put(web, 1, "A story", words(1))
    path = f"/archive.{form}"
    first = web.client.get(path)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    web.now = NOW + timedelta(days=3)
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'},
                    {"If-Modified-Since": modified}, {"If-None-Match": "*"}):  # fmt: skip
        answer = web.client.get(path, headers=headers)
        assert (answer.status_code, answer.content) == (304, b""), headers
        assert answer.headers["etag"] == tag
    put(web, 2, "Another", words(2), seen=datetime(2026, 11, 22, tzinfo=UTC))
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": modified},
                    {"If-None-Match": tag, "If-Modified-Since": modified},
                    {"If-Modified-Since": "yesterday"}):  # fmt: skip
        assert web.client.get(path, headers=headers).status_code == 200, headers
