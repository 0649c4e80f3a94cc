"""Slow clients are dropped, so that none of them keeps others out."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alerts.web.patience import Patience
from alerts.web.serving import server_of

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LONG = 600.0  # seconds: never within a test
LARGE = 40_000_000  # bytes: more than the buffers between two sockets hold
Endpoint = Callable[[Request], Awaitable[Response]]


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


@asynccontextmanager
async def serving(bounds: Patience, endpoint: Endpoint = hello) -> AsyncIterator[int]:
    """The port of a server within ``bounds``."""
    app = Starlette(routes=[Route("/", endpoint)])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = server_of(app, "127.0.0.1:0", bounds)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            async with asyncio.timeout(60):
                yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def dropped(reader: asyncio.StreamReader) -> bytes:
    """What still came before the server ended the connection."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def answered(reader: asyncio.StreamReader) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    return head.startswith(b"HTTP/1.1 200") and await reader.readexactly(5) == b"hello"


def test_who_sends_no_request_is_dropped() -> None:
    async def visit() -> None:
        async with serving(Patience(header_seconds=0.1)) as port:
            for sent in (b"", b"GET / HTT", b"GET / HTTP/1.1\r\nHost: x\r\nX: 1"):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(sent)
                assert await dropped(reader) == b""
                writer.close()

    asyncio.run(visit())


def test_half_of_a_second_request_is_not_waited_for_either() -> None:
    async def visit() -> None:
        async with serving(Patience(header_seconds=0.1)) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(REQUEST)
            assert await answered(reader)
            writer.write(REQUEST[:9])
            assert await dropped(reader) == b""
            writer.close()

    asyncio.run(visit())


def test_an_answer_that_takes_longer_is_waited_for() -> None:
    async def visit() -> None:
        async def slow(request: Request) -> Response:
            """Takes as long as a connection without a request is borne with."""
            reader, writer = await asyncio.open_connection("127.0.0.1", request.url.port)
            assert await dropped(reader) == b""
            writer.close()
            return PlainTextResponse("hello")

        async with serving(Patience(header_seconds=0.1, reading_seconds=0.1), slow) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(2):
                writer.write(REQUEST.replace(b"Host: x", f"Host: x:{port}".encode()))
                assert await answered(reader)
            writer.close()

    asyncio.run(visit())


def test_who_does_not_read_the_answer_is_dropped() -> None:
    async def visit() -> None:
        ended = asyncio.Event()

        async def large(request: Request) -> Response:
            class Told(PlainTextResponse):
                async def __call__(self, *arguments: object) -> None:
                    try:
                        await super().__call__(*arguments)  # type: ignore[arg-type]
                    finally:
                        ended.set()

            return Told("x" * LARGE)

        async with serving(Patience(reading_seconds=0.1), large) as port:
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(REQUEST)
                await ended.wait()

    asyncio.run(visit())


def test_of_too_many_that_wait_the_oldest_goes_and_requests_are_answered() -> None:
    async def visit() -> None:
        async with serving(Patience(header_seconds=LONG, most_waiting=2)) as port:
            first, _one = await asyncio.open_connection("127.0.0.1", port)
            _one.write(REQUEST[:5])
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
            assert await dropped(first) == b""
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(REQUEST)
            assert await answered(reader)
            for one in (_one, writer, *(pair[1] for pair in idle)):
                one.close()

    asyncio.run(visit())
