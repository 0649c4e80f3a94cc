"""A box right above a list: an item where it is like the list's own, else none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract.listing import ListingHints, read_listing

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"
BODY = (FIXTURES / "sticky_above_list.html").read_text("utf-8")
PAGE = json.loads((FIXTURES / "sticky_above_list.json").read_text("utf-8"))
START, END = BODY.index('<div class="wp-block-cover">'), BODY.index('<div class="wp-block-query">')
COVER = BODY[START:END]
LINK = '<a href="/2025/01/30/jahrbuch-erschienen/">'


def found(cover: str, hints: ListingHints | None = None) -> list[str]:
    html = BODY[:START] + cover + BODY[END:]
    reading = read_listing(html.encode(), PAGE["url"], hints=hints or ListingHints())
    return [item.url for item in reading.items]


ALL = [item["url"] for item in PAGE["items"]]


def test_a_post_pinned_above_the_list_is_an_item() -> None:
    assert found(COVER) == ALL


def test_a_post_pinned_later_is_found_by_a_learned_pattern() -> None:
    before = read_listing((BODY[:START] + BODY[END:]).encode(), PAGE["url"])
    assert found(COVER, ListingHints(learned=before.learned)) == ALL


@pytest.mark.parametrize(
    "cover",
    [
        COVER.replace("30. Januar 2025", "jetzt"),  # undated above a dated list
        COVER.replace("/2025/01/30/", "/hefte/"),  # another kind of address
        f"{COVER}<h2>Neuigkeiten</h2>",  # another section
        f"<aside>{COVER}</aside>",
        f"{COVER}{'<p>Worte von uns.</p>' * 8}",  # not right above
        COVER.replace(LINK, ""),  # no linked headline
    ],
)
def test_a_box_unlike_the_list_is_none(cover: str) -> None:
    assert found(cover) == ALL[1:]


def test_a_slider_above_the_list_may_repeat_some_of_its_items() -> None:
    repeated = ALL[1].removeprefix("https://" + ALL[1].split("/")[2])
    addresses = [f"/2025/01/{day}/ein-werk-oeffnet/" for day in (11, 12)] + [repeated]
    slides = "".join(
        COVER.replace(LINK, f'<a href="{address}">').replace("Jahrbuch", f"Jahrbuch Nummer {n}")
        for n, address in enumerate(addresses)
    )
    urls = found(slides)
    assert [url.partition("/2025")[2] for url in urls[:2]] == [a[5:] for a in addresses[:2]]
    assert set(ALL[1:]) <= set(urls)
