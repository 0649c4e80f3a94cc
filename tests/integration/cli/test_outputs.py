"""Where the output is closed, or its charset lacks a letter, a command says what it can."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "crawler", "topics", "test", "Künstliche Intelligenz – 한국"]


def _ran(folder: Path, *options: str, charset: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": charset}
    return subprocess.run(
        [*COMMAND, *options], cwd=folder, env=path, capture_output=True, timeout=120, check=False
    )


@pytest.mark.parametrize("charset", ["ascii", "latin-1", "utf-8"])
def test_every_charset_gets_the_same_document(tmp_path: Path, charset: str) -> None:
    done = _ran(tmp_path, "--json", charset=charset)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert json.loads(done.stdout.decode(charset))["text"] == COMMAND[-1]


def test_a_letter_that_is_missing_ends_nothing(tmp_path: Path) -> None:
    done = _ran(tmp_path, charset="ascii")
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert b"ai (0." in done.stdout


@pytest.mark.parametrize("option", ["--json", "-q"])
def test_a_closed_output_ends_nothing(tmp_path: Path, option: str) -> None:
    shell = f'"$@" {option} >&-'
    done = subprocess.run(
        ["/bin/sh", "-c", shell, "sh", *COMMAND],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
