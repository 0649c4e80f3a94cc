"""Shells complete commands, options and values."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("so", {"sources"}), ("digest re", {"release"}), ("items export --for", {"--format"})],
)
def test_bash_is_offered_what_fits(typed: str, offered: set[str]) -> None:
    words = f"clusterwatch {typed}"
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1), "_CLUSTERWATCH_COMPLETE": "complete_bash",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "crawler"], env=environment, capture_output=True, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    assert set(done.stdout.split()) == offered
