"""Where an item stands now: where its source lists it once the old address is gone (pure)."""

from __future__ import annotations

from collections.abc import Collection

from crawler.errors import ExtractError
from crawler.identity import PASSAGE, address_of
from crawler.model.item import Item
from crawler.preparation import Prepared
from crawler.urls import url_key


def present_address(before: Item, one: Prepared, listed: Collection[str]) -> tuple[str, str] | None:
    """(address, canonical address) of an item that moved, None for one that stays where it is.

    ``one``: another reading of it by the source that listed it first; ``listed``: keys of the
    addresses that this source lists now. An item has moved where its source lists another address
    and the old one no more, or where the old one leads to a page that names itself as the item's.
    """
    entry, now = one.entry, one.item
    if entry.article is None or entry.listed.guid.startswith(PASSAGE):
        return None
    key = url_key(address_of(before.url))
    if key not in listed and url_key(address_of(now.url)) != key:
        return now.url, now.canonical_url
    new = url_key(now.canonical_url)
    claimed, answered = entry.article.canonical_url, [*entry.addresses, now.url][0]
    itself = bool(claimed) and _key(claimed) == new == url_key(address_of(answered))
    if itself and new not in (key, url_key(before.canonical_url)):
        return now.canonical_url, now.canonical_url
    return None


def is_elsewhere(before: str, now: str, listed: Collection[str | None]) -> bool:
    """Whether an item that its GUID alone tells is listed at another page than before: other
    parameters of one page may be nothing but our way to it."""
    return _bare(now) != _bare(before) and url_key(address_of(before)) not in listed


def _key(claimed: str) -> str:
    try:
        return url_key(address_of(claimed))
    except ExtractError:
        return ""


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]
