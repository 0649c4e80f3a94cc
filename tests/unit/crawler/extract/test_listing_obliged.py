"""What every site has to show: no item among undated links, news where a record is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.extract.listing import read_listing

DEMO = Path(__file__).resolve().parents[4] / "seeds" / "demo"
TOLD = ("Minister opens the laser hall", "Nine firms recycle turbines", "Olsen chairs the board")
OBLIGED = ("Impressum", "Privacy policy", "Mentions légales »", "Home", "Barrierefreiheit")


def _titles(record: str, titles: tuple[str, ...]) -> list[str]:
    rows = "".join(
        record.format(url=f"/news/{n}-told", title=title, day=n + 10)
        for n, title in enumerate(titles)
    )
    html = f"<html><head><title>News</title></head><body><h1>News</h1><ul>{rows}</ul></body></html>"
    found = read_listing(html.encode(), "https://cluster.example/news/")
    return [item.title for item in found.items]


@pytest.mark.parametrize("text", OBLIGED)
def test_an_undated_link_to_what_every_site_has_to_show_is_no_item(text: str) -> None:
    assert _titles("<li><a href='{url}'>{title}</a></li>", (*TOLD, text)) == list(TOLD)


@pytest.mark.parametrize(
    "record",
    [
        "<li><a href='{url}'>{title}</a> <span>{day}.11.2026</span></li>",
        "<li><h3><a href='{url}'>{title}</a></h3><time datetime='2026-11-{day}'>x</time></li>",
        "<li><h3><a href='{url}'>{title}</a></h3><p>What it means for firms of the coast.</p></li>",
    ],
)
def test_a_headline_or_a_dated_line_of_such_a_word_is_an_item(record: str) -> None:
    titles = ("Accessibility", "Datenschutz", TOLD[0], "Legal", "Kontakt")
    assert _titles(record, titles) == list(titles)


def test_an_article_between_the_boxes_of_its_site_is_no_list() -> None:
    page = DEMO / "clusterplattform" / "artikel" / "79_bioregio_stern_europaprojekt.html"
    url = "https://www.clusterplattform.de/CLUSTER/Redaktion/x.html"
    assert read_listing(page.read_bytes(), url).items == ()
