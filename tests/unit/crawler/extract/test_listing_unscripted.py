"""A list that stands in ``noscript`` alone is read; what else stands there is left where it is."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract.detect import detect
from crawler.extract.listing import ListingHints, read_listing

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
URL = "https://mill.example/news"


def cards(*days: int) -> str:
    return "".join(
        f"<li><h3><a href='/news/{n}'>Wheel number {n} of the mill turns again</a></h3>"
        f"<time datetime='2026-11-{n:02d}'>{n}.11.2026</time><p>Guests saw it turn.</p></li>"
        for n in days
    )


def page(unscripted: str, beside: str = "<div id=root></div>") -> bytes:
    return (
        "<html lang=en><head><title>News</title><noscript><link rel=stylesheet href=/n.css>"
        f"</noscript></head><body>{beside}<noscript>{unscripted}</noscript>"
        "<script src=/a.js></script><script src=/b.js></script></body></html>"
    ).encode()


def test_headlines_in_noscript_are_read_and_polled() -> None:
    found = detect(page(f"<h2>News</h2><ul>{cards(9, 8, 7)}</ul>"), URL, now=NOW)
    assert (found.kind, found.needs_browser) == ("listing", False)
    assert [item.url for item in found.items] == [f"{URL}/{n}" for n in (9, 8, 7)]
    known = frozenset(item.url for item in found.items)
    hints = ListingHints(learned=found.learned, known=known)
    later = read_listing(page(f"<h2>News</h2><ul>{cards(11, 9, 8)}</ul>"), URL, hints=hints)
    assert ([item.url[-2:] for item in later.items], later.broken) == (["11", "/9", "/8"], "")


def test_what_else_stands_in_noscript_changes_nothing() -> None:
    beside = f"<main><h1>News</h1><ul>{cards(6, 5, 4)}</ul></main>"
    shown = read_listing(page("", beside), URL, now=NOW)
    copies = read_listing(page(f"<ul>{cards(3, 2, 1)}</ul>", beside), URL, now=NOW)
    assert [item.url for item in copies.items] == [item.url for item in shown.items]
    asked = "Please <a href='https://help.example/scripts'>turn scripts on</a>."
    assert detect(page(asked), URL, now=NOW).needs_browser
    assert not read_listing(page("<a href=/a>A</a> <a href=/b>B</a>"), URL, now=NOW).items


MENU = "".join(
    f"<li><a href='/{path}'>{words}</a></li>"
    for path, words in (
        ("news/archive-2026", "News archive of the year 2026"),
        ("news/press", "Press releases and pictures"),
        ("about/team", "Team and contacts of the mill"),
        ("join/member", "How to become a member here"),
        ("services/funding", "Funding advice for small mills"),
        ("projects/europe", "Projects in Europe and beyond"),
    )
)


def test_a_menu_in_noscript_is_no_list_of_news() -> None:
    menu = f"<h2>News</h2><ul class='news-menu'>{MENU}</ul>"
    assert not read_listing(page(menu, "<h1>News</h1><div id=root></div>"), URL, now=NOW).items


def test_a_page_that_says_that_it_has_no_news_is_believed_first() -> None:
    beside = "<main><h1>News</h1><p>Zurzeit keine Meldungen.</p></main>"
    found = read_listing(page(f"<ul>{cards(9, 8, 7)}</ul>", beside), URL, now=NOW)
    assert (found.items, found.empty) == ((), "Zurzeit keine Meldungen.")


def test_headings_without_dates_are_enough() -> None:
    undated = "".join(
        f"<li><h3><a href='/news/{n}'>Wheel number {n} of the mill turns again</a></h3></li>"
        for n in range(1, 6)
    )
    found = read_listing(page(f"<h2>News</h2><ul>{undated}</ul>"), URL, now=NOW)
    assert len(found.items) == 5
