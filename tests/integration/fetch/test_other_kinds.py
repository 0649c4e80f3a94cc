"""Listings, sitemaps, watched pages, and pages that nobody has looked at yet."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import ExtractError, FetchError
from crawler.model.reading import NOT_WATCHED
from crawler.urls import canonical_url, url_key
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.server import Answer, Server

RSS = "application/rss+xml"
PAGE = """<!doctype html><html lang="en"><head><title>Fund for clusters</title></head><body>
<main><h1>Fund for clusters</h1>{paragraphs}</main></body></html>"""
FIRST = "<p>The fund supports joint projects of small firms in the region until next summer.</p>"
FRESH = "<p>A second call opens in January: two million euros wait for projects on robotics.</p>"


def serve_listing(server: Server, count: int) -> list[pages.News]:
    news = pages.some(server.url(), count)
    server.put("/news", pages.listing(news), "text/html; charset=utf-8")
    for one in news:
        server.put(one.url.removeprefix(server.url("")), pages.article(one.title))
    return news


async def test_a_page_is_detected_once_and_polled_as_what_it_is(
    house: House, server: Server
) -> None:
    news = serve_listing(server, 5)
    house.watch(server.url("/news"))
    outcome = await house.poll()
    assert (outcome.status, outcome.kind, outcome.new) == ("ok", "listing", 5)
    assert {item.url for item in house.items()} == {one.url for one in news}
    state = house.parts.sources.get("one").state
    assert (state.watch_kind, bool(state.learned), state.baseline) == ("listing", True, True)
    server.forget()
    assert (await house.poll()).not_modified == 1
    assert server.paths() == ["/news"]
    serve_listing(server, 6)
    assert [item.title for item in (await house.poll()).items] == [pages.TITLES[5]]


@pytest.mark.parametrize("kind", ["listing", "feed"])
async def test_what_stands_in_other_lists_of_the_page_is_noted(
    house: House, server: Server, kind: str
) -> None:
    news = serve_listing(server, 5)
    cards = "".join(
        f'<li class="event"><h4><a href="/events/{n}">Open workshop number {n} of the valley</a>'
        f"</h4><p>Come and see machine number {n} at work.</p></li>"
        for n in range(4)
    )
    events = f'<section><h2>Events</h2><ul class="events">{cards}</ul></section></main>'
    link = '<link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    page = pages.listing(news).decode().replace("</main>", events)
    server.put("/news", page.replace("</head>", link) if kind == "feed" else page)
    if kind == "feed":
        server.put("/feed", pages.feed(news), RSS)
    house.watch(server.url("/news"))
    assert ((await house.poll()).kind, len(house.items())) == (kind, 5)
    key = url_key(canonical_url(server.url("/events/2")))
    [drop] = house.parts.fetched.drops(key)
    assert (drop.source, drop.stage, drop.reason.startswith(NOT_WATCHED)) == ("one", "list", True)
    assert "“Events”" in drop.reason
    assert house.parts.fetched.drops(url_key(canonical_url(news[0].url))) == []


async def test_an_advertised_feed_is_preferred(house: House, server: Server) -> None:
    news = serve_listing(server, 5)
    link = b'<link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    server.put("/news", pages.listing(news).replace(b"</head>", link))
    server.put("/feed", pages.feed(news), RSS)
    house.watch(server.url("/news"))
    outcome = await house.poll()
    assert (outcome.kind, outcome.new) == ("feed", 5)
    assert house.parts.sources.get("one").state.watch_url == server.url("/feed")
    server.forget()
    assert (await house.poll()).status == "unchanged"
    assert server.paths() == ["/feed"]


@pytest.mark.parametrize("advertised", ["/comments/feed/", "/missing.xml", ""])
async def test_the_systems_usual_feed_is_found_where_no_advertised_one_serves(
    house: House, server: Server, advertised: str
) -> None:
    news = serve_listing(server, 5)
    link = f'<link rel="alternate" type="application/rss+xml" href="{advertised}">'
    head = '<meta name="generator" content="Drupal 10">' + link * bool(advertised)
    page = pages.listing(news).decode().replace("</head>", head + "</head>")
    server.put("/news", page)
    server.put("/comments/feed/", pages.feed(news, title="Comments for the cluster"), RSS)
    server.put("/rss.xml", pages.feed(news), RSS)
    house.watch(server.url("/news"))
    assert ((await house.poll()).kind, len(house.items())) == ("feed", 5)
    assert house.parts.sources.get("one").state.watch_url == server.url("/rss.xml")
    assert "/news/feed" not in server.paths()  # none is guessed at when one serves


async def test_a_feed_that_is_gone_for_good_is_looked_for_anew_without_a_flood(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(first_run="7d")
    news = serve_listing(server, 3)
    link = b'<link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    server.put("/news", pages.listing(news).replace(b"</head>", link))
    server.put("/feed", pages.feed(news), RSS)
    house.watch(server.url("/news"))
    assert (await house.poll()).kind == "feed"
    server.put("/feed", Answer(b"gone", 410))
    old = [pages.News(server.url(f"/old/{number}"), f"Older: {title}", None)
           for number, title in enumerate(pages.TITLES)]  # fmt: skip
    server.put("/news", pages.listing([*news, *old]))
    for _ in range(3):
        house.later(days=2)
        assert (await house.poll()).status == "failed"
    house.later(days=2)
    outcome = await house.poll()
    assert (outcome.status, outcome.kind) == ("ok", "listing")
    assert {item.held_back for item in outcome.items} == {"baseline"}


async def test_a_page_without_news_says_what_to_do(house: House, server: Server) -> None:
    server.put("/imprint", "<html><body><h1>Imprint</h1><p>Cluster e.V.</p></body></html>")
    house.watch(server.url("/imprint"))
    outcome = await house.poll()
    assert outcome.status == "failed"
    assert 'kind = "page"' in outcome.error


async def test_an_empty_answer_forgets_nothing(house: House, server: Server) -> None:
    serve_listing(server, 5)
    house.watch(server.url("/news"))
    await house.poll()
    learned = house.parts.sources.get("one").state.learned
    server.put("/news", Answer(b"", headers={"Content-Type": "text/html"}))
    assert (await house.poll()).status == "failed"
    assert house.parts.sources.get("one").state.learned == learned
    serve_listing(server, 5)
    outcome = await house.poll()
    assert (outcome.status, outcome.new) in (("ok", 0), ("unchanged", 0))


async def test_fresh_passages_of_a_watched_page_are_items(house: House, server: Server) -> None:
    server.put("/fund", PAGE.format(paragraphs=FIRST))
    house.watch(server.url("/fund"), kind="page")
    outcome = await house.poll()
    assert (outcome.status, outcome.kind, outcome.new) == ("ok", "page", 0)
    server.put("/fund", PAGE.format(paragraphs=FRESH + FIRST))
    [item] = (await house.poll()).items
    assert "two million euros" in item.text
    assert item.url.startswith(server.url("/fund"))
    server.put("/fund", PAGE.format(paragraphs=FIRST + FRESH))
    assert (await house.poll()).new == 0


def sitemap(urls: list[str], *, index: bool = False) -> bytes:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    rows = "".join(
        f"<{inner}><loc>{url}</loc><lastmod>2026-11-20</lastmod></{inner}>" for url in urls
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><{outer} xmlns="{space}">{rows}</{outer}>'.encode()


async def test_a_sitemap_and_its_compressed_parts(house: House, server: Server) -> None:
    news = pages.some(server.url(), 4)
    for one in news:
        server.put(one.url.removeprefix(server.url("")), pages.article(one.title))
    index = sitemap([server.url("/part.xml.gz"), server.url("/broken.xml.gz")], index=True)
    server.put("/sitemap.xml", index, "application/xml")
    packed = gzip.compress(sitemap([one.url for one in news]))
    server.put("/part.xml.gz", packed, "application/x-gzip")
    server.put("/broken.xml.gz", packed[:40], "application/x-gzip")
    house.watch(server.url("/sitemap.xml"), kind="sitemap", only_links=("/news/*",))
    outcome = await house.poll()
    assert (outcome.status, outcome.kind, outcome.new) == ("ok", "sitemap", 4)
    assert {item.title for item in house.items()} == {one.title for one in news}


async def test_detect_and_get_store_nothing(house: House, server: Server) -> None:
    serve_listing(server, 5)
    before = house.rows()
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/news"))
        page = await crawl.get(server.url("/news"))
        with pytest.raises(FetchError, match="404"):
            await crawl.get(server.url("/nothing"))
        with pytest.raises((FetchError, ExtractError)):
            await crawl.detect("http://nobody.invalid/")
    assert (found.kind, len(found.items), page.status) == ("listing", 5, 200)
    assert house.rows() | {"robots": before["robots"]} == before


async def test_a_changed_address_makes_a_new_baseline(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(first_run="7d")
    serve_listing(server, 3)
    house.watch(server.url("/news"))
    await house.poll()
    old = datetime(2026, 11, 1, tzinfo=UTC)
    other = [pages.News(server.url(f"/p/{n}"), f"Press: {t}", old)
             for n, t in enumerate(pages.TITLES)]  # fmt: skip
    server.put("/press", pages.listing(other))
    store = house.parts.sources
    source = store.get("one").source
    store.change(type(source)(id="one", name="one", url=server.url("/press")), house.moment)
    house.later(hours=1)
    outcome = await house.poll()
    assert outcome.new == 6
    assert {item.held_back for item in outcome.items} == {"baseline"}
    assert house.moment - old < timedelta(days=30)
