"""What an item's address holds, where nobody looked yet whether it is a wall."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.extract.article_templates import Templates
from crawler.extract.document import read_document_taught
from crawler.extract.walls import Answer, Wall

WALLS = Path(__file__).parents[3] / "fixtures" / "walls" / "walls"
URL = "https://cluster.example/news/1"


def read(body: bytes, *, looked: bool = False) -> object:
    answer = None if looked else Answer(body, URL, URL, content_type="text/html")
    return read_document_taught(body, URL, Templates(), content_type="text/html", answer=answer)


@pytest.mark.parametrize("kind", ["bot", "login", "consent", "missing"])
def test_a_wall_is_told_where_nobody_looked_yet(kind: str) -> None:
    files = [file for file in WALLS.glob(f"{kind}-*.html") if not file.stem.endswith("403")]
    assert files
    for file in files:
        found = read(file.read_bytes())
        assert isinstance(found, Wall)
        assert found.kind == kind
        assert not isinstance(read(file.read_bytes(), looked=True), Wall)


def test_an_article_is_none() -> None:
    text = "<p>Twelve firms and an institute share what they know about harbour cranes.</p>" * 5
    found = read(f"<html><body><h1>Harbour cranes</h1>{text}</body></html>".encode())
    assert isinstance(found, tuple)
    assert found[0].title == "Harbour cranes"
