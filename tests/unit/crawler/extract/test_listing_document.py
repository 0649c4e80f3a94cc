"""Parsing pages: hostile and broken input stays cheap and readable."""

from __future__ import annotations

import pytest

from crawler.errors import ExtractError
from crawler.extract.listing import read_listing
from crawler.extract.listing_document import absolute, read_document
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, NAV, mark_zones

URL = "https://a.example/b/c.html"


def links(html: str) -> list[str]:
    document = read_document(html, URL)
    return [document.resolve(n.attrs.get("href", "")) for n in document.nodes if n.tag == "a"]


def test_deep_nesting_neither_recurses_nor_hides_the_first_links() -> None:
    html = "<a href='/x'>first</a>" + "<div>" * 50_000 + "deep" + "</div>" * 50_000
    assert links(html)[0] == "https://a.example/x"
    assert read_listing(html.encode(), URL).items == ()


def test_a_tag_with_thousands_of_attributes_is_refused() -> None:
    html = "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x</p>"
    with pytest.raises(ExtractError):
        read_document(html, URL)


def test_more_elements_than_any_page_are_refused() -> None:
    with pytest.raises(ExtractError):
        read_document("<b>x</b>" * 130_000, URL)


def test_scripts_styles_and_comments_hold_no_words_or_links() -> None:
    html = (
        "<script>document.write('<a href=/no>no</a>')</script><style>a{}</style>"
        "<!-- <a href='/no'>no</a> --><a href='/yes'>yes</a><SCRIPT>1</SCRIPT>"
        "<noscript><a href='/silent'>x</a></noscript>"
    )
    document = read_document(html, URL)
    assert " ".join(document.texts) == "yes"


def test_an_unclosed_script_ends_the_page() -> None:
    assert links("<a href='/x'>a</a><script>" + "<script>" * 20_000) == ["https://a.example/x"]


def test_base_counts_and_odd_addresses_are_no_links() -> None:
    html = "<head><base href='/deep/'></head><a href='p'>x</a><a href='http://[bad'>y</a>"
    assert links(html) == ["https://a.example/deep/p", ""]
    assert absolute(URL, "  /a b\n.html ") == "https://a.example/a%20b.html"
    assert absolute(URL, "ftp://x.example/") == ""
    assert absolute(URL, "#top") == ""


def test_markup_that_lxml_loses_is_read_by_beautiful_soup() -> None:
    html = "<p>" + "".join(f"<a href='/{n}'>{n}</a>" for n in range(12)) + "</p>"
    broken = "<![CDATA[" + html
    assert len(links(broken)) == 12


def test_text_is_folded_and_language_is_two_letters() -> None:
    html = "<html lang='de-AT'><title> A\n B </title><p>soft\u00adhyphen  and\n\tspaces</p></html>"
    document = read_document(html, URL)
    assert document.language == "de"
    assert document.title == "A B"
    assert document.texts[-1] == "softhyphen and spaces"


def test_zones_follow_elements_roles_and_names_but_never_the_whole_page() -> None:
    html = (
        "<body><div class='has-sidebar'><div id='mainMenu'><p>m</p></div>"
        "<header><p>h</p></header><article><header><p>inner</p></header>"
        + "<p>words of the text</p>" * 9
        + "</article><div class='sidebar'><p>s</p></div><footer><p>f</p></footer></div></body>"
    )
    document = read_document(html, URL)
    mark_zones(document)
    zones = {document.text(n.index): n.zone for n in document.nodes if n.tag == "p"}
    assert zones["m"] & NAV
    assert zones["h"] & HEADER
    assert not zones["inner"] & HEADER
    assert zones["s"] & ASIDE
    assert zones["f"] & FOOTER
    assert zones["words of the text"] == 0


def test_tens_of_thousands_of_links_are_capped() -> None:
    rows = "".join(f"<li><a href='/n/{n}'>A title of some words {n}</a></li>" for n in range(8_000))
    found = read_listing(f"<h1>News</h1><ul>{rows}</ul>".encode(), "https://a.example/news/")
    assert len(found.items) == 500


def _part(titles: tuple[str, ...]) -> int:
    cards = "".join(f"<div><h3><a href='/{n}'>{t}</a></h3><a href='/{n}'>More</a></div>"
                    for n, t in enumerate(titles))  # fmt: skip
    text = "The page itself says much more than its part. " * 20
    html = f"<div class='social-posts'>{cards}</div>" + f"<p>{text}</p>" * 12
    document = read_document(html, "https://e.example/")
    mark_zones(document)
    return next(n.zone for n in document.nodes if n.tag == "h3")


def test_a_part_whose_headings_are_headlines_is_no_furniture_whatever_its_name() -> None:
    stories = ("The hall of the cluster opens", "A bridge for the valley", "Four new members join")
    assert not _part(stories) & NAV
    assert _part(("Share", "Follow us", "Contact")) & NAV
