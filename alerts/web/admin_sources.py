"""The administration's sources: how each is doing, pausing, removing, a letter to its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.digests.words import Words
from alerts.health import watching
from alerts.web.admin import admin_page, back_to, by_admin, named, posted_by_admin, text_of
from alerts.web.health_words import TROUBLE, Told, rhythm, told
from alerts.web.site import Site, site_of
from alerts.web.status import when
from alerts.web.words import language_of, page_words
from crawler.errors import ClusterwatchError, SourceError
from crawler.model.source import SourceState
from crawler.source_changes import owner_letter, refuse_declared
from crawler.sources.faults import is_walled
from crawler.sources.letter import beside_letter
from crawler.storage.figures import Figures
from crawler.storage.items import Filter
from crawler.storage.source_rows import SourceRow

ALL = "/admin/sources"
_ITEMS = 8  # shown of one source
_MOST = 200  # shown of all; the rest is found by its name


@dataclass(frozen=True, slots=True)
class Listed:
    """One source in the list."""

    one: Mapping[str, Any]
    told: Told
    rhythm: str
    news: date | None = None  # the day of its newest item

    @property
    def remedy(self) -> str:
        """What to do, in words for who has no shell at hand as far as there are such."""
        return beside_letter(self.one["remedy"] or "")


def routes() -> list[Route]:
    """``/admin/sources`` and ``/admin/sources/ID``."""
    return [
        Route(ALL, by_admin(listing), methods=["GET"]),
        Route(ALL + "/{source:path}", by_admin(page), methods=["GET"]),
        Route(ALL + "/{source:path}", posted_by_admin(act), methods=["POST"]),
    ]


def listing(request: Request) -> Response:
    """All sources, those in trouble first."""
    site, words = site_of(request), page_words(language_of(request))
    wanted = request.query_params.get("q", "")[:100].strip()
    found = [
        one
        for one in watching(site.parts, site.clock())["sources"]
        if wanted.casefold() in f"{one['id']} {one['name']} {one['url']}".casefold()
    ]
    found.sort(key=lambda one: one["health"] not in TROUBLE)
    return admin_page(
        request, "admin_sources.html", sources=_listed(site, found[:_MOST], words),
        more=max(0, len(found) - _MOST), wanted=wanted, when=when,
    )  # fmt: skip


def _listed(site: Site, found: list[dict[str, Any]], words: Words) -> list[Listed]:
    figures, zone = Figures(site.parts.crawler.database), site.settings.zone
    news = figures.last_news([one["id"] for one in found], site.clock())
    return [
        Listed(one, told(one, words), rhythm(one["interval_seconds"], words),
               news[one["id"]].day(zone) if one["id"] in news else None)
        for one in found
    ]  # fmt: skip


def page(request: Request) -> Response:
    """One source: how it is watched, what went wrong, what it brought last."""
    return _page(request, source_row(request))


def act(request: Request, form: FormData) -> Response:
    """Do what the pressed button says."""
    site, row = site_of(request), source_row(request)
    try:
        done = _done(site, row, text_of(form, "do"))
    except ClusterwatchError as error:
        return _page(request, row, problem=error)
    where = ALL if done == "removed" else f"{ALL}/{quote(row.source.id, safe='')}"
    return back_to(request, where, done)


def source_row(request: Request) -> SourceRow:
    """The source that the path names; nothing is there for one that is unknown or removed."""
    try:
        row = site_of(request).parts.crawler.sources.get(named(request, "source"))
    except SourceError as error:
        raise HTTPException(404) from error
    if row.state.status == "removed":
        raise HTTPException(404)
    return row


def _done(site: Site, row: SourceRow, wish: str) -> str:
    sources, source_id = site.parts.crawler.sources, row.source.id
    if wish == "pause":
        sources.set_status(source_id, "paused")
        return "paused"
    if wish == "resume":
        sources.set_status(source_id, "active")
        return "resumed"
    if wish == "look":
        sources.look_now(source_id, site.clock())
        return "soon"
    if wish == "remove":
        refuse_declared(row.source)
        sources.set_status(source_id, "removed")
        return "removed"
    raise HTTPException(400)


def _page(
    request: Request, row: SourceRow, *, problem: ClusterwatchError | None = None
) -> Response:
    site, words = site_of(request), page_words(language_of(request))
    seen = watching(site.parts, site.clock())["sources"]
    one = next((one for one in seen if one["id"] == row.source.id), None)
    if one is None:  # its file no longer declares it
        raise HTTPException(404)
    walled = _is_walled(row.state)
    spoken = request.query_params.get("letter", "own" if walled else "")
    return admin_page(
        request, "admin_source.html", problem=problem, row=row,
        listed=_listed(site, [one], words)[0],
        items=site.parts.crawler.items.find(Filter(source=row.source.id, limit=_ITEMS)),
        letter=_letter(site, row, spoken), when=when,
    )  # fmt: skip


def _is_walled(state: SourceState) -> bool:
    return bool(state.failures) and is_walled(state.error_kind)


def _letter(site: Site, row: SourceRow, spoken: str) -> str:
    """A letter to its owner, where one is asked for; "own": in the source's own language."""
    if not spoken:
        return ""
    try:
        return owner_letter(site.parts.crawler, row, "" if spoken == "own" else spoken)
    except ClusterwatchError as error:
        raise HTTPException(404) from error
