"""Lists that stand in scripts or attributes as JSON alone."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from crawler.extract.listing import ListingHints, ListingReading, read_listing
from tests.cost import bounded

URL = "https://app.example/news"
TITLES = (
    "Cluster opens a second clean room in the harbour",
    "Nine firms test a new way to recycle blades",
    "Board elects Maria Olsen as its new chair",
)
RECORDS = [
    {"title": title, "url": f"/news/{n}", "publishedAt": f"2026-03-0{n}T08:00:00Z"}
    for n, title in enumerate(TITLES, 1)
]
EXPECTED = [(f"{URL}/{n}", title, f"2026-03-0{n}") for n, title in enumerate(TITLES, 1)]


def shell(script: str, body: str = "<div id='root'></div>") -> bytes:
    return f"<html><title>News</title><body>{body}{script}</body></html>".encode()


def as_json(value: Any, attributes: str = "id='__NEXT_DATA__' type='application/json'") -> str:
    return f"<script {attributes}>{json.dumps(value)}</script>"


def read(body: bytes, **hints: Any) -> ListingReading:
    return read_listing(body, URL, hints=ListingHints(**hints))


def found(body: bytes, **hints: Any) -> list[tuple[str, str, str]]:
    return [
        (item.url, item.title, item.published.day.isoformat() if item.published else "")
        for item in read(body, **hints).items
    ]


LD = "type='application/ld+json'"
ITEM_LIST = {
    "@type": "ItemList",
    "itemListElement": [
        {
            "@type": "ListItem",
            "position": n,
            "item": {
                "@type": "NewsArticle",
                "@id": f"{URL}/{n}#article",
                "headline": title,
                "datePublished": f"2026-03-0{n}",
            },
        }
        for n, title in enumerate(TITLES, 1)
    ],
}
FLAT = [
    {"data": 1},
    {"list": 2},
    [3, 4, 5],
    *({"title": 6 + 3 * n, "url": 7 + 3 * n, "date": 8 + 3 * n} for n in range(3)),
    *(value for record in RECORDS for value in record.values()),
]


@pytest.mark.parametrize(
    "script",
    [
        as_json({"props": {"pageProps": {"posts": RECORDS}}}),
        as_json(ITEM_LIST, LD),
        as_json({"@graph": [{"@type": "Blog", "blogPost": [
            {**r, "@type": "BlogPosting", "headline": r["title"]} for r in RECORDS]}]}, LD),
        as_json({"list": {"nodes": [{"node": record} for record in RECORDS]}}),
        as_json(FLAT, "id='__NUXT_DATA__' type='application/json'"),
        f"<script>window.__INITIAL_STATE__ = {json.dumps({'news': RECORDS})};</script>",
        f"<news-list data-items=\"{html.escape(json.dumps(RECORDS))}\"></news-list>",
        f"<div data-props='{json.dumps({'entries': RECORDS})}'></div>",
    ],
    ids=["next", "item-list", "graph", "nodes", "nuxt", "state", "attribute", "single-quotes"],
)  # fmt: skip
def test_records_with_title_address_and_date_are_items(script: str) -> None:
    assert found(shell(script)) == EXPECTED


def test_a_number_of_seconds_or_milliseconds_is_a_date() -> None:
    records = [
        {**RECORDS[0], "publishedAt": 1772352000},
        {**RECORDS[1], "publishedAt": 1772438400000},
    ]
    days = [day for _, _, day in found(shell(as_json(records)))]
    assert days == ["2026-03-01", "2026-03-02"]


@pytest.mark.parametrize(
    "value",
    [
        {"@type": "BreadcrumbList", "itemListElement": [
            {"@type": "ListItem", "name": t, "item": f"{URL}/x{n}"} for n, t in enumerate(TITLES)]},
        [{**record, "@type": "Event", "startDate": "2026-12-01"} for record in RECORDS],
        [{**record, "@type": "JobPosting"} for record in RECORDS],
        [{**record, "price": "12.00"} for record in RECORDS],
        {"menu": [{"title": t, "url": f"/m/{n}"} for n, t in enumerate(TITLES)]},
        [{**record, "url": "javascript:alert(1)"} for record in RECORDS],
        [{"@type": "NewsArticle", "headline": TITLES[0], "url": URL}],
    ],
    ids=["breadcrumb", "events", "jobs", "products", "menu", "scripts", "the page itself"],
)  # fmt: skip
def test_other_records_are_no_items(value: Any) -> None:
    assert found(shell(as_json(value))) == []


def test_a_page_with_words_of_its_own_is_not_read_from_its_scripts() -> None:
    words = "<main><p>" + "The mill runs again since Monday. " * 40 + "</p></main>"
    assert found(shell(as_json({"posts": RECORDS}), words)) == []


def test_a_list_that_shows_wins_over_scripts() -> None:
    cards = "".join(
        f"<div class='card'><time datetime='2026-02-0{n}'></time><h3><a href='/seen/{n}'>"
        f"{title}</a></h3></div>"
        for n, title in enumerate(TITLES, 1)
    )
    assert [url for url, _, _ in found(shell(as_json(RECORDS), f"<main>{cards}</main>"))] == [
        f"https://app.example/seen/{n}" for n in (1, 2, 3)
    ]


def test_patterns_choose_among_them() -> None:
    kept = found(shell(as_json(RECORDS)), skip_links=("/news/2",))
    assert [url for url, _, _ in kept] == [f"{URL}/1", f"{URL}/3"]


def test_a_list_that_was_in_scripts_and_is_gone_is_broken() -> None:
    learned = read(shell(as_json(RECORDS))).learned
    assert read(shell(as_json(RECORDS)), learned=learned).broken == ""
    assert "scripts" in read(shell(""), learned=learned).broken


@pytest.mark.parametrize(
    "piece",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "{" + '"k":{"title":"x","url":"y"},' * 60_000,
        json.dumps([{"title": "x" * 9, "url": "/" + "y" * 9}] * 60_000),
        json.dumps([[]] * 300_000),
        '{"posts":[{"title":"A","url":"/b"',
    ],
    ids=["deep arrays", "deep objects", "broken", "many", "empty", "cut"],
)
def test_hostile_json_costs_little_and_gives_nothing(piece: str) -> None:
    body = shell(f"<script type='application/json'>{piece}</script>")
    with bounded():
        assert found(body) == []


def test_hostile_attributes_cost_little() -> None:
    body = shell(("<div " + "data-x='[{" * 500 + "></div>") * 40 + '<p data-y="[' + "{" * 500_000)
    with bounded():
        read(body)


def state(records: list[dict[str, str]]) -> str:
    return as_json({"news": records})


JOBS = [{**record, "url": f"/jobs/{n}", "title": f"We look for colleague number {n} in the valley"}
        for n, record in enumerate(RECORDS)]  # fmt: skip


def known_of(reading: ListingReading) -> frozenset[str]:
    return frozenset(text for item in reading.items for text in (item.url, item.title))


def test_other_records_in_the_same_script_are_reported() -> None:
    before = read(shell(state(RECORDS)))
    after = read(shell(state(JOBS)), learned=before.learned, known=known_of(before))
    assert (after.items, after.learned) == ((), before.learned)
    assert "scripts" in after.broken


def test_a_list_that_leaves_the_scripts_is_found_on_the_page() -> None:
    before = read(shell(state(RECORDS)))
    rows = "".join(f"<h3><a href='{one.url}'>{one.title}</a></h3>" for one in before.items)
    after = read(shell("", f"<h1>News</h1>{rows}"), learned=before.learned, known=known_of(before))
    assert [item.url for item in after.items] == [item.url for item in before.items]
    assert after.relearned
    jobs = "".join(f"<h3><a href='{one['url']}'>{one['title']}</a></h3>" for one in JOBS)
    other = read(shell("", f"<h1>News</h1>{jobs}"), learned=before.learned, known=known_of(before))
    assert (other.items, bool(other.broken)) == ((), True)


def test_a_list_that_moves_into_scripts_is_found_there() -> None:
    rows = "".join(
        f"<div class='card'><h3><a href='{one['url']}'>{one['title']}</a></h3>"
        f"<time datetime='{one['publishedAt'][:10]}'>{one['publishedAt'][:10]}</time></div>"
        for one in RECORDS
    )
    before = read(shell("", f"<main><h1>News</h1>{rows}</main>"))
    assert len(before.items) == len(RECORDS)
    after = read(shell(state(RECORDS)), learned=before.learned, known=known_of(before))
    assert [item.url for item in after.items] == [item.url for item in before.items]
    assert after.relearned
    assert not after.broken
    other = read(shell(state(JOBS)), learned=before.learned, known=known_of(before))
    assert (other.items, bool(other.broken)) == ((), True)
