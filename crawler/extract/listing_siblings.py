"""Furniture by comparison: which pages of a site to lay beside a page, and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha1
from urllib.parse import urlsplit

from crawler.extract import charset
from crawler.extract.listing_document import Document
from crawler.extract.listing_learned import path_of
from crawler.extract.listing_links import Link, collect_links
from crawler.extract.listing_zones import HEADER, NAV, SILENT, zoned_document

MAX_SIBLINGS = 2
MAX_FURNITURE = 400  # links whose places are kept with a source
_MENU = NAV | HEADER
_NO_PAGE = (".pdf", ".doc", ".docx", ".zip", ".xlsx", ".pptx")
_LONGEST_LABEL = 40  # characters of a menu's entry


def sibling_pages(body: bytes, url: str, *, content_type: str = "") -> tuple[str, ...]:
    """Up to two addresses of other pages of the site, from other sections where it has any.

    They come from the page's menus; links elsewhere serve where it has none.
    Raises ExtractError as ``read_listing`` does.
    """
    document = _document(body, url, content_type)
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    found: dict[str, Link] = {}
    for link in collect_links(document):
        parts = urlsplit(link.url)
        if (parts.hostname or "").removeprefix("www.") != host:
            continue
        if parts.path.lower().endswith(_NO_PAGE) or len(link.text) > _LONGEST_LABEL:
            continue
        found.setdefault(link.key, link)
    menus = [link for link in found.values() if document.nodes[link.node].zone & _MENU]
    return _apart(menus if len(menus) >= MAX_SIBLINGS else list(found.values()), url)


def _apart(links: Sequence[Link], url: str) -> tuple[str, ...]:
    """The first links of different sections, then any others."""
    sections = {_section(url)}
    first: list[str] = []
    rest: list[str] = []
    for link in links:
        section = _section(link.url)
        (rest if section in sections else first).append(link.url)
        sections.add(section)
    return tuple([*first, *rest][:MAX_SIBLINGS])


def _section(url: str) -> str:
    """The part of a site that an address lies in: its first folder, a language's aside."""
    folders = [part for part in urlsplit(url).path.lower().split("/") if len(part) > 2]
    return folders[0] if folders else ""


def shared_links(pages: Sequence[tuple[bytes, str]]) -> frozenset[str]:
    """Fingerprints of the links that stand at the same place of all the given pages
    (body, address), for ``ListingHints.furniture``; empty for fewer than two pages.

    Two or three pages of one site are enough; what they share is furniture. An item that
    stands in a side column of every page and in the list too has two places, and is kept in
    the list. Raises ExtractError as ``read_listing`` does.
    """
    found = [_places(_document(body, url)) for body, url in pages]
    if len(found) < 2:
        return frozenset()
    common = frozenset(found[0]).intersection(*found[1:])
    return frozenset(sorted(common)[:MAX_FURNITURE])


def without_furniture(
    document: Document, links: Iterable[Link], furniture: frozenset[str]
) -> list[Link]:
    """The links whose address and place are not among the fingerprints."""
    if not furniture:
        return list(links)
    return [link for link in links if fingerprint(document, link) not in furniture]


def fingerprint(document: Document, link: Link) -> str:
    """12 hex digits of a link's address and its place in the structure."""
    text = f"{link.key} {path_of(document, link.node)}"
    return sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]


def _document(body: bytes, url: str, content_type: str = "") -> Document:
    return zoned_document(charset.decode(body, content_type), url)


def _places(document: Document) -> set[str]:
    return {
        fingerprint(document, link)
        for link in collect_links(document)
        if not document.nodes[link.node].zone & SILENT
    }
