"""The farm's server: every site on a loopback address of its own, one port, keep-alive.

    python -m bench.farm.server --sites 1000 [--port 0] [--entries 20]

Prints one line of JSON with its port. Site ``n`` answers at ``address_of(n)``: ``/`` and ``/news``
list, ``/feed/`` is the feed, ``/robots.txt`` allows everything; pages carry ETag and Last-Modified
and are answered 304. What an experiment changes is asked for at 127.0.0.1, which is no site:
``/-/advance?sites=5`` (one more article on every n-th site), ``/-/advance?site=7`` (on that one),
``/-/fault?kind=slow&sites=3`` (``kind=`` of FAULTS, on every n-th site), ``/-/hang-up`` (every
connection), ``/-/etags`` (of the feeds, by site), ``/-/counts`` (requests by status), ``/-/reset``.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.farm.pages import Site
from bench.farm.prose import Told

SLOW_SECONDS = 0.5
FAULTS = ("slow", "drop", "short", "error", "busy", "unvalidated", "lying-etag")
_REASONS = {200: "OK", 304: "Not Modified", 404: "Not Found", 429: "Too Many Requests",
            500: "Internal Server Error"}  # fmt: skip


def address_of(number: int) -> str:
    """The loopback address of a site."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


def number_of(address: str) -> int:
    """The site at an address; -1 for the one that takes orders."""
    _, high, middle, low = (int(part) for part in address.split("."))
    return (high - 1) * 62_500 + middle * 250 + low - 1 if high else -1


@dataclass(frozen=True, slots=True)
class Answer:
    """One page as bytes, rendered once."""

    body: bytes
    kind: str
    etag: str
    modified: str


@dataclass
class Farm:
    """All sites, what changed since the start, and what is out of order."""

    size: int
    port: int = 0
    entries: int = 20
    revisions: Counter[int] = field(default_factory=Counter)
    faults: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    connections: set[Connection] = field(default_factory=set)
    _sites: dict[int, Site] = field(default_factory=dict)
    _articles: dict[int, dict[str, Told]] = field(default_factory=dict)
    _answers: dict[tuple[int, str], Answer] = field(default_factory=dict)

    def site(self, number: int) -> Site:
        if number not in self._sites:
            origin = f"http://{address_of(number)}:{self.port}"
            self._sites[number] = Site(number, origin, self.entries)
        return self._sites[number]

    def advance(self, sites: Iterable[int]) -> None:
        """One more article on each of the sites."""
        for number in sites:
            self.revisions[number] += 1
            self._articles.pop(number, None)
            for path in ("/", "/news", "/feed/"):
                self._answers.pop((number, path), None)

    def answer(self, number: int, path: str) -> Answer | None:
        """What a site answers for a path, None for what it does not have."""
        if (number, path) not in self._answers:
            rendered = self._rendered(number, path)
            if rendered is None:
                return None
            self._answers[number, path] = rendered
        return self._answers[number, path]

    def etags(self) -> dict[int, str]:
        """Those of the feeds."""
        feeds = {number: self.answer(number, "/feed/") for number in range(self.size)}
        return {number: feed.etag for number, feed in feeds.items() if feed}

    def _rendered(self, number: int, path: str) -> Answer | None:
        site, revision = self.site(number), self.revisions[number]
        newest = site.told(revision).published
        if path == "/robots.txt":
            return _answer("User-agent: *\nDisallow: /intern/\n", "text/plain", "")
        if path == "/feed/":
            kind = "application/atom+xml" if site.is_atom else "application/rss+xml"
            return _answer(site.feed(revision), kind, format_datetime(newest, usegmt=True))
        if path in ("/", "/news"):
            return _answer(site.listing(revision), "text/html", "")
        if number not in self._articles:
            shown = site.articles(revision)
            self._articles[number] = {site.path(one): one for one in shown}
        article = self._articles[number].get(path)
        if article is None:
            return None
        moment = format_datetime(article.published, usegmt=True)
        return _answer(site.article(article), "text/html", moment)


def _answer(text: str, kind: str, modified: str) -> Answer:
    body = text.encode()
    return Answer(body, f"{kind}; charset=utf-8", etag_of(body), modified)


