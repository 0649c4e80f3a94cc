"""How the peers of ``bench/sites.py`` fetch: a minimal aiohttp + feedparser loop.

It reads every feed, hands each article that one names to a reader, keeps the texts in memory and
prints one line of JSON; no robots.txt, pauses, topics, stories or storage. Feed addresses come on
stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable

import aiohttp
import feedparser

from bench.measure import measured

AT_ONCE = 32


async def read_articles(text_of: Callable[[bytes, str], str]) -> None:
    """One round; ``text_of`` gives a page's text (page, address)."""
    feeds: list[str] = json.loads(sys.stdin.readline())
    places = asyncio.Semaphore(AT_ONCE)
    texts: dict[str, str] = {}
    async with aiohttp.ClientSession() as session:

        async def get(url: str) -> bytes:
            async with places, session.get(url) as answer:
                return await answer.read()

        async def article(url: str) -> None:
            texts[url] = text_of(await get(url), url)

        async def feed(url: str) -> None:
            entries = feedparser.parse(await get(url)).entries
            await asyncio.gather(*(article(entry.link) for entry in entries))

        with measured() as cost:
            await asyncio.gather(*(feed(url) for url in feeds))
    print(json.dumps({**vars(cost), "texts": texts}))
