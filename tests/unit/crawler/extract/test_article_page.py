"""What a page's blocks are by their markup."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from crawler.extract.article import read_article
from crawler.extract.article_page import _furniture_word, furniture_reason, read_page


def test_of_endless_classes_only_the_beginning_is_remembered() -> None:
    _furniture_word.cache_clear()
    for number in range(3):
        classes = "sidebar " + "m-1 " * 3_000 + str(number)
        assert furniture_reason(fragment_fromstring(f"<div class='{classes}'></div>")) == "sidebar"
    assert _furniture_word.cache_info().currsize == 1


TOLD = "".join(
    f"<p>The hall's machine number {n} prints parts of steel for the yards along the river, and "
    "its operators learn the trade at the college on the other bank, where they began.</p>"
    for n in range(1, 5)
)


def test_a_text_that_scripts_would_write_is_read_where_it_stands_for_others() -> None:
    page = f"<h1>A hall for steel</h1><div id=app></div><noscript>{TOLD}</noscript><p>Imprint</p>"
    text = read_article(page.encode(), "https://a.example/1").text
    assert text.startswith("The hall's machine number 1")
    assert "number 4" in text


@pytest.mark.parametrize(
    "aside",
    [TOLD, "<p>Please enable JavaScript.</p>", "<img src='/count.gif'>" * 30, f"<a href=/>{TOLD}"],
)
def test_what_stands_beside_the_text_for_readers_without_scripts_is_left_out(aside: str) -> None:
    page = f"<h1>A hall for steel</h1><main>{TOLD}</main><noscript>{aside}</noscript>"
    assert len(read_page(page.encode(), "https://a.example/1").blocks) == 5


ASKED = "".join(
    f"<p>Please enable JavaScript, step {n}: in the settings of your browser, choose privacy and "
    "allow scripts for our pages, as they need them for maps, films and forms.</p>"
    for n in range(1, 5)
)
PLAIN = TOLD.replace("<p>", "<div>").replace("</p>", "</div>")


@pytest.mark.parametrize(
    ("aside", "text"),
    [
        (TOLD, PLAIN),
        (TOLD, TOLD.replace("<p>", "").replace("</p>", "<br><br>")),
        (TOLD, f"<table><tr><td>{PLAIN}</table>"),
        (ASKED, "<p>The hall opens on Friday.</p>"),
        (ASKED.replace("JavaScript", "cookies"), "<div>The hall opens on Friday.</div>"),
    ],
)
def test_help_with_scripts_is_no_text_nor_what_is_shorter_than_the_page(
    aside: str, text: str
) -> None:
    page = f"<noscript>{aside}</noscript><h1>A hall for steel</h1>{text}"
    read = read_page(page.encode(), "https://a.example/1")
    assert read.blocks[0].text == "A hall for steel"


def test_of_a_page_without_scripts_its_menu_is_no_text() -> None:
    menu = "<a href='/x'>A long line of the menu that leads to another part of the site</a> " * 40
    page = f"<h1>A hall for steel</h1><div>{menu}</div><noscript>{TOLD}</noscript>"
    assert "number 4" in read_article(page.encode(), "https://a.example/1").text
