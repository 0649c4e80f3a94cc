"""The application: its pages, what protects them, and how errors are shown."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Router
from starlette.staticfiles import StaticFiles

from alerts.web.brand import PUBLIC
from alerts.web.framing import OneEnding
from alerts.web.rendering import render
from alerts.web.security import BodyLimit, RefusedBody, RefusedForm, SecurityHeaders, is_admin
from alerts.web.site import Clock, Site
from alerts.wiring import AlertParts
from crawler.errors import (
    ClusterwatchError,
    ConfigError,
    StorageError,
    SubscriptionError,
    UsageError,
)
from crawler.storage.database import utc_now

if TYPE_CHECKING:
    from crawler.fetch.run import Crawl

# Each room brings its routes; the order is that of the navigation.
_ROOMS: tuple[str, ...] = (
    "health",
    "brand",
    "subscribe",
    "consenting",
    "preferences",
    "access",
    "archive",
    "archive_feeds",
    "archive_sent",
    "calendars",
    "stories",
    "api",
    "metrics",
    "rating",
    "slack",
    "status",
    "admin",
    "admin_sources",
    "admin_adding",
    "admin_topics",
    "admin_new_topic",
    "admin_subscriptions",
    "admin_feedback",
    "admin_deliveries",
)
_FOR_READERS = (RefusedForm, RefusedBody, SubscriptionError)  # told in their words
_FEEDS = ("/archive.atom", "/archive.json")
_COMMAND = "clusterwatch "  # begins what is typed at a terminal
_STATUS: tuple[tuple[type[ClusterwatchError], int], ...] = (
    (RefusedForm, 403),
    (SubscriptionError, 404),
    (UsageError, 404),
    (ConfigError, 503),
    (StorageError, 503),
)


def create_app(
    parts: AlertParts, *, clock: Clock = utc_now, crawl: Crawl | None = None
) -> Starlette:
    """The web side over open parts; whoever opened them closes them after it has ended.

    ``crawl``: the one that runs in this process and loop already, if any.
    """
    site = Site(parts, clock, crawl)
    app = Starlette(
        routes=_below(site.path, _routes()),
        middleware=[
            Middleware(SecurityHeaders, encrypted=site.encrypted),
            Middleware(OneEnding),
            Middleware(BodyLimit),
        ],
        exception_handlers={
            ClusterwatchError: _refused,
            HTTPException: _not_found,
            Exception: _broken,
        },
    )
    app.router.redirect_slashes = False  # it would redirect to the Host header's word
    app.state.site = site
    return app


def _routes() -> list[BaseRoute]:
    found: list[BaseRoute] = []
    for name in _ROOMS:
        found += import_module(f"alerts.web.{name}").routes()
    static = _Static(directory=Path(__file__).parent / "static")
    return [*found, Mount("/static", static, name="static")]


class _Static(StaticFiles):
    """Files of ours that everybody gets: kept for a while, then asked about by their ETag."""

    def file_response(self, *arguments: Any, **named: Any) -> Response:
        answer = super().file_response(*arguments, **named)
        answer.headers["Cache-Control"] = PUBLIC["Cache-Control"]
        return answer


def _below(path: str, routes: Sequence[BaseRoute]) -> list[BaseRoute]:
    return [Mount(path, Router(list(routes), redirect_slashes=False))] if path else list(routes)


def _is_api(request: Request) -> bool:
    return "/api/" in request.url.path


def _wants_json(request: Request) -> bool:
    """Programs ask for feeds, too; they are told no more than readers are."""
    return _is_api(request) or request.url.path.endswith(_FEEDS)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ClusterwatchError)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    if isinstance(error, RefusedBody):
        status = error.status
    if is_admin(request) or _is_api(request):
        return _shown(request, status, error.message, _for_admins(error))
    return _shown(request, status, *_for_readers(error))


def _for_admins(error: ClusterwatchError) -> str:
    """The remedy, but no command that lists what these pages list; those that set the
    installation right are typed at a terminal alone."""
    looked_up = isinstance(error, SubscriptionError | UsageError)
    return "" if looked_up and _COMMAND in error.remedy else error.remedy


def _for_readers(error: ClusterwatchError) -> tuple[str, str]:
    """Message and remedy without commands, paths and other people's ids, which are no reader's
    business."""
    if isinstance(error, SubscriptionError) and _COMMAND in error.remedy:
        return "This subscription has ended.", "Subscribe again."
    return (error.message, error.remedy) if isinstance(error, _FOR_READERS) else ("", "")


def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = str(request.scope["path"])  # decoded, and nothing of the Host header in it
    if error.status_code == 404 and path.endswith("/") and path.strip("/"):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{quote(path.strip('/'))}{query}", status_code=307)
    answer = _shown(request, error.status_code, "", "")
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _broken(request: Request, error: Exception) -> Response:
    """The cause goes to the log (the server's own), not to who asks."""
    return _shown(request, 500, "", "")


def _shown(request: Request, status: int, message: str, remedy: str) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": message or _NAMES.get(status, "error")}, status_code=status)
    return render(request, "error.html", status=status, code=status, message=message, remedy=remedy)


_NAMES = {
    404: "There is nothing here.",
    405: "This cannot be done here.",
    403: "This is not allowed.",
    500: "Something went wrong on our side.",
}
