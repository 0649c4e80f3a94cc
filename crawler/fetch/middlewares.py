"""Downloader middlewares of ours: one slot a host, source headers that stay home, whole bodies."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from crawler.errors import FetchError
from crawler.fetch.gate import host_of
from crawler.fetch.settings import proxy_for

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

HEADERS_HOST = "clusterwatch_headers_host"
HEADERS_NAMES = "clusterwatch_headers_names"


class HostSlotMiddleware:
    """Gives every request the slot of its host and port, and its proxy.

    A source's own headers (a token in ``headers_file``) never travel to another host:
    after a redirect they are taken off.
    """

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostSlotMiddleware:
        return cls(crawler.settings["CLUSTERWATCH_PROXY"])

    def process_request(self, request: Request) -> None:
        host = host_of(request.url)
        request.meta["download_slot"] = host
        proxy = proxy_for(request.url, self._proxy)
        if proxy:
            request.meta["proxy"] = proxy
        if request.meta.get(HEADERS_HOST, host) != host:
            for name in request.meta.get(HEADERS_NAMES, ()):
                request.headers.pop(name, None)


class WholeBodyMiddleware:
    """Refuses a gzip body that ends too early: it would look like a short, good page."""

    def process_response(self, request: Request, response: Response) -> Response:
        encoding = (response.headers.get("Content-Encoding") or b"").strip().lower()
        if encoding in (b"gzip", b"x-gzip") and response.body and not _whole_gzip(response.body):
            raise FetchError(
                "The page's compressed body ends too early.", url=request.url, kind="body"
            )
        return response


def _whole_gzip(body: bytes) -> bool:
    """Whether every member of the stream has its end; output is bounded and thrown away."""
    rest = body
    while rest:
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            while rest and not inflate.eof:
                inflate.decompress(rest, 1_000_000)
                rest = inflate.unconsumed_tail or (inflate.unused_data if inflate.eof else b"")
        except zlib.error:
            return inflate.eof
        if not inflate.eof:
            return False
        rest = inflate.unused_data.lstrip(b"\x00")
    return True
