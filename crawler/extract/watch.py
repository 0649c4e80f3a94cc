"""Whether a fetched feed is a better watch than the page it was found on.

A feed wins when it is alive, brings the page's newest items, is about the same section and
is neither shorter nor staler than the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from crawler.counts import counted
from crawler.extract.detection import Detection
from crawler.extract.feed import FeedReading
from crawler.extract.feed_comments import carries_comments
from crawler.extract.listing import ListingCandidate
from crawler.extract.listing_links import address_key
from crawler.extract.listing_words import name_words, plain, vocabulary, weigh, words
from crawler.model.item import RawItem

_EVENTS = vocabulary("events veranstaltungen termine kalender calendar agenda jobs stellen")
_NEWEST = 8  # of the page's items that the feed should bring
_MIN_OVERLAP = 0.5
_STALE_AFTER = timedelta(days=7)  # the feed's newest may lag the page's by this much
_DEAD_AFTER = timedelta(days=730)
_FEWER = 0.8
_UNCHECKED, _FOREIGN = 0.5, 0.4  # scores beside a page without items: its language, another
_MADE_ALIKE = 5  # items of one day beside a page that spreads them over several
_SPREAD = 3  # days
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Verdict:
    url: str
    feed: FeedReading
    score: float  # above 0: better than the page
    why: str


def choose_watch(
    page: Detection, feeds: Sequence[tuple[str, FeedReading]], now: datetime
) -> Detection:
    """Decide between a page and the feeds that were fetched alive.

    The result's ``candidates`` number every way seen, the chosen first; ``why`` tells why.
    """
    verdicts = sorted((_judge(page, url, feed, now) for url, feed in feeds), key=lambda v: -v.score)
    best = verdicts[0] if verdicts else None
    if best is None or best.score <= 0:
        reasons = [page.why, *(f"feed {v.url} not taken: {v.why}" for v in verdicts)]
        others = tuple(_candidate(v) for v in verdicts)
        return replace(page, candidates=page.candidates + others, why="; ".join(reasons))
    losers = [_loser(v) for v in verdicts[1:]]
    return replace(
        page,
        kind="feed",
        feed_url=best.url,
        title=best.feed.title or page.title,
        page_title=page.title,
        language=best.feed.language or page.language,
        confidence=round(min(1.0, 0.6 + 0.4 * best.score), 2),
        items=best.feed.items,
        candidates=(_candidate(best), *page.candidates, *(_candidate(v) for v in verdicts[1:])),
        why="; ".join([f"feed {best.url}: {best.why}", *losers]),
        needs_browser=False,
    )


def _loser(verdict: _Verdict) -> str:
    if verdict.score > 0:
        return f"feed {verdict.url} serves as well: {verdict.why}"
    return f"feed {verdict.url} not taken: {verdict.why}"


def _candidate(verdict: _Verdict) -> ListingCandidate:
    label = f"feed {verdict.url}: {counted(len(verdict.feed.items), 'item')}"
    items = verdict.feed.items
    return ListingCandidate(label, items, round(verdict.score, 2), kind="feed", url=verdict.url)


def _judge(page: Detection, url: str, feed: FeedReading, now: datetime) -> _Verdict:
    refusal = _refusal(page, url, feed) or (
        _compared(page, feed) if page.items else _dead(feed, now)
    )
    if refusal:
        return _Verdict(url, feed, -1.0, refusal)
    if not page.items:
        return _unchecked(page, url, feed)
    found = _overlap(page.items[:_NEWEST], feed.items)
    # Of two that bring the page's items, the one that brings little else is of its section.
    score = (3 * found + _back(page, feed)) / 4
    return _Verdict(url, feed, score, f"brings {found:.0%} of the page's newest items")


def _unchecked(page: Detection, url: str, feed: FeedReading) -> _Verdict:
    """A feed that nothing on the page can be compared with."""
    newest = _newest(feed.items)
    when = f", newest of {newest:%Y-%m-%d}" if newest else ""
    why = f"the page lists no items, the feed {len(feed.items)}{when}"
    if feed.language and page.language and feed.language != page.language:
        return _Verdict(
            url, feed, _FOREIGN, f"{why}, in {feed.language} where the page is in {page.language}"
        )
    return _Verdict(url, feed, _UNCHECKED, why)


def _refusal(page: Detection, url: str, feed: FeedReading) -> str:
    """What is wrong with a feed by itself, "" if nothing."""
    if not feed.items:
        return "it is empty"
    if carries_comments(url, feed, page.items):
        return "it carries comments"
    parts = urlsplit(url)
    if _EVENTS & (set(words(feed.title)) | name_words(f"{parts.path} {parts.query}")):
        return "it carries events or jobs"
    if not page.items and weigh(_own_words(page, url, feed)) < 0:
        return f'by its name "{feed.title[:_LONGEST_NAME]}" it carries something else'
    return ""


def _own_words(page: Detection, url: str, feed: FeedReading) -> frozenset[str]:
    """What a feed's title says beside the name of its site, which may hold any word."""
    host = urlsplit(url).hostname or ""
    return frozenset(words(feed.title)) - frozenset(words(f"{page.title} {page.site} {host}"))


