"""Page or feed: which one is watched, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from crawler.extract.detect import Detection, choose_watch
from crawler.extract.feed import FeedReading
from crawler.extract.listing import ListingCandidate
from crawler.model.item import Published, RawItem

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FEED = "https://a.example/feed/"


def items(numbers: Sequence[int], newest: date = date(2026, 11, 18)) -> tuple[RawItem, ...]:
    return tuple(
        RawItem(
            url=f"https://a.example/news/{n}",
            title=f"The headline of story number {n}",
            published=Published.on(newest - timedelta(days=3 * place), UTC),
        )
        for place, n in enumerate(numbers)
    )


def page(numbers: Sequence[int]) -> Detection:
    found = items(numbers)
    candidates = (ListingCandidate("News", found, 7.0, pick=1),) if found else ()
    return Detection(kind="listing" if found else "page", items=found, candidates=candidates)


def feed(numbers: Sequence[int], **fields: object) -> FeedReading:
    newest = fields.pop("newest", date(2026, 11, 18))
    assert isinstance(newest, date)
    title = str(fields.pop("title", "A"))
    return FeedReading(kind="rss", title=title, items=items(numbers, newest))


def test_a_live_feed_of_the_same_section_wins() -> None:
    chosen = choose_watch(page(range(10)), [(FEED, feed(range(10)))], NOW)
    assert (chosen.kind, chosen.feed_url) == ("feed", FEED)
    assert len(chosen.items) == 10
    assert [c.kind for c in chosen.candidates] == ["feed", "listing"]
    assert "100%" in chosen.why


def test_a_feed_with_fewer_items_loses() -> None:
    chosen = choose_watch(page(range(10)), [(FEED, feed(range(4)))], NOW)
    assert chosen.kind == "listing"
    assert "fewer items" in chosen.why
    assert chosen.candidates[-1].url == FEED


def test_a_feed_with_older_items_loses() -> None:
    stale = feed(range(10), newest=date(2026, 9, 1))
    chosen = choose_watch(page(range(10)), [(FEED, stale)], NOW)
    assert chosen.kind == "listing"
    assert "older than the page" in chosen.why


def test_another_sections_feed_loses() -> None:
    chosen = choose_watch(page(range(10)), [(FEED, feed(range(100, 120)))], NOW)
    assert (chosen.kind, "another section" in chosen.why) == ("listing", True)


def test_the_whole_sites_feed_loses_to_the_sections_page() -> None:
    mixed = feed([0, *range(100, 104), 1, *range(104, 108), 2, 3, *range(200, 215), 4, 5, 6, 7])
    chosen = choose_watch(page(range(10)), [(FEED, mixed)], NOW)
    assert (chosen.kind, "whole site" in chosen.why) == ("listing", True)


def test_comments_and_events_are_no_news() -> None:
    comments = ("https://a.example/comments/feed/", feed(range(10), title="Comments on: A"))
    events = ("https://a.example/events/feed/", feed(range(10)))
    chosen = choose_watch(page(range(10)), [comments, events], NOW)
    assert chosen.kind == "listing"
    assert "comments" in chosen.why
    assert "events" in chosen.why


def test_what_readers_said_below_the_items_is_no_news() -> None:
    said = [replace(i, url=f"{i.url}#comment-{n}") for i in items(range(10)) for n in range(2)]
    chosen = choose_watch(page(range(10)), [(FEED, FeedReading("rss", items=tuple(said)))], NOW)
    assert (chosen.kind, "comments" in chosen.why) == ("listing", True)


def test_an_empty_feed_and_a_dead_one_lose_even_to_a_page_without_items() -> None:
    dead = feed(range(10), newest=date(2020, 1, 1))
    chosen = choose_watch(page([]), [(FEED, feed([])), ("https://a.example/rss", dead)], NOW)
    assert chosen.kind == "page"
    assert "empty" in chosen.why
    assert "newest item is of 2020" in chosen.why


def test_a_quiet_sites_feed_is_as_good_as_its_list_is_old() -> None:
    years_ago = date(2018, 5, 29)
    old = items(range(10), years_ago)
    undated = tuple(replace(item, published=None) for item in old)
    for listed in (old, undated):
        listing = replace(page(range(10)), items=listed)
        chosen = choose_watch(listing, [(FEED, feed(range(14), newest=years_ago))], NOW)
        assert (chosen.kind, len(chosen.items)) == ("feed", 14)


def test_a_page_without_items_takes_a_fresh_feed() -> None:
    chosen = choose_watch(page([]), [(FEED, feed(range(3)))], NOW)
    assert (chosen.kind, chosen.feed_url) == ("feed", FEED)


def test_the_better_of_two_feeds_is_taken_and_the_other_numbered() -> None:
    worse = ("https://a.example/rss", feed([*range(5), *range(50, 55)]))
    chosen = choose_watch(page(range(10)), [worse, (FEED, feed(range(10)))], NOW)
    assert chosen.feed_url == FEED
    assert len(chosen.candidates) == 3


def test_addresses_may_differ_where_titles_agree() -> None:
    moved = FeedReading(
        kind="rss",
        items=tuple(
            RawItem(url=f"https://b.example/?p={n}", title=item.title, published=item.published)
            for n, item in enumerate(items(range(10)))
        ),
    )
    assert choose_watch(page(range(10)), [(FEED, moved)], NOW).kind == "feed"


def test_without_feeds_the_page_stays() -> None:
    assert choose_watch(page(range(3)), [], NOW).kind == "listing"
