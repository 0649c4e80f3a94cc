"""Every page family redesigned into every other: repaired by known items or reported, and no
other list taken for the news."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

import pytest

from crawler.extract.listing import ListingHints, ListingReading, read_listing
from tests.fixtures.redesigns import (
    FAMILIES,
    HOST,
    NEWEST,
    TEASER,
    Piece,
    edited,
    events,
    jobs,
    page,
    pieces,
    readdressed,
    slug,
    spans,
)

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
URL = HOST + "/news"
LOOKS = ("old", "new")
PAIRS = list(product(FAMILIES, FAMILIES))
# What a redesign does to the items beside their markup; every pair meets one of them.
CHANGES: tuple[Callable[[list[Piece]], list[Piece]], ...] = (
    lambda news: news,
    lambda news: pieces(1, 1) + news[:-1],
    readdressed,
    edited,
    lambda news: edited(readdressed(news)),
    lambda news: pieces(0, 2) + news[:4],
    lambda news: news[:5],
    lambda news: pieces(2, 22),
)


@cache
def before(family: str) -> ListingReading:
    reading = read_listing(page(FAMILIES[family](pieces())), URL, now=NOW)
    assert [item.url for item in reading.items] == [one.url for one in pieces()]
    return reading


def after(family: str, body: bytes) -> ListingReading:
    """What a poll of the redesigned page gives where it was of this family before."""
    old = before(family)
    known = frozenset(text for item in old.items for text in (item.url, item.title))
    learned = json.loads(json.dumps(old.learned))
    return read_listing(body, URL, now=NOW, hints=ListingHints(learned=learned, known=known))


@pytest.mark.parametrize("change", range(len(CHANGES)))
def test_every_redesign_is_repaired_whatever_else_changes(change: int) -> None:
    for number, (old, new) in enumerate(PAIRS):
        if number % len(CHANGES) != (change + number // len(FAMILIES)) % len(CHANGES):
            continue
        news = CHANGES[change](pieces())
        body = page(FAMILIES[new](news), look=LOOKS[number // 5 % 2], heading="Newsroom")
        reading = after(old, body)
        assert not reading.broken, (old, new)
        assert [item.url for item in reading.items] == [one.url for one in news], (old, new)


def past(news: Sequence[Piece]) -> list[Piece]:
    return [replace(one, day=NEWEST - timedelta(days=4 * n)) for n, one in enumerate(news)]


def box(count: int) -> str:
    return f'<div class="box"><h4>Latest news</h4>{spans(pieces()[:count])}</div>'


OTHER_LISTS: dict[str, Callable[[Callable[[Sequence[Piece]], str], str], bytes]] = {
    "jobs": lambda family, look: page(family(jobs()), heading="Jobs", look=look),
    "jobs called news": lambda family, look: page(family(jobs()), look=look),
    "jobs among pages": lambda family, look: page(
        family(readdressed(jobs(), "/en/")), heading="Valley Cluster", look=look
    ),
    "events": lambda family, look: page(family(events(12)), heading="Events", look=look),
    "events called news": lambda family, look: page(family(events(12)), look=look),
    "past events": lambda family, look: page(family(past(events(12))), look=look),
    "jobs, one news beside": lambda family, look: page(family(jobs()), look=look, aside=box(1)),
    "jobs and news mixed": lambda family, look: page(family(jobs(6) + pieces()[:6]), look=look),
    "older items, none known": lambda family, look: page(family(pieces(14, 10)), look=look),
}  # fmt: skip


@pytest.mark.parametrize("other", OTHER_LISTS)
def test_another_list_at_the_same_address_is_reported(other: str) -> None:
    for number, (old, new) in enumerate(PAIRS):
        if old != new and number % 5 != len(other) % 5:  # the same markup is the trap
            continue
        reading = after(old, OTHER_LISTS[other](FAMILIES[new], LOOKS[number % 2]))
        assert reading.broken, (old, new)
        assert reading.items == ()
        assert reading.learned == before(old).learned


MENU = (
    ("Subscribe to the newsletter of the cluster", "/newsletter/form"),
    ("Photographs for the press to download", "/press/photos"),
    ("Our annual report in three languages", "/reports/annual"),
)


def linked(news: Sequence[Piece], more: Sequence[tuple[str, str]] = MENU) -> str:
    links = [(one.title, one.path) for one in news] + list(more)
    return "".join(f'<li><a href="{path}">{title}</a></li>' for title, path in links)


def about(look: str, **parts: str) -> bytes:
    return page(f"<p>{TEASER * 9}</p>", heading="About us", look=look, **parts)


PLACES: dict[str, Callable[[str], bytes]] = {
    "menu": lambda look: about(look).replace(b"<li>", linked(pieces()[:3]).encode() + b"<li>", 1),
    "footer": lambda look: about(look).replace(
        b'<a href="/imprint">', b"<ul>" + linked(pieces()[:3]).encode() + b'</ul><a href="/i">'
    ),
    "box": lambda look: about(look, aside=f"<div><h4>Most read</h4>{linked(pieces()[:3])}</div>"),
    "login": lambda look: page("<form><input type=password></form>", heading="Login", look=look),
    "empty": lambda look: page("<p>No entries at the moment.</p>", look=look),
    "text": about,
    "sections": lambda look: page(
        "".join(
            f'<div class="tile"><a href="/news/{name}"><h3>{name} of the valley</h3></a></div>'
            for name in ("projects", "funding", "people", "archive", "science")
        ),
        look=look,
    ),
    "members": lambda look: page(
        "".join(
            f'<h3><a href="/members/{slug(name)}">{name} GmbH and partners</a></h3>'
            for name in ("Blue Valve", "River Foundry", "Night Rail", "Hall Glass", "Seed Bank")
        ),
        heading="Members",
        look=look,
    ),
    "script": lambda look: b"<html><body><div id=root></div><script src=/a.js></script></body>",
    "nothing": lambda look: b"",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("look", LOOKS)
def test_known_headlines_among_furniture_are_no_list(place: str, look: str) -> None:
    for old in FAMILIES:
        reading = after(old, PLACES[place](look))
        assert (reading.items, bool(reading.broken or reading.empty)) == ((), True), old
        assert bool(reading.empty) == (place == "empty")


def test_a_box_of_the_latest_news_is_better_than_none() -> None:
    reading = after("table", page("<p>Welcome.</p>", heading="Start", aside=box(4)))
    assert [item.url for item in reading.items] == [one.url for one in pieces()[:4]]


def test_after_a_repair_the_next_poll_needs_none() -> None:
    moved = read_listing(
        page(FAMILIES["cards"](readdressed(pieces())), look="new"),
        URL,
        now=NOW,
        hints=ListingHints(
            learned=before("table").learned,
            known=frozenset(item.title for item in before("table").items),
        ),
    )
    news = readdressed(pieces(0, 12))
    body = page(FAMILIES["cards"](news), look="new")
    again = read_listing(body, URL, now=NOW, hints=ListingHints(learned=moved.learned))
    assert again.why == "the learned pattern holds"
    assert [item.url for item in again.items] == [one.url for one in news]
