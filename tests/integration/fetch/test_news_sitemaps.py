"""A news page that shows neither list nor feed is watched by its site's news sitemap."""

from __future__ import annotations

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.server import Answer, Server

HTML = "text/html; charset=utf-8"
EMPTY = (
    b"<html lang='en'><head><title>News</title></head><body><div id='root'></div>"
    b"<script src='/a.js'></script><script src='/b.js'></script></body></html>"
)
FORM = b"<html><head><title>Imprint</title></head><body><p>Harbour 1, Rostock</p></body></html>"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def sitemap(news: list[pages.News], *, extended: bool = True) -> bytes:
    entries = "".join(
        f"<url><loc>{one.url}</loc>"
        + (
            f"<n:news><n:publication_date>{one.day:%Y-%m-%d}</n:publication_date>"
            f"<n:title>{one.title}</n:title></n:news>"
            if extended
            else ""
        )
        + "</url>"
        for one in news
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<urlset xmlns="{space}" xmlns:n="{NEWS}">{entries}</urlset>'.encode()


def serve(server: Server, *, extended: bool = True, page: bytes = EMPTY) -> list[pages.News]:
    news = pages.some(server.url(), 4)
    server.put("/aktuell/", page, HTML)
    rules = f"User-agent: *\nAllow: /\nSitemap: {server.url('/maps/news.xml')}\n"
    server.put("/robots.txt", rules.encode(), "text/plain")
    server.put("/maps/news.xml", sitemap(news, extended=extended), "application/xml")
    for one in news:
        server.put(pages.path_of(server, one), pages.article(one.title))
    return news


async def test_the_news_sitemap_that_robots_txt_names_is_watched(
    house: House, server: Server
) -> None:
    news = serve(server)
    house.watch(server.url("/aktuell/"))
    outcome = await house.poll()
    assert outcome.kind == "sitemap"
    assert {item.title for item in outcome.items} == {one.title for one in news}
    state = house.parts.sources.get("one").state
    assert state.watch_url == server.url("/maps/news.xml")
    assert state.watch_why.startswith(f"news sitemap {state.watch_url}: 4 items")
    server.forget()
    await house.poll()
    assert "/aktuell/" not in server.paths()


async def test_a_usual_place_is_tried_where_none_is_named(house: House, server: Server) -> None:
    news = serve(server)
    server.put("/robots.txt", Answer(status=404))
    server.put("/news-sitemap.xml", sitemap(news), "application/xml")
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/aktuell/"))
    assert (found.kind, found.sitemap_url) == ("sitemap", server.url("/news-sitemap.xml"))
    assert not found.needs_browser


async def test_a_sitemap_of_all_pages_is_no_news(house: House, server: Server) -> None:
    serve(server, extended=False)
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/aktuell/"))
    assert (found.kind, found.items) == ("page", ())
    assert found.needs_browser


async def test_a_page_about_something_else_is_not_asked_about(house: House, server: Server) -> None:
    serve(server)
    server.put("/imprint", FORM, HTML)
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/imprint"))
    assert (found.kind, found.items) == ("page", ())
    assert "/maps/news.xml" not in server.paths()


async def test_a_feed_that_is_advertised_and_dead_is_told(house: House, server: Server) -> None:
    news = pages.some(server.url(), 4)
    head = b'<link rel="alternate" type="application/rss+xml" href="/gone.xml"></head>'
    server.put("/news/", pages.listing(news).replace(b"</head>", head), HTML)
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/news/"))
    assert found.kind == "listing"
    assert f"feed {server.url('/gone.xml')} not taken: The server has no such page" in found.why
