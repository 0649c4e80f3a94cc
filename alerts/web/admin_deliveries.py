"""The administration's messages: what did not arrive and why, sending it again, what was sent."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.undelivered import undelivered
from alerts.web.admin import admin_page, back_to, by_admin, posted_by_admin, text_of
from alerts.web.site import site_of
from crawler.errors import ClusterwatchError
from crawler.storage.figures import Figures
from crawler.storage.retrials import give_up, send_again

ALL = "/admin/deliveries"
_LATEST = 30  # digests


def routes() -> list[Route]:
    """``/admin/deliveries``."""
    return [
        Route(ALL, by_admin(page), methods=["GET"]),
        Route(ALL, posted_by_admin(act), methods=["POST"]),
    ]


def page(request: Request) -> Response:
    """What did not arrive within a week, and the digests sent last."""
    return _page(request)


def act(request: Request, form: FormData) -> Response:
    """Send one message again, or give it up."""
    site = site_of(request)
    database, which = site.parts.crawler.database, text_of(form, "delivery", 64)
    try:
        if text_of(form, "do") == "again":
            send_again(database, which, site.clock())
            return back_to(request, ALL, "again")
        if text_of(form, "do") == "give_up":
            give_up(database, which)
            return back_to(request, ALL, "given")
    except ClusterwatchError as error:
        return _page(request, problem=error)
    raise HTTPException(400)


def _page(request: Request, *, problem: ClusterwatchError | None = None) -> Response:
    parts, now = site_of(request).parts, site_of(request).clock()
    return admin_page(
        request, "admin_deliveries.html", problem=problem, held=parts.deliveries.held(),
        missed=[one for one in undelivered(parts.deliveries, parts.subscription_store, now)
                if not one.part],
        digests=Figures(parts.crawler.database).latest_digests(_LATEST),
    )  # fmt: skip
