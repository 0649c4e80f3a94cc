"""Downloader middlewares of ours: a slot a host, source headers that stay home, unpacked bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.fetch.gate import host_of, origin_of
from crawler.fetch.settings import proxy_for
from crawler.fetch.unpacking import unpacked

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

VISIT = "clusterwatch_visit"
HANDED = "clusterwatch_handed"
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
    """Gives a request the answer that asking beside the engine brought for it, or its failure."""

    def process_request(self, request: Request) -> Response | None:
        handed: Response | Exception | None = request.meta.pop(HANDED, None)
        if isinstance(handed, Exception):
            raise handed
        return handed


class UnpackingMiddleware:
    """Unpacks bodies in the place of Scrapy's middleware, which takes broken ones for whole.

    Raises FetchError: what a server sends wrongly packed is no page.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> UnpackingMiddleware:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        said = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        body = unpacked(response.body, said, self._most_bytes, request.url)
        if not said and body is response.body:
            return response
        from scrapy.http import TextResponse
        from scrapy.responsetypes import responsetypes

        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        changes: dict[str, Any] = {"headers": headers, "body": body}
        if issubclass(kind, TextResponse):
            changes["encoding"] = None  # the packed body's may have been guessed already
        return response.replace(cls=kind, **changes)
