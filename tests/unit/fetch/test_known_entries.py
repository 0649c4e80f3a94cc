"""The memory of entries that feeds held before."""

from __future__ import annotations

from crawler.fetch.known_entries import KnownEntries
from crawler.model.item import RawItem


def entries(*titles: str) -> dict[str, RawItem]:
    return {title: RawItem(f"https://e.example/{title}", title) for title in titles}


def test_the_last_reading_of_each_feed_is_remembered() -> None:
    memory = KnownEntries()
    memory.keep("a", entries("1", "2"))
    memory.keep("a", entries("2", "3"))
    assert set(memory.of("a")) == {"2", "3"}
    assert memory.of("b") == {}
    memory.keep("a", {})
    assert memory.of("a") == {}


def test_the_feed_asked_for_longest_ago_is_forgotten_first() -> None:
    one = 200 + len("https://e.example/1") + 1
    memory = KnownEntries(max_characters=2 * one)
    memory.keep("a", entries("1"))
    memory.keep("b", entries("2"))
    memory.of("a")
    memory.keep("c", entries("3"))
    assert [name for name in "abc" if memory.of(name)] == ["a", "c"]
    memory.keep("d", entries("4", "5", "6"))  # more than fits at all
    assert [name for name in "abcd" if memory.of(name)] == []
