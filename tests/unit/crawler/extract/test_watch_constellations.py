"""Which of a page and its feeds somebody who watches clusters would want, as sites combine them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.extract.detect import Detection, choose_watch
from crawler.extract.feed import FeedReading
from crawler.extract.listing import ListingCandidate
from crawler.model.item import Published, RawItem

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEWEST = date(2026, 11, 18)
PAGE = "the page"


def news(
    numbers: Sequence[int],
    *,
    host: str = "a.example",
    words: str = "The headline of story number",
    newest: date | None = NEWEST,
    apart: int = 3,  # days between two stories
) -> tuple[RawItem, ...]:
    return tuple(
        RawItem(
            url=f"https://{host}/news/{n}",
            title=f"{words} {n}",
            published=Published.on(newest - timedelta(days=apart * n), UTC) if newest else None,
        )
        for n in numbers
    )


def feed(found: Sequence[RawItem], title: str = "A", language: str = "") -> FeedReading:
    return FeedReading("rss", title, language=language, items=tuple(found))


def listing(found: Sequence[RawItem], language: str = "en") -> Detection:
    candidates = (ListingCandidate("News", tuple(found), 7.0, pick=1),) if found else ()
    kind = "listing" if found else "page"
    return Detection(kind, language=language, items=tuple(found), candidates=candidates)


@dataclass(frozen=True)
class Site:
    page: Detection
    feeds: dict[str, FeedReading]
    wanted: str  # a feed's address, or PAGE


TEN = news(range(10))
OTHERS = news(range(100, 120), apart=0)
MIXED = tuple(one for pair in zip(news(range(15)), OTHERS[:15], strict=True) for one in pair)
MADE = [replace(one, published=Published(NOW)) for one in TEN]
GERMAN = news(range(10), host="a.example/de", words="Die Schlagzeile der Geschichte")
FRENCH = news(range(10), host="a.example/fr", words="Le titre de la nouvelle")
SHOP = news(range(20), host="shop.example", words="Measuring probe, type")
LANGUAGES = {
    "https://a.example/de/feed": feed(GERMAN, "A", "de"),
    "https://a.example/fr/feed": feed(FRENCH, "A", "fr"),
    "https://a.example/feed": feed(TEN, "A", "en"),
}
SITES = {
    "a section's feed beside the whole site's": Site(
        listing(TEN),
        {"https://a.example/feed": feed(MIXED), "https://a.example/press/feed": feed(TEN)},
        "https://a.example/press/feed",
    ),
    "the site's news beside one category of them": Site(
        listing(TEN),
        {"https://a.example/category/energy/feed": feed(news(range(0, 10, 3))),
         "https://a.example/feed": feed(TEN)},
        "https://a.example/feed",
    ),
    "one category alone": Site(
        listing(TEN), {"https://a.example/category/energy/feed": feed(news(range(0, 40, 4)))}, PAGE
    ),
    "three languages beside an English list": Site(
        listing(TEN), LANGUAGES, "https://a.example/feed"
    ),
    "three languages beside a page without a list": Site(
        listing(()), LANGUAGES, "https://a.example/feed"
    ),
    "another language's feed beside a list": Site(
        listing(TEN), {"https://a.example/de/feed": feed(GERMAN, "A", "de")}, PAGE
    ),
    "another language's feed beside no list": Site(
        listing(()), {"https://a.example/de/feed": feed(GERMAN, "A", "de")},
        "https://a.example/de/feed",
    ),
    "a shop's products beside a list": Site(
        listing(TEN), {"https://shop.example/collections/all.atom": feed(SHOP, "Products")}, PAGE
    ),
    "a shop's products beside no list": Site(
        listing(()), {"https://shop.example/collections/all.atom": feed(SHOP, "A – Products")}, PAGE
    ),
    "vacancies beside no list": Site(
        listing(()), {"https://a.example/feed/x": feed(TEN, "Stellenangebote | A")}, PAGE
    ),
    "a calendar by its query": Site(
        listing(()), {"https://a.example/feed/?post_type=tribe_events": feed(TEN)}, PAGE
    ),
    "news of a network of partners": Site(
        listing(()), {"https://a.example/feed": feed(TEN, "Partner Network North – News")},
        "https://a.example/feed",
    ),
    "a podcast beside a list of news": Site(
        listing(TEN), {"https://cast.example/s/1/rss": feed(news(range(30), host="cast.example",
                                                                words="Episode"))}, PAGE
    ),
    "a feed at another host": Site(
        listing(TEN), {"https://feeds.example/a": feed(news(range(10), host="proxy.example"))},
        "https://feeds.example/a",
    ),
    "a feed that stopped a month ago": Site(
        listing(TEN), {"https://a.example/feed": feed(news(range(5, 30), apart=7))}, PAGE
    ),
    "a feed that misses this week's story": Site(
        listing(TEN), {"https://a.example/feed": feed(news(range(1, 12)))},
        "https://a.example/feed",
    ),
    "a long feed, oldest first": Site(
        listing(TEN), {"https://a.example/feed": feed(news(range(60))[::-1])},
        "https://a.example/feed",
    ),
    "a feed without order": Site(
        listing(TEN),
        {"https://a.example/feed": feed([*news(range(30, 60)), *news(range(30))])},
        "https://a.example/feed",
    ),
    "a feed that dates all by its making": Site(
        listing(TEN), {"https://a.example/feed": feed(MADE)}, PAGE
    ),
    "a feed of a busy day beside a page that goes back further": Site(
        listing([*news(range(8), apart=0), *news(range(8, 10))]),
        {"https://a.example/feed": feed(news(range(8), apart=0))}, "https://a.example/feed",
    ),
    "a feed that dates all by its making, and a better one": Site(
        listing(TEN),
        {"https://a.example/rss": feed(MADE), "https://a.example/feed": feed(TEN)},
        "https://a.example/feed",
    ),
    "an undated page and a dated feed": Site(
        listing(news(range(10), newest=None)), {"https://a.example/feed": feed(TEN)},
        "https://a.example/feed",
    ),
    "excerpts alone": Site(
        listing(TEN),
        {"https://a.example/feed": feed([replace(one, summary="In short …") for one in TEN])},
        "https://a.example/feed",
    ),
    "three teasers of a home page": Site(
        listing(TEN[:3]), {"https://a.example/feed": feed(news(range(20)))},
        "https://a.example/feed",
    ),
    "a page pinned to old stories": Site(
        listing([*news([80, 81]), *news(range(8))]), {"https://a.example/feed": feed(TEN)},
        "https://a.example/feed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITES)
def test_what_is_wanted_is_taken(name: str) -> None:
    site = SITES[name]
    chosen = choose_watch(site.page, list(site.feeds.items()), NOW)
    assert (chosen.feed_url if chosen.kind == "feed" else PAGE) == site.wanted, chosen.why
