"""Compressed bodies: unpacked whole and within a limit, or refused."""

from __future__ import annotations

import gzip
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from crawler.errors import FetchError
from crawler.fetch.unpacking import unpacked
from tests.cost import bounded

BODY = b"<rss>" + b"news " * 1000
PACKED = gzip.compress(BODY, mtime=0)
LIMIT = 20_000


def bare_deflate(body: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflate.compress(body) + deflate.flush()


def wide_zstd(body: bytes) -> bytes:
    """With a window of 128 MB."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return packer.compress(body) + packer.flush()


WAYS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def whole() -> dict[str, tuple[bytes, str]]:
    named = {f"packed as {way}": (pack(BODY), f" {way.upper()} ") for way, pack in WAYS.items()}
    plain = {f"plain as {way}": (BODY, way) for way in ("", "identity", "utf-8", "none")}
    return named | plain | {
        "bare deflate": (bare_deflate(BODY), "deflate"),
        "two members": (gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), "gzip"),
        "two frames": (zstd.compress(BODY[:9]) + zstd.compress(BODY[9:]), "zstd"),
        "zeros behind": (PACKED + b"\x00" * 20, "gzip"),
        "a note behind": (PACKED + b"<!-- cached -->", "gzip"),
        "twice": (brotli.compress(PACKED), "gzip, br"),
        "three times": (gzip.compress(zstd.compress(PACKED)), "gzip,identity,zstd,,gzip"),
    }  # fmt: skip


# Named, because a packed body holds the second in which it was packed.
@pytest.mark.parametrize("what", whole())
def test_whole_bodies_are_unpacked(what: str) -> None:
    body, encoding = whole()[what]
    assert unpacked(body, encoding, LIMIT) == BODY


def broken() -> dict[str, tuple[bytes, str]]:
    cuts = {
        f"{way} without its last {cut}": (pack(BODY)[:-cut], way)
        for way, pack in WAYS.items()
        for cut in (1, 8, 20)
    }
    return cuts | {
        "bare deflate cut": (bare_deflate(BODY)[:-1], "deflate"),
        "the first bytes": (PACKED[:5], "gzip"),
        "a second member cut": (PACKED + PACKED[:-4], "gzip"),
        "a second frame cut": (zstd.compress(BODY) + zstd.compress(BODY)[:-4], "zstd"),
        "zeros for an end": (PACKED[:-8] + b"\x00" * 8, "gzip"),
        "cut within": (brotli.compress(PACKED[:-9]), "gzip, br"),
        "cut around": (gzip.compress(PACKED)[:-9], "gzip, gzip"),
        "a window that takes much memory": (
            wide_zstd(BODY),
            "zstd",
        ),
        **{f"no {way}": (BODY, way) for way in WAYS},
    }


@pytest.mark.parametrize("case", broken())
def test_what_is_not_whole_is_refused(case: str) -> None:
    body, encoding = broken()[case]
    with pytest.raises(FetchError, match="ends too early or is broken") as caught:
        unpacked(body, encoding, LIMIT)
    assert caught.value.kind == "body"


@pytest.mark.parametrize("way", WAYS)
def test_a_bomb_is_refused_without_being_unpacked(way: str) -> None:
    bomb = WAYS[way](bytes(3_000_000))
    for body, encoding in ((bomb, way), (gzip.compress(bomb), f"{way}, gzip")):
        with pytest.raises(FetchError) as caught:
            unpacked(body, encoding, LIMIT)
        assert caught.value.kind == "size"


def test_what_is_not_read_is_named() -> None:
    with pytest.raises(FetchError, match="not read: compress"):
        unpacked(BODY, "compress", LIMIT)


@pytest.mark.parametrize("text", [b"<rss/>", b"\xef\xbb\xbf\n<html>", b'{"items": []}'])
def test_a_page_that_nobody_called_packed_is_unpacked(text: bytes) -> None:
    assert unpacked(gzip.compress(text), "", 1_000) == text
    assert unpacked(gzip.compress(text), "utf-8", 1_000) == text


@pytest.mark.parametrize(
    "file",
    [gzip.compress(b"a tape"), gzip.compress(b"<rss/>")[:-4], gzip.compress(b"<" * 2_000)],
    ids=["no page", "broken off", "too long"],
)
def test_other_packed_files_stay_as_they_are(file: bytes) -> None:
    assert unpacked(file, "", 1_000) == file


def test_a_thousand_layers_are_not_unpacked() -> None:
    body = bytes(range(256)) * 8_000
    for _ in range(50):
        body = gzip.compress(body, 0)
    with bounded(), pytest.raises(FetchError, match="compressed 8000 times"):
        unpacked(body, ",".join(["gzip"] * 8_000), 5_000_000)


@pytest.mark.parametrize(
    "empty", [gzip.compress(b"", mtime=0), zstd.compress(b"")], ids=["gzip", "zstd"]
)
def test_members_without_end_are_refused(empty: bytes) -> None:
    way = "gzip" if empty.startswith(b"\x1f\x8b") else "zstd"
    assert unpacked(empty * 900, way, LIMIT) == b""
    with bounded(), pytest.raises(FetchError, match="broken"):
        unpacked(empty * 100_000, way, LIMIT)
