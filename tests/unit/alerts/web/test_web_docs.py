"""docs/web.md: its configurations can be read, its pages are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Mount, Route

from alerts.web.app import _routes
from crawler.config import load

PAGE = Path(__file__).parents[4] / "docs" / "web.md"
TEXT = PAGE.read_text("utf-8")


def paths(routes: list[BaseRoute], before: str = "") -> set[str]:
    found: set[str] = set()
    for route in routes:
        if isinstance(route, Mount):
            found |= paths(list(route.routes), before + route.path)
        elif isinstance(route, Route):
            found.add(before + route.path)
    return found


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
def test_the_configurations_are_read(example: str, tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text(example, "utf-8")
    (tmp_path / "logo.svg").write_text("<svg/>", "utf-8")
    assert load(file, environment={}).web.listen == "127.0.0.1:8080"


def test_every_page_that_is_named_is_there() -> None:
    known = {re.sub(r"\{.*?\}", "…", path) for path in paths(_routes())}
    named = re.findall(r"`(/[a-z0-9./…]*)`", TEXT.partition("## Behind a proxy")[0])
    assert len(named) > 10
    assert [one for one in named if one not in known and one != "/api/v1/…"] == []
    slack = re.findall(r"https://news\.example\.org(/(?:slack|api)/[a-z0-9/]+)", TEXT)
    assert len(slack) >= 4
    assert [one for one in slack if one not in known] == []


def test_the_pictures_are_there() -> None:
    pictures = [PAGE.parent / name for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", TEXT)]
    assert pictures
    assert all(picture.stat().st_size < 150_000 for picture in pictures)
