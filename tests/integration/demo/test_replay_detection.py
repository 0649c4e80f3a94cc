"""Detection reads the replayed lists as a person would: all of the news and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from alerts.demo.saved import demo_root
from alerts.demo.sites import ReplaySite, ReplaySites
from crawler.extract.detect import Detection, detect

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SITES: dict[str, Any] = json.loads((demo_root() / "expected.json").read_text("utf-8"))["sites"]


async def detected(site: ReplaySite, path: str) -> Detection:
    async with aiohttp.ClientSession() as http, http.get(site.origin + path) as answer:
        kind = answer.headers["Content-Type"]
        body = await answer.read()
    return detect(body, site.origin + path, content_type=kind, zone=site.saved.zone, now=NOW)


def expected(site: ReplaySite) -> dict[str, dict[str, Any]]:
    return {site.origin + item["path"]: item for item in SITES[site.id]["items"]}


@pytest.mark.parametrize("name", SITES)
async def test_a_list_gives_its_news_and_nothing_else(name: str) -> None:
    async with ReplaySites(demo_root()) as sites:
        site = sites[name]
        found = await detected(site, site.saved.start)
        wanted = expected(site)
    assert found.kind == "listing"
    assert {item.url: item.title for item in found.items} == {
        url: item["title"] for url, item in wanted.items()
    }


@pytest.mark.parametrize("name", SITES)
async def test_a_list_gives_no_day_that_is_not_the_items_own(name: str) -> None:
    async with ReplaySites(demo_root()) as sites:
        site = sites[name]
        found = await detected(site, site.saved.start)
        wanted = expected(site)
    dated = {item.url: item.published.day.isoformat() for item in found.items if item.published}
    assert dated.items() <= {(url, item["published"]) for url, item in wanted.items()}
    assert len(dated) >= len(wanted) - 1


async def test_the_feed_gives_every_item_and_no_day_for_the_undated_one() -> None:
    async with ReplaySites(demo_root()) as sites:
        site = sites["group-gac"]
        found = await detected(site, SITES["group-gac"]["feed"])
        wanted = expected(site)
    assert found.kind == "feed"
    days = {i.url: i.published.day.isoformat() if i.published else None for i in found.items}
    assert days == {url: item["published"] for url, item in wanted.items()}


@pytest.mark.parametrize(("name", "feed"), [("group-gac", "/en/feed/"), ("ag-schie", "/de/feed/")])
async def test_an_advertised_feed_is_named(name: str, feed: str) -> None:
    async with ReplaySites(demo_root()) as sites:
        site = sites[name]
        found = await detected(site, site.saved.start)
    assert found.feed_url == site.origin + feed
