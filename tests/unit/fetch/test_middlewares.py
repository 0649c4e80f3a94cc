"""Whole bodies, headers that stay home, and who we say we are."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]
import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.errors import FetchError
from crawler.fetch.middlewares import (
    HEADERS_NAMES,
    HEADERS_ORIGIN,
    HostSlotMiddleware,
    WholeBodyMiddleware,
    whole_brotli,
    whole_gzip,
)
from crawler.fetch.settings import proxy_for, user_agent

PAGE = b"<p>" + bytes(range(256)) * 40 + b"</p>"
WHOLE = gzip.compress(PAGE, mtime=0)
LIMIT = 1_000_000


@pytest.mark.parametrize(
    "body", [WHOLE, WHOLE + WHOLE, WHOLE + b"\x00" * 20, WHOLE + b"<!-- cached -->"]
)
def test_whole_gzip_bodies_pass(body: bytes) -> None:
    assert whole_gzip(body, LIMIT)


@pytest.mark.parametrize(
    "body",
    [WHOLE[:-1], WHOLE[:-8], WHOLE[: len(WHOLE) // 2], WHOLE[:5], WHOLE + WHOLE[:-4],
     WHOLE[:-8] + b"\x00" * 8, b"no gzip at all"],
)  # fmt: skip
def test_gzip_bodies_that_end_too_early_do_not(body: bytes) -> None:
    assert not whole_gzip(body, LIMIT)


def test_a_bomb_is_left_to_who_unpacks_it() -> None:
    bomb = gzip.compress(b"\x00" * 20_000_000)
    assert whole_gzip(bomb, LIMIT)
    assert whole_gzip(bomb[:-20], LIMIT)  # nothing beyond the limit was unpacked


def test_brotli_bodies() -> None:
    whole = brotli.compress(PAGE)
    assert whole_brotli(whole, LIMIT)
    assert not whole_brotli(whole[:-3], LIMIT)
    assert not whole_brotli(b"no brotli", LIMIT)
    assert whole_brotli(brotli.compress(b"\x00" * 5_000_000, quality=1), LIMIT)


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP "])
def test_a_truncated_page_is_an_error(encoding: str) -> None:
    request = Request("https://a.example/")
    middleware = WholeBodyMiddleware(LIMIT)

    def answer(body: bytes) -> Response:
        return Response(request.url, headers={"Content-Encoding": encoding}, body=body)

    assert middleware.process_response(request, answer(WHOLE)).body == WHOLE
    assert middleware.process_response(request, answer(b"")).body == b""
    with pytest.raises(FetchError) as caught:
        middleware.process_response(request, answer(WHOLE[:-9]))
    assert caught.value.kind == "body"


def test_plain_pages_are_not_looked_at() -> None:
    request, response = Request("https://a.example/"), Response("https://a.example/", body=b"hi")
    assert WholeBodyMiddleware(LIMIT).process_response(request, response) is response


def secret_request(url: str) -> Request:
    meta = {HEADERS_ORIGIN: "https://a.example:443", HEADERS_NAMES: ("X-Token",)}
    return Request(url, headers={"X-Token": "secret", "Accept": "x"}, meta=meta)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/next", True),
        ("https://A.example:443/next", True),
        ("https://b.example/", False),
        ("https://sub.a.example/", False),
        ("http://a.example/", False),  # in clear text
        ("https://a.example:8443/", False),
    ],
)
def test_a_source_s_own_headers_stay_at_its_origin(url: str, kept: bool) -> None:
    request = secret_request(url)
    HostSlotMiddleware("").process_request(request)
    assert ("X-Token" in request.headers) is kept
    assert request.headers[b"Accept"] == b"x"


def test_requests_to_a_host_share_a_slot() -> None:
    first, second = Request("http://a.example/1"), Request("https://A.example/2")
    for request in (first, second):
        HostSlotMiddleware("").process_request(request)
    assert first.meta["download_slot"] == second.meta["download_slot"] == "a.example"


def test_a_redirect_past_the_proxy_does_not_use_it() -> None:
    request = Request("http://127.0.0.1/", meta={"proxy": "http://proxy.example:3128"})
    HostSlotMiddleware("http://proxy.example:3128").process_request(request)
    assert "proxy" not in request.meta


def test_the_proxy_spares_loopback_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = "http://proxy.example:3128"
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert proxy_for("https://a.example/", proxy) == proxy
    assert proxy_for("https://a.example/", "") == ""
    for url in ("http://localhost/", "http://127.0.0.1:8000/", "http://[::1]/"):
        assert proxy_for(url, proxy) == ""
    monkeypatch.setenv("no_proxy", "intern.example,.corp.example")
    assert proxy_for("https://intern.example/", proxy) == ""
    assert proxy_for("https://x.corp.example/", proxy) == ""
    assert proxy_for("https://a.example/", proxy) == proxy


def test_we_say_who_we_are_and_whom_to_write_to() -> None:
    assert user_agent("mailto:ops@example.org").startswith("Clusterwatch/")
    assert user_agent("mailto:ops@example.org").endswith(" (+mailto:ops@example.org)")
    assert user_agent("").endswith(" (news watcher)")


def test_a_hostile_contact_stays_within_the_comment() -> None:
    agent = user_agent("x)\r\nHost: evil (\x00")
    assert agent.count("(") == agent.count(")") == 1
    assert agent.isprintable()
