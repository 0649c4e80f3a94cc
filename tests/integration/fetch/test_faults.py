"""What a server may do wrong: each fault is one clear failure, and nothing is lost by it."""

from __future__ import annotations

import gzip
import ssl
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.server import Answer, Server

FEED = pages.feed([pages.News("https://cluster.example/1", "One thing happened")])
RSS = {"Content-Type": "application/rss+xml"}


def packed(body: bytes, encoding: str = "gzip") -> Answer:
    return Answer(body, headers={**RSS, "Content-Encoding": encoding})


def cut_short() -> Answer:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(FEED) + 99}\r\n\r\n"
    return Answer(raw=head.encode() + FEED)


FAULTS: dict[str, tuple[Callable[[], Answer], str]] = {
    "not found": (lambda: Answer(b"no", 404), "missing"),
    "gone": (lambda: Answer(b"no", 410), "gone"),
    "server error": (lambda: Answer(b"no", 500), "http"),
    "asks to slow down": (lambda: Answer(b"", 429, {"Retry-After": "86400"}), "busy"),
    "never answers": (lambda: Answer(raw=b"", hang=True), "timeout"),
    "stops in the middle": (lambda: Answer(FEED, headers=RSS, hang=True), "timeout"),
    "drips": (lambda: Answer(FEED, headers=RSS, drip=True), "timeout"),
    "says it is too large": (lambda: Answer(b"x" * 200_000), "size"),
    "is too large unsaid": (
        lambda: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + b"x" * 200_000),
        "size",
    ),
    "gzip bomb": (lambda: packed(gzip.compress(b"\x00" * 20_000_000)), "size"),
    "truncated gzip": (lambda: packed(gzip.compress(FEED)[:-10]), "body"),
    "truncated zstd": (lambda: packed(zstd.compress(FEED)[:-10], "zstd"), "body"),
    "truncated within": (
        lambda: packed(gzip.compress(zlib.compress(FEED)[:-10]), "deflate, gzip"),
        "body",
    ),
    "layers without end": (lambda: packed(gzip.compress(FEED), ",gzip" * 5_000), "body"),
    "wrong Content-Length": (cut_short, "body"),
    "no HTTP": (lambda: Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), "body"),
    "redirects to itself": (lambda: Answer(status=302, headers={"Location": "/feed"}), "redirect"),
    "redirects nowhere": (lambda: Answer(status=302), "http"),
    "redirects to another scheme": (
        lambda: Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "http",
    ),
    "redirects to metadata": (
        lambda: Answer(status=302, headers={"Location": "http://169.254.169.254/latest"}),
        "refused",
    ),
    "refreshes to a private net": (
        lambda: Answer(
            b'<html><head><meta http-equiv="refresh" content="0;url=http://10.0.0.1/">',
            headers={"Content-Type": "text/html"},
        ),
        "refused",
    ),
    "is no feed any more": (lambda: Answer(b"<html><p>Welcome</p></html>"), "extract"),
    "empty": (lambda: Answer(b"", headers=RSS), "extract"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_one_clear_failure(
    make_house: MakeHouse, server: Server, fault: str
) -> None:
    house = make_house(max_page_bytes=100_000, timeout=pages.SHORT)
    make, kind = FAULTS[fault]
    server.put("/feed", make())
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    state = house.parts.sources.get("one").state
    assert (outcome.status, outcome.new, state.error_kind) == ("failed", 0, kind)
    assert state.error
    assert "\n" not in state.error
    assert (state.failures, state.failing_since) == (1, house.moment)
    assert state.next_due is not None
    assert state.next_due > house.moment
    assert not house.rows()["validators"]
    # And when it is over, nothing was missed.
    server.put("/feed", FEED, "application/rss+xml")
    house.later(days=1)
    outcome = await house.poll()
    state = house.parts.sources.get("one").state
    assert (outcome.status, outcome.new, state.failures) == ("ok", 1, 0)
    assert (state.error, state.failing_since) == ("", None)


async def test_retry_after_is_kept(house: House, server: Server) -> None:
    server.put("/feed", Answer(b"", 503, {"Retry-After": "86400"}))
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    due = house.parts.sources.get("one").state.next_due
    assert due is not None
    assert (due - house.moment).total_seconds() == 86400


async def test_a_dead_host_and_a_dead_port(house: House) -> None:
    house.watch("http://nobody.invalid/feed", "name", kind="feed")
    house.watch("http://127.0.0.1:1024/feed", "port", kind="feed")
    async with house.crawl() as crawl:
        for one in ("name", "port"):
            assert (await crawl.poll(house.parts.sources.get(one))).status == "failed"
    kinds = {one: house.parts.sources.get(one).state.error_kind for one in ("name", "port")}
    assert kinds == {"name": "dns", "port": "connect"}


async def test_loopback_is_refused_unless_allowed(make_house: MakeHouse, server: Server) -> None:
    house = make_house(allow_networks=())
    for number, url in enumerate(
        [
            server.url("/feed"),
            f"http://localhost:{server.port}/feed",
            f"http://0x7f.1:{server.port}/",
        ]
    ):
        house.watch(url, f"s{number}", kind="feed")
        outcome = await house.poll(f"s{number}")
        assert outcome.status == "failed"
        assert "allow_networks" in outcome.error
        assert house.parts.sources.get(f"s{number}").state.error_kind == "refused"
    assert server.seen == []


async def test_the_guard_stands_at_the_robots_txt_s_redirects_too(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(allow_networks=("127.0.0.1/32",))
    async with Server("127.0.0.2") as inner:
        inner.put("/robots.txt", b"", "text/plain")
        server.put(
            "/robots.txt", Answer(status=302, headers={"Location": inner.url("/robots.txt")})
        )
        server.put("/feed", FEED, "application/rss+xml")
        house.watch(server.url("/feed"), kind="feed")
        outcome = await house.poll()
        assert outcome.status == "failed"
        assert "public internet" in outcome.error
        assert inner.seen == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """One that nobody vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    _make_certificate(key, cert)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def _make_certificate(key: Path, cert: Path) -> None:
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
             "-days", "2", "-keyout", str(key), "-out", str(cert)],
            check=True, capture_output=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("openssl is not installed")


async def test_an_untrusted_certificate_is_refused(
    house: House, certificate: ssl.SSLContext
) -> None:
    server = Server()
    await server.start(certificate)
    server.put("/feed", FEED, "application/rss+xml")
    house.watch(server.url("/feed", "https"), kind="feed")
    outcome = await house.poll()
    await server.__aexit__()
    assert outcome.status == "failed"
    assert "certificate" in outcome.error
    assert house.parts.sources.get("one").state.error_kind == "tls"
    assert server.seen == []
