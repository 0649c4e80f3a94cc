"""The farm in a process of its own, started and asked by a benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.farm.pages import Site
from bench.farm.server import address_of
from bench.measure import apart

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class RunningFarm:
    """A farm that answers."""

    port: int
    size: int
    entries: int

    def origin(self, number: int) -> str:
        """Scheme, address and port of a site."""
        return f"http://{address_of(number)}:{self.port}"

    def site(self, number: int) -> Site:
        """The site as the farm's own process renders it."""
        return Site(number, self.origin(number), self.entries)

    def order(self, what: str) -> dict[str, int]:
        """An order of ``bench.farm.server``, e.g. ``advance?sites=20``; the counts until then."""
        found: dict[str, int] = self._told(what)
        return found

    def etags(self) -> dict[str, str]:
        """The feeds' ETags, by address."""
        told: dict[str, str] = self._told("etags")
        return {self.origin(int(number)) + "/feed/": etag for number, etag in told.items()}

    def _told(self, what: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.port}/-/{what}", timeout=120) as answer:
            return json.load(answer)


@contextmanager
def farm(sites: int, entries: int = 20) -> Iterator[RunningFarm]:
    """Start a farm and stop it afterwards; it uses the machine's other core and is not
    counted as ours."""
    command = [sys.executable, "-m", "bench.farm.server", "--sites", str(sites),
               "--entries", str(entries)]  # fmt: skip
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    apart(process.pid)
    try:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        yield RunningFarm(port, sites, entries)
    finally:
        process.terminate()
        process.wait(timeout=30)
