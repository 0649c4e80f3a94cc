"""A loop that stands still ends its process; a command that cannot work says why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STANDS_STILL = """
import asyncio, time
from alerts.workers import watchdog

watchdog.STILL_SECONDS = 1

async def main():
    watching = asyncio.create_task(watchdog.watch())
    await asyncio.sleep(0)
    where_it_stood()

def where_it_stood():
    while True:
        time.sleep(0.1)

asyncio.run(main())
"""


def test_a_loop_that_stands_still_ends_its_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STANDS_STILL],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "where_it_stood" in done.stderr


def test_on_sqlite_the_command_names_cause_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from crawler.__main__ import application
    from crawler.cli.app import run

    file = tmp_path / "clusterwatch.toml"
    file.write_text('[clusterwatch]\ndatabase = "sqlite:///x.db"\n', "utf-8")
    assert run(application(), ["worker", "--config", str(file)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "Workers need PostgreSQL" in line
    assert "clusterwatch run" in line
