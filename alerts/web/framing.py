"""Requests that say twice where they end: what one reader takes for a body is another's request."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_BOTH = {b"content-length", b"transfer-encoding"}


class OneEnding:
    """ASGI middleware: a request with both a Content-Length and a Transfer-Encoding is answered
    400 and its connection closed (RFC 9112, 6.1): behind a proxy that believes the other one, it
    would smuggle a second request in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and {name.lower() for name, _ in scope["headers"]} >= _BOTH:
            refusal = PlainTextResponse(
                "The request says twice where it ends.", 400, headers={"Connection": "close"}
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
