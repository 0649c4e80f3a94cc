"""Which loop long-lived processes run on."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref

import pytest

from crawler.fetch.loop import keep_what_is_built, open_files, run


async def _name() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_uvloop_runs_where_it_is_installed() -> None:
    pytest.importorskip("uvloop")
    assert run(_name()).startswith("uvloop")


def test_without_uvloop_asyncio_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert run(_name()).startswith("asyncio")


def test_a_long_lived_process_may_open_as_many_files_as_its_system_lets_it() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    try:
        assert open_files() <= 512
        run(_name())
        assert open_files() > 512 or (hard != resource.RLIM_INFINITY and hard <= 512)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


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
