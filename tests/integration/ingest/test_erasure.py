"""Erased items stay known and silent; old texts go, titles and topics stay; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.errors import UsageError
from crawler.storage.erasure import ErasureStore
from crawler.storage.items import ItemStore
from tests.integration.ingest.conftest import NOW, House, entry


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
