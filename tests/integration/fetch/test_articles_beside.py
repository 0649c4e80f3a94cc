"""Articles that are asked for beside Scrapy's engine come out as through it."""

from __future__ import annotations

import gc
import gzip
import weakref
import zlib
from typing import Any

import pytest
from scrapy.core.engine import ExecutionEngine

from crawler.fetch.asking import asking_of
from crawler.fetch.rendering import Asked
from crawler.ingest import Ingest
from crawler.model.reading import Reading
from tests.integration.fetch.conftest import MakeHouse
from tests.integration.fetch.pages import RSS, News, article, feed
from tests.integration.fetch.server import Answer, Server

HTML = {"Content-Type": "text/html; charset=utf-8"}
MEMBERS = "<p>Only members read on.</p><form><input type=password name=p></form>"
# Path of an article → what its server answers there: asked for beside the engine, or handed on.
PLAIN = {
    "/plain": Answer(article("Plain"), headers=HTML),
    "/gzip": Answer(gzip.compress(article("Packed")), headers={**HTML, "Content-Encoding": "gzip"}),
    "/deflate": Answer(
        zlib.compress(article("Deflated")), headers={**HTML, "Content-Encoding": "deflate"}
    ),
    "/odd path/ä": Answer(article("Odd"), headers=HTML),
    "/latin": Answer(
        raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Place: M\xfcnchen\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(article("Latin")), article("Latin"))
    ),
    "/gone": Answer(b"gone", 410, HTML),
    "/file": Answer(b"%PDF-1.4 broken", headers={"Content-Type": "application/pdf"}),
    "/members": Answer(MEMBERS.encode(), 401, HTML),
    "/empty": Answer(headers=HTML),
    "/barred/page": Answer(article("Barred"), headers=HTML),
    "/large": Answer(b"<p>" + b"large " * 30_000, headers=HTML),
    "/cut": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<h1>Cut"),
    "/full": Answer(b"busy", 503, {"Retry-After": "120"}),  # the last: its host is left alone then
}
ENGINES = {
    "/for-good": Answer(status=301, headers={"Location": "/moved"}),
    "/for-now": Answer(status=302, headers={"Location": "/moved"}),
    "/to-barred": Answer(status=302, headers={"Location": "/barred/page"}),
    "/round": Answer(status=302, headers={"Location": "/round"}),
    "/latin-for-now": Answer(
        raw=b"HTTP/1.1 302 Found\r\nLocation: /moved\r\nX-Place: M\xfcnchen\r\n"
        b"Content-Length: 0\r\n\r\n"
    ),
    "/refresh": Answer(b'<meta HTTP-EQUIV=Refresh content="0; url=/moved">', headers=HTML),
    "/broken": Answer(
        gzip.compress(article("Broken"))[:-9], headers={**HTML, "Content-Encoding": "gzip"}
    ),
}


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    """What the polls read."""
    found: list[Reading] = []
    store = Ingest.store

    def stored(ingest: Ingest, reading: Reading, *args: Any, **how: Any) -> Any:
        found.append(reading)
        return store(ingest, reading, *args, **how)

    monkeypatch.setattr(Ingest, "store", stored)
    return found


@pytest.fixture
def by_engine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths that Scrapy's engine was asked for."""
    seen: list[str] = []
    download = ExecutionEngine.download_async

    async def downloaded(engine: Any, request: Any) -> Any:
        seen.append("/" + request.url.split("/", 3)[3])
        return await download(engine, request)

    monkeypatch.setattr(ExecutionEngine, "download_async", downloaded)
    return seen


async def test_articles_are_read_as_the_engine_would_have_them(
    make_house: MakeHouse,
    server: Server,
    readings: list[Reading],
    by_engine: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = make_house(max_page_bytes=100_000)
    serve(server)
    house.watch(server.url("/feed"), kind="feed")
    row = house.parts.sources.get("one")
    async with house.crawl() as crawl:
        await crawl.poll(row, dry_run=True, articles=False)  # robots.txt is known
        server.forget()
        by_engine.clear()
        await crawl.poll(row, dry_run=True)
        paths, beside = server.paths(), list(by_engine)
        server.forget()
        monkeypatch.setattr(Asked, "is_plain", False)
        await crawl.poll(row, dry_run=True)
    *_, ours, engines = readings
    assert len(ours.entries) == len(PLAIN) + len(ENGINES)
    assert ours == engines
    assert (paths, beside) == (server.paths(), list(ENGINES))


async def test_what_asks_beside_the_engine_ends_with_its_crawl(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house()
    serve(server)
    house.watch(server.url("/feed"), kind="feed")
    async with house.crawl() as crawl:
        await crawl.poll(house.parts.sources.get("one"), dry_run=True, articles=False)
        asking = weakref.ref(asking_of(next(iter(crawl._runner.crawlers))))
    del crawl
    gc.collect()
    assert asking() is None


def serve(server: Server) -> None:
    """A feed with all these articles, and where some lead to."""
    every = {**ENGINES, **PLAIN}
    for path, answer in every.items():
        server.put(path.replace(" ", "%20").replace("ä", "%C3%A4"), answer)
    server.put("/robots.txt", "User-agent: *\nDisallow: /barred\n", "text/plain")
    server.put("/moved", article("Moved"))
    news = [News(server.url(path), f"About {path}", guid=path) for path in every]
    server.put("/feed", feed(news), RSS)
