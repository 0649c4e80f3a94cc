"""The peer of ``bench/sites.py``: a minimal aiohttp + feedparser + trafilatura loop.

It reads every feed and the text of every article it names, keeps them in memory, and prints one
line of JSON; no robots.txt, pauses, topics, stories or storage. Feed addresses come on stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import aiohttp
import feedparser
from trafilatura import bare_extraction

from bench.measure import measured

AT_ONCE = 32


async def main() -> None:
    """One round."""
    feeds: list[str] = json.loads(sys.stdin.readline())
    bare_extraction("<html><body><p>warm</p></body></html>")
    places = asyncio.Semaphore(AT_ONCE)
    texts: dict[str, str] = {}
    async with aiohttp.ClientSession() as session:

        async def get(url: str) -> bytes:
            async with places, session.get(url) as answer:
                return await answer.read()

        async def article(url: str) -> None:
            found = bare_extraction(await get(url), url, with_metadata=True, include_comments=False)
            texts[url] = (found.text if found else "") or ""

        async def feed(url: str) -> None:
            entries = feedparser.parse(await get(url)).entries
            await asyncio.gather(*(article(entry.link) for entry in entries))

        with measured() as cost:
            await asyncio.gather(*(feed(url) for url in feeds))
    print(json.dumps({**vars(cost), "texts": texts}))


if __name__ == "__main__":
    asyncio.run(main())
