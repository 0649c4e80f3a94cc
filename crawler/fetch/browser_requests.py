"""What a page in the browser may ask for, and which headers travel with it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from crawler.urls import registrable_domain

FETCH = "fetch"
EMPTY = "empty"  # answered with an empty style sheet: scripts wait for their style sheets
REFUSE = "refuse"
_SCRIPTED = ("xhr", "fetch")
_AHEAD = ("purpose", "sec-purpose", "next-router-prefetch", "x-middleware-prefetch")
# Who we are and what we accept, Scrapy says; cookies are off; the rest is the connection's.
_NOT_PASSED_ON = frozenset(
    [
        "user-agent",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-length",
        "cookie",
        "dnt",
        "host",
        "if-modified-since",
        "if-none-match",
        "proxy-authorization",
        "range",
        "te",
        "transfer-encoding",
        "upgrade",
        "upgrade-insecure-requests",
    ]
)
# What would make the browser do more than show the page, or was undone on the way.
_NOT_PASSED_BACK = frozenset(
    [
        "alt-svc",
        "content-disposition",
        "content-encoding",
        "content-length",
        "connection",
        "keep-alive",
        "link",
        "nel",
        "refresh",
        "report-to",
        "reporting-endpoints",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "x-frame-options",
    ]
)


def verdict(kind: str, method: str, url: str, page: str, headers: Mapping[str, str]) -> str:
    """FETCH, EMPTY or REFUSE for a request of the page at ``page``.

    ``kind`` is Playwright's resource type. Only what fills the document is fetched: the
    document, scripts and what scripts ask for. No images, media, fonts, frames, beacons,
    event streams or pages fetched ahead; nothing is sent to other sites.
    """
    if kind == "stylesheet":
        return EMPTY
    if any(name in headers for name in _AHEAD):
        return REFUSE
    if kind in ("document", "script"):
        return FETCH if method == "GET" else REFUSE
    if kind not in _SCRIPTED:
        return REFUSE
    if method in ("GET", "HEAD"):
        return FETCH
    return FETCH if method == "POST" and _site(url) == _site(page) else REFUSE


def passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    """The browser's request headers that travel on."""
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in _NOT_PASSED_ON and not name.lower().startswith(("sec-", ":"))
    }


def passed_back(headers: Mapping[str, str]) -> dict[str, str]:
    """The answer's headers that the browser sees."""
    return {name: value for name, value in headers.items() if name not in _NOT_PASSED_BACK}


def _site(url: str) -> str:
    return registrable_domain(urlsplit(url).hostname or "")
