"""The peer of ``bench/polls.py``: a minimal aiohttp + feedparser loop over the farm's feeds.

It keeps validators in memory, parses what is not 304 and counts what it had not seen; it has no
robots.txt, no pauses, no guard, no storage. Reads commands from stdin, one a line (``round NAME``),
and prints a line of JSON for each. A command that is a JSON object of addresses and ETags says that
these feeds were read before.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import aiohttp
import feedparser

from bench.measure import measured

AT_ONCE = 32


class Loop:
    """The whole reader."""

    def __init__(self, session: aiohttp.ClientSession, urls: list[str]) -> None:
        self._session = session
        self._urls = urls
        self._known: dict[str, dict[str, str]] = {}
        self._seen: set[str] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self.new = 0

    async def warm(self) -> None:
        """robots.txt of every host, so that both sides begin with open connections."""
        await asyncio.gather(*(self._robots(url) for url in self._urls))

    def forget(self) -> None:
        """Nothing was read before."""
        self._known.clear()
        self._seen.clear()

    def know(self, etags: dict[str, str]) -> None:
        """These were read before."""
        self._known = {url: {"If-None-Match": etag} for url, etag in etags.items()}

    async def round(self) -> None:
        """Every feed once."""
        self.new = 0
        await asyncio.gather(*(self._poll(url) for url in self._urls))

    async def _robots(self, url: str) -> None:
        async with self._places, self._session.get(url.replace("/feed/", "/robots.txt")) as answer:
            await answer.read()

    async def _poll(self, url: str) -> None:
        headers = self._known.get(url, {})
        async with self._places, self._session.get(url, headers=headers) as answer:
            if answer.status == 304:
                return
            body = await answer.read()
        found = {"If-None-Match": answer.headers.get("ETag", ""),
                 "If-Modified-Since": answer.headers.get("Last-Modified", "")}  # fmt: skip
        self._known[url] = {name: value for name, value in found.items() if value}
        for entry in feedparser.parse(body).entries:
            identity = entry.get("id") or entry.get("link")
            if identity not in self._seen:
                self._seen.add(identity)
                self.new += 1


async def main() -> None:
    """Answer commands until stdin ends."""
    urls: list[str] = json.loads(sys.stdin.readline())
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        loop = Loop(session, urls)
        await loop.warm()
        print(json.dumps({"ready": True}), flush=True)
        while (line := await asyncio.to_thread(sys.stdin.readline)).strip():
            if line.startswith("{"):
                loop.know(json.loads(line))
                line = "known"
            elif "cold" in line:
                loop.forget()
            with measured() as cost:
                await loop.round()
            told = {"round": line.strip(), "new": loop.new, **vars(cost)}
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
