"""The REST API below ``/api/v1``: the contract's shapes, a token, cursors, ETags.

Reading and judging alone; what changes the installation is done by command or in the
administration.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, Router

from alerts.health import status as find_out
from alerts.web.api_cursors import by_number, by_time, place
from alerts.web.known import refuse_unknown
from alerts.web.openapi import LONGEST, SINCE, document
from alerts.web.security import admin_token_fits
from alerts.web.site import site_of
from crawler.config import duration
from crawler.errors import ClusterwatchError, SourceError, UsageError
from crawler.export import item_json
from crawler.grams import query as asked_for
from crawler.model.judgement import JUDGEMENTS
from crawler.storage.items import Filter
from crawler.storage.search import SearchStore

MOST = 200  # items a page
_FILTERS = ("topic", "source", "language", "since", "q", "limit", "cursor")
Read = Callable[[Request], Any]


class BadRequest(ClusterwatchError):
    """A parameter or a body that cannot be meant: 400."""


class OtherQuery(ClusterwatchError):
    """A cursor that another query gave: 409."""


class NoSuchId(ClusterwatchError):
    """An id that nothing can have: 404."""


def routes() -> list[Mount]:
    """``/api/v1/…``."""
    return [
        Mount(
            "/api/v1",
            Router(
                redirect_slashes=False,
                routes=[
                    Route("/openapi.json", description, methods=["GET"]),
                    Route("/items", _guarded(list_items), methods=["GET"]),
                    Route("/items/{id}", _guarded(one_item), methods=["GET"]),
                    Route("/stories/{id}", _guarded(one_story), methods=["GET"]),
                    Route("/sources", _guarded(list_sources), methods=["GET"]),
                    Route("/sources/{id}", _guarded(one_source), methods=["GET"]),
                    Route("/topics", _guarded(list_topics), methods=["GET"]),
                    Route("/subscriptions", _guarded(list_subscriptions), methods=["GET"]),
                    Route("/status", _guarded(status), methods=["GET"]),
                    Route("/feedback", judge_item, methods=["POST"]),
                ],
            ),
        )
    ]


def description(request: Request) -> Response:
    """What there is, as OpenAPI; needs no token."""
    return JSONResponse(document(site_of(request).url("/api/v1")))


# -- reading ------------------------------------------------------------------------------------


def list_items(request: Request) -> dict[str, Any]:
    """Items last found first; with ``q`` those that have every word."""
    unknown = sorted(set(request.query_params) - set(_FILTERS))
    if unknown:
        raise BadRequest(f"There is no parameter {unknown[0]!r}.", remedy=_allowed(_FILTERS))
    wanted = _filter(request)
    limit = _limit(request)
    found, following = (_searched if wanted.query else _listed)(request, wanted, limit)
    return {"items": [item_json(item) for item in found], "next": following}


def one_item(request: Request) -> dict[str, Any]:
    """One item with its text."""
    return item_json(site_of(request).parts.crawler.items.get(_id(request)), text=True)


def one_story(request: Request) -> dict[str, Any]:
    """A story with all its tellings, the leading one first."""
    story = site_of(request).parts.crawler.stories.get(_id(request))
    return {"id": story.id, "items": [item_json(item) for item in story.items]}


def list_sources(request: Request) -> dict[str, Any]:
    """What is watched, and how it is doing."""
    from crawler.cli.source_views import source_json

    return {"sources": [source_json(row) for row in site_of(request).parts.crawler.sources.all()]}


def one_source(request: Request) -> dict[str, Any]:
    """One source."""
    from crawler.cli.source_views import source_json

    return source_json(site_of(request).parts.crawler.sources.get(_id(request)))


def list_topics(request: Request) -> dict[str, Any]:
    """Every topic with its names and the version that decides now."""
    topics = site_of(request).parts.crawler.topics
    return {
        "topics": [
            {
                "id": one.id,
                "name": one.name,
                "names": dict(one.names),
                "version": one.version,
                "declared_by": one.declared_by or None,
            }
            for one in topics
        ]
    }


def list_subscriptions(request: Request) -> dict[str, Any]:
    """Who hears about what and when, without addresses of people."""
    site = site_of(request)
    return {"subscriptions": find_out(site.parts, site.clock())["subscriptions"]}


def status(request: Request) -> dict[str, Any]:
    """The same object as ``clusterwatch status --json``."""
    site = site_of(request)
    return find_out(site.parts, site.clock())


# -- judging ------------------------------------------------------------------------------------


async def judge_item(request: Request) -> Response:
    """Remember a judgement: ``{"item", "topic", "judgement"}``."""
    if not _has_token(request):
        return _no_token()
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        return _error(400, "The body is no JSON document.")
    keys = ("item", "topic", "judgement")
    if not isinstance(body, dict) or not all(isinstance(body.get(key), str) for key in keys):
        return _error(400, 'The body needs "item", "topic" and "judgement" as texts.')
    if body["judgement"] not in JUDGEMENTS:
        return _error(400, f"judgement: allowed are {', '.join(JUDGEMENTS)}.")
    if not all(_is_text(body[key]) for key in keys):
        return _error(404, "Nothing has such a name.")
    return await run_in_threadpool(_judged, request, *(body[key][:LONGEST] for key in keys))


def _judged(request: Request, item: str, topic: str, judgement: str) -> Response:
    from crawler.cli.feedback import judgement_json
    from crawler.judging import judge

    site = site_of(request)
    crawler = site.parts.crawler
    try:
        _, kept = judge(
            crawler.database, crawler.topics, item, topic, judgement, by="api", now=site.clock()
        )
    except UsageError as error:
        return _error(404, error.line())
    return JSONResponse(judgement_json(kept), status_code=201)


# -- inside -------------------------------------------------------------------------------------


def _guarded(read: Read) -> Callable[[Request], Response]:
    """An endpoint that needs the token and answers 304 where nothing changed."""

    def endpoint(request: Request) -> Response:
        if not _has_token(request):
            return _no_token()
        try:
            body = json.dumps(read(request), ensure_ascii=False).encode()
        except BadRequest as error:
            return _error(400, error.line())
        except OtherQuery as error:
            return _error(409, error.line())
        except (UsageError, SourceError, NoSuchId) as error:
            return _error(404, error.line())
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        asked = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
        if etag in asked or f"W/{etag}" in asked:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    return endpoint


def guarded_by_token(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint for who sends the token, 401 for everybody else."""

    def guarded(request: Request) -> Response:
        return endpoint(request) if _has_token(request) else _no_token()

    return guarded


