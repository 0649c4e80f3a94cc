"""The server: uvicorn in the loop of whoever starts it, which keeps its signals to itself.

How long a client may take is bounded in ``patience``; how large a body may be, and how slow, in
``security``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.config import Settings
from crawler.errors import ConfigError
from crawler.logs import event
from crawler.storage.database import utc_now
from crawler.storage.heartbeats import is_running

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from uvicorn import Server

    from alerts.web.patience import Patience
    from alerts.wiring import AlertParts

STOP_SECONDS = 10
KEEP_ALIVE_SECONDS = 5  # between an answer and the next request on the same connection
MOST_REQUESTS = 400  # at once; more are answered 503
ALONE = (
    "Pages alone: nothing is crawled or sent, confirmations of sign-ups neither. For all of it: "
    "clusterwatch run; to send what waits once: clusterwatch digest send"
)
_log = logging.getLogger(__name__)


def server_of(app: Starlette, listen: str, patience: Patience | None = None) -> Server:
    """A server for ``app`` at ``[web] listen``; ``serve()`` runs until ``should_exit`` is set."""
    import uvicorn

    from alerts.web.patience import Patience, patient

    class Quiet(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            # The daemon's own handlers end it; uvicorn would raise SIGTERM again after serving.
            yield

    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        app,
        host=host.strip("[]") or "127.0.0.1",
        port=int(port),
        http=patient(patience or Patience()),
        log_config=None,
        access_log=False,  # addresses of readers and tokens in paths are nobody's business
        server_header=False,
        proxy_headers=False,  # ours decide whom to believe
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        limit_concurrency=MOST_REQUESTS,
        h11_max_incomplete_event_size=16_384,
    )
    return Quiet(config)


def check_free(listen: str, key: str = "[web] listen") -> None:
    """Raises ConfigError where the address cannot be listened on, before anything starts;
    ``key`` is what it was given as."""
    import socket

    host, _, port = listen.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]") or "127.0.0.1", int(port)))
        except (OSError, ValueError, OverflowError) as error:
            why = (getattr(error, "strerror", "") or "no port between 0 and 65535").lower()
            raise ConfigError(
                f"{key}: {listen} cannot be used: {why}.",
                remedy="Stop what listens there, or choose another port.",
            ) from error


def serve_alone(settings: Settings, listen: str) -> None:
    """The web side without the daemon. Raises ConfigError and StorageError."""
    from alerts.wiring import open_alerts

    check_free(listen)
    with open_alerts(settings) as parts:
        if not is_running(parts.crawler.database, utc_now()):
            _log.warning(ALONE)
        asyncio.run(_until_stopped(parts, listen))


async def _until_stopped(parts: AlertParts, listen: str) -> None:
    from alerts.web.app import create_app

    server = server_of(create_app(parts), listen)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    event(_log, logging.INFO, "web.started", listen=listen)
    await server.serve()
