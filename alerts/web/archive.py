"""The archive as pages: stories newest first, filtered and searched by a plain form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.digests.story import Reader
from alerts.web.access import feed_key, hidden, refused
from alerts.web.archive_telling import reader_of, told
from alerts.web.archive_views import (
    PERIODS,
    View,
    WrongPart,
    cursor,
    place_asked,
    position,
    view_of,
)
from alerts.web.known import UnknownFilter, refuse_unknown
from alerts.web.rendering import render
from alerts.web.security import is_reader
from alerts.web.site import Site, site_of
from crawler.storage.archive import ArchiveStore, Placed
from crawler.storage.figures import Figures

PAGE = 25  # stories
_LISTED_SOURCES = 400  # more than that are typed by id


def routes() -> list[Route]:
    """``/archive``."""
    return [Route("/archive", page, methods=["GET"])]


def page(request: Request) -> Response:
    """One page of a view."""
    if not is_reader(request):
        return refused(request)
    site, view = site_of(request), view_of(request.query_params)
    after = place_asked(request.query_params)
    try:
        places, older = read_page(site, view, after, site.clock())
    except (UnknownFilter, WrongPart) as unknown:
        rest = view if unknown.kind == "after" else replace(view, **{unknown.kind: ""})
        return _page(request, rest, [], "", first=True, unknown=unknown)
    return _page(request, view, places, older, first=not after)


def _page(
    request: Request,
    view: View,
    places: list[Placed],
    older: str,
    *,
    first: bool,
    unknown: UnknownFilter | WrongPart | None = None,
) -> Response:
    site, reader = site_of(request), reader_of(request)
    status = 400 if isinstance(unknown, WrongPart) else 404 if unknown else 200
    answer = render(
        request, "archive.html", status=status, view=view, unknown=unknown,
        stories=told(site, places, view, reader), older=older, first=first, key=feed_key(request),
        periods=tuple(PERIODS), **_choices(site, view, reader),
    )  # fmt: skip
    return hidden(site, answer)


def read_page(site: Site, view: View, after: str, now: datetime) -> tuple[list[Placed], str]:
    """The stories of a page, and the cursor of the next one, "" at the end.

    WrongPart for a period or cursor that is none of ours; UnknownFilter.
    """
    parts = site.parts.crawler
    refuse_unknown(parts, topic=view.topic, source=view.source, language=view.language)
    store = ArchiveStore(site.parts.crawler.database)
    place = position(after, searching=bool(view.query))
    places = store.page(view.wanted(now), PAGE + 1, place)
    older = cursor(places[PAGE - 1]) if len(places) > PAGE else ""
    return places[:PAGE], older


def _choices(site: Site, view: View, reader: Reader) -> dict[str, Any]:
    """What the filters offer, (value, label) each; what is chosen is always among it: a source
    that was removed, a language nothing was found in yet."""
    from alerts.web.choices import topic_name

    topics = {one.id: topic_name(one, reader.words.language) for one in reader.topics.values()}
    found = Figures(site.parts.crawler.database).sources_with_items()
    sources = {key: one.name or key for key, one in reader.sources.items() if key in found}
    codes = site.parts.crawler.items.languages()
    languages = {code: reader.words.language_name(code) for code in codes}
    return {
        "topics": _offered(topics, view.topic),
        "sources": _offered(sources, view.source) if len(sources) <= _LISTED_SOURCES else None,
        "item_languages": _offered(languages, view.language),
    }


def _offered(named: dict[str, str], chosen: str) -> list[tuple[str, str]]:
    if chosen and chosen not in named:
        named = {**named, chosen: chosen}
    return sorted(named.items(), key=lambda pair: pair[1].casefold())
