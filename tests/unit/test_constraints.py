"""The pinned versions install on the oldest Python that is promised."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
OLDEST = "3.11.0"


def pins() -> list[tuple[str, str]]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = [line.split(";")[0].strip() for line in lines if "==" in line and line[0] != "#"]
    return [(name, version) for name, _, version in (line.partition("==") for line in pinned)]


def test_the_oldest_python_is_the_one_that_is_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = SpecifierSet(project["requires-python"])
    assert promised.contains(OLDEST)
    assert not promised.contains("3.10.99")


def test_no_pinned_version_asks_for_a_newer_python() -> None:
    looked_at = 0
    for name, version in pins():
        try:
            installed = distribution(name)
        except PackageNotFoundError:  # an extra that is not installed here
            continue
        if installed.version != version:
            continue
        looked_at += 1
        needed = (installed.metadata.get_all("Requires-Python") or [""])[0]
        assert SpecifierSet(needed).contains(OLDEST), f"{name} {version} needs Python {needed}"
    assert looked_at > 50
