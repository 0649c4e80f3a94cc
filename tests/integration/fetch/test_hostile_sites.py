"""The crawl meets every hostile file as a source: one line each, clean rows, and it goes on."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import MakeHouse
from tests.integration.fetch.server import Answer, Server

HOSTILE = Path(__file__).parents[2] / "fixtures/hostile"
KINDS = {"feeds": "feed", "pages": "listing", "sitemaps": "sitemap", "robots": "feed"}
TYPES = {"feeds": "application/rss+xml", "pages": "text/html", "sitemaps": "application/xml"}
DIRECTIONS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def is_clean(text: str) -> bool:
    """No character that a terminal, a mail or a reader's eye would take for something else."""
    controls = {one for one in text if unicodedata.category(one) in ("Cc", "Cs")} - {"\n"}
    return not controls and not DIRECTIONS & set(text)


async def test_every_hostile_source_is_one_line_and_the_others_go_on(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house()
    files = [path for kind in KINDS for path in sorted((HOSTILE / kind).iterdir())]
    for number, file in enumerate(files):
        body = file.read_bytes().replace(b"https://news.example", server.url("").encode())
        kind = file.parent.name
        path = f"/{kind}/{file.name}"
        server.put(path, Answer(body, headers={"Content-Type": TYPES.get(kind, "text/plain")}))
        house.watch(server.url(path), f"hostile-{number}", kind=KINDS[kind])
    news = pages.some(server.url(), 1)
    server.put("/healthy", pages.feed(news), pages.RSS)
    for one in news:
        server.put(one.url.removeprefix(server.url("")), pages.article(one.title))
    house.watch(server.url("/healthy"), "healthy", kind="feed")

    async with house.crawl() as crawl:
        outcomes = {
            row.source.id: await crawl.poll(house.parts.sources.get(row.source.id))
            for row in house.parts.sources.all()
        }

    assert len(outcomes) == len(files) + 1
    assert outcomes["healthy"].new == 1
    for outcome in outcomes.values():
        assert is_clean(outcome.error)
        assert "\n" not in outcome.error
        assert "Traceback" not in outcome.error
    items = house.items()
    assert len(items) > 20  # they are read, not merely refused
    for item in items:
        assert is_clean(item.title), item
        assert "\n" not in item.title
        assert is_clean(item.summary + item.text + item.author), item
        for url in (item.url, item.canonical_url, item.image):
            parts = urlsplit(url)
            assert parts.scheme in ("http", "https", ""), item
            assert "@" not in parts.netloc, item
    assert not [item for item in items if "root:x:" in item.title + item.text]
