"""Compressed bodies, unpacked within a limit; what is in doubt is left to Scrapy's middlewares."""

from __future__ import annotations

import zlib


def unpacked(body: bytes, encoding: str, most_bytes: int) -> bytes | None:
    """The body behind a Content-Encoding; None where it is not whole, not one that we read, or
    larger than ``most_bytes``."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding in ("gzip", "x-gzip"):
        return _gunzip(body, most_bytes)
    return _unbrotli(body, most_bytes) if encoding == "br" else None


def _gunzip(body: bytes, most_bytes: int) -> bytes | None:
    """One member or several, each whole, and nothing behind them."""
    pieces, rest, left = [], body, most_bytes
    while rest:
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            piece = inflate.decompress(rest, left + 1)
        except zlib.error:
            return None
        left -= len(piece)
        if left < 0 or not inflate.eof:
            return None
        pieces.append(piece)
        rest = inflate.unused_data
    return b"".join(pieces)


def _unbrotli(body: bytes, most_bytes: int) -> bytes | None:
    import brotli  # type: ignore[import-untyped]

    inflate = brotli.Decompressor()
    try:
        piece: bytes = inflate.process(body, output_buffer_limit=most_bytes + 1)
    except brotli.error:
        return None
    return piece if len(piece) <= most_bytes and inflate.is_finished() else None
