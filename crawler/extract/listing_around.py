"""What surrounds a site's lists: links all its pages share, and the ways to older items."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract import charset
from crawler.extract.listing_document import Document, Node, read_document
from crawler.extract.listing_learned import path_of
from crawler.extract.listing_links import address_key, is_paging, item_address
from crawler.extract.listing_words import vocabulary, words
from crawler.extract.listing_zones import SILENT, mark_zones

MAX_PAGES = 60
_NEXT = vocabulary(
    "next older weiter naechste nachste aeltere suivant suivante volgende naeste nasta neste "
    "seuraava siguiente successiva prossima dalsi nastepna nastepne 下一页 다음 次へ"
)
_NEXT_SIGNS = frozenset(("»", "›", ">", ">>", "→", "▶"))
_YEAR = re.compile(r"(?:19|20)\d\d")


def shared_links(pages: Sequence[tuple[bytes, str]]) -> frozenset[str]:
    """Addresses that stand at the same place of all the given pages (body, address).

    Two or three pages of one site are enough; what they share is furniture
    (``ListingHints.furniture``). Raises ExtractError as ``read_listing`` does.
    """
    found = [_places(_document(body, url)) for body, url in pages]
    if len(found) < 2:
        return frozenset()
    common = set(found[0]).intersection(*found[1:])
    return frozenset(found[0][place] for place in common)


def _document(body: bytes, url: str) -> Document:
    document = read_document(charset.decode(body), url)
    mark_zones(document)
    return document


def _places(document: Document) -> dict[tuple[str, str], str]:
    """Addresses by their key and their place in the structure."""
    places: dict[tuple[str, str], str] = {}
    for node in document.nodes:
        url = item_address(document, node) if node.tag == "a" else ""
        if url:
            places[address_key(url), path_of(document, node.index)] = url
    return places


def older_pages(body: bytes, url: str) -> tuple[str, ...]:
    """Addresses that lead to older items: the next page first, then further pages and the
    months of an archive in page order; at most 60.

    Raises ExtractError as ``read_listing`` does.
    """
    document = _document(body, url)
    ahead: dict[str, None] = {}
    further: dict[str, None] = {}
    for node in document.nodes:
        if node.tag not in ("a", "link") or (node.zone & SILENT and node.tag == "a"):
            continue
        address = item_address(document, node)
        if not address or address_key(address) == address_key(url):
            continue
        if _is_next(node, document.text(node.index)):
            ahead[address] = None
        elif node.tag == "a" and is_paging(node, address, document):
            further[address] = None
    return tuple(dict.fromkeys((*ahead, *_pages_first(further))))[:MAX_PAGES]


def _is_next(node: Node, text: str) -> bool:
    if "next" in node.attrs.get("rel", "").lower().split():
        return True
    if node.tag != "a" or len(text) > 30:
        return False
    label = text or node.attrs.get("aria-label", "") or node.attrs.get("title", "")
    return label.strip() in _NEXT_SIGNS or bool(_NEXT & set(words(label)))


def _pages_first(addresses: dict[str, None]) -> list[str]:
    return sorted(addresses, key=lambda address: bool(_YEAR.search(address)))
