"""Downloader middlewares of ours: one slot a host, source headers that stay home, whole bodies."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from crawler.errors import FetchError
from crawler.fetch.gate import host_of, origin_of
from crawler.fetch.settings import proxy_for

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.fetch.visit import Visit

VISIT = "clusterwatch_visit"
HEADERS_ORIGIN = "clusterwatch_headers_origin"
HEADERS_NAMES = "clusterwatch_headers_names"


class HostSlotMiddleware:
    """Gives every request the slot of its host and port, and its proxy.

    A source's own headers (a token in ``headers_file``) never travel to another host, nor
    unencrypted where they were encrypted: after such a redirect they are taken off.
    """

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostSlotMiddleware:
        return cls(crawler.settings["CLUSTERWATCH_PROXY"])

    def process_request(self, request: Request) -> None:
        request.meta["download_slot"] = host_of(request.url)
        request.meta.pop("proxy", None)  # a redirect brings the one of the address before
        proxy = proxy_for(request.url, self._proxy)
        if proxy:
            request.meta["proxy"] = proxy
        origin = origin_of(request.url)
        if request.meta.get(HEADERS_ORIGIN, origin) != origin:
            for name in request.meta.get(HEADERS_NAMES, ()):
                request.headers.pop(name, None)


class HandedMiddleware:
    """Gives a visit's first request the answer that the check got for it, or its failure."""

    def process_request(self, request: Request) -> Response | None:
        visit: Visit | None = request.meta.get(VISIT)
        if visit is None or visit.handed is None or request.url != visit.url:
            return None
        handed, visit.handed = visit.handed, None
        if isinstance(handed, Exception):
            raise handed
        return handed


class WholeBodyMiddleware:
    """Refuses a compressed body that ends too early: it would look like a short, good page."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WholeBodyMiddleware:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        encoding = (response.headers.get("Content-Encoding") or b"").strip().lower()
        check = _WHOLE.get(encoding)
        if check is not None and response.body and not check(response.body, self._max_bytes):
            raise FetchError(
                "The page's compressed body ends too early.", url=request.url, kind="body"
            )
        return response


def whole_gzip(body: bytes, max_bytes: int) -> bool:
    """Whether every member of the stream has its end.

    Output is thrown away. What would be larger than ``max_bytes`` counts as whole: to refuse
    a bomb is the business of who unpacks it. Zeros or rubbish behind a member are ignored, as
    browsers do.
    """
    rest, members, left = body, 0, max_bytes
    while rest.lstrip(b"\x00"):
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            left -= len(inflate.decompress(rest, left + 1))
        except zlib.error:
            return members > 0 and not rest.startswith(b"\x1f\x8b")
        if left < 0:
            return True
        if not inflate.eof:
            return False
        rest, members = inflate.unused_data, members + 1
    return True


def whole_brotli(body: bytes, max_bytes: int) -> bool:
    """As ``whole_gzip``, for brotli's single stream."""
    import brotli  # type: ignore[import-untyped]

    inflate = brotli.Decompressor()
    size = 0
    try:
        data = body
        while size <= max_bytes:
            size += len(inflate.process(data, output_buffer_limit=max_bytes + 1))
            if inflate.is_finished() or inflate.can_accept_more_data():
                return bool(inflate.is_finished())
            data = b""
    except brotli.error:
        return False
    return True


_WHOLE = {b"gzip": whole_gzip, b"x-gzip": whole_gzip, b"br": whole_brotli}
