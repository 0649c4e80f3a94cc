"""The real commands in processes of their own, and the replayed sites beside them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.demo.saved import demo_root
from alerts.demo.sites import ReplaySites
from tests.e2e.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def sites() -> Iterator[ReplaySites]:
    """The replayed sites, served by a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    replayed = ReplaySites(demo_root())
    asyncio.run_coroutine_threadsafe(replayed.__aenter__(), loop).result(30)
    yield replayed
    asyncio.run_coroutine_threadsafe(replayed.__aexit__(None, None, None), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
