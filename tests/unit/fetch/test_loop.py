"""Which loop long-lived processes run on."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref

import pytest

from crawler.fetch.loop import keep_what_is_built, run


async def _name() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_uvloop_runs_where_it_is_installed() -> None:
    pytest.importorskip("uvloop")
    assert run(_name()).startswith("uvloop")


def test_without_uvloop_asyncio_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert run(_name()).startswith("asyncio")


class _Ring:
    def __init__(self) -> None:
        self.own = self


def test_collections_pass_over_what_was_built_before_and_no_garbage_is_kept() -> None:
    built = ["a part"]
    garbage = weakref.ref(_Ring())
    usual = gc.get_threshold()
    try:
        keep_what_is_built()
        assert gc.get_threshold()[0] > usual[0]  # hundreds of polls at once hold more
        assert garbage() is None
        assert not any(one is built for one in gc.get_objects())
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
