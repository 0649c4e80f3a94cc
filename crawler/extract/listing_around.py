"""The ways from a list to its older items: next pages, further pages, months of an archive."""

from __future__ import annotations

import re

from crawler.extract import charset
from crawler.extract.listing_document import Node
from crawler.extract.listing_links import address_key, is_paging, item_address
from crawler.extract.listing_words import vocabulary, words
from crawler.extract.listing_zones import SILENT, zoned_document

MAX_PAGES = 60
_NEXT = vocabulary(
    "next older weiter naechste nachste aeltere suivant suivante volgende naeste nasta neste "
    "seuraava siguiente successiva prossima dalsi nastepna nastepne 下一页 다음 次へ"
)
_NEXT_SIGNS = frozenset(("»", "›", ">", ">>", "→", "▶"))
_YEAR = re.compile(r"(?:19|20)\d\d")


def older_pages(body: bytes, url: str) -> tuple[str, ...]:
    """Addresses that lead to older items: the next page first, then further pages and the
    months of an archive in page order; at most 60.

    Raises ExtractError as ``read_listing`` does.
    """
    document = zoned_document(charset.decode(body), url)
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
