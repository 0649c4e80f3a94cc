"""The real commands, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alerts.demo.sites import ReplaySites

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Result:
    """What a command came to."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)


class Shell:
    """Runs ``clusterwatch`` in one folder, as a user would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def environment(self) -> dict[str, str]:
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        own = {name: os.environ[name] for name in kept if name in os.environ}
        return own | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONUTF8": "1"}

    def run(self, *arguments: str, seconds: float = 120) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "crawler", *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "crawler", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def write(self, text: str) -> None:
        (self.folder / "clusterwatch.toml").write_text(text, "utf-8")


def installation(sites: ReplaySites, *ids: str, extra: str = "") -> str:
    """A configuration that watches some of the replayed sites."""
    lines = [
        '[clusterwatch]\nname = "test"',
        '[crawl]\nfirst_run = "all"\nmax_age = "100y"\nallow_networks = ["127.0.0.0/8"]',
        'delay_per_host = "0s"',
    ]
    lines += [f'[[sources]]\nid = "{one}"\nurl = "{sites[one].start_url}"' for one in ids]
    return "\n".join([*lines, extra, ""])
