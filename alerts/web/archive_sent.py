"""Digests as they were sent, while their payload is kept: for admins and for who got them.

What a mail holds is not ours to trust on our pages: it is shown as a document of its own, in a
sandbox without scripts, forms and whatever would be loaded from elsewhere.
"""

from __future__ import annotations

import json
import re
from email import message_from_string, policy

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from alerts.web.archive_views import IDENTITY
from alerts.web.rendering import render
from alerts.web.security import is_admin
from alerts.web.site import Site, site_of
from crawler.errors import StorageError, SubscriptionError
from crawler.model.delivery import Delivery

_SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# The links of ``alerts.links`` and of the archive; by mail, their words stand in a subject.
_KEY = re.compile(
    r"(/(?:leave|manage|confirm|rate|access)/|[?&](?:amp;)?(?:key|token)=|"
    r"subject=(?:leave|confirm)(?:%20|\+| ))[\w.~%-]+"
)
# Windows of digests begin with their date, or say that they were closed early.
_DIGEST = re.compile(r"(?:now:)?\d{4}-\d\d-\d\d")


def routes() -> list[Route]:
    """``/digests/DELIVERY``."""
    return [Route("/digests/{delivery}", page, methods=["GET"])]


def page(request: Request) -> Response:
    """The message itself. To everybody else there is nothing at this address."""
    delivery = _delivery(request)
    if delivery is None:
        raise HTTPException(404)
    own = _is_recipient(request, delivery)
    if not own and not is_admin(request):
        raise HTTPException(404)
    if not delivery.payload:
        return render(request, "digest_gone.html", status=410)
    headers = {"Content-Security-Policy": _SANDBOX, "X-Robots-Tag": "noindex"}
    page = shown(delivery)
    return HTMLResponse(page if own else without_keys(page), headers=headers)


def without_keys(page: str) -> str:
    """The page without what lets its holder act as the reader: the signed part of every link."""
    return _KEY.sub(r"\1…", page)


def is_shown(delivery: Delivery) -> bool:
    """Whether there is a page of it: of digests that were sent and are still kept."""
    return bool(delivery.payload and delivery.state == "sent" and _DIGEST.match(delivery.window))


def shown(delivery: Delivery) -> str:
    """A delivery's payload as an HTML document."""
    if delivery.channel == "email":
        return _mail_html(delivery.payload)
    if delivery.channel == "file":
        return delivery.payload
    return _plain_page(_indented(delivery.payload))


def _delivery(request: Request) -> Delivery | None:
    identity = str(request.path_params["delivery"])
    if not IDENTITY.fullmatch(identity):
        return None
    try:
        found = site_of(request).parts.deliveries.get(identity)
    except StorageError:
        return None
    return found if _DIGEST.match(found.window) else None


def _is_recipient(request: Request, delivery: Delivery) -> bool:
    site: Site = site_of(request)
    token = request.query_params.get("token", "")
    try:
        row = site.parts.subscriptions.managed_by(token, now=site.clock())
    except SubscriptionError:
        return False
    return row.subscription.id == delivery.subscription


def _mail_html(payload: str) -> str:
    message = message_from_string(payload, policy=policy.default)
    body = message.get_body(("html", "plain"))
    if body is None:
        return _plain_page("")
    content = str(body.get_content())
    return content if body.get_content_type() == "text/html" else _plain_page(content)


def _indented(payload: str) -> str:
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except ValueError:
        return payload


def _plain_page(text: str) -> str:
    from markupsafe import escape

    style = "<style>pre { white-space: pre-wrap; font: 14px/1.5 monospace; margin: 1rem; }</style>"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Digest</title>{style}'
    return f"{head}<pre>{escape(text)}</pre></html>"
