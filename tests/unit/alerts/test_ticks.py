"""Jobs that are stopped before they begin leave no traceback; those that run end by themselves."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from alerts.ticks import Ticks


def test_stopping_cancels_nothing_and_begins_nothing(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    async def play() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def long() -> None:
            begun.set()
            await go_on.wait()
            done.append("long")

        first, second = (Ticks(lambda: datetime.now(UTC)) for _ in range(2))
        first.start([("long", long, 3600)])
        await begun.wait()
        first.stop()
        second.start([("never", long, 3600)])
        await asyncio.sleep(0)  # its tick is handed to the loop, and has not begun
        second.stop()
        running = first.running
        go_on.set()
        await asyncio.wait(running, timeout=30)
        await asyncio.sleep(0)

    with caplog.at_level(logging.ERROR):
        asyncio.run(play())
    assert done == ["long"]
    assert not caplog.records
