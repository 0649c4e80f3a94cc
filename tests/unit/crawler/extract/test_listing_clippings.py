"""What newspapers write about the house is no news of the house, unless it is all a page lists."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing
from crawler.extract.listing_clippings import names_clippings

TOLD = ("opens a third foundry", "wins the prize for straw", "hires ten welders at the lake")
DAYS = ("2 March 2026", "19 February 2026", "30 January 2026")


def news(heading: str = "News") -> str:
    rows = "".join(
        f'<div class="row"><i>{day}</i><h4><a href="/n/{n}">Guss and Co {told}</a></h4></div>'
        for n, (day, told) in enumerate(zip(DAYS, TOLD, strict=True), 1)
    )
    return f"<section><h3>{heading}</h3>{rows}</section>"


def clippings(heading: str, folder: str = "") -> str:
    rows = "".join(
        f'<div class="row"><i>{day}</i><h4><a href="{folder or "https://paper.example"}/{n}">'
        f"Morning Post: the foundry {told}</a></h4></div>"
        for n, (day, told) in enumerate(zip(DAYS, TOLD, strict=True), 1)
    )
    return f"<section><h3>{heading}</h3>{rows}</section>"


def found(*lists: str, title: str = "Guss", path: str = "") -> list[str]:
    body = f"<html><head><title>{title}</title></head><body><main>{''.join(lists)}</main></body>"
    url = f"https://guss.example/{path}"
    return [item.url.split("/", 3)[3] for item in read_listing(body.encode(), url).items]


NEWS = ["n/1", "n/2", "n/3"]
CLIPPINGS = ["1", "2", "3"]


@pytest.mark.parametrize(
    "heading",
    [
        "Press about us",
        "In the media",
        "Presse über uns",
        "Medienspiegel 2026",
        "Ils parlent de nous",
        "Rassegna stampa",
        "Apariciones en prensa",
        "In de media",
        "I medierne",
        "Skrivit om oss",
        "Napsali o nás",
        "Media o nas",
        "언론보도",
        "メディア掲載",
        "媒体报道",
    ],
)
@pytest.mark.parametrize("path", ["", "aktuelles"])
def test_clippings_beside_news_of_the_same_make_stay_out(heading: str, path: str) -> None:
    assert found(news(), clippings(heading), path=path) == NEWS
    assert found(clippings(heading), news(), path=path) == NEWS
    assert found(clippings(heading), path=path) == CLIPPINGS


def unwrapped(*lists: str) -> str:
    return "".join(part.removeprefix("<section>").removesuffix("</section>") for part in lists)


@pytest.mark.parametrize("heading", ["Media coverage", "Events", "Publications"])
def test_rows_in_one_column_with_the_news_stay_out_below_a_heading_of_another_list(
    heading: str,
) -> None:
    """Nothing but the headings parts the rows."""
    assert found(unwrapped(news(), clippings(heading)), path="aktuelles") == NEWS


def test_clippings_without_a_heading_are_known_by_their_folder() -> None:
    other = clippings("", folder="/press-review").replace("row", "sheet")
    assert found(news(), other, path="start") == NEWS


@pytest.mark.parametrize(
    ("title", "path"),
    [("Pressespiegel – Guss", "p/17"), ("Guss", "news/media-coverage"), ("In the media", "")],
)
def test_a_page_of_clippings_gives_its_clippings(title: str, path: str) -> None:
    rows = clippings("2026") + f"<aside>{news('Latest')}</aside>"
    assert found(rows, title=title, path=path) == CLIPPINGS


@pytest.mark.parametrize(
    "heading",
    ["News", "News and press review", "Presse", "Women in the media industry", "Impressum"],
)
def test_headings_of_other_lists_name_no_clippings(heading: str) -> None:
    assert not names_clippings(heading)


@pytest.mark.parametrize(
    ("heading", "folder"), [("Events", "/termine"), ("Our members", "/members"), ("Jobs", "/jobs")]
)
def test_clippings_come_before_lists_that_are_called_something_else(
    heading: str, folder: str
) -> None:
    told = "</h4><p>A teaser of one sentence tells what happened at the lake.</p>"
    other = clippings(heading, folder).replace("row", "sheet").replace("</h4>", told)
    lists = (clippings("Presseberichte", "/presse"), other)
    for order in (lists, lists[::-1]):
        assert found(*order, path="aktuell") == ["presse/1", "presse/2", "presse/3"]
