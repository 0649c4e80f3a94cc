"""Articles of listed items: only new and changed ones are fetched, each failure kept as such."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.article import read_article

from crawler.errors import ClusterwatchError, ExtractError, FetchError
from crawler.fetch.visit import Visit, is_refusal
from crawler.model.item import Article, RawItem
from crawler.model.reading import Entry

MAX_ARTICLES_PER_VISIT = 200
PENDING_PER_VISIT = 5
MIN_TEXT = 80  # characters; less than that in a feed is a teaser


async def entries(visit: Visit, listed: Sequence[RawItem]) -> tuple[Entry, ...]:
    """The listed items that are new or changed, read; then texts still missing from before."""
    compared = await visit.compare(listed)
    wanted = [*compared.new, *compared.changed][:MAX_ARTICLES_PER_VISIT]
    found = [await _entry(visit, item) for item in wanted]
    return (*found, *(await pending(visit)))


async def pending(visit: Visit) -> tuple[Entry, ...]:
    """Another try at items that were stored from their listing alone."""
    import asyncio

    assert visit.source is not None
    if visit.dry_run:
        return ()
    waiting = await asyncio.to_thread(
        visit.ports.ingest.items.pending_texts, visit.source.id, PENDING_PER_VISIT
    )
    found = []
    for item_id, url in waiting:
        entry = await _entry(visit, RawItem(url=url), item_id)
        found.append(entry)
    return tuple(found)


async def _entry(visit: Visit, item: RawItem, item_id: str = "") -> Entry:
    if _is_file(item.url):
        return Entry(item, problem="a file, not a page", stage="extract", item=item_id)
    try:
        page = await visit.fetch(item.url)
        article: Article = await visit.parse(
            read_article,
            page.body,
            page.url,
            content_type=page.content_type,
            zone=visit.ports.zone,
            now=visit.ports.clock(),
            hint=item if item.title else None,
        )
    except FetchError as error:
        stage = "robots" if error.kind == "robots" else "fetch"
        return Entry(
            item, problem=error.message, stage=stage, retry=not is_refusal(error), item=item_id
        )
    except (ExtractError, ClusterwatchError) as error:
        return Entry(item, problem=error.message, stage="extract", item=item_id)
    return Entry(item, article, addresses=(page.url,), item=item_id)


def _is_file(url: str) -> bool:
    path = url.partition("?")[0].lower()
    return path.endswith((".pdf", ".doc", ".docx", ".zip", ".jpg", ".png", ".mp4", ".mp3", ".ics"))
