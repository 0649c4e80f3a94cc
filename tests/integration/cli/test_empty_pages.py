"""A page without news: what to do about it is said wherever it is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.__main__ import application
from crawler.cli.app import run


def looked_at(page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    file = tmp_path / "page.html"
    file.write_text(f"<html lang=en><title>Welcome</title><body>{page}</body></html>", "utf-8")
    assert run(application(), ["detect", str(file), "--base-url", "https://a.example/"]) == 0
    spoken = capsys.readouterr()
    return spoken.out, spoken.err


def test_detect_tells_what_to_do_about_a_page_without_news(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said, warned = looked_at("<h1>Opening soon</h1><p>We build.</p>", tmp_path, capsys)
    assert said.startswith("page: ")
    assert "Give the address of its news list or feed." in " ".join(warned.split())
    rows = "".join(
        f"<li><a href=/n/{n}-weaving>Weavers of the valley meet {n} times</a> {n}.11.2026</li>"
        for n in range(2, 7)
    )
    said, warned = looked_at(f"<h1>News</h1><ul>{rows}</ul>", tmp_path, capsys)
    assert said.startswith("listing: ")
    assert not warned
