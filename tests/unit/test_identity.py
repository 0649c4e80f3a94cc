"""Whether a listed entry is an item we know."""

from __future__ import annotations

import pytest

from crawler.errors import ExtractError
from crawler.identity import (
    Face,
    Known,
    address_of,
    decide,
    entry_key,
    guid_hash,
    same_entry,
    shared_guids,
)
from crawler.model.item import RawItem

TEXT = (
    "The cluster's members met in the harbour hall and agreed on a joint programme for the next "
    "two years. Eleven firms and three institutes take part, and the first workshop is held in "
    "March. The regional ministry supports the programme with two million euros."
)


def known(item: str = "old", title: str = "A meeting", text: str = TEXT, **values: object) -> Known:
    content_hash = str(values.get("content_hash", f"hash of {text}" if text else ""))
    return Known(item, title, text, content_hash, bool(values.get("listed_now", False)))


def face(title: str = "A meeting", text: str = TEXT) -> Face:
    return Face(title, text, f"hash of {text}" if text else "")


def decided(
    entry: Face, *, guid: tuple[Known, ...] = (), alike: tuple[Known, ...] = ()
) -> str | None:
    return decide(entry, by_address=None, by_guid=guid, alike=alike)


def test_an_address_decides_alone() -> None:
    other = known("other")
    assert decide(face("New title", "new"), by_address="it", by_guid=[other], alike=[]) == "it"


def test_a_moved_or_re_dated_entry_is_no_new_item() -> None:
    assert decided(face(), alike=(known(),)) == "old"
    assert decided(face("A  Meeting!"), alike=(known(),)) == "old"


def test_a_re_guided_entry_with_a_few_other_words_is_no_new_item() -> None:
    assert decided(face(text=TEXT + " Welcome!"), alike=(known(),)) == "old"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Cluster meeting", "The meeting is on 3 March at 18:00 in room 12."),
        ("Cluster meeting", "The meeting is on 7 April at 18:00 in room 12."),
    ],
)
def test_a_series_with_other_numbers_stays_distinct(title: str, text: str) -> None:
    before = known(title=title, text="The meeting is on 5 May at 18:00 in room 12.")
    assert decided(face(title, text), alike=(before,)) is None


def test_template_titles_with_other_texts_stay_distinct() -> None:
    before = known(title="Press release", text=TEXT)
    other = "A new laboratory for batteries opens its doors to visitors and students."
    assert decided(face("Press release", other), alike=(before,)) is None


def test_equal_texts_under_other_titles_stay_distinct() -> None:
    assert decided(face("Another title"), alike=(known(),)) is None


def test_entries_without_any_text_are_never_alike() -> None:
    assert decided(face(text=""), alike=(known(text=""),)) is None


def test_what_stands_on_the_page_beside_the_entry_is_another_item() -> None:
    before = known(listed_now=True)
    assert decided(face(text=TEXT + " Welcome!"), alike=(before,)) is None


def test_a_series_whose_teaser_never_changes_stays_distinct_on_one_page() -> None:
    before = known(text="Register now.", listed_now=True)
    assert decided(face(text="Register now."), alike=(before,)) is None


def test_one_long_text_at_two_addresses_of_a_page_is_one_item() -> None:
    assert decided(face(), alike=(known(listed_now=True),)) == "old"


def test_a_guid_with_its_title_or_text_decides() -> None:
    assert decided(face(text="Rewritten from scratch."), guid=(known(),)) == "old"
    assert decided(face("Corrected title"), guid=(known(),)) == "old"


def test_a_reused_guid_decides_nothing() -> None:
    assert decided(face("Another", "Another text."), guid=(known(),)) is None


def test_a_guid_that_several_items_came_under_decides_by_text_alone() -> None:
    several = (known("a", "Press release", "One text."), known("b", "Press release", TEXT))
    assert decided(face("Press release", "A third text."), guid=several) is None
    assert decided(face("Press release", TEXT), guid=several) == "b"
    raw = RawItem("https://a.example/3", "Press release", guid="g")
    assert same_entry(raw, several) is None
    assert same_entry(raw, several[:1]) == "a"
    assert same_entry(RawItem("https://a.example/3", "Other"), several[:1]) is None


def test_guids_that_entries_share_identify_nothing() -> None:
    listed = [RawItem(f"https://a.example/{n}", guid=g) for n, g in enumerate(["x", "x", "y", ""])]
    shared = shared_guids(listed)
    assert [bool(guid_hash(raw, shared)) for raw in listed] == [False, False, True, False]


def test_order_does_not_matter_to_keys() -> None:
    one = RawItem("https://www.a.example/news?b=1&a=2#top")
    two = RawItem("http://a.example/news/?a=2&b=1")
    assert entry_key(one) == entry_key(two)


def test_passages_of_one_page_have_keys_of_their_own() -> None:
    page = "https://a.example/fund"
    keys = {entry_key(RawItem(page, guid=f"passage:{n}")) for n in range(3)}
    assert len(keys | {entry_key(RawItem(page))}) == 4


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "https://a.example/\ud800", "https://\udcff/", "at://x"]
)
def test_what_is_no_web_address_is_an_error_of_ours(url: str) -> None:
    with pytest.raises(ExtractError):
        address_of(url)


def test_odd_guids_have_hashes() -> None:
    assert len(guid_hash(RawItem("u", guid="\ud800\x00" * 9999))) == 32
