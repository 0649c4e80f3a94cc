"""What machines ask: is it alive, is it ready, and its numbers for Prometheus."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerts.web.site import site_of
from crawler.errors import ClusterwatchError


def routes() -> list[Route]:
    """``/healthz`` and ``/readyz``."""
    return [Route("/healthz", alive), Route("/readyz", ready)]


def alive(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


def ready(request: Request) -> Response:
    """The database answers and has our schema."""
    try:
        site_of(request).parts.crawler.database.ensure()
    except ClusterwatchError as error:
        return JSONResponse({"status": "not ready", "reason": error.message}, status_code=503)
    return JSONResponse({"status": "ok"})