def _dead(feed: FeedReading, now: datetime) -> str:
    """Whether a feed is too old to be believed where no list stands beside it.

    A list that is as old says that the site is quiet, not that its feed is dead.
    """
    newest = _newest(feed.items)
    if newest is not None and now - newest > _DEAD_AFTER:
        return f"its newest item is of {newest:%Y-%m-%d}"
    return ""


def _compared(page: Detection, feed: FeedReading) -> str:
    """What makes a feed worse than the page's own list, "" if nothing."""
    if len(feed.items) < _FEWER * min(len(page.items), 30):
        return f"it has fewer items ({len(feed.items)}) than the page ({len(page.items)})"
    ours, theirs = _newest(page.items), _newest(feed.items)
    if ours and theirs and ours - theirs > _STALE_AFTER:
        return f"its newest item ({theirs:%Y-%m-%d}) is older than the page's ({ours:%Y-%m-%d})"
    found = _overlap(page.items[:_NEWEST], feed.items)
    if found < _MIN_OVERLAP:
        return f"it brings {found:.0%} of the page's newest items: another section"
    back = _back(page, feed)
    if back < _MIN_OVERLAP and len(page.items) >= 5:
        return f"only {back:.0%} of its items stand on the page: the whole site's feed"
    if day := _day_of_making(page, feed):
        return f"it dates all its items {day}, the page does not"
    return ""


def _back(page: Detection, feed: FeedReading) -> float:
    """Which share of the feed's newest items stands on the page, whose list may be shorter."""
    items = feed.items
    if all(item.published for item in items):  # in whatever order
        items = tuple(sorted(items, key=_moment, reverse=True))
    return _overlap(items[: len(page.items)], page.items)


def _moment(item: RawItem) -> datetime:
    assert item.published is not None
    return item.published.utc


def _day_of_making(page: Detection, feed: FeedReading) -> str:
    """The day that a feed gives all its items where the page gives the same ones several: that of
    its making."""
    ours, theirs = _days(_brought(page.items, feed.items)), _days(feed.items)
    made = len(feed.items) >= _MADE_ALIKE and len(theirs) == 1 and len(ours) >= _SPREAD
    return theirs.pop().isoformat() if made else ""


def _days(items: Sequence[RawItem]) -> set[date]:
    return {item.published.day for item in items if item.published}


def _overlap(wanted: Sequence[RawItem], among: Sequence[RawItem]) -> float:
    return len(_brought(wanted, among)) / len(wanted) if wanted else 0.0


def _brought(wanted: Sequence[RawItem], among: Sequence[RawItem]) -> list[RawItem]:
    """Those of ``wanted`` that stand among others too, by address or title."""
    addresses = {address_key(item.url) for item in among}
    titles = {_bare(item.title) for item in among if len(item.title) > 8}
    return [i for i in wanted if address_key(i.url) in addresses or _bare(i.title) in titles]


def _bare(title: str) -> str:
    return re.sub(r"\W+", "", plain(title))


def _newest(items: Sequence[RawItem]) -> datetime | None:
    return max((item.published.utc for item in items if item.published), default=None)
