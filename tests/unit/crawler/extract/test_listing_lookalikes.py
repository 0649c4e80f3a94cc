"""Lists that are dated and titled like news and are none."""

from __future__ import annotations

import pytest

from crawler.extract.listing import NO_HINTS, ListingHints, ListingReading, read_listing

PLACES = ("Erfurt", "Jena", "Gera", "Suhl", "Weimar", "Gotha")


def read(
    body: str, url: str, *, title: str = "House", hints: ListingHints = NO_HINTS
) -> ListingReading:
    html = f"<html lang='en'><title>{title}</title><body>{body}</body></html>"
    return read_listing(html.encode(), url, hints=hints)


def rows(cells: str) -> str:
    filled = (
        cells.format(n=n, place=place, day=f"{n:02}.03.2024") for n, place in enumerate(PLACES, 1)
    )
    return "".join(f"<tr>{row}</tr>" for row in filled)


def threads(address: str) -> str:
    row = f"<td><a href='{address}'>How do I mend a pump at {{place}} in winter</a></td>"
    return f"<table>{rows(row + '<td>{n}</td><td>{day}</td>')}</table>"


@pytest.mark.parametrize(
    "address",
    [
        "/viewtopic.php?f=3&t=10{n}",
        "/showthread.php?t=10{n}",
        "/index.php?topic=10{n}.0",
        "/threads/how-to-mend-it.10{n}/",
        "/forum/pumps/{n}-how-to-mend",
        "/t/how-to-mend/10{n}",
        "https://forum.x.example/board/21/10{n}",
    ],
)
def test_threads_of_a_forum_are_no_news(address: str) -> None:
    found = read(threads(address), "https://talk.example/", title="Pump Forum")
    assert not found.items
    assert "of a forum's threads" in found.why


def test_a_table_that_counts_replies_and_views_is_a_forum() -> None:
    head = "<tr><th>Thema</th><th>Antworten</th><th>Zugriffe</th><th>Datum</th></tr>"
    row = "<td><a href='/x/{n}-pumpe'>Wie die Pumpe in {place} im Winter repariert wird</a></td>"
    table = f"<table>{head}{rows(row + '<td>{n}</td><td>1{n}</td><td>{day}</td>')}</table>"
    assert "of a forum's threads" in read(table, "https://talk.example/").why


def test_the_board_of_a_forum_that_is_called_news_holds_news() -> None:
    table = threads("/viewtopic.php?f=3&t=10{n}")
    found = read(table, "https://talk.example/viewforum.php?f=3", title="News - Pump Forum")
    assert len(found.items) == len(PLACES)


def test_a_forum_is_watched_where_its_user_asks_for_it() -> None:
    page = threads("/viewtopic.php?f=3&t=10{n}")
    pick = next(iter(read(page, "https://talk.example/").candidates)).pick
    found = read(page, "https://talk.example/", hints=ListingHints(pick=pick))
    assert len(found.items) == len(PLACES)


def test_the_files_of_a_folder_are_no_news() -> None:
    row = "<td><a href='pump-1.{n}.tar.gz'>pump-1.{n}.tar.gz</a></td><td>2024-03-0{n} 10:12</td>"
    page = f"<h1>Index of /pub</h1><table>{rows(row + '<td>{n} M</td>')}</table>"
    found = read(page, "https://files.example/pub/", title="Index of /pub")
    assert not found.items
    assert "of a folder's files" in found.why


def test_the_table_of_a_wiki_is_no_news() -> None:
    row = "<td><a href='/wiki/Pump_of_{place}'>The great pump of {place} in the valley</a></td>"
    table = f"<table class='wikitable sortable'>{rows(row + '<td>{day}</td>')}</table>"
    found = read(table, "https://wiki.example/wiki/List_of_pumps", title="List of pumps")
    assert not found.items
    assert "of a wiki's table" in found.why


WHOLE = "<p>The members met in {place} and agreed on what to build there before winter comes.</p>"
LINKED = WHOLE + "<p><a href='https://other.example/papers/{place}-{n}.html'>Read more</a></p>"


def told(linked: int) -> str:
    """Articles told in full on one page, some with a link to what they tell of."""
    return "<main><h1>News</h1>" + "".join(
        f"<article class=post><h2>The new hall of {place} is built by ten firms</h2>"
        + (LINKED if n < linked else WHOLE).format(place=place, n=n)
        + "</article>"
        for n, place in enumerate(PLACES)
    )


def test_what_a_few_of_many_whole_articles_link_to_is_no_list() -> None:
    assert not read(told(2), "https://house.example/news/").items
    assert len(read(told(6), "https://house.example/news/").items) == 6
    assert len(read(told(4), "https://house.example/news/").items) == 4
