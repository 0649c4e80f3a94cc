"""Cells of a table may be cards side by side; else they are columns of one record."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing

TOLD = {
    "2026-03-18": "Neue Halle für den Leichtbau eröffnet",
    "2026-03-12": "Preis für die Verpackung aus Stroh verliehen",
    "2026-03-03": "Besuch aus Gumi bei den Gießern am Fluss",
    "2026-02-24": "Zwei Millionen für das Pilotwerk am Hafen",
}
PICTURED = "<td><a href='{url}'><img src='i.jpg'></a><br>{day}<br><a href='{url}'>{title}</a></td>"
WRAPPED = "<td><div><b>{day}</b><p><a href='{url}'>{title}</a></p><p>Ein Satz.</p></div></td>"
UNDATED = "<td><a href='{url}'><b>{title}</b></a><br>Ein kurzer Satz zum Bild.</td>"
ROW = "<td><a href='{url}'><b>{title}</b></a><br>Ein Satz.</td><td><b>{day}</b><br>{place}</td>"


def table(cell: str, wide: int) -> str:
    place = "<a href='/ort/{n}'>Ort {n}</a>"
    cells = [
        cell.format(day=day, url=f"/n/{n}.html", title=title, place=place.format(n=n))
        for n, (day, title) in enumerate(TOLD.items())
    ]
    rows = ["".join(cells[n : n + wide]) for n in range(0, len(cells), wide)]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def read(body: str) -> dict[str, str]:
    page = f"<html lang='de'><title>Guss</title><body><h1>Aktuelles</h1>{body}</body></html>"
    items = read_listing(page.encode(), "https://guss.example/aktuelles.html").items
    return {
        item.published.day.isoformat() if item.published else item.url: item.title for item in items
    }


@pytest.mark.parametrize("cell", [PICTURED, WRAPPED])
def test_cards_in_two_columns_are_one_list(cell: str) -> None:
    assert read(table(cell, 2)) == TOLD


def test_cards_without_dates_are_one_list_in_the_order_of_the_page() -> None:
    assert list(read(table(UNDATED, 2)).values()) == list(TOLD.values())


def test_columns_with_links_of_their_own_stay_parts_of_their_row() -> None:
    assert read(table(ROW, 1)) == TOLD
