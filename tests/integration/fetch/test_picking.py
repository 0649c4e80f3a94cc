"""Which list of a page a number means: the same wherever it is told."""

from __future__ import annotations

import pytest

from crawler.errors import FetchError, UsageError
from crawler.extract.detection import Detection
from crawler.extract.listing import ListingHints
from crawler.model.item import RawItem
from crawler.model.source import Source
from crawler.source_changes import (
    WatchedError,
    add_source,
    detected,
    refuse_empty,
    refuse_no_addresses,
    refuse_same_list,
    refuse_watched,
)
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.server import Answer, Server

HTML = "text/html; charset=utf-8"


def two_lists(server: Server, news: int = 5, jobs: int = 4) -> None:
    """News, jobs and a feed of comments; everything but the jobs is dated."""
    rows = "".join(
        f"<li><h3><a href='/news/{n}-the-hall'>Cluster opens hall {n} in the old harbour</a></h3>"
        f"<time datetime='2026-11-{n + 10}'></time></li>"
        for n in range(news)
    )
    posts = "".join(
        f"<p class='job'><a href='/jobs/{n}-welder'>Welder for the hall number {n} wanted</a></p>"
        for n in range(jobs)
    )
    body = f"<h2>News</h2><ul>{rows}</ul><h2>Jobs</h2><div class='jobs'>{posts}</div>"
    link = "<link rel='alternate' type='application/rss+xml' href='/feed'>"
    page = f"<html lang='en'><head><title>Cluster</title>{link}</head><body>{body}</body></html>"
    server.put("/all", page.encode(), HTML)
    server.put("/feed", pages.feed(pages.some(server.url(), 3)), pages.RSS)


async def test_allowed_addresses_leave_the_numbers_as_they_are(
    house: House, server: Server
) -> None:
    two_lists(server)
    url = server.url("/all")
    async with house.crawl() as crawl:
        free = await detected(crawl, url, ListingHints())
        narrow = await detected(crawl, url, ListingHints(only_links=("/jobs/3*",)))
        jobs = next(
            number
            for number, one in enumerate(free.candidates, 1)
            if one.items and all("/jobs/" in item.url for item in one.items)
        )
        picked = await detected(crawl, url, ListingHints(only_links=("/jobs/3*",)), jobs)
    assert [one.label for one in narrow.candidates] == [one.label for one in free.candidates]
    assert [item.url for item in picked.items] == [server.url("/jobs/3-welder")]


async def test_a_list_that_was_asked_for_names_no_feed(house: House, server: Server) -> None:
    two_lists(server)
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/all"), ListingHints(like=("/jobs/1-welder",)))
    assert found.why.startswith("as asked")
    assert found.feed_url == ""


async def test_a_page_that_says_it_is_not_there_is_told_as_missing(
    house: House, server: Server
) -> None:
    lost = pages.article("Page not found", "The valley has a cluster of many firms. " * 200)
    server.put("/old-news", lost, HTML)
    async with house.crawl() as crawl:
        with pytest.raises(FetchError, match="no such page, though with status 200"):
            await crawl.detect(server.url("/old-news"))


async def test_a_number_that_is_not_there_is_refused(house: House, server: Server) -> None:
    two_lists(server)
    async with house.crawl() as crawl:
        with pytest.raises(UsageError, match="candidates"):
            await detected(crawl, server.url("/all"), ListingHints(), 99)


async def test_patterns_that_allow_nothing_of_a_page_are_named(
    house: House, server: Server
) -> None:
    two_lists(server)
    server.put("/feed", b"no feed", HTML)
    url = server.url("/all")
    async with house.crawl() as crawl:
        found = await detected(crawl, url, ListingHints(only_links=("/blog/*",)))
    with pytest.raises(UsageError, match="only_links and skip_links allow none of its items, such"):
        refuse_empty(found, url)


async def test_two_sources_watch_two_lists_of_a_page_but_never_the_same(
    house: House, server: Server
) -> None:
    two_lists(server)
    url, store = server.url("/all"), house.parts.sources
    async with house.crawl() as crawl:
        news = await detected(crawl, url, ListingHints(like=("/news/1-the-hall",)))
        jobs = await detected(crawl, url, ListingHints(like=("/jobs/1-welder",)))
        add_source(store, Source("news", "News", url), news, house.moment)
        with pytest.raises(WatchedError, match='"news" watches'):
            refuse_same_list(store, Source("again", "Again", url), news)
        refuse_same_list(store, Source("few", "Few", url, only_links=("/news/1*",)), news)
        refuse_same_list(store, Source("jobs", "Jobs", url), jobs)
        add_source(store, Source("jobs", "Jobs", url), jobs, house.moment)
        polled = [await crawl.poll(store.get(name)) for name in ("news", "jobs", "jobs")]
    assert [(one.status, one.new) for one in polled] == [("ok", 5), ("ok", 4), ("unchanged", 0)]


def test_what_is_watched_is_named_by_its_own_address(house: House) -> None:
    house.watch("http://a.example/all", "first")
    with pytest.raises(WatchedError, match=r"watches http://a\.example/all already"):
        refuse_watched(house.parts.sources, "https://a.example/all")


def test_a_list_nobody_has_read_yet_is_read_before_a_second_one(house: House) -> None:
    url = "https://a.example/all"
    house.watch(url, "first")
    found = Detection("listing", items=(RawItem(f"{url}/1", "One"),), learned={"paths": ["a<li"]})
    with pytest.raises(UsageError, match="not known yet"):
        refuse_same_list(house.parts.sources, Source("second", "Second", url), found)


def test_an_item_to_be_found_is_the_address_of_a_page() -> None:
    refuse_no_addresses(["/news/1", "https://a.example/news/2"], "https://a.example/")
    with pytest.raises(UsageError, match=r"--like ftp://a\.example/x: "):
        refuse_no_addresses(["ftp://a.example/x"], "https://a.example/")


async def test_an_address_that_leads_home_is_said_to(house: House, server: Server) -> None:
    server.put("/news", Answer(status=301, headers={"Location": "/"}))
    server.put("/", pages.listing(pages.some(server.url(), 5)))
    async with house.crawl() as crawl:
        moved, home = await crawl.detect(server.url("/news")), await crawl.detect(server.url("/"))
    assert moved.why.startswith(f"the address leads to the site's home page now: {server.url('/')}")
    assert "home page" not in home.why
