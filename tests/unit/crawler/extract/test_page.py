"""Single watched pages: passages stay known, new ones become items."""

from __future__ import annotations

from crawler.extract.page import passage_items, read_passages

URL = "https://a.example/calls#old"
FIRST = "The second call for proposals opens on 3 May and closes in June."
SECOND = "Small firms may apply together with one university of the region."
THIRD = "Travel costs of speakers are covered up to the usual limits of the state."


def page(*blocks: str) -> bytes:
    body = "".join(blocks)
    return (
        "<html><body><nav><ul><li>A navigation entry that is long enough to be read</li></ul></nav>"
        f"<main><h1>Funding</h1>{body}</main>"
        "<footer><p>Cluster association, Harbour street 3, 01067 Dresden, Germany</p></footer>"
        "</body></html>"
    ).encode()


def marks(body: bytes) -> frozenset[str]:
    return frozenset(passage.fingerprint for passage in read_passages(body, URL))


def test_passages_are_the_blocks_of_the_main_part() -> None:
    body = page(
        f"<p>{FIRST}</p><h2>Who</h2><ul><li>{SECOND}</li></ul>"
        f"<table><tr><td>Costs</td><td>{THIRD}</td></tr></table><p>Short.</p>"
        "<p>Last updated on 12 March 2026 by the office of the cluster.</p>"
    )
    found = read_passages(body, URL)
    assert [passage.text for passage in found] == [FIRST, SECOND, f"Costs {THIRD}"]
    assert [passage.heading for passage in found] == ["Funding", "Who", "Who"]


def test_moving_or_rewrapping_a_passage_makes_nothing_new() -> None:
    known = marks(page(f"<p>{FIRST}</p><p>{SECOND}</p>"))
    moved = page(f"<div><p><b>{SECOND}</b></p></div><blockquote>{FIRST.upper()}</blockquote>")
    assert passage_items(read_passages(moved, URL), known, URL) == ()


def test_a_new_passage_becomes_an_item_that_points_at_it() -> None:
    known = marks(page(f"<p>{FIRST}</p>"))
    body = page(f"<p>{FIRST}</p><h2>Costs</h2><p>{THIRD}</p><p>{SECOND}</p>")
    (item,) = passage_items(read_passages(body, URL), known, URL)
    assert (
        item.url
        == "https://a.example/calls#:~:text=Travel%20costs%20of%20speakers%20are%20covered%20up%20to"
    )
    assert item.title == "Costs"
    assert item.text == f"{THIRD}\n\n{SECOND}"
    assert item.published is None


def test_repeated_passages_count_once_and_containers_are_not_doubled() -> None:
    body = page(f"<div><div>{FIRST}</div><section><p>{SECOND}</p></section></div><p>{FIRST}</p>")
    assert [p.text for p in read_passages(body, URL)] == [FIRST, SECOND]
