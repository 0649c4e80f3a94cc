"""One process for all kills: it imports once and forks a child for every order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forking import Forking


class Worker(Forking):
    """Does one thing to an installation."""

    def __init__(self) -> None:
        super().__init__("tests.integration.kills.worker")

    def act(self, what: str, folder: Path, failpoint: str = "") -> int:
        return self.order({"what": what, "folder": str(folder), "failpoint": failpoint})


@pytest.fixture(scope="package")
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()
