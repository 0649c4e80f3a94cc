"""Every reader survives every hostile file, whole and broken: a result or one of our errors.

The files lie in tests/fixtures/hostile; whatever reads bytes of strangers is tried with all of
them, not only with its own kind.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.mailbox.sorting import sort_mail
from crawler.errors import ClusterwatchError
from crawler.extract.detect import detect
from crawler.extract.document import read_document
from crawler.extract.feed import read_feed
from crawler.extract.listing import read_listing
from crawler.extract.newsletter import read_newsletter
from crawler.extract.page import read_passages
from crawler.extract.sitemap import read_sitemap
from crawler.sources.lists import read_list
from crawler.sources.opml import read_opml
from tests.cost import bounded

HOSTILE = Path(__file__).parents[3] / "fixtures/hostile"
FILES = sorted(path for path in HOSTILE.rglob("*") if path.is_file())
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
URL = "https://news.example/list"
Reader = Callable[[bytes], object]

READERS: dict[str, Reader] = {
    "listing": lambda body: read_listing(body, URL, now=NOW),
    "feed": lambda body: read_feed(body, URL, now=NOW),
    "article": lambda body: read_document(body, URL, now=NOW),
    "passages": lambda body: read_passages(body, URL),
    "sitemap": lambda body: read_sitemap(body, URL, now=NOW),
    "detection": lambda body: detect(body, URL, now=NOW),
    "newsletter": read_newsletter,
    "mail": sort_mail,
    "opml": read_opml,
    "list": lambda body: read_list(body, "list.csv"),
    "toml": lambda body: read_list(body, "list.toml"),
}


def survives(reader: Reader, body: bytes) -> None:
    with bounded(), contextlib.suppress(ClusterwatchError):
        reader(body)


@pytest.mark.parametrize("name", READERS)
def test_whole_files_give_a_result_or_an_error_of_ours(name: str) -> None:
    for file in FILES:
        survives(READERS[name], file.read_bytes())


def grown() -> dict[str, bytes]:
    """What is hostile by its size alone."""
    entry = b"<item><title>A laser story</title><link>https://news.example/1</link></item>"
    return {
        "nested tags": b"<div>" * 1_000_000,
        "attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>",
        "one line": b"<p>" + b"laser " * 100_000,
        "a long title": b"<title>" + b"a" * 400_000 + b"</title><h1>" + b"b" * 400_000,
        "links": b"".join(b"<a href=/n/%d>A laser story %d</a>" % (n, n) for n in range(6_000)),
        "entries": b"<rss version='2.0'><channel>" + entry * 4_000 + b"</channel></rss>",
        "brackets": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 500_000,
        "outlines": b"<opml><body>" + b"<outline text='a' xmlUrl='https://a.example/'>" * 6_000,
        "boundaries": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 2_000,
    }


@pytest.mark.parametrize("size", grown())
def test_what_has_no_end_costs_little(size: str) -> None:
    body = grown()[size]
    for reader in READERS.values():
        survives(reader, body)


pieces = st.sampled_from([file.read_bytes()[:4000] for file in FILES])
cuts = st.tuples(st.floats(0, 1), st.floats(0, 1))


def broken(first: bytes, second: bytes, cut: tuple[float, float], noise: bytes) -> bytes:
    """The beginning of one file, noise, and the end of another."""
    return first[: int(len(first) * cut[0])] + noise + second[int(len(second) * cut[1]) :]


@pytest.mark.parametrize("name", READERS)
@given(first=pieces, second=pieces, cut=cuts, noise=st.binary(max_size=40))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_broken_files_give_a_result_or_an_error_of_ours(
    name: str, first: bytes, second: bytes, cut: tuple[float, float], noise: bytes
) -> None:
    survives(READERS[name], broken(first, second, cut, noise))
