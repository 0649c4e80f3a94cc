"""A source's address, of a new one or changed: the page is looked at, shown as it would be watched,
stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.web.admin import admin_page, back_to, by_admin, lines_of, refuse_others, text_of
from alerts.web.security import form_of
from alerts.web.site import Site, site_of
from alerts.web.words import language_of, page_words
from crawler.errors import ClusterwatchError, FetchError, SourceError, UsageError
from crawler.extract.site_name import source_name
from crawler.model.source import Source
from crawler.source_changes import (
    WatchedError,
    add_source,
    address_letter,
    checked_source,
    detected,
    keep_learned,
    new_source,
    refuse_declared,
    refuse_empty,
    refuse_unlike,
    refuse_watched,
)
from crawler.sources.letter import beside_letter
from crawler.sources.lists import declared_values
from crawler.typed_addresses import at_address_waiting

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.fetch.run import Crawl
    from crawler.storage.source_rows import SourceRow
    from crawler.storage.sources import SourceStore

SECONDS = 40.0  # a look at a page takes no longer
_SHOWN = 12  # items
_LONGEST_URL = 2000
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form asks for."""

    url: str = ""
    name: str = ""
    like: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pick: int | None = None
    whole_page: bool = False
    source: str = ""  # the id of one whose address is changed

    def values(self) -> dict[str, Any]:
        """As the table of a configuration file."""
        return {
            "id": "", "url": self.url, "name": self.name,
            "kind": "page" if self.whole_page else "auto", "tags": list(self.tags),
        }  # fmt: skip


def routes() -> list[Route]:
    """``/admin/add-source``."""
    return [
        Route("/admin/add-source", by_admin(form_page), methods=["GET"]),
        Route("/admin/add-source", act, methods=["POST"]),
    ]


def form_page(request: Request) -> Response:
    """The form; ``?url=`` fills it, ``?source=`` changes the address of that source."""
    url = str(request.query_params.get("url", ""))[:_LONGEST_URL]
    changed = str(request.query_params.get("source", ""))[:_LONGEST_ID]
    if not changed:
        return _page(request, Wish(url=url))
    try:
        before = site_of(request).parts.crawler.sources.get(changed).source
    except SourceError as error:
        raise HTTPException(404) from error
    return _page(request, Wish(url=url or before.url, source=changed))


async def act(request: Request) -> Response:
    """Look at the page; store it where "add" was pressed. Only the look runs in the loop."""
    refuse_others(request)
    form = await form_of(request)
    site, wish = site_of(request), wish_of(form)
    found: Detection | None = None
    try:
        wish, found = await _found(site, wish)
        seen = text_of(form, "seen", _LONGEST_URL) == wish.url  # else the address was changed
        if seen and text_of(form, "do") == "add":
            row = await run_in_threadpool(_store, site, wish, found)
            where = f"/admin/sources/{quote(row.source.id, safe='')}"
            return back_to(request, where, "saved" if wish.source else "added")
    except ClusterwatchError as error:
        return await run_in_threadpool(_page, request, wish, found, error)
    return await run_in_threadpool(_page, request, wish, found)


def wish_of(form: FormData) -> Wish:
    """The form's fields, each within bounds."""
    pick = text_of(form, "pick", 3)
    return Wish(
        url=text_of(form, "url", _LONGEST_URL),
        name=text_of(form, "name", 200),
        like=tuple(lines_of(form, "like", most=5, longest=_LONGEST_URL)),
        tags=tuple(dict.fromkeys(text_of(form, "tags").replace(",", " ").split()))[:20],
        pick=int(pick) if pick.isdecimal() and pick.isascii() else None,
        whole_page=form.get("whole") == "yes",
        source=text_of(form, "source", _LONGEST_ID),
    )


