"""A feed: its entries are the items."""

from __future__ import annotations

from crawler.errors import ExtractError
from crawler.extract.feed import FeedReading, read_feed
from crawler.fetch.page import Page
from crawler.fetch.visit import Visit
from crawler.model.reading import Reading
from spiders.articles import entries
from spiders.links import kept


async def read(visit: Visit, page: Page) -> Reading:
    """Poll a feed. Raises ExtractError where the address no longer holds one."""
    feed: FeedReading = await visit.parse(
        read_feed,
        page.body,
        page.url,
        content_type=page.content_type,
        zone=visit.ports.zone,
        now=visit.ports.clock(),
    )
    return await reading_of(visit, page, feed)


async def reading_of(visit: Visit, page: Page, feed: FeedReading) -> Reading:
    """A read feed as this visit's reading, its new articles fetched."""
    if not feed.items and not feed.title:
        raise ExtractError("The feed is empty.", url=page.url)
    listed, dropped = kept(feed.items, visit)
    asked = {
        "ttl_seconds": feed.ttl_seconds,
        "skip_hours": list(feed.skip_hours),
        "skip_days": list(getattr(feed, "skip_days", ())),
    }
    found = await entries(visit, listed)
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
