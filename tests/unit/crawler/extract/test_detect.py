"""Detection from one document, and the feeds a page names or may have."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import ExtractError
from crawler.extract.detect import detect, well_known_feed_paths

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"
URL = "https://cluster.example/en/news/"


def head(*links: str, body: str = "") -> bytes:
    return f"<html><head>{''.join(links)}</head><body><p>words</p>{body}</body></html>".encode()


def feed(href: str, title: str = "", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Cluster news</title>'
    b"<item><title>One</title><link>https://cluster.example/1</link></item></channel></rss>"
)
ATOM = (
    b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by hand -->\n'
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>'
    b'<entry><id>1</id><title>One</title><link href="/1"/></entry></feed>'
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "items": [{"id": "1", "url": "https://cluster.example/1", "title": "One"}],
    }
).encode()
BARE_JSON_FEED = JSON_FEED.replace(b"https://jsonfeed.org/version/1.1", b"1.1")


@pytest.mark.parametrize("body", [RSS, ATOM, JSON_FEED, BARE_JSON_FEED])
def test_a_feed_body_is_a_feed_with_its_items(body: bytes) -> None:
    found = detect(body, "https://cluster.example/feed")
    assert (found.kind, found.feed_url) == ("feed", "https://cluster.example/feed")
    assert [item.title for item in found.items] == ["One"]
    assert found.candidates[0].kind == "feed"


def test_a_page_that_shows_feed_markup_is_no_feed() -> None:
    body = b"<!doctype html><html><body><pre>&lt;rss&gt; <rss></rss></pre></body></html>"
    assert detect(body, URL).kind == "page"


def test_a_sitemap_is_a_sitemap() -> None:
    body = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        b"<url><loc>https://cluster.example/1</loc></url></urlset>"
    )
    found = detect(body, "https://cluster.example/sitemap.xml")
    assert (found.kind, len(found.items)) == ("sitemap", 1)


def test_a_page_with_a_list_is_a_listing_that_names_its_feed() -> None:
    name = "wordpress_classic"
    expected = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    found = detect((FIXTURES / f"{name}.html").read_bytes(), expected["url"])
    assert found.kind == "listing"
    assert len(found.items) == len(expected["items"])
    assert found.feed_url == "https://nordcluster.example/feed/"
    assert found.learned["paths"]
    assert found.title == "News – Nord Cluster"
    assert found.language == "en"


def test_a_page_without_news_has_no_items() -> None:
    found = detect(
        (FIXTURES / "none_imprint.html").read_bytes(), "https://optik.example/impressum/"
    )
    assert (found.kind, found.items, found.needs_browser) == ("page", (), False)
    assert "no list of news" in found.why


def test_comments_events_and_other_sections_come_after_the_news_feed() -> None:
    body = head(
        feed("/comments/feed/", "Cluster » Comments Feed"),
        feed("/en/events/feed/", "Events"),
        feed("/en/jobs/feed/", "Jobs"),
        feed("/en/news/feed/", "Cluster » News"),
        feed("/feed/", "Cluster"),
    )
    found = detect(body, URL)
    assert found.feed_url == "https://cluster.example/en/news/feed/"
    ranked = [c.url.removeprefix("https://cluster.example") for c in found.feed_candidates]
    assert ranked[1] == "/feed/"
    assert ranked[-1] == "/comments/feed/"


def test_wrong_types_count_where_the_address_speaks() -> None:
    assert detect(head(feed("/feed/", kind="text/html")), URL).feed_url
    assert detect(head(feed("/rss.xml", kind="text/xml")), URL).feed_url
    assert not detect(head(feed("/de/", kind="text/html")), URL).feed_url
    assert not detect(head(feed("/x?oembed=1", kind="application/json+oembed")), URL).feed_url
    assert not detect(head('<link rel="stylesheet" href="/feed/a.css">'), URL).feed_url


def test_feeds_in_the_link_header_and_in_the_body_are_found() -> None:
    header = {"Link": '</hdr.atom>; rel="alternate"; type="application/atom+xml", </a>; rel=next'}
    assert detect(head(), URL, headers=header).feed_url == "https://cluster.example/hdr.atom"
    body = head(
        body='<a href="/news.xml"><img alt="">RSS</a> <a href="feed:https://x.example/f">Feed</a>'
    )
    urls = {c.url for c in detect(body, URL).feed_candidates}
    assert "https://cluster.example/news.xml" in urls


@pytest.mark.parametrize(
    ("sign", "path"),
    [
        ("/wp-content/themes/x.css", "https://cluster.example/en/news/feed/"),
        ('<meta name="generator" content="TYPO3 CMS">', "https://cluster.example/?type=9818"),
        ("/sites/default/files/a.png", "https://cluster.example/rss.xml"),
        ('content="Joomla! - x"', "https://cluster.example/en/news/?format=feed&type=rss"),
        ("Contao Open Source CMS", "https://cluster.example/share/news.xml"),
        ("static1.squarespace.com", "https://cluster.example/en/news/?format=rss"),
        ("www.blogger.com/static", "https://cluster.example/feeds/posts/default"),
        ('content="Ghost 5.8"', "https://cluster.example/rss/"),
    ],
)
def test_well_known_paths_follow_the_system(sign: str, path: str) -> None:
    assert path in well_known_feed_paths(f"<html>{sign}</html>", URL)


@pytest.mark.parametrize(
    ("sign", "url", "path"),
    [
        ("Joomla! -", "https://c.example/aktuelles", "/aktuelles?format=feed&type=rss"),
        ("squarespace", "https://c.example/blog", "/blog?format=rss"),
        ("TYPO3", "https://c.example/de/aktuelles.html", "/de/aktuelles.html?type=9818"),
        ("TYPO3", "https://c.example/index.php?id=12", "/index.php?id=12&type=9818"),
    ],
)
def test_what_is_asked_of_the_page_itself_keeps_its_address(sign: str, url: str, path: str) -> None:
    assert well_known_feed_paths(f"<html>{sign}</html>", url)[0] == f"https://c.example{path}"


def test_a_system_is_asked_for_all_its_usual_addresses() -> None:
    typo3 = well_known_feed_paths("<html>typo3</html>", "https://c.example/de/aktuelles/")
    assert {"https://c.example/?type=100", "https://c.example/de/aktuelles/?type=100"} < set(typo3)
    contao = well_known_feed_paths("<html>contao</html>", "https://c.example/de/neues-aus-x.html")
    named = {"https://c.example/share/neues-aus-x.xml", "https://c.example/neues-aus-x.xml"}
    assert named < set(contao)


def test_well_known_paths_are_few_and_unique() -> None:
    paths = well_known_feed_paths("<html>wp-content typo3 drupal joomla</html>", URL + "index.html")
    assert len(paths) == len(set(paths)) <= 7
    assert len(well_known_feed_paths("<html></html>", URL)) <= 3
    assert well_known_feed_paths("<html></html>", URL, blind=False) == ()


@pytest.mark.parametrize(
    "body",
    [
        "<div id='root'></div><script src='a.js'></script>",
        "<div id=app></div><noscript>Please enable JavaScript.</noscript><script></script>",
        "<h1>News</h1><p>Wird geladen …</p><script></script>",
        "<h1>News</h1><div class='card skeleton'></div><script></script>",
    ],
)
def test_pages_that_fill_themselves_by_script_need_a_browser(body: str) -> None:
    found = detect(f"<html><body>{body}</body></html>".encode(), URL)
    assert found.needs_browser
    assert found.kind == "page"


def test_a_broken_sitemap_says_so() -> None:
    with pytest.raises(ExtractError):
        detect(b"<!-- --><urlset xmlns='x'><url><loc>", "https://cluster.example/sitemap.xml")


def test_entries_that_lead_nowhere_are_counted() -> None:
    feed = (
        "<rss version='2.0'><channel><title>F</title><item><title>A notice</title></item>"
        "<item><title>A story</title><link>https://a.example/1</link></item></channel></rss>"
    )
    found = detect(feed.encode(), "https://a.example/feed.xml")
    assert found.why.endswith("feed with 2 items, 1 of them without an address of their own")


def _rows() -> str:
    rows = "".join(
        f"<article><time>{day}</time><h2><a href='/n/{n}'>Welders of the lake visit hall {n}</a>"
        "</h2></article>"
        for n, day in enumerate(("12 April 2027", "3 November 2026", "2 October 2026"))
    )
    return f"<html><body><main><h1>News</h1>{rows}</main></body></html>"


def _script() -> str:
    days = ("2027-04-12", "2026-11-03", "2026-10-02")
    rows = [
        {"title": f"Welders visit hall {n}", "url": f"/news/{n}", "date": day}
        for n, day in enumerate(days)
    ]
    held = json.dumps({"news": rows})
    return f"<div id='root'></div><script type='application/json'>{held}</script>"


def _rss() -> str:
    days = ("Mon, 12 Apr 2027 10:00 GMT", "Tue, 3 Nov 2026 10:00 GMT", "Fri, 2 Oct 2026 10:00 GMT")
    items = "".join(
        f"<item><title>Hall {n}</title><link>https://cluster.example/{n}</link>"
        f"<pubDate>{day}</pubDate></item>"
        for n, day in enumerate(days)
    )
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"


def _sitemap() -> str:
    urls = "".join(
        f"<url><loc>https://cluster.example/{n}</loc><n:news><n:title>Hall {n}</n:title>"
        f"<n:publication_date>{day}</n:publication_date></n:news></url>"
        for n, day in enumerate(("2027-04-12", "2026-11-03", "2026-10-02"))
    )
    spaces = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    return f"<urlset {spaces}>{urls}</urlset>"


@pytest.mark.parametrize("document", [_rows(), _script(), _rss(), _sitemap()])
def test_the_day_of_what_is_to_come_is_told_as_no_date_of_publication(document: str) -> None:
    """As the archive keeps it."""
    found = detect(document.encode(), URL, now=datetime(2026, 11, 22, tzinfo=UTC))
    days = [item.published.day.isoformat() if item.published else "" for item in found.items]
    assert sorted(days) == ["", "2026-10-02", "2026-11-03"]