async def _found(site: Site, wish: Wish) -> tuple[Wish, Detection]:
    """The wish with the address as it is reached, and the page as it would be watched.

    Raises what is wrong with the address or the page, FetchError when a look takes longer than
    ``SECONDS``.
    """

    async def look(url: str) -> tuple[Wish, Detection]:
        reached = replace(wish, url=url)
        source = await run_in_threadpool(_checked, site, reached)
        found = await _looked_at(crawl, reached, source)
        refuse_unlike(found, wish.like, url)
        refuse_empty(found, url, source.kind)
        return reached, found

    try:
        async with asyncio.timeout(SECONDS), _crawl_of(site) as crawl:
            return await at_address_waiting(wish.url, look)
    except TimeoutError as error:
        raise FetchError(
            f"{wish.url} was not read within {SECONDS:.0f} seconds.", url=wish.url, kind="timeout"
        ) from error


async def _looked_at(crawl: Crawl, wish: Wish, source: Source) -> Detection:
    """The page as ``source`` would watch it. Raises what detection raises."""
    from crawler.extract.listing import ListingHints

    hints = ListingHints(source.only_links, source.skip_links, source.selector, wish.like)
    return await detected(crawl, wish.url, hints, wish.pick, source.render)


@asynccontextmanager
async def _crawl_of(site: Site) -> AsyncIterator[Crawl]:
    """The crawl of this process: the daemon's, else one for this look alone, one at a time, so
    that no site is asked twice as fast as agreed."""
    if site.crawl is not None:
        yield site.crawl
        return
    async with site.looking:
        await run_in_threadpool(lambda: site.parts.crawler.ingest)  # builds the topics
        async with site.parts.crawler.crawl() as crawl:
            yield crawl


def _checked(site: Site, wish: Wish) -> Source:
    """The source as it would be stored. Raises UsageError for an address that is refused."""
    if not wish.url:
        raise UsageError("Please enter the address of a news page or feed.")
    sources = site.parts.crawler.sources
    source = _changed(sources, wish) if wish.source else new_source(sources, wish.values())
    refuse_watched(sources, wish.url, apart_from=wish.source)
    return source


def _changed(sources: SourceStore, wish: Wish) -> Source:
    before = sources.get(wish.source).source
    refuse_declared(before)
    return checked_source(declared_values(before) | {"url": wish.url})


def _store(site: Site, wish: Wish, found: Detection) -> SourceRow:
    sources = site.parts.crawler.sources
    if found.kind == "feed" and found.feed_url:
        refuse_watched(sources, found.feed_url, apart_from=wish.source)
    if wish.source:
        source = _changed(sources, wish)
        sources.change(source, site.clock())
        return keep_learned(sources, source, found)
    source = new_source(sources, wish.values())
    source = replace(source, name=wish.name or source_name(found, source.url) or source.id)
    return add_source(sources, source, found, site.clock())


def _page(
    request: Request,
    wish: Wish,
    found: Detection | None = None,
    problem: ClusterwatchError | None = None,
) -> Response:
    watched = problem.source if isinstance(problem, WatchedError) else ""
    if isinstance(problem, WatchedError):
        problem = _watched_already(request, problem)
    letter = _letter(request, problem)
    if problem is not None and letter:
        problem.remedy = beside_letter(problem.remedy)
    return admin_page(
        request, "admin_adding.html", problem=problem, wish=wish, found=found, watched=watched,
        shown=found.items[:_SHOWN] if found else (),
        more=max(0, len(found.items) - _SHOWN) if found else 0,
        seconds=int(SECONDS), letter=letter,
    )  # fmt: skip


def _letter(request: Request, problem: ClusterwatchError | None) -> str:
    """A letter to the owner of a site that turns us away, in the page's language; else ""."""
    if not isinstance(problem, FetchError):
        return ""
    crawl = site_of(request).parts.crawler.settings.crawl
    try:
        return address_letter(crawl, problem, language_of(request))
    except FetchError:
        return ""  # nothing that its owner could end


def _watched_already(request: Request, problem: WatchedError) -> UsageError:
    """The same in the page's words; a link beside it stands for the command."""
    words = page_words(language_of(request))
    return UsageError(
        words.say(
            'The source "{name}" watches {url} already.', name=problem.source, url=problem.url
        )
    )
