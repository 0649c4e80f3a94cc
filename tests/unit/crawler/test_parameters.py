"""Parameters that say nothing on one source: learned from what comes back, never assumed."""

from __future__ import annotations

from crawler.model.item import RawItem
from crawler.parameters import ENOUGH, Parameters, only_difference, without

NEWS = "https://example.org/news.php?id={}&view={}"


def _same(parameters: Parameters, number: int) -> Parameters:
    address = NEWS.format(number, "b")
    return parameters.with_same(f"item{number}", address, [NEWS.format(number, "a")])


def test_a_parameter_is_noise_after_enough_items_came_back_the_same() -> None:
    known = Parameters.of({})
    for number in range(ENOUGH):
        assert known.noise == frozenset()
        known = _same(known, number)
    assert known.noise == {"view"}


def test_one_item_that_keeps_coming_back_teaches_once() -> None:
    known = Parameters.of({})
    for _ in range(5):
        known = _same(known, 1)
    assert known.noise == frozenset()


def test_entries_that_differ_in_a_parameter_and_their_titles_show_that_it_selects() -> None:
    listed = [RawItem(NEWS.format(n, "a"), f"News number {n}") for n in range(3)]
    known = Parameters.of({})
    for number in range(ENOUGH):
        known = _same(known, number)
    known = known.with_listed([RawItem(NEWS.format(1, v), f"Text {v}") for v in "ab"])
    assert known.noise == frozenset(), "one contradiction and it stays"
    assert "id" in known.with_listed(listed).other


def test_twins_on_one_page_contradict_nothing() -> None:
    listed = [RawItem(NEWS.format(1, view), "The same title") for view in "abc"]
    assert Parameters.of({}).with_listed(listed).other == frozenset()


def test_what_was_learned_survives_storing_and_odd_rows_teach_nothing() -> None:
    known = Parameters.of({})
    for number in range(ENOUGH):
        known = _same(known, number)
    assert Parameters.of(known.as_learned()) == known
    assert Parameters.of({}).as_learned() == {}
    rows: list[dict[str, object]] = [
        {"parameters": []},
        {"parameters": {"same": 3, "other": {}}},
        {"parameters": None},
    ]
    assert all(Parameters.of(odd).noise == frozenset() for odd in rows)


def test_the_only_difference_of_two_addresses() -> None:
    one = "https://example.org/a?b=1&c=2"
    assert only_difference(one, "https://example.org/a?b=1&c=3") == "c"
    assert only_difference(one, "https://example.org/a?b=1") == "c"
    assert only_difference(one, "https://example.org/a?b=1&c=2&cHash=77") == ""
    assert only_difference(one, "https://example.org/a?b=2&c=3") == ""
    assert only_difference(one, "https://example.org/b?b=1&c=3") == ""
    assert only_difference(one, one) == ""


def test_parameters_are_taken_out_whole() -> None:
    assert without("https://example.org/a?ab=1&b=2", {"b"}) == "https://example.org/a?ab=1"
    assert without("https://example.org/a?b=2", {"b"}) == "https://example.org/a"
    assert without("https://example.org/a", {"b"}) == "https://example.org/a"


def test_addresses_that_are_none_are_left_alone() -> None:
    listed = [RawItem("javascript:alert(1)", "x"), RawItem("http://[", "y")]
    assert Parameters.of({}).with_listed(listed).other == frozenset()
