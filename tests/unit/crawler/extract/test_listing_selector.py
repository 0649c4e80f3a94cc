"""Places in a page as CSS."""

from __future__ import annotations

from crawler.extract.listing_selector import selectors_of


def test_a_place_is_told_from_the_widest_block_to_the_link() -> None:
    assert list(selectors_of({"paths": ["a<li.news.md:flex<ul"]})) == [
        "ul",
        "ul > li.news.md\\:flex",
        "ul > li.news.md\\:flex > a",
    ]


def test_a_column_of_a_table_is_counted_from_one() -> None:
    assert "tr > td:nth-child(3) > a" in selectors_of({"paths": ["a<td:2<tr"]})


def test_of_a_deep_place_the_innermost_steps_are_told() -> None:
    (*_, link) = selectors_of({"paths": ["a<" + "<".join(["div.wrapped-once-more"] * 60)]})
    assert len(link) <= 500
    assert link.endswith(" > a")


def test_a_list_at_several_places_has_them_all() -> None:
    assert list(selectors_of({"paths": ["a<li.old<ul", "a<li.new<ul"]})) == [
        "ul",
        "ul > li.old, ul > li.new",
        "ul > li.old > a, ul > li.new > a",
    ]
    assert not list(selectors_of({"paths": [], "script": True}))
