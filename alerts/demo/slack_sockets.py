"""The web sockets of the Slack double: what Socket Mode sends and how it is acknowledged."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

Json = dict[str, Any]


class Sockets:
    """Connections that are open now; lives in the loop of the double."""

    def __init__(self) -> None:
        self.opened = 0  # connections since the start
        self.acknowledged: dict[str, Json] = {}  # envelope id -> what came back
        self._open: list[web.WebSocketResponse] = []
        self._changed = asyncio.Condition()

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """Handle one connection until it ends."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async with self._changed:
            self._open.append(socket)
            self.opened += 1
            self._changed.notify_all()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._acknowledge(message.json())
        finally:
            self._open.remove(socket)
        return socket

    async def push(self, envelope: Json) -> None:
        """Send one envelope into the newest connection."""
        await self._open[-1].send_json(envelope)

    async def drop(self) -> None:
        """Break every connection."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def connected(self, times: int = 1) -> None:
        """Wait until there were ``times`` connections."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.opened >= times)

    async def answered(self, envelope_id: str) -> Json:
        """Wait for the acknowledgement of an envelope."""
        async with self._changed:
            await self._changed.wait_for(lambda: envelope_id in self.acknowledged)
        return self.acknowledged[envelope_id]

    async def close(self) -> None:
        """End all connections."""
        await self.drop()

    async def _acknowledge(self, answer: Json) -> None:
        async with self._changed:
            self.acknowledged[str(answer.get("envelope_id", ""))] = answer
            self._changed.notify_all()
