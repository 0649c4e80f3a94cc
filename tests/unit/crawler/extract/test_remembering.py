"""What is remembered of texts is bounded in bytes: hostile pages write as much as they like."""

from __future__ import annotations

import tracemalloc

from crawler.extract.listing import read_listing
from crawler.extract.listing_words import name_words
from crawler.extract.remembering import LONGEST, remembering


def test_long_texts_are_answered_and_not_kept() -> None:
    asked: list[str] = []

    @remembering(4)
    def size(text: str) -> int:
        asked.append(text)
        return len(text)

    for text in ("a", "a", "b" * LONGEST, "b" * LONGEST, "c" * (LONGEST + 1), "c" * (LONGEST + 1)):
        assert size(text) == len(text)
    assert [len(text) for text in asked] == [1, LONGEST, LONGEST + 1, LONGEST + 1]


def test_long_names_still_say_what_they_say() -> None:
    assert {"news", "list"} <= name_words("newsList " + "x-wide " * LONGEST)


def test_pages_with_endless_attributes_leave_little_behind() -> None:
    def page(number: int) -> bytes:
        long = f"c{number}-" + "x" * 20_000
        rows = "".join(
            f"<li class='{long}{n} {long}'><a class='{long}{n}' href='/{number}-{n}'>Row {n} of it"
            "</a></li>"
            for n in range(10)
        )
        return f"<html><body><ul class='{long}'>{rows}</ul></body></html>".encode()

    read_listing(page(0), "https://long.example/")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(1, 12):
            read_listing(page(number), "https://long.example/")
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 2_000_000
