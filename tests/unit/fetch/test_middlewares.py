"""Unpacked bodies, headers that stay home, and who we say we are."""

from __future__ import annotations

import gzip

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.errors import FetchError
from crawler.fetch.middlewares import (
    HEADERS_NAMES,
    HEADERS_ORIGIN,
    HostSlotMiddleware,
    UnpackingMiddleware,
)
from crawler.fetch.settings import proxy_for, user_agent

PAGE = b"<html><p>" + bytes(range(65, 90)) * 40 + b"</p>"
PACKED = gzip.compress(PAGE, mtime=0)


def answered(body: bytes, **headers: str) -> Response:
    """What comes out for a page that came as ``body``."""
    request = Request("https://a.example/news")
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    came = Response(request.url, headers=said, body=body)
    return UnpackingMiddleware(1_000_000).process_response(request, came)


def test_a_packed_page_is_unpacked_and_no_longer_called_packed() -> None:
    found = answered(PACKED, Content_Encoding="gzip", Content_Type="text/html; charset=utf-8")
    assert (found.body, found.url, found.status) == (PAGE, "https://a.example/news", 200)
    assert isinstance(found, HtmlResponse)
    assert "Content-Encoding" not in found.headers
    assert found.text == PAGE.decode()


def test_a_broken_page_is_an_error_with_its_address() -> None:
    with pytest.raises(FetchError) as caught:
        answered(PACKED[:-9], Content_Encoding="gzip")
    assert (caught.value.kind, caught.value.url) == ("body", "https://a.example/news")


def test_plain_and_empty_pages_are_not_looked_at() -> None:
    assert answered(b"hi").body == b"hi"
    assert answered(b"", Content_Encoding="gzip").body == b""


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
