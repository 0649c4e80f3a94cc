"""A source's past: walked politely into the archive, unnoticed by its polls and its readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from alerts.cli.status_lines import status_lines
from alerts.health import status
from alerts.wiring import AlertParts
from crawler.cli.source_backfill import told
from crawler.errors import SourceError
from crawler.model.backfill import Backfilled
from crawler.storage.source_history import SourceHistory, first_seen_times
from spiders import backfill, backfill_items
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import NOW, House
from tests.integration.fetch.pages import RSS, News
from tests.integration.fetch.server import Answer, Server

SUBJECTS = ("laser", "valve", "prize", "board", "rover", "battery", "school", "harbour")
DOINGS = (
    "workshop draws engineers from the whole region",
    "programme finds partners abroad",
    "committee publishes its yearly figures",
    "laboratory opens for small firms",
)


def past(server: Server, count: int = 30, *, dated: bool = True) -> list[News]:
    """News that came twice a month, the newest of yesterday, each with its article."""
    news = []
    for number in range(count):
        day = NOW - timedelta(days=1 + 15 * number)
        doing = DOINGS[number // len(SUBJECTS) % len(DOINGS)]
        title = f"The {SUBJECTS[number % len(SUBJECTS)]} {doing}"
        one = News(server.url(f"/news/story-{number}"), title, day if dated else None)
        head = f'<meta property="article:published_time" content="{day.isoformat()}">'
        server.put(f"/news/story-{number}", pages.article(title, head=head))
        news.append(one)
    return news


def serve_pages(server: Server, news: Sequence[News], per_page: int = 6) -> None:
    """The list at ``/news``, its further pages at ``/news?page=2`` and so on."""
    last = (len(news) + per_page - 1) // per_page
    pager = "".join(f'<a href="/news?page={number}">{number}</a> ' for number in range(1, last + 1))
    for number in range(1, last + 1):
        part = news[(number - 1) * per_page : number * per_page]
        ahead = f'<a rel="next" href="/news?page={number + 1}">next</a>' if number < last else ""
        body = pages.listing(part).replace(
            b"</main>", f'<div class="pager">{pager}{ahead}</div></main>'.encode()
        )
        server.put("/news" if number == 1 else f"/news?page={number}", body)
        if number == 1:
            server.put("/news?page=1", body)


async def walk(house: House, days: int = 200, **how: Any) -> Backfilled:
    async with house.crawl() as crawl:
        row = house.parts.sources.get("one")
        return await crawl.backfill(row, house.moment - timedelta(days=days), **how)


def stories(house: House, held: str) -> set[int]:
    """Numbers of the stored items that are held back like this."""
    return {int(item.url.rpartition("-")[2]) for item in house.items() if item.held_back == held}


def first_seen(house: House) -> list[datetime]:
    """What the source's rhythm is learned from."""
    with house.parts.database.read() as connection:
        return first_seen_times(connection, "one")


@pytest.fixture
async def watched(house: House, server: Server) -> House:
    """A list of 30 items on five pages, polled once."""
    serve_pages(server, past(server))
    house.watch(server.url("/news"), kind="listing")
    assert (await house.poll()).new == 6
    server.forget()
    return house


async def test_older_pages_come_into_the_archive_and_never_alert(
    watched: House, server: Server
) -> None:
    found = await walk(watched)
    assert (found.status, found.new, found.pages, found.error) == ("ok", 8, 4, "")
    assert found.oldest == (NOW - timedelta(days=196)).date()
    assert stories(watched, "backfill") == set(range(6, 14))  # 15 * 13 + 1 days ago: 196
    assert stories(watched, "") == set(range(6))
    lists = [path for path in server.paths() if path.startswith("/news?")]
    # The fourth holds nothing but what is too old: nothing behind it is asked for.
    assert lists == [f"/news?page={number}" for number in (1, 2, 3, 4)]
    assert found.requests == len(server.paths())
    texts = [item.text for item in watched.items() if item.held_back == "backfill"]
    assert all("joint programme" in text for text in texts)


async def test_a_second_walk_adds_nothing(watched: House, server: Server) -> None:
    await walk(watched)
    before = watched.rows()
    server.forget()
    again = await walk(watched)
    assert again.new == again.read == 0
    assert not [path for path in server.paths() if path.startswith("/news/story")]
    assert watched.rows() == before


