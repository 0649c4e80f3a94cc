"""Listings as the user corrected them: a CSS selector, addresses that must be found, a pick."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.errors import ExtractError
from crawler.extract.listing_document import Document
from crawler.extract.listing_links import Link, address_key
from crawler.extract.listing_records import Record
from crawler.extract.listing_score import Group
from crawler.extract.listing_text import has_heading
from crawler.extract.listing_words import is_more


def records_by_selector(document: Document, links: Sequence[Link], selector: str) -> list[Record]:
    """A record per element the CSS selector finds, led by its most telling link.

    Raises ExtractError for a selector that is none.
    """
    from cssselect import SelectorError

    try:
        elements = document.tree.cssselect(selector)
    except (SelectorError, SyntaxError, ValueError) as error:
        raise ExtractError(
            f"“{selector}” is no CSS selector: {error}.",
            url=document.url,
            remedy="Write it as in a style sheet, e.g. “ul.news > li”.",
        ) from error
    places = {element: index for index, element in enumerate(document.elements)}
    records = []
    for element in elements:
        index = places.get(element)
        link = _leading_link(document, links, index) if index is not None else None
        if link is not None and index is not None:
            records.append(Record(link, index))
    return records


def _leading_link(document: Document, links: Sequence[Link], root: int) -> Link | None:
    """The link in a heading, else the one with most words, else the first."""
    inside = [link for link in links if document.inside(link.node, root)]
    if not inside:
        return None
    return max(
        inside,
        key=lambda link: (
            _in_heading(document, link),
            0 if is_more(link.text) else len(link.text),
            -link.node,
        ),
    )


def _in_heading(document: Document, link: Link) -> bool:
    above = [node.tag for node in document.ancestors(link.node)][:3]
    return has_heading(document, link.node) or any(
        t in ("h1", "h2", "h3", "h4", "h5") for t in above
    )


def group_like(groups: Sequence[Group], like: Sequence[str]) -> Group | None:
    """The group with most of the addresses that must be found; the better scored of equals."""
    wanted = {_like_key(address) for address in like}
    held = [(sum(_matches(key, wanted) for key in group.keys), group) for group in groups]
    best = max(held, key=lambda pair: (pair[0], pair[1].score), default=(0, None))
    return best[1] if best[0] else None


def _like_key(address: str) -> str:
    return address_key(address) if urlsplit(address).scheme else address.strip("/").lower()


def _matches(key: str, wanted: set[str]) -> bool:
    return key in wanted or any(key.endswith("/" + part) for part in wanted if part)
