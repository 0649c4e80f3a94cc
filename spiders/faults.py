"""What a poll found instead of its source: a page that moved away, or a list that holds nothing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import ExtractError, FetchError
from crawler.fetch.page import Page
from crawler.fetch.visit import Visit
from crawler.model.reading import Reading
from crawler.urls import registrable_domain

_HOME = re.compile(
    r"/?([a-z]{2}([-_][a-z]{2})?/?)?((index|home|start|startseite|default)(\.\w{2,5})?/?)?", re.I
)
_LISTS = ("feed", "listing", "sitemap")


def refuse_home(visit: Visit, page: Page) -> None:
    """Raises FetchError where a source that was read before leads to the site's home page now.

    Home pages tease some of the news; reading those would look well and lose the rest.
    """
    state = visit.state
    if state is None or not state.baseline or visit.since is not None:
        return
    if _leads_home(visit, page):
        raise _moved(page, "the site's home page")


def check_found(visit: Visit, page: Page, value: Any) -> None:
    """Raises FetchError for a reading that worked and yet cannot be the source's.

    Dry runs and backfills are judged by their callers.
    """
    state = visit.state
    if state is None or not isinstance(value, Reading) or value.unchanged or value.backfill:
        return
    if value.kind in _LISTS and not (value.listed or value.dropped or value.empty):
        _refuse_empty(visit, page, value.kind)
    all_new = bool(value.listed) and visit.new_listed == len(value.listed)
    if all_new and state.last_new is not None and _other_site(visit, page):
        raise _moved(page, "another site, where nothing is known")


def named(visit: Visit, page: Page, error: Exception) -> Exception:
    """The error by its cause: what is not found where an address leads away has moved."""
    if visit.source is None or not isinstance(error, ExtractError):
        return error
    if _leads_home(visit, page):
        return _moved(page, "the site's home page")
    if _other_site(visit, page):
        return _moved(page, "another site")
    return error


def _refuse_empty(visit: Visit, page: Page, kind: str) -> None:
    assert visit.state is not None
    assert visit.source is not None
    if kind == "listing" and visit.source.selector:
        message = f"Its selector “{visit.source.selector}” finds no news on this page."
        raise ExtractError(message, url=page.url)
    if visit.state.last_new is not None:
        what = {"feed": "feed", "sitemap": "sitemap"}.get(kind, "page")
        raise FetchError(f"The {what} lists nothing any more.", url=page.url, kind="empty")
    if kind == "listing":
        raise ExtractError("No news items were found on this page.", url=page.url)


def _moved(page: Page, where: str) -> FetchError:
    return FetchError(
        f"The address leads to {where} now: {page.url}", url=page.requested, kind="moved"
    )


def _leads_home(visit: Visit, page: Page) -> bool:
    """Whether the answer is a home page that was neither asked for nor given before."""
    return _is_home(page.url) and not _is_home(_before(visit))


def _other_site(visit: Visit, page: Page) -> bool:
    return _site(page.url) != _site(_before(visit))


def _before(visit: Visit) -> str:
    """Where the watched address led to when it last worked."""
    landed = visit.state.landed_url if visit.state is not None else ""
    return landed or visit.url


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return _HOME.fullmatch(parts.path) is not None and not parts.query


def _site(url: str) -> str:
    return registrable_domain(urlsplit(url).hostname or "")