async def test_polls_notice_nothing_of_a_walk(watched: House, server: Server) -> None:
    state = watched.parts.sources.get("one").state
    rhythm = SourceHistory(watched.parts.database).published_times("one")
    faces = watched.parts.items.known_faces("one")
    seen = first_seen(watched)
    watched.later(hours=1)
    assert (await walk(watched, 365)).new > 0
    assert first_seen(watched) == seen
    assert watched.parts.sources.get("one").state == state
    assert SourceHistory(watched.parts.database).published_times("one") == rhythm
    assert watched.parts.items.known_faces("one") == faces
    assert (await watched.poll()).status == "unchanged"
    twin = watched.parts.sources.get("one").state
    assert twin.interval == state.interval


async def test_status_counts_a_walk_apart_from_what_is_new(watched: House) -> None:
    found = await walk(watched)
    document = status(AlertParts(watched.parts), watched.moment)
    counts = {key: document["coverage"][f"{key}_24h"] for key in ("seen", "new_items", "matched")}
    matched = sum(bool(item.topics) for item in watched.items() if item.held_back != "backfill")
    assert counts == {"seen": 6, "new_items": 6, "matched": matched}
    assert (found.new, document["coverage"]["backfilled_24h"]) == (8, 8)
    said = " ".join(" ".join(status_lines(document)).split())
    assert "6 seen, 6 new" in said
    assert "; 8 of the past by backfill." in said


async def test_what_the_page_lists_now_is_left_to_the_polls(house: House, server: Server) -> None:
    serve_pages(server, past(server))
    house.watch(server.url("/news"), kind="listing")
    await walk(house)
    assert stories(house, "") == set()
    assert stories(house, "backfill") == set(range(6, 14))
    assert (await house.poll()).new == 6
    assert stories(house, "") == set(range(6))


async def test_months_of_an_archive_are_walked_back_to_the_month_asked_for(
    house: House, server: Server
) -> None:
    news = past(server, 20)
    months: dict[str, list[News]] = {}
    for one in news:
        assert one.day is not None
        months.setdefault(f"{one.day:%Y/%m}", []).append(one)
    links = "".join(f'<li><a href="/archive/{month}/">{month}</a></li>' for month in months)
    side = f"<aside><ul>{links}</ul></aside></main>".encode()
    server.put("/news", pages.listing(news[:6]).replace(b"</main>", side))
    for month, part in months.items():
        server.put(f"/archive/{month}/", pages.listing(part))
    house.watch(server.url("/news"), kind="listing")
    await house.poll()
    server.forget()
    found = await walk(house, 120)
    assert stories(house, "backfill") == {6, 7}
    assert found.new == 2
    asked = [path for path in server.paths() if path.startswith("/archive")]
    assert asked == [f"/archive/2026/{month:02}/" for month in (11, 10, 9, 8, 7)]


