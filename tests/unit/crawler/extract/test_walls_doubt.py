"""What leaves no doubt is no wall: nothing that a look could find may be passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.extract.walls_doubt import Doubt
from tests.cost import bounded

PAGES = Path(__file__).parents[3] / "fixtures" / "walls"
WALLS = sorted((PAGES / "walls").glob("*.html"))
NEWS = (
    "<html><head><title>Robots sort parts | Valley Cluster</title></head><body><nav><a href='/'>"
    "Login</a></nav><article><h1>Robots sort parts</h1><p>The workshop in Jena opened on Monday."
    "</p></article><footer><a href='/privacy'>Privacy</a></footer></body></html>"
)


@pytest.mark.parametrize("file", WALLS, ids=lambda file: file.stem)
def test_saved_walls_leave_a_doubt(file: Path) -> None:
    assert Doubt(file.read_text("utf-8"), status=file.stem.endswith("403")).is_left


def test_usual_news_leave_none() -> None:
    assert not Doubt(NEWS).is_left


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>Page&nbsp;not found</h1><p>It could <b>not</b> be found.</p>",
        "<title>Log in</title><form><input name=p type='PASSWORD'></form>",
        "<h1>Just a moment</h1><script src='https://challenges.cloudflare.com/t.js'></script>",
        "<p>We value your privacy and use cookies.</p><input type=submit value='Accept all'>"
        "<title>Cookies</title>",
    ],
    ids=["words cut by tags", "a field", "a mark in a script", "a button's value"],
)
def test_two_signs_leave_a_doubt_wherever_they_stand(markup: str) -> None:
    assert Doubt(markup).is_left


def test_the_words_of_a_script_are_not_the_page_s() -> None:
    said = "just a moment, verify you are human"
    assert not Doubt(f"<script>{said}</script><p>News</p>").is_left
    assert Doubt(f"<script>let a</script><p>{said}</p>").is_left


@pytest.mark.parametrize("piece", ["<script>", "<input ", "<", "<style><p ", "'"])
def test_hostile_markup_costs_little(piece: str) -> None:
    with bounded():
        assert not Doubt(piece * (400_000 // len(piece))).is_left
