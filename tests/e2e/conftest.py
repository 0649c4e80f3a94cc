"""The real commands in processes of their own, and the replayed sites beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.demo.saved import demo_root
from alerts.demo.sites import ReplaySites
from tests.e2e.loops import loop_thread
from tests.e2e.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def sites() -> Iterator[ReplaySites]:
    """The replayed sites, served by a loop in a thread of its own."""
    replayed = ReplaySites(demo_root())
    with loop_thread() as run:
        run(replayed.__aenter__())
        try:
            yield replayed
        finally:
            run(replayed.__aexit__(None, None, None))
