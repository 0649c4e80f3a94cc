"""Socket Mode: clicks and commands where Slack cannot reach us, by a web socket we open.

The SDK's client keeps the socket, answers its pings and connects anew; here its first connection
is retried with growing pauses, envelopes are acknowledged at once, and the work is done after.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from alerts.channels.loopback import on_loopback
from alerts.slack_app.app import NEW, SlackApp
from alerts.slack_app.requests import COMMAND, EVENT, INTERACTIVE
from crawler.config import Settings
from crawler.errors import StorageError
from crawler.logs import event

if TYPE_CHECKING:
    from slack_sdk.socket_mode.aiohttp import SocketModeClient
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

PING_SECONDS = 10.0
CONNECT_SECONDS = 30.0
STOP_SECONDS = 5.0  # for work under way when the daemon stops
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0  # seconds between attempts to connect at all
_MISSED = 6  # pings without a connection after which all is made anew
_KINDS = (INTERACTIVE, COMMAND, EVENT)
_SILENT = logging.getLogger("clusterwatch.slack_sdk")
_SILENT.setLevel(logging.CRITICAL + 1)  # it would log addresses with tickets, and bodies
_log = logging.getLogger(__name__)


class SlackSocket:
    """Listens from ``run`` until it is cancelled; lives in the loop that runs it."""

    def __init__(
        self, settings: Settings, app: SlackApp, *, ping_seconds: float = PING_SECONDS
    ) -> None:
        self._settings = settings
        self._app = app
        self._ping = ping_seconds
        self._work: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Connect, listen, connect anew, until cancelled; what is under way then may end."""
        try:
            while True:
                client = self._client()
                try:
                    await self._connected(client)
                    await self._while_healthy(client)
                finally:
                    with contextlib.suppress(Exception):  # a broken socket may refuse a goodbye
                        closing: Any = client.close()  # type: ignore[no-untyped-call]
                        async with asyncio.timeout(STOP_SECONDS):
                            await closing
        finally:
            if self._work:
                await asyncio.wait(self._work, timeout=STOP_SECONDS)
            event(_log, logging.INFO, "slack.socket_closed")

    async def _connected(self, client: SocketModeClient) -> None:
        """Open the first socket; the SDK would try every few seconds without an end."""
        pause = _FIRST_PAUSE
        while True:
            try:
                client.wss_uri = await client.issue_new_wss_url()
                opening: Any = client.connect()  # type: ignore[no-untyped-call]
                # Not wait_for: in Python 3.11 it may swallow that we are cancelled.
                async with asyncio.timeout(CONNECT_SECONDS):
                    await opening
                break
            except Exception as error:  # refused, unreachable, no JSON: all wait
                event(_log, logging.ERROR, "slack.socket_refused", reason=_reason(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        event(_log, logging.INFO, "slack.socket_opened")

    async def _while_healthy(self, client: SocketModeClient) -> None:
        """Return when the SDK did not get a lost socket back: it may hold on to an address whose
        ticket has expired."""
        lost = 0
        while lost < _MISSED:
            await asyncio.sleep(self._ping)
            lost = 0 if await client.is_connected() else lost + 1
        event(_log, logging.WARNING, "slack.socket_lost")

    async def _request(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        from slack_sdk.socket_mode.response import SocketModeResponse

        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
        if request.type in _KINDS:
            task = asyncio.get_running_loop().create_task(self._do(request.type, request.payload))
            self._work.add(task)
            task.add_done_callback(self._work.discard)

    async def _do(self, kind: str, payload: dict[str, Any]) -> None:
        try:
            if await asyncio.to_thread(self._app.admit, kind, payload) == NEW:
                await asyncio.to_thread(self._app.work, kind, payload)
        except StorageError as error:
            event(_log, logging.ERROR, "slack.not_admitted", reason=error.line())

    def _client(self) -> SocketModeClient:
        from slack_sdk.socket_mode.aiohttp import SocketModeClient
        from slack_sdk.web.async_client import AsyncWebClient

        slack = self._settings.slack
        base_url = slack.base_url.rstrip("/") + "/"
        web = AsyncWebClient(
            base_url=base_url,
            timeout=int(slack.timeout.total_seconds()),
            retry_handlers=[],
            logger=_SILENT,
        )
        client = SocketModeClient(
            app_token=self._settings.secrets.slack_app_token.get_secret_value(),
            web_client=web,
            logger=_SILENT,
            ping_interval=self._ping,
        )
        if on_loopback(base_url):
            web.proxy = client.proxy = None
        client.socket_mode_request_listeners.append(self._request)
        return client


def _reason(error: Exception) -> str:
    """Slack's code, or what kind of failure it was; never an address."""
    answer = getattr(error, "response", None)
    code = answer.get("error") if answer is not None else None
    return str(code or type(error).__name__)[:60]
