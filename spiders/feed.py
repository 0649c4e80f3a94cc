"""A feed: its entries are the items."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from crawler.errors import ClusterwatchError, ExtractError
from crawler.extract.feed import FeedReading, read_feed, with_known
from crawler.fetch.known_entries import KnownEntries
from crawler.fetch.page import Page
from crawler.fetch.parsing import Parsing
from crawler.fetch.visit import Visit
from crawler.model.reading import Reading
from spiders.articles import entries
from spiders.links import kept

_TORN = "The feed breaks off in the middle of an entry; what stood behind it is still to come."
# One memory for each crawl's parts; it goes with them.
_MEMORIES: WeakKeyDictionary[Parsing, KnownEntries] = WeakKeyDictionary()


async def read(visit: Visit, page: Page) -> Reading:
    """Poll a feed. Raises ExtractError where the address no longer holds one."""
    page, feed = await _at_its_new_address(visit, page, await _read(visit, page))
    return await reading_of(visit, page, feed)


async def _read(visit: Visit, page: Page) -> FeedReading:
    """The feed; entries that it held before as well are not parsed again, unless this visit is
    to read everything anew."""
    memory = _memory(visit)
    known = {} if visit.full else memory.of(page.url)
    part: FeedReading = await visit.parse(
        read_feed,
        page.body,
        page.url,
        content_type=page.content_type,
        zone=visit.ports.zone,
        now=visit.ports.clock(),
        known=frozenset(known),
    )
    feed = with_known(part, known)
    memory.keep(page.url, {key: item for key, item in feed.entries if item is not None})
    return feed


def _memory(visit: Visit) -> KnownEntries:
    return _MEMORIES.setdefault(visit.ports.parsing, KnownEntries())


async def _at_its_new_address(
    visit: Visit, page: Page, feed: FeedReading
) -> tuple[Page, FeedReading]:
    """The feed where it says that it moved to, if the same news stand there."""
    if not feed.moved_to or feed.moved_to in (page.requested, page.url):
        return page, feed
    try:
        other = await visit.fetch(feed.moved_to)
        moved = await _read(visit, other)
    except ClusterwatchError:
        return page, feed  # it is asked at the old address until the new one works
    if feed.items and not _known(feed) & _known(moved):
        return page, feed
    visit.validators[page.requested] = other.validators
    return replace(other, requested=page.requested, moved=other.moved or feed.moved_to), moved


def _known(feed: FeedReading) -> set[str]:
    return {name for item in feed.items for name in (item.guid, item.url, item.title) if name}


async def reading_of(visit: Visit, page: Page, feed: FeedReading) -> Reading:
    """A read feed as this visit's reading, its new articles fetched."""
    if not feed.items and not feed.title:
        raise ExtractError("The feed is empty.", url=page.url)
    listed, dropped = kept(feed.items, visit)
    asked = {
        "ttl_seconds": feed.ttl_seconds,
        "skip_hours": list(feed.skip_hours),
        "skip_days": list(feed.skip_days),
    }
    found = await entries(visit, listed)
    if feed.torn:  # what was cut off may come whole next time
        visit.incomplete = True
        visit.notice = visit.notice or _TORN
    return visit.reading(
        kind="feed",
        watch_url=page.requested,
        learned=asked,  # an answer 304 does not say it again
        title=feed.title,
        language=feed.language,
        listed=listed,
        entries=found,
        dropped=dropped,
        ttl_seconds=feed.ttl_seconds,
        moved=page.moved,
    )
