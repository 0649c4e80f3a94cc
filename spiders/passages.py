"""A single watched page: passages that were not there before are its items."""

from __future__ import annotations

from crawler.extract.page import passage_items, read_passages
from crawler.fetch.page import Page
from crawler.fetch.visit import Visit
from crawler.model.item import Article, RawItem
from crawler.model.reading import Entry, Reading

KEPT_FINGERPRINTS = 5000


async def read(visit: Visit, page: Page) -> Reading:
    """Poll a page. The first time everything on it is the baseline, without items."""
    passages = await visit.parse(read_passages, page.body, page.url, content_type=page.content_type)
    before = visit.state.learned.get("passages") if visit.state else None
    known = frozenset(before or ())
    fresh = passage_items(passages, known, page.url) if before is not None else ()
    now_known = [*dict.fromkeys([*(one.fingerprint for one in passages), *(before or ())])]
    return visit.reading(
        kind="page",
        watch_url=page.requested,
        learned={"passages": now_known[:KEPT_FINGERPRINTS]},
        listed=fresh,
        entries=tuple(Entry(item, _whole(item)) for item in fresh),
        moved=page.moved,
    )


def _whole(item: RawItem) -> Article:
    return Article(item.url, title=item.title, published=item.published, text=item.text)
