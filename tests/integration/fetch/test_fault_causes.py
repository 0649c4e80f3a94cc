"""Every fault a site may have, through a real poll: its cause, since when, what to do; no new item
by mistake, and nothing missed when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import News, path_of
from tests.integration.fetch.server import Answer, Server

WALLS = Path(__file__).parents[2] / "fixtures" / "walls" / "walls"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def wall(name: str, status: int = 200) -> Answer:
    return Answer((WALLS / f"{name}.html").read_bytes(), status, HTML)


def page(body: bytes) -> Answer:
    return Answer(body, headers=HTML)


HOME = pages.article("Valley Cluster", "Welcome to the cluster of the valley. " * 20)
EMPTY = pages.listing([])
LOST = pages.article("Seite nicht gefunden", "The valley has a cluster of firms. " * 200)
CAUSES: dict[str, tuple[Answer, str, str, str]] = {
    # what the page answers: the cause's name, words of the cause, words of the remedy
    "404": (Answer(b"no", 404), "missing", "no such page (HTTP 404)", "new address"),
    "410": (Answer(b"no", 410), "gone", "gone for good (HTTP 410)", "new address"),
    "403": (Answer(b"no", 403), "blocked", "refuses us (HTTP 403)", "--letter"),
    "401": (Answer(b"no", 401), "login", "asks for a login (HTTP 401)", "headers_file"),
    "500": (Answer(b"no", 500), "http", "(HTTP 500)", "tried again"),
    "soft 404, German": (wall("missing-de-typo3"), "missing", "no such page", "new address"),
    "soft 404, Danish": (wall("missing-da-ikke"), "missing", "no such page", "new address"),
    "soft 404, large": (page(LOST), "missing", "no such page", "new address"),
    "login, German": (wall("login-de-mitglieder"), "login", "asks for a login", "headers_file"),
    "login, French": (wall("login-fr-adherents"), "login", "asks for a login", "--letter"),
    "cookies, German": (wall("consent-de-pur"), "consent", "question about cookies", "newsletter"),
    "cookies, Danish": (wall("consent-da-samtykke"), "consent", "about cookies", "--letter"),
    "robots, 200": (wall("bot-de-cloudflare"), "bot", "checks for robots", "--letter"),
    "robots, 403": (wall("bot-en-akamai-403", 403), "bot", "(HTTP 403)", "newsletter"),
    "robots, 503": (wall("bot-en-cloudflare", 503), "bot", "(HTTP 503)", "do not disguise"),
    "robots, French": (wall("bot-fr-captcha"), "bot", "checks for robots", "--letter"),
    "empty list": (page(EMPTY), "extract", "", "detect"),
    "nothing at all": (page(b""), "extract", "", "detect"),
    "another page": (page(HOME), "extract", "", "detect"),
}


def watched_list(house: House, server: Server) -> list[News]:
    news = pages.some(server.url(), 5)
    server.put("/news/", pages.listing(news))
    for one in news:
        server.put(path_of(server, one), pages.article(one.title))
    house.watch(server.url("/news/"), kind="listing")
    return news


@pytest.mark.parametrize("fault", CAUSES)
async def test_a_list_that_fails_says_why_since_when_and_what_to_do(
    house: House, server: Server, fault: str
) -> None:
    news = watched_list(house, server)
    assert (await house.poll()).new == 5
    answer, cause, said, remedy = CAUSES[fault]
    server.put("/news/", answer)
    house.later(days=1)
    since = house.moment
    for _ in range(2):
        outcome = await house.poll()
        house.later(days=3)
    state = house.parts.sources.get("one").state
    assert (outcome.status, outcome.new, len(house.items())) == ("failed", 0, 5)
    assert (state.error_kind, state.failures, state.failing_since) == (cause, 2, since)
    assert said in state.error
    assert remedy in state.remedy
    assert state.last_new == since - timedelta(days=1)
    # When it is over, what was published meanwhile is found, and nothing else.
    fresh = News(server.url("/news/9-fresh"), "A fresh piece of news after the outage")
    server.put("/news/9-fresh", pages.article(fresh.title))
    server.put("/news/", pages.listing([fresh, *news]))
    outcome = await house.poll()
    state = house.parts.sources.get("one").state
    assert [item.title for item in outcome.items] == [fresh.title]
    assert (state.error_kind, state.error, state.remedy) == ("", "", "")


FEED_FAULTS: dict[str, tuple[Answer, str, str]] = {
    "a web page": (page(HOME), "extract", "HTML page instead of a feed"),
    "no entries": (
        Answer(pages.feed([]), headers={"Content-Type": pages.RSS}), "empty", "lists nothing",
    ),
    "a check for robots": (wall("bot-da-wall"), "bot", "checks for robots"),
    "a login": (wall("login-en-members"), "login", "asks for a login"),
    "a page not found": (wall("missing-en-wordpress"), "missing", "no such page"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FEED_FAULTS)
async def test_a_feed_that_turned_into_something_else(
    house: House, server: Server, fault: str
) -> None:
    pages.serve_feed(server)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    answer, cause, said = FEED_FAULTS[fault]
    server.put("/feed", answer)
    house.later(hours=6)
    outcome = await house.poll()
    state = house.parts.sources.get("one").state
    assert (outcome.status, state.error_kind, len(house.items())) == ("failed", cause, 3)
    assert said in state.error
    pages.serve_feed(server, 4)
    house.later(days=4)
    assert (await house.poll()).new == 1


@pytest.mark.parametrize("name", ["bot-fr-captcha", "login-da-medlem", "consent-en-before"])
async def test_a_watched_page_behind_a_wall_gives_no_passages(
    house: House, server: Server, name: str
) -> None:
    text = "".join(f"<p>Paragraph {n} says that the workshop takes place.</p>" for n in range(6))
    server.put("/page", f"<html><body><main>{text}</main></body></html>")
    house.watch(server.url("/page"), kind="page")
    assert (await house.poll()).status == "ok"
    server.put("/page", wall(name))
    house.later(days=1)
    outcome = await house.poll()
    assert (outcome.status, outcome.new) == ("failed", 0)


@pytest.mark.parametrize("name", ["bot-en-anubis", "login-en-members", "missing-fr-introuvable"])
async def test_an_article_behind_a_wall_lives_on_its_listing_until_it_opens(
    house: House, server: Server, name: str
) -> None:
    [one, *_] = pages.serve_feed(server)
    server.put(path_of(server, one), wall(name))
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert (outcome.new, outcome.failed) == (3, 1)
    [item] = [item for item in house.items() if item.title == one.title]
    assert item.text == one.summary
    server.put(path_of(server, one), pages.article(one.title))
    house.later(hours=3)
    assert (await house.poll()).updated == 1


async def test_a_page_that_leads_home_has_moved_even_if_home_teases_news(
    house: House, server: Server
) -> None:
    news = watched_list(house, server)
    await house.poll()
    server.put("/", pages.listing(news[:4]))
    server.put("/news/", Answer(status=302, headers={"Location": "/"}))
    house.later(days=1)
    outcome = await house.poll()
    state = house.parts.sources.get("one").state
    assert (outcome.status, state.error_kind) == ("failed", "moved")
    assert f"home page now: {server.url('/')}" in state.error
    assert "sources set one --url" in state.remedy


async def test_a_source_that_always_led_home_is_read_there(house: House, server: Server) -> None:
    news = pages.some(server.url(), 5)
    server.put("/", pages.listing(news))
    for one in news:
        server.put(path_of(server, one), pages.article(one.title))
    server.put("/start", Answer(status=302, headers={"Location": "/"}))
    house.watch(server.url("/start"), kind="listing")
    assert (await house.poll()).new == 5
    server.put("/", pages.listing([*news, News(server.url("/n"), "One more piece of news")]))
    house.later(days=1)
    assert (await house.poll()).status == "ok"


async def test_a_feed_that_leads_to_a_strange_site_alerts_about_nothing(
    house: House, server: Server
) -> None:
    pages.serve_feed(server)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    async with Server("127.0.0.2") as stranger:
        strange = [News(stranger.url(f"/{n}"), f"Cheap pills number {n}") for n in range(3)]
        stranger.put("/feed", pages.feed(strange), pages.RSS)
        server.put("/feed", Answer(status=301, headers={"Location": stranger.url("/feed")}))
        house.later(days=1)
        outcome = await house.poll()
    state = house.parts.sources.get("one").state
    assert (outcome.status, outcome.new, state.error_kind) == ("failed", 0, "moved")
    assert state.watch_url == server.url("/feed")


async def test_a_feed_that_moved_with_its_items_is_followed(house: House, server: Server) -> None:
    news = pages.serve_feed(server)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    async with Server("127.0.0.2") as other:
        other.put("/feed", pages.feed(news) + b"<!-- here now -->", pages.RSS)
        server.put("/feed", Answer(status=301, headers={"Location": other.url("/feed")}))
        house.later(days=1)
        assert (await house.poll()).status == "ok"
        assert house.parts.sources.get("one").state.watch_url == other.url("/feed")


UMLAUTS = (
    "Größere Öfen für Süßwaren",
    "Mädchen löten Verstärker in der Lötwerkstatt",
    "Jährliche Vollversammlung wählt Führung",
    "Brücke über die Spree wird geprüft",
)
CHARSETS: dict[str, Callable[[str], Answer]] = {
    "latin-1, said": lambda text: Answer(
        text.encode("latin-1"), headers={"Content-Type": "text/html; charset=iso-8859-1"}
    ),
    "latin-1, unsaid": lambda text: Answer(
        text.encode("latin-1"), headers={"Content-Type": "text/html"}
    ),
    "latin-1, called UTF-8": lambda text: Answer(text.encode("latin-1"), headers=HTML),
    "UTF-8, called latin-1": lambda text: Answer(
        text.encode(), headers={"Content-Type": "text/html; charset=iso-8859-1"}
    ),
    "UTF-16": lambda text: Answer(text.encode("utf-16"), headers={"Content-Type": "text/html"}),
    "encoded twice": lambda text: Answer(text.encode().decode("latin-1").encode(), headers=HTML),
}


@pytest.mark.parametrize("change", CHARSETS)
@pytest.mark.parametrize("kind", ["listing", "page"])
async def test_another_charset_makes_nothing_new(
    house: House, server: Server, change: str, kind: str
) -> None:
    news = [News(f"/n/{n}", title, summary=title * 2) for n, title in enumerate(UMLAUTS)]
    text = pages.listing(news).decode()
    server.put("/news/", Answer(text.encode(), headers=HTML))
    for number, one in enumerate(news):
        server.put(f"/n/{number}", pages.article(one.title))
    house.watch(server.url("/news/"), kind=kind)
    await house.poll()
    before = sorted(item.title for item in house.items())
    server.put("/news/", CHARSETS[change](text + "<!-- touched -->"))
    house.later(days=1)
    outcome = await house.poll()
    assert (outcome.status, outcome.new, outcome.updated) == ("ok", 0, 0)
    assert sorted(item.title for item in house.items()) == before


async def test_a_lying_etag_is_caught_and_not_asked_with_again(
    house: House, server: Server
) -> None:
    asked: list[Mapping[str, str]] = []

    def lying(body: bytes) -> None:
        def answer(headers: Mapping[str, str]) -> Answer:
            asked.append(headers)
            if headers.get("if-none-match"):
                return Answer(status=304)
            return Answer(body, headers={"ETag": '"v1"', "Content-Type": pages.RSS})

        server.put("/feed", answer)

    pages.serve_feed(server, 5)
    house.watch(server.url("/feed"), kind="feed")
    for count in (2, 3):
        lying(pages.feed(pages.some(server.url(), count)))
        await house.poll()
        house.later(days=8)
    assert house.parts.sources.get("one").state.etag_lied_at is not None
    lying(pages.feed(pages.some(server.url(), 4)))
    assert (await house.poll()).new == 1  # at once: its ETag is not believed any more
    assert [bool(one.get("if-none-match")) for one in asked] == [False, False, False]
    assert asked[-1]["cache-control"] == "no-cache"


async def test_a_stale_copy_is_noticed(house: House, server: Server) -> None:
    body = pages.feed(pages.some(server.url(), 2))
    pages.serve_feed(server, 2)
    age = {"Age": str(9 * 86400), "Content-Type": pages.RSS}
    server.put("/feed", Answer(body, headers=age))
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    assert "a copy of 2026-11-12" in house.parts.sources.get("one").state.notice
    server.put("/feed", body + b" ", pages.RSS)
    await house.poll()
    assert house.parts.sources.get("one").state.notice == ""


async def test_what_was_tried_at_a_closed_site_is_said_and_tried_once(
    house: House, server: Server
) -> None:
    watched_list(house, server)
    await house.poll()
    server.put("/news/", wall("bot-en-akamai-403", 403))
    server.put("/feed/", wall("bot-en-akamai-403", 403))
    server.forget()
    house.later(days=1)
    await house.poll()
    remedy = house.parts.sources.get("one").state.remedy
    assert (
        f"Also tried: {server.url('/feed/')} (lets no robots in), "
        f"{server.url('/rss.xml')} (no such page)"
    ) in remedy
    assert server.paths() == ["/news/", "/feed/", "/rss.xml", "/sitemap.xml"]
    server.forget()
    house.later(days=4)
    await house.poll()
    assert server.paths() == ["/news/"]
    assert house.parts.sources.get("one").state.remedy == remedy  # the outage is the same


async def test_a_feed_that_stays_open_beside_a_closed_page_is_named(
    house: House, server: Server
) -> None:
    news = watched_list(house, server)
    await house.poll()
    server.put("/robots.txt", "User-agent: *\nDisallow: /news/\n", "text/plain")
    server.put("/feed/", pages.feed(news), pages.RSS)
    house.later(days=2)
    await house.poll()
    state = house.parts.sources.get("one").state
    assert state.error_kind == "robots"
    assert state.remedy == (
        f"{server.url('/feed/')} is open: clusterwatch sources set one --url {server.url('/feed/')}"
    )


async def test_who_asks_to_slow_down_is_asked_for_no_more_articles(
    house: House, server: Server
) -> None:
    news = pages.serve_feed(server, 5)
    for one in news:
        server.put(path_of(server, one), Answer(b"", 429, {"Retry-After": "600"}))
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert (outcome.new, outcome.failed, outcome.requests) == (5, 5, 2)


async def test_hours_a_feed_skips_are_kept_over_answers_that_say_nothing_new(
    house: House, server: Server
) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in (8, 9, 10, 11, 12))
    body = pages.feed(
        pages.some(server.url(), 2), extra=f"<ttl>60</ttl><skipHours>{hours}</skipHours>"
    )
    pages.serve_feed(server, 2)
    server.put("/feed", body, pages.RSS)
    house.watch(server.url("/feed"), kind="feed")
    for expected in ("ok", "unchanged"):
        outcome = await house.poll()
        due = house.parts.sources.get("one").state.next_due
        assert (outcome.status, due is not None and due.hour) == (expected, 13)


async def test_a_selector_that_finds_nothing_more_is_named_with_the_way_to_change_it(
    house: House, server: Server
) -> None:
    body = pages.listing(pages.some(server.url(), 5))
    server.put("/news/", body)
    house.watch(server.url("/news/"), selector="li.news-item")
    assert (await house.poll()).new == 5
    server.put("/news/", body.replace(b"news-item", b"card"))
    assert (await house.poll()).status == "failed"
    state = house.parts.sources.get("one").state
    assert state.error == "Its selector “li.news-item” finds no news on this page."
    assert state.remedy.endswith("clusterwatch sources set one --selector ''")
