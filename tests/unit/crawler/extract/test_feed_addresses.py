"""Which address an entry links to."""

from __future__ import annotations

import pytest

from crawler.extract.feed import read_feed
from crawler.extract.feed_addresses import link_base, unescaped, web_address

URL = "https://www.example.org/dir/feed.xml"


def url_of(document: str, url: str = URL) -> str:
    return read_feed(document.encode(), url).items[0].url


def rss(elements: str) -> str:
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>t</title>'
        f"{elements}</item></channel></rss>"
    )


def atom(elements: str, attributes: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><entry><title>t</title>'
        f"{elements}</entry></feed>"
    )


@pytest.mark.parametrize(
    ("elements", "address"),
    [
        ("<link>https://e.example/1</link><atom:link rel='alternate' href='https://e.example/2'/>",
         "https://e.example/1"),
        ("<atom:link rel='self' href='https://e.example/s'/><link>https://e.example/1</link>",
         "https://e.example/1"),
        ("<atom:link href='https://e.example/a'/>", "https://e.example/a"),
        ("<link href='https://e.example/h'/>", "https://e.example/h"),
        ("<link>https://e.example/1</link><link/>", "https://e.example/1"),
        ("<link href='https://e.example/1'/><link rel='enclosure' href='https://e.example/a.mp3'/>",
         "https://e.example/1"),
        ("<link>https://proxy.example/1</link><fb:origLink>https://e.example/o</fb:origLink>",
         "https://e.example/o"),
        ("<link/><guid>https://e.example/g</guid>", "https://e.example/g"),
        ("<guid isPermaLink='true'>/g</guid>", "https://www.example.org/g"),
        ("<guid>4711</guid>", ""),
        ("<link/><enclosure url='https://e.example/e.pdf' type='application/pdf'/>",
         "https://e.example/e.pdf"),
        ("<comments>https://e.example/c#comments</comments>", "https://e.example/c#comments"),
        ("<link>at://did:plc:beispiel/1</link>", ""),
        ("<link>/n?a=1&amp;section=2&amp;copy=3&amp;region=4</link>",
         "https://www.example.org/n?a=1&section=2&copy=3&region=4"),
        ("<link><![CDATA[/n?a=1&amp;b=2]]></link>", "https://www.example.org/n?a=1&b=2"),
    ],
)  # fmt: skip
def test_an_rss_item_links_to_its_page(elements: str, address: str) -> None:
    assert url_of(rss(elements)) == address


@pytest.mark.parametrize(
    ("elements", "address"),
    [
        ("<link href='https://e.example/1'/><link rel='alternate' href='https://e.example/2'/>",
         "https://e.example/1"),
        ("<link rel='self' href='https://e.example/s'/><link rel='enclosure' "
         "href='https://e.example/e.mp3'/><link rel='alternate' href='https://e.example/a'/>",
         "https://e.example/a"),
        ("<link type='application/json' href='https://e.example/j'/>"
         "<link type='text/html; charset=utf-8' href='https://e.example/h'/>",
         "https://e.example/h"),
        ("<link rel='http://www.iana.org/assignments/relation/alternate' "
         "href='https://e.example/i'/>", "https://e.example/i"),
        ("<link>https://e.example/text</link>", "https://e.example/text"),
        ("<link rel='replies' href='https://e.example/r'/><id>https://e.example/id</id>",
         "https://e.example/id"),
        ("<link rel='self' href='https://e.example/s'/><id>tag:e,1</id>", "https://e.example/s"),
        ("<link rel='enclosure' href='https://e.example/e.mp3'/>", "https://e.example/e.mp3"),
        ("<content src='https://e.example/doc' type='text/html'/>", "https://e.example/doc"),
    ],
)  # fmt: skip
def test_an_atom_entry_links_to_its_first_page(elements: str, address: str) -> None:
    assert url_of(atom(elements)) == address


def test_relative_links_follow_xml_base() -> None:
    nested = atom("<link href='c' xml:base='b/'/>", 'xml:base="https://e.example/a/"')
    assert url_of(nested) == "https://e.example/a/b/c"
    assert url_of(atom("<link href='c'/>")) == "https://www.example.org/dir/c"


@pytest.mark.parametrize(
    ("site", "address"),
    [
        ("https://cluster.example/", "https://cluster.example/news/1"),
        ("https://www.example.org/blog/", "https://www.example.org/dir/news/1"),
        ("http://localhost/", "https://www.example.org/dir/news/1"),
        ("http://127.0.0.1/", "https://www.example.org/dir/news/1"),
        ("", "https://www.example.org/dir/news/1"),
    ],
)
def test_relative_links_of_a_feed_service_belong_to_the_site(site: str, address: str) -> None:
    document = (
        f'<rss version="2.0"><channel><link>{site}</link><item><title>t</title>'
        "<link>news/1</link></item></channel></rss>"
    )
    assert url_of(document) == address


def test_odd_site_addresses_leave_the_feeds_own_base() -> None:
    for site in ("http://[::1", "mailto:x@example.org", "http://2130706433/", "//"):
        assert link_base(URL, site) == URL


def test_references_without_semicolon_are_no_references_in_addresses() -> None:
    assert unescaped("a=1&amp;b&copy=2&#8211;&unbekannt;") == "a=1&b&copy=2–&unbekannt;"
    assert web_address("javascript:alert(1)", URL) == ""
    assert web_address(" /a b\n ", URL) == "https://www.example.org/ab"