def etag_of(body: bytes) -> str:
    """The ETag of a page without faults."""
    return f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'


class Connection(asyncio.Protocol):
    """HTTP/1.1 as far as clients of the farm need it: GET, keep-alive, conditional requests."""

    def __init__(self, farm: Farm) -> None:
        self._farm = farm
        self._buffer = b""
        self._number = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        address = transport.get_extra_info("sockname")[0]
        if not address.startswith("127."):
            transport.abort()  # the farm is nobody else's
            return
        self._number = number_of(address)
        if self._number >= 0:
            self._farm.counts["connections"] += 1
            self._farm.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._farm.connections.discard(self)

    def hang_up(self) -> None:
        """End it, as servers do with a connection that nobody used for a while."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines[1:])
            }
            if self._number < 0:
                self._order(path)
            else:
                self._serve(path, headers)

    def _serve(self, path: str, headers: dict[str, str]) -> None:
        fault = "" if path == "/robots.txt" else self._farm.faults.get(self._number, "")
        if fault == "slow":
            asyncio.get_running_loop().call_later(SLOW_SECONDS, self._page, path, headers, fault)
        elif fault == "drop":
            self._farm.counts["dropped"] += 1
            self._transport.abort()
        elif fault in ("error", "busy"):
            status = 500 if fault == "error" else 429
            self._send(status, b"", {"Retry-After": "120"} if status == 429 else {})
        else:
            self._page(path, headers, fault)

    def _page(self, path: str, headers: dict[str, str], fault: str) -> None:
        answer = self._farm.answer(self._number, path)
        if answer is None:
            self._send(404, b"no such page", {"Content-Type": "text/plain"})
            return
        etag = '"always-the-same"' if fault == "lying-etag" else answer.etag
        validators = {"ETag": etag, "Last-Modified": answer.modified}
        if fault == "unvalidated" or path == "/robots.txt":
            validators = {}
        if validators and headers.get("if-none-match") == etag:
            self._send(304, b"", {"ETag": etag})
            return
        known = {name: value for name, value in validators.items() if value}
        self._send(200, answer.body, {"Content-Type": answer.kind, **known}, short=fault == "short")

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], *, short: bool = False
    ) -> None:
        self._farm.counts[str(status)] += 1
        self._farm.counts["bytes"] += len(body)
        if status != 304:
            headers = {**headers, "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {status} {_REASONS[status]}\r\n{lines}\r\n".encode("latin-1")
        self._transport.write(head + (body[: len(body) // 2] if short else body))
        if short:
            self._transport.close()

    def _told(self, order: str) -> dict[str, int] | dict[int, str]:
        if order == "/-/etags":
            return self._farm.etags()
        return self._farm.counts

    def _order(self, address: str) -> None:
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        step = max(1, int(asked.get("sites", "1")))
        if parts.path == "/-/advance":
            only = asked.get("site")
            self._farm.advance([int(only)] if only else range(0, self._farm.size, step))
        elif parts.path == "/-/hang-up":
            for one in list(self._farm.connections):
                one.hang_up()
        elif parts.path == "/-/fault":
            sites = range(0, self._farm.size, step)
            self._farm.faults = dict.fromkeys(sites, asked["kind"]) if asked.get("kind") else {}
        told = json.dumps(self._told(parts.path)).encode()
        if parts.path == "/-/reset":
            self._farm.counts.clear()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (len(told), told)
        )
        self._transport.close()


async def serve(farm: Farm, port: int) -> None:
    """Answer until the process is stopped; what lists show is rendered before the first answer."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(farm), "0.0.0.0", port, backlog=4096)
    farm.port = server.sockets[0].getsockname()[1]
    for number in range(farm.size):
        farm.answer(number, "/feed/")
    print(json.dumps({"port": farm.port, "sites": farm.size}), flush=True)
    await server.serve_forever()


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sites", type=int, default=50)
    options.add_argument("--entries", type=int, default=20)
    options.add_argument("--port", type=int, default=0)
    chosen = options.parse_args()
    asyncio.run(serve(Farm(chosen.sites, entries=chosen.entries), chosen.port))


if __name__ == "__main__":
    main()
