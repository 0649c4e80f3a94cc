"""One GET over a connection of aiohttp's pool, without the objects that a session makes for it.

Connector (address guard, names, TLS, pool) and parser (with its limits) are those of the session
that Scrapy's requests go through; what is left out costs twice as much as what is left.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

import aiohttp
from aiohttp.client_reqrep import ClientRequest, ConnectionKey
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from crawler.fetch.loop import open_files

KEPT_SECONDS = 15.0  # a connection between two requests
MOST_KEPT = 2_000  # of 6 kB each; hosts are polled again when theirs have long ended
MAX_LINE_SIZE = 16_384
MAX_FIELD_SIZE = 32_768
# An address that stands on the wire as it is written; every other is yarl's to spell.
_AS_WRITTEN = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::([1-9]\d{1,4}))?"
    r"(/[A-Za-z0-9_~/.,=:@!-]*(?:\?[A-Za-z0-9_~/.,=:&-]+)?)",
    re.ASCII,
)
_PORTS = {"http": 80, "https": 443}


class TooLarge(Exception):
    """The answer is larger than was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whatever a server answered, as it came: nothing is followed, nothing unpacked."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Target:
    """An address as a request spells it."""

    key: ConnectionKey  # of the connections that lead there
    host: str  # the header's value
    path: str


def is_as_written(url: str) -> bool:
    """Whether an address stands on the wire as it is written."""
    return _AS_WRITTEN.fullmatch(url) is not None


def target_of(url: str, context: SSLContext) -> Target:
    """Where a request for ``url`` goes and what it asks there, as aiohttp would have it."""
    match = _AS_WRITTEN.fullmatch(url)
    if match is not None:
        scheme, host, digits, path = match.groups()
        port = int(digits) if digits else _PORTS[scheme]
        is_plain = "/." not in path and ".." not in host
        if is_plain and port < 65_536 and (digits is None or port != _PORTS[scheme]):
            key = ConnectionKey(host, port, scheme == "https", context, None, None, None)
            return Target(key, f"{host}:{digits}" if digits else host, path)
    request = _request(url, context)
    return Target(request.connection_key, request.headers["Host"], request.url.raw_path_qs)


def head_of(target: Target, headers: Mapping[str, str], usual: bytes = b"") -> bytes:
    """The request as it is sent; ``usual`` are header lines made before. Raises ValueError for
    a header that would end it early."""
    said = "".join([f"{name}: {value}\n" for name, value in headers.items()])
    lines = f"GET {target.path} HTTP/1.1\nHost: {target.host}\n{said}"
    if lines.count("\n") != len(headers) + 2 or "\r" in lines or "\x00" in lines:
        raise ValueError("A header holds a line break or a null byte.")
    return lines.replace("\n", "\r\n").encode() + usual + b"\r\n"


class Kept:
    """To which hosts a connection is kept for the next request: to no more than ``most`` at a
    time, since thousands of hosts polled within seconds would leave no file to open."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since: OrderedDict[ConnectionKey, float] = OrderedDict()  # seconds, oldest first

    def takes(self, key: ConnectionKey, now: float) -> bool:
        """Whether a connection that is free since ``now`` (seconds) is kept."""
        while self._since and now - next(iter(self._since.values())) > KEPT_SECONDS:
            self._since.popitem(last=False)
        if key not in self._since and len(self._since) >= self._most:
            return False
        self._since[key] = now
        self._since.move_to_end(key)
        return True


def most_kept(files: int) -> int:
    """How many connections are kept where so many files may be open: the other files are for the
    database, pages and what is asked."""
    return min(MOST_KEPT, files // 4)


class Wire:
    """The connections of one session."""

    def __init__(
        self, connector: aiohttp.TCPConnector, context: SSLContext, timeout: aiohttp.ClientTimeout
    ) -> None:
        self._connector = connector
        self._context = context
        self._timeout = timeout
        self._kept = Kept(most_kept(open_files()))

    async def get(
        self, url: str, headers: Mapping[str, str], usual: bytes, most_bytes: int
    ) -> Answer:
        """The answer to a GET without proxy, however long it takes. Raises TooLarge, ValueError
        and aiohttp's ClientError, of these ClientPayloadError for a body that ends early."""
        target = target_of(url, self._context)
        head = head_of(target, headers, usual)
        try:
            return await self._asked(url, target, head, most_bytes)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            # A connection that was kept and had ended meanwhile: once more, as sessions do.
            return await self._asked(url, target, head, most_bytes)

    async def _asked(self, url: str, target: Target, head: bytes, most_bytes: int) -> Answer:
        asked: Any = _Asked(url, target, self._context)
        connection = await self._connector.connect(asked, [], self._timeout)
        try:
            protocol, transport = connection.protocol, connection.transport
            assert protocol is not None
            assert transport is not None
            protocol.set_response_params(
                read_until_eof=True,
                auto_decompress=False,
                max_line_size=MAX_LINE_SIZE,
                max_field_size=MAX_FIELD_SIZE,
            )
            transport.write(head)
            message, payload = await protocol.read()
            while 100 <= message.code < 200 and message.code != 101:
                message, payload = await protocol.read()
            body = b"" if message.code == 304 else await whole(payload, message.headers, most_bytes)
        except HttpProcessingError as error:
            connection.close()
            raise aiohttp.ClientError(str(error)) from error
        except BaseException:
            connection.close()
            raise
        if self._kept.takes(target.key, time.monotonic()):
            connection.release()
        else:
            connection.close()
        return Answer(url, message.code, plain_headers(message.headers), body)


async def whole(payload: aiohttp.StreamReader, headers: Any, most_bytes: int) -> bytes:
    """A body in full. Raises TooLarge, and what aiohttp raises."""
    length = headers.get("Content-Length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > most_bytes:
        raise TooLarge
    pieces, size = [], 0
    while piece := await payload.readany():
        pieces.append(piece)
        size += len(piece)
        if size > most_bytes:
            raise TooLarge
    return b"".join(pieces)


def plain_headers(headers: Any) -> dict[str, str]:
    """Header fields by lower-case name, those that were said several times joined; bytes that are
    no UTF-8 are replaced."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        name = name.lower()
        if not value.isascii():
            value = as_sent(value).decode("utf-8", "replace")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def as_sent(value: str) -> bytes:
    """A header's value as the server sent it: aiohttp reads it as UTF-8, other bytes as
    surrogates."""
    return value.encode("utf-8", "surrogateescape")


class _Asked:
    """What the connector wants to know of a request: where it leads. The whole request is made
    only for what is asked beyond that, in errors for example."""

    __slots__ = (
        "_made",
        "_url",
        "connection_key",
        "port",
        "proxy",
        "server_hostname",
        "ssl",
        "url",
    )

    def __init__(self, url: str, target: Target, context: SSLContext) -> None:
        self.connection_key = target.key
        self.port = target.key.port
        self.proxy = self.server_hostname = None
        self.ssl = context
        self.url = _Host(target.key.host)
        self._url = url
        self._made: ClientRequest | None = None

    def is_ssl(self) -> bool:
        return self.connection_key.is_ssl

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = _request(self._url, self.ssl)
        return getattr(self._made, name)


@dataclass(frozen=True, slots=True)
class _Host:
    """As much of an address as a connection without proxy takes."""

    raw_host: str


def _request(url: str, context: SSLContext) -> ClientRequest:
    return ClientRequest("GET", URL(url), loop=asyncio.get_running_loop(), ssl=context)
