"""A loopback HTTP server for the crawl's tests: what it answers is set, what it saw is kept."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

PHRASES = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified"}


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it; times are seconds of its monotonic clock."""

    host: str
    path: str
    headers: Mapping[str, str]
    started: float
    ended: float


@dataclass(frozen=True)
class Answer:
    """What a path answers. ``raw`` replaces everything else, byte for byte."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    hang: bool = False  # after what there is to send, until the client goes
    drip: bool = False  # the body byte by byte, far too slowly


Asked = Callable[[Mapping[str, str]], Answer]


class Server:
    """One host of a test's little internet: 127.0.0.x on a port of its own."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.seen: list[Seen] = []
        self.under_way_paths: list[str] = []
        self.asked = asyncio.Event()  # set by every request; tests wait for it
        self._answers: dict[str, Answer | Asked] = {}
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def start(self, certificate: ssl.SSLContext | None = None, port: int = 0) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, port, ssl=certificate)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def url(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://{self.host}:{self.port}{path}"

    def put(self, path: str, answer: Answer | Asked | str | bytes, kind: str = "text/html") -> None:
        """From now on ``path`` answers this; text gets an ETag and answers 304 by it."""
        if isinstance(answer, str | bytes):
            body = answer.encode() if isinstance(answer, str) else answer
            answer = with_etag(body, kind)
        self._answers[path] = answer

    def paths(self) -> list[str]:
        """What was asked for, in order, robots.txt aside."""
        return [one.path for one in self.seen if one.path != "/robots.txt"]

    def last(self, path: str) -> Seen:
        return [one for one in self.seen if one.path == path][-1]

    def forget(self) -> None:
        self.seen.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := await _head(reader):
                await self._one(head, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went: its own business
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _one(
        self,
        head: tuple[str, dict[str, str]],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        path, headers = head
        started, answered = time.monotonic(), 0.0
        self.under_way_paths.append(path)
        self.asked.set()
        try:
            found = self._answers.get(path, Answer(b"no such page", 404))
            answer = found(headers) if callable(found) else found
            answered = await _send(answer, reader, writer)
        finally:
            self.under_way_paths.remove(path)
            self.seen.append(Seen(self.host, path, headers, started, answered or time.monotonic()))


def with_etag(body: bytes, kind: str) -> Asked:
    """A well-behaved page: an ETag, and 304 for who knows it."""
    import hashlib

    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def answer(headers: Mapping[str, str]) -> Answer:
        if headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(body, headers={"Content-Type": kind, "ETag": etag})

    return answer


async def _head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    lines = head.decode("latin-1").split("\r\n")
    path = lines[0].split(" ")[1]
    pairs = [line.partition(":") for line in lines[1:] if line]
    return path, {name.lower(): value.strip() for name, _, value in pairs}


async def _send(
    answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> float:
    """When the answer went out. Taken before that: whoever asked may have it all, and count its
    pause from there, before a busy server's clock is read again."""
    answered = time.monotonic()
    if answer.raw is not None:
        writer.write(answer.raw)
    else:
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        if answer.status == 304:
            del headers["Content-Length"]
        lines = [f"HTTP/1.1 {answer.status} {PHRASES.get(answer.status, 'Odd')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        if not answer.drip and not answer.hang:
            writer.write(answer.body)
    if answer.drip:
        writer.write(answer.body[:1])
    await writer.drain()
    if answer.drip or answer.hang:
        await _until_gone(reader)
    if answer.raw is not None:
        writer.close()
        raise ConnectionError
    return answered


async def _until_gone(reader: asyncio.StreamReader) -> None:
    while await reader.read(1000):
        pass
    raise ConnectionError
