"""Two requests in one: where proxies and servers would see different ends, nothing is answered."""

from __future__ import annotations

import asyncio
import socket

import pytest

from alerts.web.serving import server_of
from tests.integration.web.conftest import Web

SECOND = b"GET /status HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = b"0\r\n\r\n" + SECOND
HEAD = b"POST /resend HTTP/1.1\r\nHost: x\r\n"
SMUGGLED = {
    "both lengths": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY,
    "the other way round": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + BODY,
    "two lengths": b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n" + BODY,
    "an odd encoding": b"Transfer-Encoding: xchunked\r\n\r\n" + BODY,
    "a blank before the colon": b"Content-Length : 5\r\n\r\n" + BODY,
    "a line in a header": b"X: a\rContent-Length: 5\r\n\r\n" + BODY,
    "a length below zero": b"Content-Length: -5\r\n\r\n" + BODY,
}


@pytest.mark.parametrize("case", SMUGGLED)
def test_a_request_that_ends_in_two_places_is_refused_with_what_follows(
    web: Web, case: str
) -> None:
    async def asked() -> bytes:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = server_of(web.client.app, "127.0.0.1:0")  # type: ignore[arg-type]
            task = asyncio.create_task(server.serve(sockets=[listening]))
            async with asyncio.timeout(60):
                port = listening.getsockname()[1]
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(HEAD + SMUGGLED[case])
                answer = await reader.read()  # until the server closes
                writer.close()
            server.should_exit = True
            await task
            return answer

    answer = asyncio.run(asked())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
