"""Which loop long-lived processes run on."""

from __future__ import annotations

import asyncio
import sys

import pytest

from crawler.fetch.loop import run


async def _name() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_uvloop_runs_where_it_is_installed() -> None:
    pytest.importorskip("uvloop")
    assert run(_name()).startswith("uvloop")


def test_without_uvloop_asyncio_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert run(_name()).startswith("asyncio")
