"""Days named once above several records: which records they date, and which they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract.listing import ListingHints, ListingReading, read_listing

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"
URL = "https://ring.example/aktuelles/"
LIKE = ("https://ring.example/t/1",)
NAMES = ("Sprechtag Minden", "Stammtisch Werkzeugbau", "Jahrestreffen")
DAYS = ("20.10.2026", "13.10.2026", "06.10.2026")
NEWS = "".join(
    f"<dt>{day}</dt><dd><a href='/n/{n}'>Eine Meldung mit längerer Überschrift {n}</a></dd>"
    for n, day in enumerate(DAYS)
)


def links(opening: str, closing: str, first: int = 0) -> str:
    return "".join(
        f"{opening}<a href='/t/{n}'>{name}</a>{closing}" for n, name in enumerate(NAMES, first)
    )


def reading(body: str, like: tuple[str, ...] = LIKE) -> ListingReading:
    page = f"<html lang='de'><head><title>Aktuelles</title></head><body>{body}</body></html>"
    return read_listing(page.encode(), URL, hints=ListingHints(like=like))


def days(found: ListingReading) -> list[str | None]:
    return [item.published.isoformat()[:10] if item.published else None for item in found.items]


def test_a_list_of_bare_links_gets_no_date_of_the_list_before_it() -> None:
    expected = json.loads((FIXTURES / "dated_dl_and_termine.json").read_text(encoding="utf-8"))
    body = (FIXTURES / "dated_dl_and_termine.html").read_bytes()
    like = ("https://www.kunststoffring.example/termine/jahrestreffen.html",)
    found = read_listing(body, expected["url"], hints=ListingHints(like=like))
    assert [item.url.rpartition("/")[2] for item in found.items] == [
        "stammtisch-werkzeugbau.html",
        "sprechtag-foerderung.html",
        "jahrestreffen.html",
    ]
    assert days(found) == [None, None, None]
    news = read_listing(
        body, expected["url"], hints=ListingHints(like=(expected["items"][4]["url"],))
    )
    assert days(news) == [item["date"] for item in expected["items"]]


@pytest.mark.parametrize(
    "body",
    [
        f"<div><dl>{NEWS}</dl><ul>{links('<li>', '</li>')}</ul></div>",
        f"<div><dl>{NEWS}</dl><h3>Termine</h3>{links('<p>', '</p>')}</div>",
        f"<div><dl>{NEWS}</dl>{links('<p>', '</p><hr><hr>')}</div>",
        f"<div><h2>06.10.2026</h2><p>Stand</p></div><ul>{links('<li>', '</li>')}</ul>",
        f"<h2>06.10.2026</h2><ul>{links('<li>', '</li>')}</ul>",
        f"<div><p>06.10.2026</p>{links('<p>', '</p><hr>')}</div>",
        f"<div><h3>06.10.2026</h3>{links('<p>', '</p>')}</div>",
    ],
    ids=["list", "heading", "rules", "other", "above", "text", "once"],
)
def test_a_date_outside_a_list_dates_none_of_its_items(body: str) -> None:
    found = reading(body)
    assert [item.url[-4:] for item in found.items] == ["/t/0", "/t/1", "/t/2"]
    assert days(found) == [None, None, None]


def test_a_single_link_below_a_dated_list_gets_no_date_of_it() -> None:
    found = reading(f"<div><dl>{NEWS}</dl><p><a href='/t/1'>Sprechtag Minden</a></p></div>")
    assert days(found) == [None]


def test_a_day_dates_all_records_below_it_in_its_own_list() -> None:
    body = (
        f"<dl><dt>20.10.2026</dt>{links('<dd>', '</dd>')}"
        f"<dt>13.10.2026</dt>{links('<dd>', '</dd>', 3)}</dl>"
    )
    assert days(reading(body)) == ["2026-10-20"] * 3 + ["2026-10-13"] * 3


def test_a_row_of_a_table_dates_the_rows_below_it() -> None:
    rows = links("<tr><td>", "</td></tr>")
    body = f"<table><tr><th>20.10.2026</th></tr>{rows}</table>"
    assert days(reading(body)) == ["2026-10-20"] * 3


def test_a_dt_that_is_no_day_ends_the_day_above_it() -> None:
    found = reading(f"<dl>{NEWS}<dt>Termine</dt>{links('<dd><i>', '</i></dd>')}</dl>")
    dates = {item.url[-4:]: item.published for item in found.items}
    assert dates["/t/0"] is dates["/t/1"] is dates["/t/2"] is None


def test_a_heading_that_names_something_else_ends_a_day() -> None:
    def part(heading: str, first: int) -> str:
        return f"<h2>{heading}</h2><ul>{links('<li>', '</li>', first)}</ul>"

    body = f"<main>{part('20.10.2026', 0)}{part('Im Netz', 3)}{part('13.10.2026', 6)}</main>"
    found = {item.url[-4:]: item.published for item in reading(body).items}
    assert {url for url, day in found.items() if day is None} <= {"/t/3", "/t/4", "/t/5"}
    assert found["/t/1"] is not None


def test_a_dt_dates_the_dd_behind_it_even_where_the_first_has_none() -> None:
    first = "<dd><a href='/n/9'>Eine Meldung ganz ohne ein Datum davor</a></dd>"
    found = reading(f"<dl>{first}{NEWS}</dl>", ("https://ring.example/n/9",))
    assert days(found) == [None, "2026-10-20", "2026-10-13", "2026-10-06"]


def test_an_address_that_no_list_holds_gives_no_items_and_says_so() -> None:
    found = reading(f"<main><h1>Aktuelles</h1><dl>{NEWS}</dl></main>")
    assert found.items == ()
    assert found.why == "no list of the page holds https://ring.example/t/1"
    assert found.candidates
