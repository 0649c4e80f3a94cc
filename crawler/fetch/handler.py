"""The download handler: Scrapy's aiohttp handler behind the host gate and the address guard."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import aiohttp
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http.headers import Headers
from scrapy.utils.ssl import _make_ssl_context

from crawler import metrics
from crawler.errors import FetchError, RefusedError
from crawler.fetch.gate import host_of
from crawler.fetch.guard import VIA_PROXY, ForbiddenAddress, how_to_allow
from crawler.fetch.manners import manners_of
from crawler.fetch.wire import (
    KEPT_SECONDS,
    MAX_FIELD_SIZE,
    MAX_LINE_SIZE,
    Answer,
    TooLarge,
    Wire,
    as_sent,
    plain_headers,
    whole,
)

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since", "Cache-Control"})


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
        self._timeout = aiohttp.ClientTimeout(total=crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        connector = aiohttp.TCPConnector(
            limit=0,  # the gate counts; waiting here would count as waiting for the server
            limit_per_host=0,
            socket_factory=self._guard.socket_factory,
            ttl_dns_cache=60,
            keepalive_timeout=KEPT_SECONDS,
        )
        self._wire = Wire(connector, self._ssl_context, self._timeout)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            max_line_size=MAX_LINE_SIZE,
            max_field_size=MAX_FIELD_SIZE,
        )

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        # The parent's would refuse the whole answer for one byte that is no UTF-8.
        return Headers([(name, as_sent(value)) for name, value in response.headers.items()])

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

    async def ask(
        self, url: str, headers: Mapping[str, str], usual: Mapping[str, str], proxy: str = ""
    ) -> Answer:
        """A GET beside Scrapy, through the same guard, gate, connections and limits. ``usual``
        headers are said where ``headers`` do not say them. Raises what ``download_request``
        raises."""
        self._guard.check_url(url)
        async with self._gate.turn(host_of(url)):
            VIA_PROXY.set(bool(proxy))
            begun = time.perf_counter()
            work = self._answer(url, headers, usual, proxy)
            try:
                answer = await self._gate.unless_closed(work, self._timeout.total or 0.0)
            except TooLarge as error:
                raise DownloadCancelledError("It is larger than DOWNLOAD_MAXSIZE.") from error
            except aiohttp.ClientPayloadError as error:
                raise ResponseDataLossError(str(error)) from error
            except (TimeoutError, aiohttp.ClientError) as error:
                raise _named(error, url) from error
            _count(answer, time.perf_counter() - begun)
            return answer

    async def _answer(
        self, url: str, headers: Mapping[str, str], usual: Mapping[str, str], proxy: str
    ) -> Answer:
        if not proxy and not headers.keys() - _CONDITIONS:
            return await self._wire.get(url, headers, _lines(usual), self._default_maxsize)
        own = {name.lower() for name in headers}
        said = {**headers, **{key: one for key, one in usual.items() if key.lower() not in own}}
        if proxy:
            return await self._by_session(url, said, proxy)
        return await self._wire.get(url, said, b"", self._default_maxsize)

    async def _by_session(self, url: str, headers: Mapping[str, str], proxy: str) -> Answer:
        async with self._session.get(
            url,
            headers=headers,
            timeout=self._timeout,
            ssl=self._ssl_context,
            allow_redirects=False,
            proxy=proxy,
        ) as answer:
            said = plain_headers(answer.headers)
            body = b""
            if answer.status != 304:
                body = await whole(answer.content, answer.headers, self._default_maxsize)
            return Answer(url, answer.status, said, body)


def _lines(headers: Mapping[str, str]) -> bytes:
    """Header lines as they are sent: the same for nearly every request."""
    return _lines_of(tuple(headers.items()))


@lru_cache(8)
def _lines_of(headers: tuple[tuple[str, str], ...]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()


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


def _count(response: Answer | Response, seconds: float) -> None:
    told = {"fetch_responses": 1, "fetch_bytes": len(response.body), "fetch_seconds": seconds}
    metrics.add_together(str(response.status), told)


def _connection_error(error: Exception, url: str) -> FetchError:
    cause = error.__cause__
    os_error = getattr(cause, "os_error", None)
    if isinstance(os_error, ForbiddenAddress) or "public internet" in str(cause):
        return RefusedError(
            "Not fetched: its name leads to an address that is not of the public internet.",
            url=url,
            kind="refused",
            remedy=how_to_allow(),
        )
    if isinstance(cause, aiohttp.ClientConnectorCertificateError):
        why = getattr(cause.certificate_error, "verify_message", "") or "not valid"
        return FetchError(f"The site's certificate is refused: {why}.", url=url, kind="tls")
    if isinstance(cause, aiohttp.ClientSSLError):
        return FetchError("No secure connection could be made.", url=url, kind="tls")
    if isinstance(cause, aiohttp.ClientConnectorError):
        return FetchError("The server accepts no connection.", url=url, kind="connect")
    return FetchError("The connection was lost before the page was complete.", url=url, kind="body")
