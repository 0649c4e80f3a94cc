"""What a page gives that reserves text and data mining: titles and links, no texts of its own."""

from __future__ import annotations

from dataclasses import replace

from crawler.errors import RefusedError
from crawler.extract.reservation import reserves_mining
from crawler.fetch.page import Page
from crawler.model.item import RawItem
from crawler.model.reading import Dropped, Entry, Reading

STAGE = "tdm"
_REASON = "The page reserves text and data mining"


def refuse_reserved(page: Page, *, obey: bool) -> None:
    """Raises RefusedError of kind ``tdm`` for an article page that reserves text mining."""
    if obey and reserves_mining(page.body, page.headers):
        raise RefusedError(f"{_REASON}: its text is not read.", url=page.url, kind=STAGE)


def as_allowed(reading: Reading, page: Page | None, *, obey: bool) -> Reading:
    """The reading of a watched page; where it reserves text mining without its teasers. Articles
    stay: each page speaks for itself."""
    if not obey or page is None or not reserves_mining(page.body, page.headers):
        return reading
    entries = tuple(_bare_entry(one, reading.kind) for one in reading.entries)
    note = Dropped(page.requested, STAGE, f"{_REASON}: titles and links alone are kept.")
    return replace(
        reading,
        listed=tuple(_bare(one) for one in reading.listed),
        entries=entries,
        dropped=(*reading.dropped, note),
    )


def _bare_entry(entry: Entry, kind: str) -> Entry:
    article = entry.article
    if article is not None and kind == "page":  # what is watched is the article
        article = replace(article, text="", image="")
    return replace(entry, listed=_bare(entry.listed), article=article)


def _bare(item: RawItem) -> RawItem:
    return replace(item, summary="", text="", image="")
