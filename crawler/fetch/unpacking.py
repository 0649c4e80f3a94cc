"""Compressed bodies, unpacked whole and within a limit, or refused.

Scrapy's own middleware hands on what a stream that ends too early held until then, which looks
like a short, good page; and it unpacks as often as a header's thousand words ask for.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import NoReturn

from crawler.errors import FetchError

ACCEPTED = "gzip, deflate, br, zstd"
MOST_LAYERS = 3  # servers and their proxies compress twice by mistake; nobody does it oftener
MOST_MEMBERS = 1_000  # of one body
ZSTD_WINDOW_LOG = 23  # 8 MB, the largest window of a Content-Encoding (RFC 9659, 3)
_GZIP_MAGIC = b"\x1f\x8b"
_BEFORE_MARKUP = b"\xef\xbb\xbf \t\r\n"
_CHUNK_BYTES = 65_536
_UNREAD = frozenset({"compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})  # IANA's


def unpacked(body: bytes, encoding: str, most_bytes: int, url: str = "") -> bytes:
    """The body behind the value of a Content-Encoding header.

    Unknown words ("utf-8", "none") say nothing about the bytes, as servers use them; without any
    other a gzipped page or feed, as some caches hand out, is unpacked all the same. Raises
    FetchError of kind ``size`` where more than ``most_bytes`` come out, of kind ``body`` where
    the body is not whole, not what the header says, or packed in a way that is not read.
    """
    layers = [one.strip().lower() for one in encoding.split(",")]
    known = [one for one in layers if one in _WAYS or one in _UNREAD]
    if len(known) > MOST_LAYERS:
        _refuse(f"The page's body is compressed {len(known)} times.", url)
    for one in reversed(known):
        if one in _UNREAD:
            _refuse(f"The page's body is compressed in a way that is not read: {one}.", url)
        if body:
            body = _unpacked_once(body, one, most_bytes, url)
    return body if known else _unannounced(body, most_bytes)


def _unannounced(body: bytes, most_bytes: int) -> bytes:
    """A page or feed out of a body that nobody called packed; any other file as it is."""
    if not body.startswith(_GZIP_MAGIC):
        return body
    try:
        text = _gunzip(body, most_bytes)
    except (_TooLarge, _Broken):
        return body
    return text if text.lstrip(_BEFORE_MARKUP).startswith((b"<", b"{")) else body


class _TooLarge(Exception):
    """More comes out than is wanted."""


class _Broken(Exception):
    """It ends too early, or is something else."""


def _unpacked_once(body: bytes, way: str, most_bytes: int, url: str) -> bytes:
    try:
        return _WAYS[way](body, most_bytes)
    except _TooLarge:
        raise FetchError("The page is larger than max_page_bytes.", url=url, kind="size") from None
    except _Broken:
        _refuse("The page's compressed body ends too early or is broken.", url)


def _refuse(message: str, url: str) -> NoReturn:
    raise FetchError(message, url=url, kind="body") from None


def _gunzip(body: bytes, most_bytes: int) -> bytes:
    """Every member, each whole. Zeros or rubbish behind a member are ignored, as browsers do."""
    pieces: list[bytes] = []
    rest, left = body, most_bytes
    while rest.startswith(_GZIP_MAGIC) or not pieces:
        _check(len(pieces))
        piece, rest = _inflated(rest, 16 + zlib.MAX_WBITS, left)
        left -= len(piece)
        pieces.append(piece)
    return b"".join(pieces)


def _check(members: int) -> None:
    """Each copies what stands behind it: without end they would hold the loop."""
    if members >= MOST_MEMBERS:
        raise _Broken


def _inflate(body: bytes, most_bytes: int) -> bytes:
    """zlib's form, or the bare one that some servers send (RFC 9110, 8.4.1.2)."""
    try:
        return _inflated(body, zlib.MAX_WBITS, most_bytes)[0]
    except _Broken:
        return _inflated(body, -zlib.MAX_WBITS, most_bytes)[0]


def _inflated(body: bytes, bits: int, most_bytes: int) -> tuple[bytes, bytes]:
    """One stream and what stands behind it."""
    inflate = zlib.decompressobj(bits)
    try:
        found = inflate.decompress(body, most_bytes + 1)
    except zlib.error as error:
        raise _Broken from error
    if len(found) > most_bytes:
        raise _TooLarge
    if not inflate.eof:
        raise _Broken
    return found, inflate.unused_data


def _unbrotli(body: bytes, most_bytes: int) -> bytes:
    import brotli  # type: ignore[import-untyped]

    inflate, pieces, size = brotli.Decompressor(), [], 0
    try:
        while not inflate.is_finished():
            piece = inflate.process(body, output_buffer_limit=_CHUNK_BYTES)
            pieces.append(piece)
            size += len(piece)
            if size > most_bytes:
                raise _TooLarge
            if inflate.can_accept_more_data() and not inflate.is_finished():
                raise _Broken
            body = b""
    except brotli.error as error:
        raise _Broken from error
    return b"".join(pieces)


def _unzstd(body: bytes, most_bytes: int) -> bytes:
    """Every frame, each whole."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
    pieces: list[bytes] = []
    left = most_bytes
    while body:
        _check(len(pieces))
        inflate = zstd.ZstdDecompressor(options=options)
        try:
            piece = inflate.decompress(body, left + 1)
        except zstd.ZstdError as error:
            raise _Broken from error
        left -= len(piece)
        if left < 0:
            raise _TooLarge
        if not inflate.eof:
            raise _Broken
        pieces.append(piece)
        body = inflate.unused_data
    return b"".join(pieces)


_WAYS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
