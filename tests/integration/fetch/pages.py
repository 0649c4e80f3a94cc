"""Small feeds, listings and articles, written by the test that serves them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import ParamSpec, TypeVar

from crawler.fetch.parsing import InlineParsing
from tests.integration.fetch.server import Server

P = ParamSpec("P")
R = TypeVar("R")

SHORT = timedelta(milliseconds=500)  # time for one response, where a test waits for its end
RSS = "application/rss+xml"
WORDS = (
    "The regional cluster reports that its members agreed on a joint programme for the coming "
    "year. Small firms and two institutes share machines, people and results, and the board "
    "expects the first prototypes before summer. Visitors are welcome at the open day."
)


@dataclass(frozen=True)
class News:
    """One item as a feed or listing tells it."""

    url: str
    title: str
    day: datetime | None = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    guid: str = ""
    summary: str = "In short: members agreed."


def feed(news: Iterable[News], title: str = "Cluster news", extra: str = "") -> bytes:
    """RSS 2.0."""
    entries = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.url)}</link>"
        + (f"<pubDate>{format_datetime(one.day)}</pubDate>" if one.day else "")
        + (f'<guid isPermaLink="false">{escape(one.guid)}</guid>' if one.guid else "")
        + f"<description>{escape(one.summary)}</description></item>"
        for one in news
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>https://cluster.example/</link>"
        f"<description>News</description>{extra}{entries}</channel></rss>"
    ).encode()


def article(title: str, text: str = WORDS, head: str = "") -> bytes:
    """A page with one article."""
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title>{head}</head>'
        f"<body><nav><a href='/'>Home</a></nav><main><article><h1>{escape(title)}</h1>"
        f"<p>{escape(text)}</p><p>{escape(title)} is told here in more words than before.</p>"
        "</article></main><footer>Imprint</footer></body></html>"
    ).encode()


def listing(news: Iterable[News]) -> bytes:
    """A page with a list of cards."""
    cards = "".join(
        f'<li class="news-item"><h3><a href="{escape(one.url)}">{escape(one.title)}</a></h3>'
        + (f'<time datetime="{one.day:%Y-%m-%d}">{one.day:%d.%m.%Y}</time>' if one.day else "")
        + f"<p>{escape(one.summary)}</p></li>"
        for one in news
    )
    return (
        '<!doctype html><html lang="en"><head><title>News of the cluster</title></head><body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About</a></li></ul></nav>'
        f'<main><h1>News</h1><ul class="news-list">{cards}</ul></main>'
        "<footer><a href='/imprint'>Imprint</a></footer></body></html>"
    ).encode()


TITLES = (
    "Laser sintering line opens in the harbour district",
    "Four members win the regional innovation prize",
    "Workshop on hydrogen valves draws eighty engineers",
    "New board elected at the annual assembly",
    "Battery recycling pilot starts with two partners",
    "Students build a rover for vineyards",
)


def some(base: str, count: int, **values: object) -> list[News]:
    """``count`` different items below an address that ends in a slash."""
    return [
        News(f"{base}news/{number}-{title.split()[0].lower()}", title, guid=f"id-{number}")
        for number, title in enumerate(TITLES[:count], 1)
    ]


class ThreadParsing(InlineParsing):
    """Reads beside the loop, as the pool of processes does, without starting any."""

    async def run(self, task: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.to_thread(task, *args, **kwargs)


def path_of(server: Server, news: News) -> str:
    """Where the server keeps an item's page."""
    return news.url.removeprefix(server.url(""))


def serve_feed(server: Server, count: int = 3) -> list[News]:
    """A feed at ``/feed`` and its articles."""
    news = some(server.url(), count)
    server.put("/feed", feed(news), RSS)
    for one in news:
        server.put(path_of(server, one), article(one.title))
    return news
