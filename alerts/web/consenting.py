"""Links of mails: confirm and leave. Looking changes nothing, since scanners open every link."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alerts.web.rendering import render
from alerts.web.security import MAX_BODY, posted
from alerts.web.site import site_of
from alerts.windows import upcoming
from crawler.model.subscription import Subscription


def routes() -> list[Route]:
    """``/confirm/TOKEN`` and ``/leave/TOKEN``."""
    return [
        Route("/confirm/{token}", confirm_page, methods=["GET"]),
        Route("/confirm/{token}", posted(confirm), methods=["POST"]),
        Route("/leave/{token}", leave_page, methods=["GET"]),
        Route("/leave/{token}", leave, methods=["POST"]),
    ]


def confirm_page(request: Request) -> Response:
    """Asks; the token is read, so that an expired one says so at once, and so does one that was
    answered already."""
    site = site_of(request)
    row = site.parts.subscriptions.asked_by(_token(request), now=site.clock())
    if row.subscription.status != "pending":
        return _confirmed(request, row.subscription, again=True)
    return render(request, "confirm.html", one=row.subscription)


def confirm(request: Request, form: FormData) -> Response:
    """Begins the subscription; answering twice is the same as once."""
    site, now = site_of(request), site_of(request).clock()
    origin = site.client(request)
    one = site.parts.subscriptions.confirm(_token(request), now=now, origin=origin)
    return _confirmed(request, one)


def _confirmed(request: Request, one: Subscription, *, again: bool = False) -> Response:
    site, now = site_of(request), site_of(request).clock()
    times = upcoming(one, now, 3) if one.status == "active" else ()
    return render(
        request, "confirmed.html", one=one, manage=site.parts.links.manage(one, now), times=times,
        again=again,
    )  # fmt: skip


def leave_page(request: Request) -> Response:
    """Asks whether to leave."""
    site = site_of(request)
    row = site.parts.subscriptions.leaving_by(_token(request), now=site.clock())
    return render(request, "leave.html", one=row.subscription, token=_token(request))


async def leave(request: Request) -> Response:
    """Ends the subscription: by our form, or by one click of a mail program (RFC 8058).

    One-click posts come without cookies or a form of ours; the token alone is the right.
    """
    body = await request.body()
    one_click = len(body) < MAX_BODY and b"List-Unsubscribe=One-Click" in body
    site = site_of(request)
    left = site.parts.subscriptions.leave_by
    one = await run_in_threadpool(
        left, _token(request), now=site.clock(), origin=f"web {site.client(request)}"
    )
    if one_click:
        return PlainTextResponse("Unsubscribed.\n")
    return await run_in_threadpool(render, request, "left.html", one=one)


def _token(request: Request) -> str:
    return str(request.path_params["token"])
