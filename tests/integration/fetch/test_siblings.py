"""Where one page leaves doubt, other pages of its site settle it."""

from __future__ import annotations

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.server import Answer, Server

MENU = "<nav><a href='/about'>About us</a><a href='/members'>Members</a><a href='/n'>All</a></nav>"
# The same box stands on every page of the site; by itself it looks much like a list of news.
BOX = "<div class='box'><h2>News</h2>" + "".join(
    f"<div class='t'><h3><a href='/service/{n}'>We help small firms in question {n}</a></h3></div>"
    for n in range(4)
)
HELP = "We help small firms in question"
OUTSIDE = ("/robots.txt", "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml")


def page(main: str) -> bytes:
    body = f"{MENU}<main>{main}</main>{BOX}</div><footer>Imprint</footer>"
    return f"<html lang='en'><head><title>House</title></head><body>{body}</body></html>".encode()


def stories(count: int) -> str:
    """Links in plain paragraphs without any date: a list that leaves doubt."""
    return "".join(
        f"<p><a href='/news/{n}-{title.split()[0].lower()}'>{title}</a></p>"
        for n, title in enumerate(pages.TITLES[:count], 1)
    )


def serve(server: Server, count: int = 4) -> None:
    server.put("/n", page(stories(count)), "text/html; charset=utf-8")
    for path in ("/about", "/members"):
        server.put(path, page(f"<p>Words about {path} and nothing else to be found here.</p>"))
    for number, title in enumerate(pages.TITLES, 1):
        server.put(f"/news/{number}-{title.split()[0].lower()}", pages.article(title))


def asked(server: Server) -> set[str]:
    return {path for path in server.paths() if not path.startswith(OUTSIDE) and path != "/n"}


async def test_what_all_pages_show_is_no_news(house: House, server: Server) -> None:
    serve(server)
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/n"))
    assert {"/about", "/members"} <= asked(server)
    assert found.kind == "listing"
    assert [item.title for item in found.items] == list(pages.TITLES[:4])
    assert "2 other pages of the site were compared" in found.why
    assert found.learned["furniture"]


async def test_what_was_settled_holds_at_later_polls_without_asking_again(
    house: House, server: Server
) -> None:
    serve(server)
    house.watch(server.url("/n"))
    outcome = await house.poll()
    assert {item.title for item in outcome.items} == set(pages.TITLES[:4])
    server.forget()
    serve(server, 5)
    assert [item.title for item in (await house.poll()).items] == [pages.TITLES[4]]
    assert not {"/about", "/members"} & asked(server)
    assert house.parts.sources.get("one").state.learned["furniture"]


async def test_one_sibling_that_fails_leaves_the_other(house: House, server: Server) -> None:
    serve(server)
    server.put("/about", Answer(status=500))
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/n"))
    assert [item.title for item in found.items] == list(pages.TITLES[:4])
    assert "1 other page of the site was compared" in found.why


def shelf(count: int) -> bytes:
    """Boxes that every page shows and, in the same markup, dated notes of this page alone."""
    boxes = "".join(f"<div><a href='/help/{n}'>{HELP} {n}</a></div>" for n in range(12))
    notes = "".join(
        f"<div><a href='/x/{n}'>{title}</a> <i>{n + 3} November 2026</i></div>"
        for n, title in enumerate(pages.TITLES[:count])
    )
    return f"<html lang='en'><body>{MENU}<div>{boxes}{notes}</div></body></html>".encode()


async def test_a_list_hidden_among_what_all_pages_show_is_found(
    house: House, server: Server
) -> None:
    server.put("/n", shelf(3))
    for path in ("/about", "/members"):
        server.put(path, shelf(0))
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/n"))
    assert [item.title for item in found.items] == list(pages.TITLES[:3])
    assert "2 other pages of the site were compared" in found.why


async def test_a_page_with_neither_dates_nor_news_words_asks_for_no_sibling(
    house: House, server: Server
) -> None:
    server.put("/n", shelf(0))
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/n"))
    assert found.kind == "page"
    assert not {"/about", "/members", "/help/0"} & asked(server)


async def test_robots_rules_hold_for_siblings(house: House, server: Server) -> None:
    serve(server)
    server.put("/robots.txt", "User-agent: *\nDisallow: /about\nDisallow: /members\n", "text/plain")
    async with house.crawl() as crawl:
        await crawl.detect(server.url("/n"))
    assert not {"/about", "/members"} & asked(server)


async def test_a_sure_list_asks_for_no_sibling(house: House, server: Server) -> None:
    serve(server)
    server.put("/n", pages.listing(pages.some(server.url(), 5)))
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/n"))
    assert found.confidence >= 0.6
    assert not {"/about", "/members", "/"} & asked(server)
