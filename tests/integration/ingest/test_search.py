"""The archive's search: the same on both databases, in step with what is stored."""

from __future__ import annotations

import pytest

from crawler.grams import query
from crawler.storage.erasure import ErasureStore
from crawler.storage.items import Filter, ItemStore
from crawler.storage.search import SearchStore
from crawler.storage.tables_stories import search_docs
from tests.integration.ingest.conftest import House, entry


def found(house: House, asked: str, limit: int = 20, **filters: object) -> list[str]:
    rows = SearchStore(house.database).find(query(asked), limit, **filters)  # type: ignore[arg-type]
    return [ItemStore(house.database).get(item).title for _, item in rows]


def publish(house: House, *titles: str) -> None:
    for number, title in enumerate(titles):
        house.store([entry(number, title, text=f"{title}. Weitere Worte stehen hier im Text.")])
        house.later(minutes=1)


def test_words_of_every_script_and_parts_of_compounds_are_found(house: House) -> None:
    publish(house, "한국은 협력을 강화한다", "中德合作项目启动", "Forschungskooperation beginnt",
            "Neues zur KI im Labor", "Kino und Kita")  # fmt: skip
    assert found(house, "한국") == ["한국은 협력을 강화한다"]
    assert found(house, "合作") == ["中德合作项目启动"]
    assert found(house, "kooperation") == ["Forschungskooperation beginnt"]
    assert found(house, "ki") == ["Neues zur KI im Labor"]
    assert found(house, "weitere worte hier") == [
        "Kino und Kita", "Neues zur KI im Labor", "Forschungskooperation beginnt",
        "中德合作项目启动", "한국은 협력을 강화한다",
    ]  # fmt: skip
    assert found(house, "nirgends") == []
    assert found(house, '" OR grams : "x') == []


def test_pages_follow_each_other_without_gap_or_repetition(house: House) -> None:
    publish(house, *(f"Laser number {number} arrived" for number in range(7)))
    store, wanted = SearchStore(house.database), query("laser arrived")
    first = store.find(wanted, 3)
    second = store.find(wanted, 3, before=first[-1][0])
    third = store.find(wanted, 3, before=second[-1][0])
    seen = [item for _, item in (*first, *second, *third)]
    assert len(seen) == len(set(seen)) == 7
    assert [len(first), len(second), len(third)] == [3, 3, 1]


def test_filters_hold_for_a_search(house: House) -> None:
    publish(house, "A laser story", "A plain story")
    assert found(house, "story", topic="lasers") == ["A laser story"]
    assert found(house, "story", source="two") == []
    listed = ItemStore(house.database).find(Filter(query="story", topic="lasers", limit=5))
    assert [item.title for item in listed] == ["A laser story"]
    assert ItemStore(house.database).count(Filter(query="story")) == 2


def test_a_rewritten_item_is_found_by_its_new_words_alone(house: House) -> None:
    publish(house, "The first headline was wrong")
    house.store([entry(0, title="A better headline", text="Other sentences about something else.")])
    assert found(house, "better headline") == ["A better headline"]
    assert found(house, "first wrong") == []


def test_an_erased_item_leaves_the_index(house: House) -> None:
    [item] = house.store([entry(0, "Doctor Zuckermandel resigns")]).items
    ErasureStore(house.database).erase([item.id])
    assert found(house, "zuckermandel") == []
    assert house.rows()["search_docs"] == []


def test_what_was_stored_before_there_was_an_index_is_caught_up(house: House) -> None:
    publish(house, "An old story of the cluster")
    with house.database.write() as connection:
        connection.execute(search_docs.delete())
    assert found(house, "old story") == []
    store = SearchStore(house.database)
    assert (store.catch_up(), store.catch_up()) == (1, 0)
    assert found(house, "old story") == ["An old story of the cluster"]


def test_rare_items_are_found_far_behind_frequent_ones(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.storage.search._LOOK", 3)
    publish(house, "A laser story", *(f"A plain story {number}" for number in range(20)))
    assert found(house, "story", topic="lasers") == ["A laser story"]
    assert len(found(house, "story", limit=50)) == 21
    assert found(house, "story 7", limit=1) == ["A plain story 7"]
