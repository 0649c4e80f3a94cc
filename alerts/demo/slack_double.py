"""A double of Slack's Web API on loopback: real enough that the real client talks to it.

    async with SlackDouble() as slack:
        client = AsyncWebClient(token=slack.token, base_url=slack.base_url)
        slack.fail("chat.postMessage", drop_after())     # the next such call breaks like this
        …
        slack.posts[0].text        # what stands in the workspace, oldest first
        slack.calls                # every call that arrived: method, arguments, answer

It speaks ``auth.test``, ``chat.postMessage``, ``chat.postEphemeral``, ``chat.update``,
``conversations.list``, ``conversations.history`` (metadata's payload only with
``include_all_metadata``), ``conversations.replies``, ``conversations.open``,
``users.lookupByEmail`` and ``apps.connections.open`` (with a web socket that ``slack.sockets``
sends into), as JSON, form or query; checks the bearer token and the limits of
``alerts.demo.block_limits``. Incoming webhooks are posted to ``slack.webhook_url``, answers to
``slack.response_url(…)``. One workspace with the channels and people given; bodies are never
logged. ``SlackDouble`` lives in the loop that enters it; a client of another thread may
use it while that loop runs.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from alerts.demo.loopback import serve
from alerts.demo.slack_faults import Fault, FaultKind
from alerts.demo.slack_sockets import Sockets
from alerts.demo.slack_workspace import (
    METHODS,
    Json,
    SlackChannel,
    SlackPost,
    SlackRefusal,
    SlackWhisper,
    Workspace,
)

TOKEN = "xoxb-demo-0001"  # noqa: S105 - opens nothing but this double
CHANNELS = (SlackChannel("C0NEWS0001", "cluster-news"), SlackChannel("C0OPS00001", "ops"))
PEOPLE = {"reader@example.org": "U0READER01"}
APP_TOKEN = "xapp-demo-0001"  # noqa: S105 - likewise
_WEBHOOK = "incoming-webhook"  # its name in ``calls`` and for ``fail``
_RESPONSE = "response_url"  # likewise
_SOCKET = "apps.connections.open"


@dataclass(frozen=True, slots=True)
class SlackCall:
    """One call that arrived."""

    method: str  # "chat.postMessage"
    arguments: Mapping[str, Any]
    answer: str  # "ok", Slack's error code, or the kind of the fault that hit it


class SlackDouble:
    """The double; enter it to serve it."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        channels: Sequence[SlackChannel] = CHANNELS,
        people: Mapping[str, str] = PEOPLE,
        webhook_channel: str = "C0NEWS0001",
        now: Callable[[], float] = time.time,
    ) -> None:
        """``people`` maps e-mail address → user id; ``now`` (Unix seconds) makes ``ts``."""
        self.token, self.app_token = token, APP_TOKEN
        self.sockets = Sockets()
        self.calls: list[SlackCall] = []
        self.scopes: tuple[str, ...] = ()  # what the app may do; told with every answer
        self.workspace = Workspace(tuple(channels), people, now)
        self._webhook_channel = webhook_channel
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._origin = ""
        self._server = AsyncExitStack()

    @property
    def base_url(self) -> str:
        """For ``WebClient(base_url=…)``: "http://127.0.0.1:PORT/api/"."""
        return f"{self._origin}/api/"

    @property
    def webhook_url(self) -> str:
        """An incoming webhook that posts to ``webhook_channel``."""
        return f"{self._origin}/services/T0/B0/demo"

    def response_url(self, channel: str, user: str) -> str:
        """Where a click or command of ``user`` in ``channel`` is answered."""
        return f"{self._origin}/actions/{channel}/{user}"

    @property
    def whispers(self) -> tuple[SlackWhisper, ...]:
        """Messages that one person alone saw, oldest first."""
        return tuple(self.workspace.whispers)

    @property
    def posts(self) -> tuple[SlackPost, ...]:
        """Every message of the workspace, thread replies too, oldest first."""
        return tuple(self.workspace.posts)

    def called(self, method: str) -> int:
        """How often ``method`` arrived."""
        return sum(call.method == method for call in self.calls)

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of ``method`` ("*": of any) meet these faults, one each, in order."""
        self._faults[method].extend(faults)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/services/{path:.+}", self._webhook)
        app.router.add_post("/actions/{channel}/{user}", self._response)
        app.router.add_get("/socket", self.sockets.accept)
        self._server.push_async_callback(self.sockets.close)
        self._origin = await self._server.enter_async_context(serve(app))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.aclose()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        return await self._answer(
            request, method, arguments, lambda: self._call(request, method, arguments)
        )

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        arguments = await _arguments(request) | {"channel": self._webhook_channel}
        return await self._answer(request, _WEBHOOK, arguments, lambda: self._hook(arguments))

    async def _response(self, request: web.Request) -> web.StreamResponse:
        arguments = await _arguments(request)
        channel, user = request.match_info["channel"], request.match_info["user"]

        def act() -> tuple[str, web.Response]:
            try:
                self.workspace.respond(channel, user, arguments)
            except SlackRefusal as refusal:
                return refusal.code, web.Response(status=400, text=refusal.code)
            return "ok", web.Response(text="ok")

        return await self._answer(request, _RESPONSE, arguments, act)

    async def _answer(
        self,
        request: web.Request,
        method: str,
        arguments: Json,
        act: Callable[[], tuple[str, web.Response]],
    ) -> web.StreamResponse:
        """Act, unless a fault comes first; answer, unless a fault comes after."""
        fault = self._next_fault(method)
        refused = _refused(fault) if fault else None
        if refused is not None:
            self._log(method, arguments, fault.error or fault.kind.value if fault else "")
            return refused
        if fault and fault.kind is FaultKind.DROP_BEFORE:
            self._log(method, arguments, fault.kind.value)
            return _dropped(request)
        outcome, response = act()
        self._log(method, arguments, fault.kind.value if fault else outcome)
        if fault and fault.kind is FaultKind.DROP_AFTER:
            return _dropped(request)
        if fault and fault.kind is FaultKind.BROKEN_JSON:
            return web.Response(text='{"ok": tr', content_type="application/json")
        if fault and fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        return response

    def _call(self, request: web.Request, method: str, arguments: Json) -> tuple[str, web.Response]:
        try:
            if method == _SOCKET:
                self._authorise(request, arguments, self.app_token)
                socket = self._origin.replace("http://", "ws://") + "/socket"
                return "ok", web.json_response({"ok": True, "url": socket})
            self._authorise(request, arguments, self.token)
            if method not in METHODS:
                raise SlackRefusal("unknown_method")
            answer = METHODS[method](self.workspace, arguments)
        except SlackRefusal as refusal:
            notes = {"messages": list(refusal.messages)} if refusal.messages else {}
            body = {"ok": False, "error": refusal.code}
            return refusal.code, web.json_response(body | {"response_metadata": notes})
        told = {"X-OAuth-Scopes": ",".join(self.scopes)} if self.scopes else None
        return "ok", web.json_response({"ok": True} | answer, headers=told)

    def _hook(self, arguments: Json) -> tuple[str, web.Response]:
        """Incoming webhooks answer in plain text."""
        try:
            self.workspace.post_message(arguments)
        except SlackRefusal as refusal:
            return refusal.code, web.Response(status=400, text=refusal.code)
        return "ok", web.Response(text="ok")

    def _authorise(self, request: web.Request, arguments: Json, wanted: str) -> None:
        header = request.headers.get("Authorization", "")
        given = header.removeprefix("Bearer ").strip() or arguments.get("token", "")
        if not given:
            raise SlackRefusal("not_authed")
        if given != wanted:
            raise SlackRefusal("invalid_auth")

    def _next_fault(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if self._faults[name]:
                return self._faults[name].popleft()
        return None

    def _log(self, method: str, arguments: Json, answer: str) -> None:
        self.calls.append(SlackCall(method, arguments, answer))


async def _arguments(request: web.Request) -> Json:
    """Query, form and JSON body together, as Slack reads them."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            return found
        return found | body if isinstance(body, dict) else found
    return found | dict(await request.post())


def _refused(fault: Fault) -> web.Response | None:
    """The answer of a fault that stands before Slack; None for faults of the connection."""
    if fault.kind is FaultKind.ERROR:
        return web.json_response({"ok": False, "error": fault.error})
    if fault.kind is FaultKind.RATE_LIMITED:
        return web.json_response(
            {"ok": False, "error": "ratelimited"},
            status=HTTPStatus.TOO_MANY_REQUESTS,
            headers={"Retry-After": str(int(fault.seconds))},
        )
    if fault.kind is FaultKind.HTTP:
        page = "<html><title>Unavailable</title><h1>Service unavailable</h1></html>"
        return web.Response(status=fault.status, text=page, content_type="text/html")
    return None


def _dropped(request: web.Request) -> web.Response:
    """Break the connection; what is returned never reaches the client."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
