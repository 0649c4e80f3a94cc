"""One fetched page, free of Scrapy's types, and what its failure is called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.errors import FetchError, RefusedError
from crawler.extract.walls import Answer, Wall, wall_of
from crawler.model.source import Validators

if TYPE_CHECKING:
    from scrapy.http import Response

_WALLS = {
    "bot": "The site checks for robots and does not let us in",
    "login": "The site asks for a login instead of showing the page",
    "consent": "The site shows a question about cookies instead of the page",
    "missing": "The site says that there is no such page, though with status 200",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered in the end, redirects followed."""

    url: str  # the address that answered
    requested: str
    status: int
    body: bytes = b""  # decompressed
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    moved: str = ""  # where permanent redirects alone led to

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def is_html(self) -> bool:
        """Whether a browser would show this as a web page."""
        start = self.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return "html" in self.content_type.lower() or start.startswith(
            (b"<!doctype html", b"<html")
        )

    @property
    def validators(self) -> Validators:
        """How to ask next time whether this page changed."""
        return Validators(
            etag=self.headers.get("etag", "")[:1000],
            last_modified=self.headers.get("last-modified", "")[:200],
            body_hash=hashlib.sha256(self.body).hexdigest(),
        )


def page_of(response: Response, requested: str) -> Page:
    """Scrapy's response as our Page."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    reasons = response.request.meta.get("redirect_reasons", []) if response.request else []
    permanent = bool(reasons) and all(reason in (301, 308) for reason in reasons)
    return Page(
        url=response.url,
        requested=requested,
        status=response.status,
        body=bytes(response.body),
        headers=headers,
        moved=response.url if permanent else "",
    )


def check_page(page: Page, now: datetime) -> None:
    """Raises FetchError for every answer but the page itself or 304: errors, and walls in front
    of it, whatever their status."""
    if page.status == 304:
        return
    answer = Answer(
        page.body, page.url, page.requested, page.status, page.content_type, page.headers
    )
    wall = wall_of(answer)
    if wall is not None:
        raise wall_error(wall, page, now)
    check_status(page, now)


def missing_error(page: Page, now: datetime) -> FetchError:
    """What a page is that says itself that it is not there, large as it may be."""
    return wall_error(Wall("missing", ("title",)), page, now)


def wall_error(wall: Wall, page: Page, now: datetime) -> FetchError:
    """What stands before a page, in words."""
    status = f" (HTTP {page.status})" if page.status != 200 else ""
    return FetchError(
        f"{_WALLS[wall.kind]}{status}.",
        url=page.requested,
        kind=wall.kind,
        status=page.status,
        retry_after_seconds=retry_after_seconds(page.headers.get("retry-after", ""), now),
    )


def check_status(page: Page, now: datetime) -> None:
    """Raises FetchError for every status but 200 and 304."""
    if page.status in (200, 203, 304):
        return
    names = {401: "asks for a login", 403: "refuses us", 404: "has no such page",
             410: "says the page is gone for good", 429: "asks us to slow down"}  # fmt: skip
    what = names.get(page.status, "answers with an error")
    raise FetchError(
        f"The server {what} (HTTP {page.status}).",
        url=page.requested,
        kind="http",
        status=page.status,
        retry_after_seconds=retry_after_seconds(page.headers.get("retry-after", ""), now),
    )


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """RFC 9110 10.2.3: seconds or an HTTP date; bounded to a week; None where there is none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    return max(0.0, min(seconds, 7 * 86400.0))


def max_age_seconds(cache_control: str) -> int:
    """How long a page says it stays fresh (RFC 9111 5.2.2.1); 0 where it does not say."""
    directives = [one.strip().lower().partition("=") for one in cache_control.split(",")]
    if any(name in ("no-cache", "no-store") for name, _, _ in directives):
        return 0
    ages = [value.strip('"') for name, _, value in directives if name == "max-age"]
    return int(ages[0][:9]) if ages and ages[0].isascii() and ages[0].isdigit() else 0


def fetch_error(error: Exception, url: str) -> FetchError:
    """Whatever Scrapy raised as one of our errors."""
    from scrapy import exceptions

    if isinstance(error, FetchError):
        return error
    kinds: list[tuple[type[Exception], str, str]] = [
        (exceptions.DownloadTimeoutError, "timeout", "The server did not answer in time."),
        (exceptions.CannotResolveHostError, "dns", "The host's name is not known."),
        (exceptions.DownloadConnectionRefusedError, "connect", "The server accepts no connection."),
        (exceptions.ResponseDataLossError, "body", "The connection was lost within the page."),
        (exceptions.DownloadCancelledError, "size", "The page is larger than max_page_bytes."),
        (exceptions.UnsupportedURLSchemeError, "refused", "Not a web address."),
        (exceptions.DownloadFailedError, "connect", "The connection failed."),
        (exceptions.IgnoreRequest, "other", "The page was not fetched."),
    ]
    for family, kind, text in kinds:
        if isinstance(error, family):
            if "DOWNLOAD_MAXSIZE" in str(error):
                kind, text = "size", "The page is larger than max_page_bytes."
            if "max redirections" in str(error).lower():
                kind, text = "redirect", "The server redirects without end."
            if kind == "dns" and (host := urlsplit(url).hostname):
                text = f"The host's name is not known: {host}."
            return FetchError(text, url=url, kind=kind)
    return FetchError(f"Fetching failed: {type(error).__name__}.", url=url, kind="other")


def robots_refusal(url: str) -> RefusedError:
    """The site's robots.txt asks us not to fetch this address."""
    return RefusedError(
        "The site's robots.txt asks not to fetch this address.",
        url=url,
        kind="robots",
        remedy="Watch its feed or newsletter, or ask the site's owner.",
    )
