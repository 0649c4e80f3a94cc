"""The five seed documents stand in full on their replayed pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from alerts.demo.saved import SavedPage, demo_root, load_sites

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
ADDRESSES = re.compile(r"\| (\d{3}_\w+\.txt) \| https?://([^/\s]+)(/\S*) \|")


def seeds() -> list[tuple[str, str, str]]:
    """File name, host and path of each seed, as the seeds' own table names them."""
    if not (SEEDS / "README.md").is_file():
        return []
    return ADDRESSES.findall((SEEDS / "README.md").read_text(encoding="utf-8"))


def saved_page(host: str, path: str) -> SavedPage:
    """The replayed page that stands where the seed's real page stands."""
    (site,) = [site for site in load_sites(demo_root()) if site.host == host]
    bare, _, query = path.partition("?")
    wanted = {tuple(part.split("=", 1)) for part in query.split("&") if part}
    (page,) = [page for page in site.pages if page.path == bare and page.query == wanted]
    return page


def visible(page: SavedPage) -> str:
    charset = page.content_type.partition("charset=")[2]
    tree = html.fromstring(page.body, parser=html.HTMLParser(encoding=charset))
    for hidden in tree.xpath("//script | //style"):
        hidden.drop_tree()
    return folded(" ".join(tree.itertext()))


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.skipif(not seeds(), reason="the seed documents are not beside this checkout")
def test_there_are_five_seeds() -> None:
    assert len(seeds()) == 5


@pytest.mark.parametrize(("file", "host", "path"), seeds())
def test_every_line_of_a_seed_is_on_its_page(file: str, host: str, path: str) -> None:
    text = visible(saved_page(host, path))
    missing = [line for line in seed_lines(file) if line not in text]
    assert missing == []


@pytest.mark.parametrize(("file", "host", "path"), seeds())
def test_the_paragraphs_of_a_seed_keep_their_order(file: str, host: str, path: str) -> None:
    text = visible(saved_page(host, path))
    places = [text.find(line) for line in seed_lines(file) if len(line) > 80]
    assert len(places) >= 4
    assert places == sorted(places)


def seed_lines(file: str) -> list[str]:
    """The seed's lines without bullets, white space folded."""
    lines = (SEEDS / file).read_text(encoding="utf-8").splitlines()
    return [folded(line).removeprefix("• ").removeprefix("- ") for line in lines if line.strip()]
