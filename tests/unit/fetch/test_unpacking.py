"""Compressed bodies: unpacked where nothing is in doubt."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]
import pytest

from crawler.fetch.unpacking import unpacked

BODY = b"<rss>" + b"news " * 1000
PACKED = gzip.compress(BODY)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (BODY, ""),
        (BODY, "identity"),
        (PACKED, "gzip"),
        (PACKED, " X-GZIP "),
        (gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), "gzip"),
        (brotli.compress(BODY), "br"),
    ],
    ids=["plain", "identity", "gzip", "x-gzip", "two members", "br"],
)
def test_whole_bodies_are_unpacked(body: bytes, encoding: str) -> None:
    assert unpacked(body, encoding, 10_000) == BODY


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (PACKED[:-3], "gzip"),
        (PACKED + b"rubbish", "gzip"),
        (BODY, "gzip"),
        (brotli.compress(BODY)[:-2], "br"),
        (BODY, "br"),
        (PACKED, "deflate"),
        (PACKED, "gzip, gzip"),
        (gzip.compress(bytes(20_000)), "gzip"),
        (brotli.compress(bytes(20_000)), "br"),
    ],
    ids=[
        "cut", "followed", "no gzip", "cut br", "no br", "deflate", "twice", "long", "long br",
    ],
)  # fmt: skip
def test_what_is_in_doubt_is_left_to_others(body: bytes, encoding: str) -> None:
    assert unpacked(body, encoding, 10_000) is None
