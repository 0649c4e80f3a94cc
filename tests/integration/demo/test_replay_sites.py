"""The replayed sites: what they serve, how they answer, and what a publication changes."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import feedparser
import pytest
from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

from alerts.demo.saved import demo_root, load_sites
from alerts.demo.sites import ReplaySites
from crawler.errors import ConfigError

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # already the 22nd in Saxony
EXPECTED: dict[str, Any] = json.loads((demo_root() / "expected.json").read_text(encoding="utf-8"))
ITEMS = [
    pytest.param(site, item, id=f"{site}:{item['title'][:40]}")
    for site, about in EXPECTED["sites"].items()
    for item in about["items"]
]


@pytest.fixture
async def sites() -> AsyncIterator[ReplaySites]:
    async with ReplaySites(demo_root()) as served:
        yield served


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def soup(http: aiohttp.ClientSession, url: str) -> BeautifulSoup:
    async with http.get(url) as answer:
        assert answer.status == 200, url
        return parsed(await answer.text())


def parsed(markup: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        # One site sends XHTML with an XML declaration as text/html, as many such sites do.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "lxml")


def words(text: str) -> str:
    return " ".join(text.split())


def links(page: BeautifulSoup, url: str) -> Iterator[str]:
    """Absolute addresses that the page links or loads, without fragments."""
    base = page.find("base")
    start = urljoin(url, str(base["href"])) if base else url
    for tag in page.find_all(["a", "link", "img"]):
        target = str(tag.get("href") or tag.get("src") or "")
        if target and not target.startswith(("#", "mailto:", "javascript:")):
            yield urljoin(start, target).partition("#")[0]


async def test_every_site_has_its_own_origin_on_loopback(sites: ReplaySites) -> None:
    assert set(sites.origins) == set(EXPECTED["sites"])
    assert len(set(sites.origins.values())) == 6
    assert {urlsplit(origin).hostname for origin in sites.origins.values()} == {"127.0.0.1"}


@pytest.mark.parametrize(("site", "item"), ITEMS)
def test_every_expected_item_is_a_saved_page(site: str, item: dict[str, Any]) -> None:
    saved = {s.id: s for s in load_sites(demo_root())}[site]
    path, _, query = item["path"].partition("?")
    assert any(page.path == path and len(page.query) == query.count("=") for page in saved.pages)


async def test_listings_name_every_expected_item_newest_first(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    for site in sites:
        page = await soup(http, site.start_url)
        seen = list(dict.fromkeys(links(page, site.start_url)))
        wanted = [site.origin + item["path"] for item in EXPECTED["sites"][site.id]["items"]]
        assert [url for url in seen if url in wanted] == wanted, site.id


async def test_article_pages_show_title_and_day(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    for site in sites:
        for item in EXPECTED["sites"][site.id]["items"]:
            page = await soup(http, site.origin + item["path"])
            heading = page.find("h1")
            assert heading is not None
            assert words(heading.get_text()) == item["title"]
            if item["published"]:
                assert any(form in words(page.get_text()) for form in forms(item["published"]))


def forms(day: str) -> list[str]:
    """How the six sites print a day."""
    when = datetime.fromisoformat(day)
    months = {
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "en": "January February March April May June July August September October November "
        "December",
    }
    german, english = (months[code].split()[when.month - 1] for code in ("de", "en"))
    return [
        when.strftime("%d.%m.%Y"),
        when.strftime("%d-%m-%y"),
        f"{when.day}. {german} {when.year}",
        f"{english} {when.day}, {when.year}",
        f"{when.day} {english} {when.year}",
    ]


async def test_the_undated_seed_has_no_date_anywhere_on_its_page_or_in_the_feed(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    origin = sites.origins["group-gac"]
    (item,) = [i for i in EXPECTED["sites"]["group-gac"]["items"] if i["seed"] == "002"]
    assert item["published"] is None
    page = await soup(http, origin + item["path"])
    assert page.find("time") is None
    assert "datePublished" not in str(page)
    assert "published_time" not in str(page)
    async with http.get(f"{origin}/en/feed/") as answer:
        feed = feedparser.parse(await answer.read())
    undated = [entry.link for entry in feed.entries if "published" not in entry]
    assert undated == [origin + item["path"]]
    assert len(feed.entries) == len(EXPECTED["sites"]["group-gac"]["items"])
    assert not feed.bozo


async def test_the_advertised_feed_of_the_block_theme_is_gone(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    site = sites["ag-schie"]
    page = await soup(http, site.start_url)
    feeds = [str(link["href"]) for link in page.select("link[type='application/rss+xml']")]
    assert len(feeds) == 2
    for feed in feeds:
        async with http.get(feed) as answer:
            assert answer.status == 404
            assert "Seite nicht gefunden" in await answer.text()


async def test_the_table_site_speaks_windows_1252(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    site = sites["clusterexcellencedenmark"]
    async with http.get(site.start_url) as answer:
        body = await answer.read()
        assert answer.headers["Content-Type"] == "text/html; charset=windows-1252"
    assert "Stærkt nationalt partnerskab".encode("windows-1252") in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


async def test_parameters_that_select_nothing_change_nothing(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    origin = sites.origins["clusterexcellencedenmark"]
    address = f"{origin}/da-DK/Nyhed.aspx?M=NewsV2&utm_source=x&NewsId=796&PID=19&Action=1"
    assert "Stærkt nationalt partnerskab" in (await soup(http, address)).get_text()
    async with http.get(f"{origin}/da-DK/Nyhed.aspx?Action=1&M=NewsV2&PID=19") as answer:
        assert answer.status == 404


async def test_every_internal_link_leads_somewhere(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    gone = {"/de/feed/", "/de/comments/feed/", "/wp-json/"}  # the last is no page for people
    missing = set()
    for site in sites:
        todo, seen = [site.start_url], {site.start_url}
        while todo:
            url = todo.pop()
            async with http.get(url) as answer:
                if answer.status != 200 and urlsplit(url).path not in gone:
                    missing.add(url)
                if "html" not in answer.headers.get("Content-Type", ""):
                    continue
                page = parsed(await answer.text())
            inside = {found for found in links(page, url) if found.startswith(site.origin)}
            todo += inside - seen
            seen |= inside
    assert missing == set()


async def test_no_page_leaves_a_placeholder_behind(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    for site in sites:
        for page in site.saved.pages:
            if page.is_text:
                async with http.get(site.origin + page.path, params=sorted(page.query)) as answer:
                    assert answer.status == 200
                    assert b"{{" not in await answer.read()


async def test_an_unchanged_page_is_answered_with_304(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    url = sites["biosaxony"].start_url
    async with http.get(url) as first:
        tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert tag.startswith('"')
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": changed}):
        async with http.get(url, headers=headers) as again:
            assert again.status == 304
            assert again.headers["ETag"] == tag
            assert await again.read() == b""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other", W/TAG'}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": "CHANGED"}, 200),
        ({"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ],
)
async def test_conditions_follow_rfc_9110(
    sites: ReplaySites, http: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    url = sites["biosaxony"].start_url
    async with http.get(url) as first:
        tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    asked = {n: v.replace("TAG", tag).replace("CHANGED", changed) for n, v in headers.items()}
    async with http.get(url, headers=asked) as again:
        assert again.status == status


async def test_head_gives_the_headers_alone(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    async with http.head(sites["biosaxony"].start_url) as answer:
        assert answer.status == 200
        assert answer.headers["ETag"]
        assert int(answer.headers["Content-Length"]) > 1000


async def test_other_methods_are_refused(sites: ReplaySites, http: aiohttp.ClientSession) -> None:
    async with http.post(sites["biosaxony"].start_url, data="x") as answer:
        assert answer.status == 405


@pytest.mark.parametrize(
    ("site", "path", "target"),
    [
        ("ag-schie", "/de/aktuelles/", "/de/aktuelles"),
        ("group-gac", "/en/news", "/en/news/"),
    ],
)
async def test_slash_twins_are_redirected(
    sites: ReplaySites, http: aiohttp.ClientSession, site: str, path: str, target: str
) -> None:
    async with http.get(sites.origins[site] + path, allow_redirects=False) as answer:
        assert answer.status == 301
        assert answer.headers["Location"] == target


async def test_a_site_can_be_out_of_order_for_a_while(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    site = sites["biosaxony"]
    site.outage = 503
    async with http.get(site.start_url) as answer:
        assert answer.status == 503
    site.outage = None
    async with http.get(site.start_url) as answer:
        assert answer.status == 200


async def test_robots_txt_keeps_out_of_the_back_office_alone(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    delays = 0
    for site in sites:
        async with http.get(f"{site.origin}/robots.txt") as answer:
            text = await answer.text()
            assert answer.headers["Content-Type"].startswith("text/plain")
        assert "Disallow: /" in text
        assert "Disallow: /\n" not in text
        delays += "Crawl-delay" in text
    assert delays == 1


async def test_requests_are_logged_with_path_status_headers_and_time(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    site = sites["biosaxony"]
    async with http.get(site.start_url, headers={"If-None-Match": "*"}):
        pass
    async with http.get(f"{site.origin}/nothing?here=1"):
        pass
    first, second = site.requests
    assert (first.method, first.path, first.status, first.conditional) == (
        "GET",
        "/news",
        304,
        True,
    )
    assert (second.path, second.status, second.conditional) == ("/nothing?here=1", 404, False)
    assert "aiohttp" in second.headers["user-agent"]
    assert first.time <= second.time
    assert sites.requests == (first, second)


async def test_the_held_back_item_is_nowhere_before_it_is_published(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    site, path = sites[sites.publication_site], EXPECTED["published"]["path"]
    async with http.get(site.origin + path) as answer:
        assert answer.status == 404
    async with http.get(site.start_url) as answer:
        assert sites.publication_title not in await answer.text()


async def test_a_publication_adds_one_item_dated_today_in_the_sites_zone(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    site = sites[sites.publication_site]
    async with http.get(site.start_url) as before:
        old_tag, old_links = before.headers["ETag"], len((await before.text()).split('href="'))
    url = sites.publish(NOW)
    async with http.get(site.start_url, headers={"If-None-Match": old_tag}) as answer:
        assert answer.status == 200
        assert parsedate_to_datetime(answer.headers["Last-Modified"]) == NOW
        text = await answer.text()
    assert len(text.split('href="')) == old_links + 1
    assert text.index(sites.publication_title) < text.index(
        EXPECTED["sites"][site.id]["items"][0]["title"]
    )
    assert "22.11.2026" in text
    page = await soup(http, url)
    assert "22.11.2026" in page.get_text()
    assert words(page.h1.get_text() if page.h1 else "") == EXPECTED["published"]["title"]


async def test_a_publication_leaves_the_other_sites_unchanged(
    sites: ReplaySites, http: aiohttp.ClientSession
) -> None:
    tags = {}
    for site in sites:
        async with http.get(site.start_url) as answer:
            tags[site.id] = answer.headers["ETag"]
    sites.publish(NOW)
    changed = []
    for site in sites:
        async with http.get(site.start_url, headers={"If-None-Match": tags[site.id]}) as answer:
            if answer.status == 200:
                changed.append(site.id)
    assert changed == [sites.publication_site]


async def test_sites_are_served_from_a_zip_as_from_an_installed_package(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    async with ReplaySites(zipfile.Path(zipped_demo(tmp_path), "demo/")) as sites:
        assert len(sites) == 6
        page = await soup(http, sites["welfaretech"].start_url)
        assert page.h1 is not None


def zipped_demo(folder: Path) -> Path:
    archive = folder / "demo.zip"
    source = Path(str(demo_root()))
    with zipfile.ZipFile(archive, "w") as zipped:
        for file in source.rglob("*"):
            zipped.write(file, f"demo/{file.relative_to(source)}")
    return archive


def test_a_folder_without_sites_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="site"):
        load_sites(tmp_path)


@pytest.mark.parametrize("manifest", ["id = ", 'id = "x"\nname = "X"'])
def test_a_broken_manifest_is_named(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "site.toml").write_text(manifest, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"site\.toml"):
        load_sites(tmp_path)
