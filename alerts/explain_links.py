"""Whether the pages that sources watch link an address at present, and where on the page."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.explain_address import key_of, watching
from alerts.wiring import AlertParts
from crawler.errors import ClusterwatchError
from crawler.extract.charset import decode
from crawler.extract.detection import Detection
from crawler.extract.listing import ListingHints
from crawler.extract.listing_document import read_document
from crawler.extract.listing_links import barred, item_address
from crawler.fetch.run import Crawl
from crawler.storage.source_rows import SourceRow

MAX_SOURCES = 3
LISTED, BESIDE, LOOSE, NOT = "listed", "beside", "loose", "not"
NEAREST = (LISTED, BESIDE, LOOSE, NOT)  # to being an item, first
_WORDS = {
    LISTED: "links it",
    BESIDE: "links it, but not in the list that is watched",
    LOOSE: "links it, but in no list",
    NOT: "does not link it",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """How the page of one source links an address now."""

    source: str
    how: str  # LISTED, BESIDE, LOOSE or NOT

    @property
    def said(self) -> str:
        """The same in words."""
        return f"the page that {self.source} watches {_WORDS[self.how]}"


async def linked_now(parts: AlertParts, crawl: Crawl, url: str) -> list[Linked]:
    """How the site's sources link an address; those that cannot be read, or whose patterns leave
    it out wherever it stands, are left out."""
    told = []
    for row in watching(parts, url)[:MAX_SOURCES]:
        source = row.source
        if row.state.status != "active" or barred(url, source.only_links, source.skip_links):
            continue
        try:
            told.append(Linked(source.id, await _how(crawl, row, key_of(url))))
        except ClusterwatchError:
            continue
    return told


async def _how(crawl: Crawl, row: SourceRow, key: str) -> str:
    """Raises what fetching and reading raise."""
    source, state = row.source, row.state
    hints = ListingHints(
        source.only_links, source.skip_links, source.selector, learned=state.learned
    )
    watched = await crawl.detect(state.watch_url or source.url, hints, source.render)
    if key in {key_of(item.url) for item in watched.items}:
        return LISTED
    page = watched
    if state.watch_url not in ("", source.url):  # a feed: its page may hold more
        page = await crawl.detect(source.url, render=source.render)
    if key in _beside(page):
        return BESIDE
    return LOOSE if key in await _anywhere(crawl, source.url) else NOT


def _beside(page: Detection) -> set[str]:
    """The keys of what the page's lists link."""
    listed = [*page.items, *(item for one in page.candidates for item in one.items)]
    return {key_of(item.url) for item in listed}


async def _anywhere(crawl: Crawl, url: str) -> set[str]:
    """The keys of all that a page links."""
    page = await crawl.get(url)
    document = read_document(decode(page.body, page.content_type), page.url)
    links = (node for node in document.nodes if node.tag == "a")
    return {key_of(item_address(document, node)) for node in links}
