"""The download handler: Scrapy's aiohttp handler behind the host gate and the address guard."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import aiohttp
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)
from scrapy.utils.ssl import _make_ssl_context

from crawler import metrics
from crawler.errors import FetchError, RefusedError
from crawler.fetch.gate import host_of
from crawler.fetch.guard import VIA_PROXY, ForbiddenAddress
from crawler.fetch.manners import manners_of
from crawler.fetch.page import Page

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


@dataclass(frozen=True, slots=True)
class Question:
    """What the check asks; ``request`` is made only where the answer goes on into Scrapy."""

    url: str
    headers: Mapping[str, str]
    proxy: str
    timeout: aiohttp.ClientTimeout
    request: Callable[[], Request]


class PoliteDownloadHandler(AiohttpDownloadHandler):
    """Every request of this process passes here: pages, feeds, articles, robots.txt, redirects.

    The parent makes its own connector; ours has the guard where the socket is made, so the
    parent's constructor is replaced and its grandparent's called.
    """

    experimental: ClassVar[bool] = False

    def __init__(self, crawler: Crawler) -> None:
        BaseStreamingDownloadHandler.__init__(self, crawler)
        manners = manners_of(crawler)
        self._gate, self._guard = manners.gate, manners.guard
        self._ssl_context: ssl.SSLContext = _make_ssl_context(crawler.settings)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # the gate counts; waiting here would count as waiting for the server
                limit_per_host=0,
                socket_factory=self._guard.socket_factory,
                ttl_dns_cache=60,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            max_line_size=16_384,
            max_field_size=32_768,
        )

    async def download_request(self, request: Request) -> Response:
        """Raises RefusedError for forbidden addresses, FetchError for broken connections."""
        self._guard.check_url(request.url)
        async with self._gate.turn(host_of(request.url)):
            VIA_PROXY.set(bool(request.meta.get("proxy")))
            try:
                begun = time.perf_counter()
                response = await self._gate.unless_closed(super().download_request(request))
                _count(response, time.perf_counter() - begun)
                return response
            except (DownloadConnectionRefusedError, DownloadFailedError) as error:
                raise _connection_error(error, request.url) from error

    async def ask(self, question: Question) -> Page | Response:
        """What ``download_request`` gives, and for the answer 304 a Page: nearly every poll ends
        with it, and Scrapy's objects cost as much as the request. Raises the same."""
        self._guard.check_url(question.url)
        async with self._gate.turn(host_of(question.url)):
            VIA_PROXY.set(bool(question.proxy))
            begun = time.perf_counter()
            answer = await self._gate.unless_closed(self._answer(question))
            _count(answer, time.perf_counter() - begun)
            return answer

    async def _answer(self, question: Question) -> Page | Response:
        try:
            async with self._session.get(
                question.url,
                headers=question.headers,
                timeout=question.timeout,
                ssl=self._ssl_context,
                allow_redirects=False,
                proxy=question.proxy or None,
            ) as answer:
                if answer.status == 304:
                    headers = {name.lower(): value for name, value in answer.headers.items()}
                    return Page(question.url, question.url, 304, headers=headers)
                assert isinstance(answer, _ClientResponse)  # the session's response_class
                return await self._read_response(answer, question.request())
        except (TimeoutError, aiohttp.ClientError) as error:
            raise _named(error, question.url) from error


def _named(error: Exception, url: str) -> Exception:
    """An error of aiohttp as ``download_request`` names it."""
    families: tuple[tuple[type[Exception], type[Exception]], ...] = (
        (TimeoutError, DownloadTimeoutError),
        (aiohttp.InvalidUrlClientError, UnsupportedURLSchemeError),
        (aiohttp.NonHttpUrlClientError, UnsupportedURLSchemeError),
        (aiohttp.ClientConnectorDNSError, CannotResolveHostError),
    )
    for family, named in families:
        if isinstance(error, family):
            return named(str(error))
    failed = DownloadFailedError(str(error))
    failed.__cause__ = error
    return _connection_error(failed, url)


def _count(response: Page | Response, seconds: float) -> None:
    status = str(response.status)
    metrics.add("fetch_responses", status)
    metrics.add("fetch_bytes", status, len(response.body))
    metrics.add("fetch_seconds", status, seconds)


def _connection_error(error: Exception, url: str) -> FetchError:
    cause = error.__cause__
    os_error = getattr(cause, "os_error", None)
    if isinstance(os_error, ForbiddenAddress) or "public internet" in str(cause):
        return RefusedError(
            "Not fetched: its name leads to an address that is not of the public internet.",
            url=url,
            kind="refused",
            remedy="Allow its network in [crawl] allow_networks if you mean it.",
        )
    if isinstance(cause, aiohttp.ClientConnectorCertificateError):
        why = getattr(cause.certificate_error, "verify_message", "") or "not valid"
        return FetchError(f"The site's certificate is refused: {why}.", url=url, kind="tls")
    if isinstance(cause, aiohttp.ClientSSLError):
        return FetchError("No secure connection could be made.", url=url, kind="tls")
    if isinstance(cause, aiohttp.ClientConnectorError):
        return FetchError("The server accepts no connection.", url=url, kind="connect")
    return FetchError("The connection was lost before the page was complete.", url=url, kind="body")
