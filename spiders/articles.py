"""Articles of listed items: only new and changed ones are fetched, each failure kept as such."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from crawler.errors import ClusterwatchError, FetchError
from crawler.extract.detect import fills_itself
from crawler.extract.document import read_document_taught
from crawler.fetch.leases import PENDING_FOR
from crawler.fetch.reserved import STAGE as RESERVED
from crawler.fetch.reserved import refuse_reserved
from crawler.fetch.visit import Visit, is_refusal
from crawler.model.item import Article, RawItem
from crawler.model.reading import Entry

MAX_ARTICLES_PER_VISIT = 200
PENDING_PER_VISIT = 5
MAX_PENDING = 500
MAX_SILENT = 3  # failures in a row after which a host is left alone for this visit
Silent = Counter[str]  # failures in a row, by host


async def entries(visit: Visit, listed: Sequence[RawItem]) -> tuple[Entry, ...]:
    """The listed items that are new or changed, read; then texts still missing from before."""
    compared = await visit.compare(listed)
    if not visit.articles:
        return ()
    new = [*compared.new, *compared.changed]
    wanted = new[:MAX_ARTICLES_PER_VISIT]
    visit.incomplete = len(new) > len(wanted)
    await visit.hold(len(wanted))
    silent: Silent = Counter()
    found = [await read_entry(visit, item, silent) for item in wanted]
    return (*found, *(await pending(visit, silent)))


async def pending(visit: Visit, silent: Silent | None = None) -> tuple[Entry, ...]:
    """Another try at items that were stored from their listing alone."""
    assert visit.source is not None
    if visit.dry_run:
        return ()
    now = visit.ports.clock()
    waiting = await asyncio.to_thread(
        visit.ports.ingest.items.pending_texts, visit.source.id, now - PENDING_FOR, MAX_PENDING
    )
    silent = Counter() if silent is None else silent
    return tuple(
        [await read_entry(visit, RawItem(url=url), silent, item_id)
         for item_id, url in _turn(waiting, now)]
    )  # fmt: skip


def _turn(waiting: Sequence[tuple[str, str]], now: datetime) -> list[tuple[str, str]]:
    """The ones whose turn it is: each hour others, so that pages that stay unreadable do not
    keep the rest waiting."""
    start = int(now.timestamp()) // 3600 * PENDING_PER_VISIT % max(len(waiting), 1)
    return [*waiting[start:], *waiting[:start]][:PENDING_PER_VISIT]


async def read_entry(visit: Visit, item: RawItem, silent: Silent, item_id: str = "") -> Entry:
    """What reading one item's own page gave, or why there is nothing; never raises for it.

    ``silent`` counts failures in a row by host; ``item_id`` names an item stored before.
    """
    if _is_file(item.url):
        return Entry(item, problem="a file, not a page", stage="extract", item=item_id)
    host = urlsplit(item.url).netloc
    if silent[host] >= MAX_SILENT:
        problem = "its server did not answer, several times, or asked us to slow down"
        return Entry(item, problem=problem, stage="fetch", retry=True, item=item_id)
    try:
        article, address = await _read(visit, item)
    except FetchError as error:
        silent[host] += error.kind in ("timeout", "connect", "dns", "tls")
        if error.status == 429 or error.retry_after_seconds:  # it asks us to slow down
            silent[host] = MAX_SILENT
        stage = error.kind if error.kind in ("robots", RESERVED) else "fetch"
        # A page that is too large today is too large tomorrow.
        retry = not is_refusal(error) and error.kind != "size"
        return Entry(item, problem=error.message, stage=stage, retry=retry, item=item_id)
    except ClusterwatchError as error:
        return Entry(item, problem=error.message, stage="extract", item=item_id)
    silent[host] = 0
    return Entry(item, article, addresses=(address,), item=item_id)


async def _read(visit: Visit, item: RawItem) -> tuple[Article, str]:
    """The article and the address that answered. Raises FetchError and ExtractError."""
    page = await visit.fetch(item.url)
    refuse_reserved(page, obey=visit.ports.obey_tdm)
    if visit.renders and page.is_html:
        empty = await visit.parse(fills_itself, page.body, page.url, page.content_type)
        page = await visit.rendered(page) if empty else page
    article: Article
    article, visit.templates = await visit.parse(
        read_document_taught,
        page.body,
        page.url,
        visit.templates,
        content_type=page.content_type,
        zone=visit.ports.zone,
        now=visit.ports.clock(),
        hint=item if item.title else None,
    )
    visit.templates_used = True
    return article, page.url


def _is_file(url: str) -> bool:
    path = url.partition("?")[0].lower()
    return path.endswith((".doc", ".docx", ".zip", ".jpg", ".png", ".mp4", ".mp3", ".ics"))
