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


def test_a_row_is_called_by_its_words_not_by_the_number_that_links_to_it() -> None:
    note = {1: "<br><i>Fassung vom 9.5.2026</i>", 3: "<br><i>berichtigt 2.5.2026</i>"}
    rows = "".join(
        f"<tr><td><a href='/n/{n}.html'>26-{140 - n}</a></td><td>{title}{note.get(n, '')}</td>"
        f"<td>{day[8:]}.{day[5:7]}.{day[:4]}</td></tr>"
        for n, (day, title) in enumerate(TOLD.items())
    )
    found = read(f"<table>{rows}</table>")
    assert list(found) == list(TOLD)
    assert all(found[day].startswith(TOLD[day]) for day in TOLD)


def test_a_list_of_nothing_but_numbers_is_called_by_them() -> None:
    rows = "".join(
        f"<li>{day} <a href='/blatt/{n}.html'>26-{140 - n}</a></li>" for n, day in enumerate(TOLD)
    )
    assert list(read(f"<ul class=news>{rows}</ul>").values()) == [f"26-{140 - n}" for n in range(4)]
