"""What protects every page: headers, size limits, signed cookies, and forms only we can send."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.web.site import Site, site_of
from crawler.errors import ClusterwatchError, SubscriptionError

MAX_BODY = 256 * 1024  # bytes of a form or a JSON document
MAX_FIELDS = 200
BODY_SECONDS = 30.0  # until the last byte of a body has come
VISIT = "cw_visit"  # cookie: a random name of this browser, which forms are bound to
ADMIN = "cw_admin"  # cookie: signed, who logged in with the admin token
READER = "cw_reader"  # cookie: signed, who came by a mailed archive link
ADMIN_LASTS = timedelta(hours=12)
READER_LASTS = timedelta(days=30)
READS = ("active", "paused", "bounced")  # states of a subscription that may read the archive
CSRF = "csrf"  # name of the form's field
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # links in our pages may carry tokens
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


Endpoint = Callable[[Request], Awaitable[Response]]


class RefusedForm(ClusterwatchError):
    """A form that did not come from one of our pages."""


class RefusedBody(ClusterwatchError):
    """A body that is too large or too slow, and the HTTP status that says so."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class SecurityHeaders:
    """ASGI middleware: the headers above on every answer; pages are never stored by others."""

    def __init__(self, app: ASGIApp, *, encrypted: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if encrypted:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "private, no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """ASGI middleware: a body over ``MAX_BODY`` bytes is answered 413, whatever it claims, and
    one that takes longer than ``BODY_SECONDS`` 408."""

    def __init__(self, app: ASGIApp, *, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken, complete = 0, False
        until = asyncio.get_running_loop().time() + self._seconds

        async def bounded() -> Message:
            nonlocal taken, complete
            if complete:  # what is waited for now is that the reader goes away
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError as error:
                raise RefusedBody("What was sent came too slowly.", 408) from error
            taken += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if taken > MAX_BODY:
                raise RefusedBody("What was sent is too large.", 413)
            return message

        await self._app(scope, bounded, send)


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser's visit: its random name, and whether the cookie must be set."""

    name: str
    fresh: bool


def visit_of(request: Request) -> Visit:
    """The visit of a request; the same object for all of one request."""
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    name = request.cookies.get(VISIT, "")
    good = 16 <= len(name) <= 64 and name.replace("-", "").replace("_", "").isalnum()
    visit = Visit(name, False) if good else Visit(token_urlsafe(18), True)
    request.state.visit = visit
    return visit


def csrf_token(request: Request) -> str:
    """What a form of this visit must send back."""
    site = site_of(request)
    return site.parts.signer.mark("csrf", visit_of(request).name)


async def form_of(request: Request) -> FormData:
    """The fields of a form of ours.

    Raises RefusedForm for one that another site made the browser send, or that has too much.
    """
    if request.headers.get("sec-fetch-site", "") in ("cross-site", "same-site"):
        raise RefusedForm(
            "This form came from another site.", remedy="Open our page and try again."
        )
    form = await request.form(max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_BODY)
    given = str(form.get(CSRF, ""))
    if not hmac.compare_digest(given.encode(), csrf_token(request).encode()):
        raise RefusedForm(
            "This form is too old or came from another site.",
            remedy="Go back, reload the page and send it again.",
        )
    return form


def posted(handler: Callable[[Request, FormData], Response]) -> Endpoint:
    """An endpoint that checks the form and hands it to ``handler`` in a thread: rows block."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(handler, request, await form_of(request))

    return endpoint


def keep_visit(request: Request, response: Response) -> None:
    """Set the visit's cookie where the browser has none yet."""
    visit = visit_of(request)
    if visit.fresh:
        set_cookie(site_of(request), response, VISIT, visit.name, None)


def set_cookie(
    site: Site, response: Response, name: str, value: str, lasts: timedelta | None
) -> None:
    """A cookie that scripts cannot read and other sites cannot send."""
    options: dict[str, Any] = {"httponly": True, "samesite": "lax", "secure": site.encrypted}
    if lasts is not None:
        options["max_age"] = int(lasts.total_seconds())
    response.set_cookie(name, value, path=site.path or "/", **options)


def drop_cookie(site: Site, response: Response, name: str) -> None:
    """Log out."""
    response.delete_cookie(name, path=site.path or "/", httponly=True, secure=site.encrypted)


def is_admin(request: Request) -> bool:
    """Whether the request may change the installation: a login of ours, or a trusted proxy's
    word that it checked the user (header ``X-Clusterwatch-Admin: yes``)."""
    site = site_of(request)
    peer = request.client.host if request.client else ""
    if request.headers.get("x-clusterwatch-admin", "") == "yes" and site.trusts(peer):
        return True
    return _signed(request, "admin", ADMIN) == admin_subject(site)


def is_reader(request: Request, key: str = "") -> bool:
    """Whether the request may read the archive: by its cookie, or by the ``key`` of a feed.

    Reads the database where neither is needed: call it in a thread.
    """
    if site_of(request).settings.web.archive == "public" or is_admin(request):
        return True
    return bool(reading(request, key))


def reading(request: Request, key: str = "") -> str:
    """The subscription by which somebody reads the archive; "" where it is none or has left."""
    site = site_of(request)
    for identity in (_signed(request, "archive", READER), _subject(site, "archive", key)):
        row = site.parts.subscription_store.find(identity) if identity else None
        if row is not None and row.subscription.status in READS and not row.undeclared:
            return identity
    return ""


def admin_subject(site: Site) -> str:
    """What a login is signed for: another admin token ends every login."""
    return site.parts.signer.mark("admin", site.settings.secrets.admin_token.get_secret_value())


def admin_token_fits(site: Site, given: str) -> bool:
    """Compare with CLUSTERWATCH_ADMIN_TOKEN in constant time; without one nobody logs in."""
    wanted = site.settings.secrets.admin_token.get_secret_value()
    return len(wanted) >= 16 and hmac.compare_digest(given.encode(), wanted.encode())


def _signed(request: Request, purpose: Any, cookie: str) -> str:
    return _subject(site_of(request), purpose, request.cookies.get(cookie, ""))


def _subject(site: Site, purpose: Any, token: str) -> str:
    if not token:
        return ""
    try:
        return site.parts.signer.read(purpose, token, now=site.clock())
    except SubscriptionError:
        return ""