def _has_token(request: Request) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and admin_token_fits(site_of(request), token.strip())


def _no_token() -> Response:
    answer = _error(401, "A token is needed: Authorization: Bearer CLUSTERWATCH_ADMIN_TOKEN.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _error(code: int, message: str) -> Response:
    return JSONResponse({"error": message}, status_code=code)


def _listed(request: Request, wanted: Filter, limit: int) -> tuple[list[Any], str | None]:
    found = site_of(request).parts.crawler.items.page(wanted, limit + 1, _after(request))
    page = found[:limit]
    if len(found) <= limit:
        return page, None
    return page, by_time(page[-1].first_seen, page[-1].id)


def _searched(request: Request, wanted: Filter, limit: int) -> tuple[list[Any], str | None]:
    crawler = site_of(request).parts.crawler
    before = _before(request)
    rows = SearchStore(crawler.database).find(
        asked_for(wanted.query), limit + 1, before=before, topic=wanted.topic,
        source=wanted.source, language=wanted.language, since=wanted.since,
    )  # fmt: skip
    found = crawler.items.by_ids([item for _, item in rows[:limit]])
    return found, by_number(rows[limit - 1][0]) if len(rows) > limit else None


def _filter(request: Request) -> Filter:
    given = {name: request.query_params.get(name, "") for name in _FILTERS}
    for name, value in given.items():
        if len(value) > LONGEST or not _is_text(value):
            raise BadRequest(f"{name}: a text of at most {LONGEST} characters is needed.")
    since = _since(request, given["since"]) if given["since"] else None
    topic, source, language = given["topic"], given["source"], given["language"]
    parts = site_of(request).parts.crawler
    refuse_unknown(parts, topic=topic, source=source, language=language)
    return Filter(since, topic, source, language, given["q"])


def _since(request: Request, given: str) -> datetime:
    if not re.fullmatch(SINCE, given):
        raise BadRequest('since: a duration such as "6h", "7d" or "1y" is needed.')
    return site_of(request).clock() - duration(given)


def _is_text(given: str) -> bool:
    """Whether every database takes it: no null, no half of a surrogate pair."""
    return "\x00" not in given and not any("\ud800" <= one <= "\udfff" for one in given)


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", "50")
    if not given.isascii() or not given.isdecimal() or not 1 <= int(given[:9]) <= MOST:
        raise BadRequest(f"limit: a number from 1 to {MOST} is needed.")
    return int(given)


def _id(request: Request) -> str:
    given = str(request.path_params["id"])
    if not _is_text(given) or len(given) > LONGEST:
        raise NoSuchId("Nothing has such an id.")
    return given


def _place(request: Request) -> tuple[datetime, str] | int | None:
    given = request.query_params.get("cursor", "")
    if not given:
        return None
    found = place(given)
    if found is None:
        raise BadRequest("cursor: take it from the answer before, for the same filters.")
    return found


def _after(request: Request) -> tuple[datetime, str] | None:
    found = _place(request)
    if isinstance(found, int):
        raise OtherQuery("cursor: it is of a search, and nothing is searched for.")
    return found


def _before(request: Request) -> int | None:
    found = _place(request)
    if isinstance(found, tuple):
        raise OtherQuery("cursor: it is of a list without a search.")
    return found


def _allowed(names: tuple[str, ...]) -> str:
    return f"Allowed: {', '.join(names)}."
