"""Requests over aiohttp's connections: the same target and connection as its session has."""

from __future__ import annotations

import asyncio
import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ClientRequest
from yarl import URL

from crawler.fetch.wire import (
    KEPT_SECONDS,
    MOST_KEPT,
    Kept,
    TooLarge,
    head_of,
    most_kept,
    target_of,
    whole,
)

CONTEXT = ssl.create_default_context()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/feed/",
        "https://example.org/a/b.xml?x=1&y=a,b",
        "http://127.0.0.1:8080/feed",
        "https://example.org:443/feed",
        "http://example.org:8080",
        "https://example.org/a/../b?c",
        "https://Example.org/%7eb/ü?q=ä",
        "http://[::1]:81/x",
        "https://example.org/a?",
        "https://example.org/a#b",
        "https://bücher.example/",
    ],
)
async def test_a_target_is_the_one_that_aiohttp_makes(url: str) -> None:
    request = ClientRequest("GET", URL(url), loop=_loop(), ssl=CONTEXT)
    target = target_of(url, CONTEXT)
    assert target.key == request.connection_key
    assert (target.host, target.path) == (request.headers["Host"], request.url.raw_path_qs)


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\rb", "a\x00b"])
async def test_a_header_that_would_end_early_is_not_sent(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        head_of(target_of("http://a.example/", CONTEXT), {"If-None-Match": value})


async def test_a_request_says_what_it_is_told_and_the_usual() -> None:
    target = target_of("http://a.example:81/feed", CONTEXT)
    head = head_of(target, {"If-None-Match": '"ä"'}, b"Accept: */*\r\n")
    assert head.decode().split("\r\n") == [
        "GET /feed HTTP/1.1", "Host: a.example:81", 'If-None-Match: "ä"', "Accept: */*", "", "",
    ]  # fmt: skip


async def test_a_body_is_read_up_to_its_limit() -> None:
    assert await whole(_stream(b"abc", b"de"), {}, 5) == b"abcde"
    with pytest.raises(TooLarge):
        await whole(_stream(b"abc", b"def"), {}, 5)
    with pytest.raises(TooLarge):
        await whole(_stream(), {"Content-Length": "6"}, 5)


def test_no_more_connections_are_kept_than_there_are_files_for() -> None:
    keys = [target_of(f"http://host{number}.example/", CONTEXT).key for number in range(4)]
    kept = Kept(most=2)
    assert [kept.takes(key, 1.0) for key in keys[:3]] == [True, True, False]
    assert kept.takes(keys[0], 10.0)  # it has one
    assert not kept.takes(keys[2], 16.0)
    assert kept.takes(keys[2], 1.5 + KEPT_SECONDS)  # the second host's has ended
    assert not kept.takes(keys[3], 1.5 + KEPT_SECONDS)


def test_among_thousands_of_hosts_memory_does_not_grow_with_idle_connections() -> None:
    assert most_kept(1_024) == 256
    assert most_kept(65_536) == MOST_KEPT


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _stream(*pieces: bytes) -> aiohttp.StreamReader:
    from aiohttp.base_protocol import BaseProtocol

    loop = _loop()
    reader = aiohttp.StreamReader(BaseProtocol(loop, None), 2**16, loop=loop)
    for piece in pieces:
        reader.feed_data(piece)
    reader.feed_eof()
    return reader
