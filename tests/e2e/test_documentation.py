"""The tutorial's commands are typed as they stand; the site is built without a warning."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from alerts.demo.sites import ReplaySites
from tests.e2e.shell import ROOT, Shell

LOOPBACK = (
    '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndelay_per_host = "0s"\nfirst_run = "all"\n'
    'max_age = "100y"\n'
)


def commands() -> list[list[str]]:
    text = (ROOT / "docs/tutorial.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_of_the_tutorial_does_what_it_says(
    tmp_path: Path, sites: ReplaySites
) -> None:
    first, *others = commands()
    assert Shell(tmp_path).run(*first[1:]).code == 0
    shell = Shell(tmp_path / "news")
    written = (shell.folder / "clusterwatch.toml").read_text("utf-8")
    assert re.search(r"^\[crawl\]$", written, re.M)
    shell.write(re.sub(r"^\[crawl\]\n(?:.*\n)*?(?=\n)", LOOPBACK, written, count=1, flags=re.M))
    page = sites["biosaxony"].start_url
    said = {}
    for name, *arguments in others:
        assert name == "clusterwatch"
        typed = [one.replace("https://www.example.org/news", page) for one in arguments]
        done = shell.run(*typed)
        said[" ".join(arguments[:2])] = done.out
        assert done.code == 0 or arguments[0] == "doctor", (arguments, done.out, done.err)
    assert "quantum" in said["topics test"]
    assert said["items list"].count("\n") > 3
    assert "Example Cluster" in said["digest preview"]
    assert list((shell.folder / "digests").glob("*.html"))
    assert (shell.folder / "first.db").exists()


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="needs mkdocs-material")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        text = page.read_text("utf-8")
        loaded = re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="(https?:[^"]+)"', text)
        assert [one for one in loaded if "canonical" not in one] == [], page
