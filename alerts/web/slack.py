"""Slack's signed requests: verified, admitted once, acknowledged at once, worked on after.

Verified as Slack describes it (HMAC-SHA-256 over version, time and body, by its SDK); a request
older than five minutes is refused, and so is one whose signature came before.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from alerts.slack_app.app import NEW, REPLAYED, SlackApp
from alerts.slack_app.entering import detected_by
from alerts.slack_app.requests import COMMAND, EVENT, INTERACTIVE
from alerts.web.site import Clock, Site, site_of

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.fetch.run import Crawl

ADMITTED_WITHIN_SECONDS = 2.0  # Slack waits for three
_MOST_FIELDS = 50


def routes() -> list[Route]:
    """``/slack/interactions``, ``/slack/commands`` and ``/slack/events``."""
    return [
        Route("/slack/interactions", interactions, methods=["POST"]),
        Route("/slack/commands", commands, methods=["POST"]),
        Route("/slack/events", events, methods=["POST"]),
    ]


async def interactions(request: Request) -> Response:
    """A menu or a button was used."""
    form = _form(await _verified(request))
    return await _admitted(request, INTERACTIVE, _json(form.get("payload", "")))


async def commands(request: Request) -> Response:
    """``/clusterwatch …``."""
    form = _form(await _verified(request))
    if form.get("ssl_check"):
        return PlainTextResponse("")
    return await _admitted(request, COMMAND, form)


async def events(request: Request) -> Response:
    """Something happened where we are; when the address is set up, Slack tries it."""
    payload = _json((await _verified(request)).decode("utf-8", "replace"))
    if payload.get("type") == "url_verification":
        return JSONResponse({"challenge": str(payload.get("challenge", ""))[:500]})
    return await _admitted(request, EVENT, payload)


def verified(secret: str, headers: Headers, body: bytes, clock: Clock) -> bool:
    """Whether a request was signed with the secret within five minutes of now.

    Hostile headers are refused as wrong ones are: the SDK raises on them.
    """
    from slack_sdk.signature import Clock as SlackClock
    from slack_sdk.signature import SignatureVerifier

    class Ours(SlackClock):
        def now(self) -> float:
            return clock().timestamp()

    moments = headers.getlist("x-slack-request-timestamp")
    signatures = headers.getlist("x-slack-signature")
    if len(moments) != 1 or len(signatures) != 1 or not moments[0].isdecimal():
        return False
    try:
        verifier = SignatureVerifier(secret, clock=Ours())
        return verifier.is_valid(body, moments[0], signatures[0])
    except (ValueError, TypeError, OverflowError):  # UnicodeError is a ValueError
        return False


async def _verified(request: Request) -> bytes:
    """The body of a request that Slack signed. HTTPException 401 for any other."""
    site = site_of(request)
    secret = site.settings.secrets.slack_signing_secret.get_secret_value()
    if not secret.strip():
        raise HTTPException(404)
    body = await request.body()
    if not verified(secret, request.headers, body, site.clock):
        raise HTTPException(401)
    return body


async def _admitted(request: Request, kind: str, payload: Mapping[str, Any]) -> Response:
    """Acknowledge; a database that is slow to remember must not make Slack wait."""
    app = app_of(site_of(request))
    signature = request.headers["x-slack-signature"]
    admitting = asyncio.ensure_future(run_in_threadpool(app.admit, kind, payload, signature))
    done, _ = await asyncio.wait((admitting,), timeout=ADMITTED_WITHIN_SECONDS)
    if done and admitting.result() == REPLAYED:
        raise HTTPException(401)

    async def work() -> None:
        if await admitting == NEW:
            await run_in_threadpool(app.work, kind, payload)

    return PlainTextResponse("", background=BackgroundTask(work))


def app_of(site: Site) -> SlackApp:
    """The one that answers for a site; it looks at pages with the daemon's crawl, if any."""
    return SlackApp(site.parts, site.clock, detect=by_crawl(site.crawl) if site.crawl else None)


def by_crawl(crawl: Crawl) -> Callable[[str], Detection]:
    """Looks at a page from a thread with a crawl of the running loop."""
    loop = asyncio.get_running_loop()
    return lambda url: asyncio.run_coroutine_threadsafe(detected_by(crawl, url), loop).result()


def _form(body: bytes) -> dict[str, str]:
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    return {name: values[0] for name, values in fields.items()}


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    if not isinstance(found, dict):
        raise HTTPException(400)
    return found
