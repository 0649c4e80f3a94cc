"""Where the output is closed, its reader left, or its charset lacks a letter, a command says what
it can; data go out as UTF-8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
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


NAME = "Köln – 한국"
WATCHING = f"""
[crawl]
allow_networks = ["127.0.0.0/8"]
[[sources]]
id = "unreachable"
name = "{NAME}"
url = "http://127.0.0.1:1/"
[[subscriptions]]
id = "team"
to = "file:digests/"
when_empty = "line"
"""


def _watching(
    folder: Path, *command: str, out: int = subprocess.PIPE, err: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    """A command of an installation with one source that cannot be reached, on a terminal that
    cannot say its name."""
    (folder / "clusterwatch.toml").write_text(WATCHING, "utf-8")
    return subprocess.run(
        [*COMMAND[:3], *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"},
        stdout=out,
        stderr=err,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("sources export --format toml", NAME),
        ("sources export", NAME),
        ("digest preview team --as html", "team”"),
    ],
)
def test_data_are_utf8_whatever_the_terminal_is(tmp_path: Path, command: str, words: str) -> None:
    done = _watching(tmp_path, *command.split())
    assert done.returncode == 0
    assert words in done.stdout.decode("utf-8")


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe whose reader has left."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("sources list --json", 0),
        ("topics list", 0),
        ("--help", 0),
        ("topics list --nonsense", 2),
        ("crawl", 1),
    ],
)
def test_readers_that_left_change_no_exit_code(
    tmp_path: Path, unread: int, command: str, code: int
) -> None:
    assert _watching(tmp_path, *command.split(), out=unread, err=unread).returncode == code


def test_a_crawl_is_summed_up_where_nobody_hears_its_warnings(tmp_path: Path, unread: int) -> None:
    done = _watching(tmp_path, "crawl", err=unread)
    assert (done.returncode, b"0 of 1 sources read" in done.stdout) == (1, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = _watching(tmp_path, "topics", "list", out=full.fileno())
    assert (done.returncode, b"no space left" in done.stderr) == (2, True)
    assert b"Traceback" not in done.stderr