def sitemap(server: Server, entries: Sequence[tuple[str, datetime | None]]) -> bytes:
    rows = "".join(
        f"<url><loc>{server.url(path)}</loc>"
        + (f"<lastmod>{day:%Y-%m-%d}</lastmod>" if day else "")
        + "</url>"
        for path, day in entries
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


@pytest.mark.parametrize("named", [True, False])
async def test_sitemaps_give_what_stands_beside_known_items(
    house: House, server: Server, named: bool
) -> None:
    news = past(server, 12)
    paths = [(pages.path_of(server, one), one.day) for one in news]
    server.put(
        "/news/newest", pages.article("Out today, and not on the list yet", head=_dated(NOW))
    )
    server.put("/news/undated", pages.article("Ways to reach us by train and by bicycle"))
    others: list[tuple[str, datetime | None]] = [
        ("/about/team", None), ("/news/undated", None), ("/news/newest", None), ("/", None),
    ]  # fmt: skip
    place = "/maps/all.xml" if named else "/sitemap.xml"
    if named:
        server.put("/robots.txt", f"User-agent: *\nSitemap: {server.url('/index.xml')}\n")
        index = f"<sitemapindex><sitemap><loc>{server.url(place)}</loc></sitemap></sitemapindex>"
        server.put("/index.xml", index)
    server.put(place, sitemap(server, [*others, *paths]), "application/xml")
    server.put("/feed", pages.feed(news[:3]), RSS)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    server.forget()
    found = await walk(house, 100)
    assert stories(house, "backfill") == {3, 4, 5, 6}  # 15 * 6 + 1 days ago: 91
    assert (found.new, found.undated, found.sitemaps) == (4, 1, 2 if named else 1)
    assert not {"/about/team", "/news/story-9"} & set(server.paths())
    assert {item.held_back for item in house.items() if "today" in item.title} <= {""}


def _dated(day: datetime) -> str:
    return f'<meta property="article:published_time" content="{day.isoformat()}">'


async def test_a_feeds_page_gives_what_the_feed_has_no_longer(house: House, server: Server) -> None:
    news = past(server, 12)
    serve_pages(server, news)
    head = f'<head><link rel="alternate" type="{RSS}" href="/feed">'.encode()
    server.put("/feed", pages.feed(news[:6]), RSS)
    listed = pages.listing(news[:6]).replace(b"<head>", head)
    server.put("/news", listed.replace(b"</main>", b'<a href="/news?page=2">older</a></main>'))
    house.watch(server.url("/news"))
    assert (await house.poll()).kind == "feed"
    assert (await walk(house)).new == 6
    assert stories(house, "backfill") == set(range(6, 12))


async def test_undated_lists_are_dated_by_their_articles(house: House, server: Server) -> None:
    serve_pages(server, past(server, dated=False))
    house.watch(server.url("/news"), kind="listing")
    await house.poll()
    found = await walk(house)
    assert stories(house, "backfill") == set(range(6, 14))
    assert (found.pages, found.read) == (4, 18)


async def test_pages_articles_and_patience_are_bounded(
    watched: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "MAX_PAGES", 2)
    found = await walk(watched, 3650)
    assert (found.pages, found.new) == (2, 6)
    assert "2 pages" in found.stopped
    monkeypatch.setattr(backfill_items, "MAX_ARTICLES", 2)
    monkeypatch.setattr(backfill, "MAX_PAGES", 50)
    found = await walk(watched, 3650)
    assert (found.read, found.new) == (2, 2)
    assert "another walk goes on" in found.stopped
    monkeypatch.setattr(backfill_items, "MAX_ARTICLES", 500)
    for number in range(30):
        server.put(f"/news/story-{number}", Answer(b"", 500))
    found = await walk(watched, 3650)
    assert (found.new, found.failed) == (0, backfill_items.MAX_UNREAD)
    assert "did not answer" in found.stopped


@pytest.mark.parametrize("path", ["/news?page=2", "/sitemap.xml"])
async def test_a_server_that_asks_to_slow_down_is_left_alone(
    watched: House, server: Server, path: str
) -> None:
    server.put(path, Answer(b"", 429, headers={"Retry-After": "60"}))
    found = await walk(watched)
    assert found.stopped == "the server asks us to slow down"
    assert server.paths()[-1] == path


async def test_progress_is_told(watched: House) -> None:
    told: list[Backfilled] = []
    found = await walk(watched, progress=told.append)
    assert told[-1] == found
    assert [one.read for one in told] == sorted(one.read for one in told)
    assert {one.pages for one in told} == {0, 1, 2, 3, 4}


async def test_robots_rules_hold(watched: House, server: Server) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /news?page=\n")
    watched.later(days=2)
    found = await walk(watched)
    assert (found.new, found.pages) == (0, 0)
    assert not [path for path in server.paths() if "page=" in path]


async def test_a_source_that_is_polled_just_now_is_busy(watched: House) -> None:
    sources = watched.parts.sources
    assert sources.claim("one", "other:2", watched.clock(), timedelta(minutes=5))
    assert (await walk(watched)).status == "busy"


async def test_a_walk_that_cannot_begin_leaves_the_source_as_it_was(
    watched: House, server: Server
) -> None:
    before = watched.parts.sources.get("one").state
    server.put("/news", Answer(b"", 503))
    found = await walk(watched)
    assert (found.status, found.new) == ("failed", 0)
    assert "503" in found.error
    assert watched.parts.sources.get("one").state == before


async def test_a_single_page_has_no_past(house: House, server: Server) -> None:
    house.watch(server.url("/news"), kind="page")
    with pytest.raises(SourceError, match="no older items"):
        await walk(house)


def test_a_walk_says_how_far_its_items_really_go_back() -> None:
    found = Backfilled("one", NOW - timedelta(days=90), new=1, oldest=date(2026, 10, 5), pages=1)
    first, second = told(found, UTC)
    since = (NOW - timedelta(days=90)).date()
    assert first == (
        f"one: 1 item added to the archive (looked for back to {since}); the oldest of "
        "2026-10-05; it will never alert."
    )
    assert second.startswith("1 older page and 0 sitemaps in 0 requests: 0 items known")
