"""How long slow clients are borne with: uvicorn alone waits for ever for a request's headers, and
for somebody who does not read an answer, and each of them takes one of its connections."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True, slots=True)
class Patience:
    """Bounds of one server."""

    header_seconds: float = 10.0  # from the connection, or a request's first byte, to its headers
    reading_seconds: float = 30.0  # that an answer may stand still because nobody reads it
    most_waiting: int = 100  # connections without a request; of more the oldest is dropped


def patient(bounds: Patience) -> type[asyncio.Protocol]:
    """uvicorn's HTTP/1.1 protocol within ``bounds``, for one server."""
    return type("Patient", (_Patient,), {"bounds": bounds, "waiting": {}})


class _Patient(H11Protocol):
    """One connection."""

    bounds: ClassVar[Patience]
    waiting: ClassVar[dict[asyncio.BaseTransport, None]]  # longest waiting first, of one server
    _header_timer: asyncio.TimerHandle | None = None
    _reading_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()
        if len(self.waiting) > self.bounds.most_waiting:
            self._drop(next(iter(self.waiting)))

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_reading()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._wait()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(self.bounds.reading_seconds, self._drop_unread)
        kept = not self.transport.is_closing() and self.conn.their_state is h11.IDLE
        if kept:  # uvicorn's own time runs
            self.waiting[self.transport] = None

    def pause_writing(self) -> None:
        self._reading_timer = self.loop.call_later(
            self.bounds.reading_seconds, self._drop, self.transport
        )
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stop_reading()
        super().resume_writing()

    def _wait(self) -> None:
        if self._header_timer is None and self.conn.their_state is h11.IDLE:
            self.waiting[self.transport] = None
            self._header_timer = self.loop.call_later(
                self.bounds.header_seconds, self._drop, self.transport
            )

    def _stop_waiting(self) -> None:
        self.waiting.pop(self.transport, None)
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _drop_unread(self) -> None:
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._drop(self.transport)  # closing, it would wait until the rest is read

    def _stop_reading(self) -> None:
        if self._reading_timer is not None:
            self._reading_timer.cancel()
            self._reading_timer = None

    def _drop(self, transport: Any) -> None:
        self.waiting.pop(transport, None)
        transport.abort()
