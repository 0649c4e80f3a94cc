"""What a stretch of work cost: CPU seconds of the process and its children, memory, wall time.

Children that belong to the experiment (the farm, a peer, a mail sink) are named by ``apart`` and
count nowhere.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PACKAGES = ("aiohttp", "feedparser", "scrapy", "trafilatura", "lxml", "sqlalchemy", "uvloop")


@dataclass
class Cost:
    """Filled when its block ends."""

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0  # of this process within the block, with its children's so far


_APART: set[int] = set()


def apart(pid: int) -> None:
    """A child that is none of what is measured."""
    _APART.add(pid)


@contextmanager
def measured() -> Iterator[Cost]:
    """The cost of the block, children that live or ended within it included (Linux)."""
    cost = Cost()
    _forget_peak()
    cpu, wall = cpu_seconds(), time.perf_counter()
    yield cost
    cost.cpu_seconds = cpu_seconds() - cpu
    cost.wall_seconds = time.perf_counter() - wall
    cost.peak_mb = peak_mb()


def cpu_seconds() -> float:
    """CPU of this process, its threads, and its children alive or waited for."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(_stat_seconds(child) for child in _children())
    return own.ru_utime + own.ru_stime + gone.ru_utime + gone.ru_stime + living


def peak_mb() -> float:
    """The peak of this process since it was last forgotten, and its living children's."""
    peaks = [_status_kb(one, "VmHWM") for one in (os.getpid(), *_children())]
    return sum(peaks) / 1024


def _forget_peak() -> None:
    """The peak counts anew from what is in memory now (proc(5), ``clear_refs``)."""
    Path("/proc/self/clear_refs").write_text("5")


def _children() -> list[int]:
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    alive = {int(one) for file in found for one in file.read_text().split()}
    return sorted(alive - _APART)


def _stat_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def _status_kb(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def versions() -> str:
    """One line: the machine, Python and the packages that matter."""
    known = []
    for name in _PACKAGES:
        try:
            known.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return f"Python {platform.python_version()}, {os.cpu_count()} cores; {', '.join(known)}"


def print_rows(title: str, rows: list[dict[str, object]]) -> None:
    """A table for people, and each row as a line of JSON behind it."""
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(f"{key}={_shown(value)}" for key, value in row.items()))
    for row in rows:
        print(json.dumps({"bench": title, **row}))


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
