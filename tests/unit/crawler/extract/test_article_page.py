"""What a page's blocks are by their markup."""

from __future__ import annotations

from lxml.html import fragment_fromstring

from crawler.extract.article_page import _furniture_word, furniture_reason


def test_of_endless_classes_only_the_beginning_is_remembered() -> None:
    _furniture_word.cache_clear()
    for number in range(3):
        classes = "sidebar " + "m-1 " * 3_000 + str(number)
        assert furniture_reason(fragment_fromstring(f"<div class='{classes}'></div>")) == "sidebar"
    assert _furniture_word.cache_info().currsize == 1
