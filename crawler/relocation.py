"""Where an item stands now: where its source lists it once the old address is gone (pure)."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from crawler.identity import PASSAGE, address_of, bare_title
from crawler.model.item import Item
from crawler.preparation import Prepared
from crawler.urls import url_key

# Of an item that moves by its GUID alone. Feeds exist whose every poll has other addresses, and
# each would leave a row; a page that moves does so once or twice.
MOST_ADDRESSES = 8


def present_address(before: Item, one: Prepared, listed: Collection[str]) -> tuple[str, str] | None:
    """(address, canonical address) of an item that moved, None for one that stays where it is.

    ``one``: another reading of it by the source that listed it first; ``listed``: keys of the
    addresses that this source lists now. An item has moved where its source lists another address
    and the old one no more, and has the same title or text there. Where a page leads on to says
    nothing: for a day that may be a login or the home page.
    """
    entry, now = one.entry, one.item
    if entry.article is None or entry.listed.guid.startswith(PASSAGE) or not _alike(before, now):
        return None
    old = url_key(address_of(before.url))
    if old in listed or old in {key for key, _ in one.addresses}:
        return None
    if is_home(now.url) or is_home(now.canonical_url):
        return None
    return now.url, now.canonical_url


def is_elsewhere(before: str, now: str, listed: Collection[str | None]) -> bool:
    """Whether an item that its GUID tells is listed at another page than before: other
    parameters of one page may be nothing but our way to it."""
    if _bare(now) == _bare(before) or is_home(now):
        return False
    return url_key(address_of(before)) not in listed


def is_home(url: str) -> bool:
    """Whether an address is a site's own, which is no item's."""
    parts = urlsplit(url)
    return not parts.path.strip("/") and not parts.query


def _alike(before: Item, now: Item) -> bool:
    return bare_title(before.title) == bare_title(now.title) or (
        bool(now.text) and before.text == now.text
    )


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]
