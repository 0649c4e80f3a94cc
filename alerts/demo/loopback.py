"""Loopback servers: one aiohttp application on a free port of 127.0.0.1 while a context is open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

HOST = "127.0.0.1"
GRACE_SECONDS = 0.1  # how long closing waits for answers that are still under way


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[str]:
    """Serve ``app`` on a free loopback port; yields its origin, "http://127.0.0.1:PORT"."""
    runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=GRACE_SECONDS, handle_signals=False
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, 0)
        await site.start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
