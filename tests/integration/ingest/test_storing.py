"""What entries of one reading come to, when they meet each other there."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from crawler.storage import boilerplate
from crawler.storage.items import Filter
from tests.integration.ingest.conftest import House, entry


def test_an_item_that_comes_twice_in_one_reading_is_stored_as_it_came_last(house: House) -> None:
    first, again = entry(1), entry(1, text="A laser cuts deeper, says the second telling.")
    outcome = house.store([first, again, entry(2)])
    assert (outcome.new, outcome.updated) == (2, 1)
    rows = house.rows()
    [item] = [item for item in house.items() if item.url == first.listed.url]
    assert again.article is not None
    assert item.text == again.article.text
    for table in ("matches", "addresses", "sightings", "search_docs", "fingerprints"):
        assert len(rows[table]) == 2, table


def test_two_addresses_of_one_page_with_one_text_are_one_item(house: House) -> None:
    text = "The laser of the cluster is told here in many words, " * 6
    one, other = entry(1, "The laser", text), entry("1-again", "The laser", text)
    outcome = house.store([one, other], listed=(one.listed,))
    assert outcome.new == 1
    rows = house.rows()
    assert {row[1] for row in rows["addresses"]} == {house.items()[0].id}
    assert len(rows["addresses"]) == 2


def test_what_new_items_bring_is_found_afterwards(house: House) -> None:
    told = "The open day of the laser cluster is on 3 March 2027 at 10:00 in Jena."
    house.store([entry(1, "Open day on 3 March 2027", told), entry(2), entry(3)])
    assert len(house.rows()["occasions"]) == 1
    for number in (2, 3):
        [found] = house.ingest.items.find(Filter(query=f'"laser number {number}"'))
        assert found.url.endswith(f"/{number}")


def test_a_reading_of_many_items_takes_few_statements_for_each(house: House) -> None:
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        seen.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    counts = []
    for numbers in (range(10, 12), range(20, 40)):
        seen.clear()
        house.store([entry(n, f"Headline {n}", f"Body {n} of lasers {n}") for n in numbers])
        counts.append(len(seen))
    event.remove(house.database.engine, "before_cursor_execute", note)
    few, many = counts
    assert many - few <= 18 * 5


def test_hardly_a_statement_of_a_new_item_is_built_anew(house: House) -> None:
    house.store([entry(1), entry(2)])
    built: list[str] = []

    def note(connection: Any, clause: Any, *more: Any) -> None:
        built.append(str(clause))

    event.listen(house.database.engine, "before_execute", note)
    house.store([entry(3)], listed=(entry(2).listed, entry(3).listed))
    event.remove(house.database.engine, "before_execute", note)
    assert len(built) <= 3, built


def test_what_is_remembered_of_a_sources_sentences_is_bounded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boilerplate, "MOST", 10)
    monkeypatch.setattr(boilerplate, "KEPT", 5)
    for number in range(12):
        told = f"Laser {number} was built in workshop {number} by its own crew of builders."
        house.store([entry(number, f"Laser number {number}", told)])
        assert len(house.rows()["source_sentences"]) <= 10
    assert house.rows()["source_sentences"]
