"""A listing page: its repeated records are the items."""

from __future__ import annotations

from crawler.errors import ExtractError
from crawler.extract.detect import fills_itself
from crawler.extract.listing import ListingReading, read_listing
from crawler.extract.walls import names_itself_missing
from crawler.fetch.chromium import browser_remedy
from crawler.fetch.page import Page, missing_error
from crawler.fetch.visit import Visit
from crawler.model.reading import SAYS_NONE, Reading
from crawler.sources.faults import how_to_set, remedy_for
from spiders.articles import entries
from spiders.links import beside, kept


async def read(visit: Visit, page: Page) -> Reading:
    """Poll a listing.

    Raises ExtractError where nothing like its items is found any more, FetchError where the
    page says that it is not there.
    """
    listing: ListingReading = await visit.parse(
        read_listing,
        page.body,
        page.url,
        content_type=page.content_type,
        zone=visit.ports.zone,
        now=visit.ports.clock(),
        hints=await visit.hints_with_known(),
    )
    if listing.broken or listing.empty:
        if await visit.parse(names_itself_missing, page.body, page.content_type):
            raise missing_error(page, visit.ports.clock())
        if not visit.renders:
            await _refuse_script(visit, page, listing.broken or listing.why)
    return await reading_of(visit, page, listing)


async def _refuse_script(visit: Visit, page: Page, broken: str) -> None:
    """Raises ExtractError where the list is gone because a script fills the page now."""
    if await visit.parse(fills_itself, page.body, page.url, page.content_type):
        assert visit.source is not None
        remedy = browser_remedy(visit.source.id, page.url)
        raise ExtractError(
            f"The page fills itself by script; {broken}", url=page.url, remedy=remedy
        )


def _lost(visit: Visit, page: Page, listing: ListingReading) -> ExtractError:
    """Why the list is found no more, and the way to have it again."""
    if not listing.barred or visit.source is None:
        remedy = remedy_for("extract", visit.source) if visit.source else ""
        message = f"Its list is not found any more: {listing.broken}."
        return ExtractError(message, url=page.url, remedy=remedy)
    ways = [
        how_to_set(visit.source, key, "")
        for key in ("only_links", "skip_links")
        if getattr(visit.source, key)
    ]
    remedy = f"Take the pattern out, or write what fits now: {'; '.join(ways)}"
    message = f"Its list is there, but {listing.broken}."
    return ExtractError(message, url=page.url, remedy=remedy)


async def reading_of(visit: Visit, page: Page, listing: ListingReading) -> Reading:
    """A read listing as this visit's reading, its new articles fetched."""
    if listing.broken:
        raise _lost(visit, page, listing)
    listed, dropped = kept(listing.items, visit)
    if listing.items:  # what stands beside an empty list does not make it less empty
        dropped += beside(listing.candidates, listing.items, visit)
    if listing.empty:
        visit.notice = f"{SAYS_NONE}: “{listing.empty}”"
    found = await entries(visit, listed)
    return visit.reading(
        kind="listing",
        watch_url=page.requested,
        learned=listing.learned,
        title=listing.title,
        language=listing.language,
        listed=listed,
        entries=found,
        dropped=dropped,
        moved=page.moved,
        empty=bool(listing.empty),
        relearned=listing.relearned,
        why=listing.why if listing.relearned else "",
    )
