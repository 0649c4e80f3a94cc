"""Erased items stay known and silent; old texts go, titles and topics stay; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.errors import UsageError
from crawler.model.item import Article
from crawler.model.reading import Entry
from crawler.storage.erasure import ErasureStore
from crawler.storage.items import ItemStore
from tests.integration.ingest.conftest import NOW, House, entry

WORDS = ("Hydrogen", "Battery", "Surgery", "Timber")


def test_an_erased_item_leaves_no_word_and_never_returns(house: House) -> None:
    told = "Doctor Zuckermandel leaves the laser cluster"
    first, second = house.store([entry(1, told), entry(2)]).items
    store = ErasureStore(house.database)
    assert store.erase([first.id]) == 1
    assert [item.id for item in house.items()] == [second.id]
    assert "Zuckermandel" not in repr(house.rows()).replace("zuckermandel", "Zuckermandel")
    house.later(hours=1)
    again = house.store([entry(1, told + " again", "Rewritten laser text."), entry(2)])
    assert (again.new, again.updated) == (0, 0)
    assert [item.id for item in house.items()] == [second.id]
    assert store.erase([first.id]) == 0


def test_another_address_with_the_erased_text_is_the_erased_item(house: House) -> None:
    [item] = house.store([entry(1, "The very same words about a laser")]).items
    ErasureStore(house.database).erase([item.id])
    house.later(hours=1)
    text = "The very same words about a laser is told in full here, with laser number 1 and other"
    moved = entry("1-moved", "The very same words about a laser", text + " words.")
    house.store([moved])
    assert len(house.rows()["items"]) <= 2


def test_a_whole_source_is_erased_without_touching_another(house: House) -> None:
    house.store([entry(1), entry(2)])
    [kept] = house.store([entry(3, source="two")], source="two").items
    store = ErasureStore(house.database)
    assert store.erase(store.of_source("one")) == 2
    assert [item.id for item in house.items()] == [kept.id]


def test_an_unknown_id_erases_nothing(house: House) -> None:
    [item] = house.store([entry(1)]).items
    with pytest.raises(UsageError, match="No item"):
        ErasureStore(house.database).erase([item.id, "0" * 16])
    assert house.items()[0].title


def test_old_texts_are_forgotten_and_the_evidence_in_them(house: House) -> None:
    old, _ = house.store([entry(1, "A laser in the title"), entry(2, "Plain words")]).items
    house.later(days=800)
    [young] = house.store([entry(3)]).items
    store = ErasureStore(house.database)
    assert store.forget_texts(NOW + timedelta(days=1)) == 2
    after = {item.id: item for item in house.items()}
    assert after[old.id].text == ""
    assert after[old.id].title == "A laser in the title"
    assert {one.field for match in after[old.id].topics for one in match.evidence} == {"title"}
    assert after[young.id].text
    assert store.forget_texts(NOW + timedelta(days=1)) == 0
    # The address is still known: nothing comes again.
    assert ItemStore(house.database).get(old.id).url == old.url


@pytest.mark.parametrize("whole_source", [False, True])
def test_an_erased_item_stays_erased_when_the_site_moves_its_pages(
    house: House, whole_source: bool
) -> None:
    named = "Doctor Zuckermandel leaves the laser cluster"
    titles = {1: named} | {n: f"{word} opens a workshop" for n, word in enumerate(WORDS, 2)}
    stored = house.store([entry(n, title) for n, title in titles.items()]).items
    store = ErasureStore(house.database)
    [first] = [item.id for item in stored if item.title == named]
    store.erase(store.of_source("one") if whole_source else [first])
    house.later(hours=1)
    # The new pages have another text around the same news.
    new = [entry(f"artikel/{n}", title, f"{title}. Laser, anew.") for n, title in titles.items()]
    again = house.store(new)
    assert again.new == 0
    assert len(house.items()) == (0 if whole_source else len(WORDS))
    assert "zuckermandel" not in repr(house.rows()).lower()


def test_one_erased_item_at_another_address_stays_erased(house: House) -> None:
    text = "It is told in the very same words about a laser."
    first, *_ = house.store([entry(1, "A laser and its owner", text), entry(2)]).items
    ErasureStore(house.database).erase([first.id])
    house.later(hours=1)
    undated = replace(entry("1-moved").listed, title="A laser and its owner", published=None)
    moved = Entry(undated, Article(undated.url, title=undated.title, text=text))
    assert house.store([moved, entry(2)]).new == 0
    other = replace(undated, url=undated.url + "-b")
    told = Entry(other, Article(other.url, title=other.title, text="Quite another laser tale."))
    assert house.store([told, entry(2)]).new == 1
