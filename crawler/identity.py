"""Whether a listed entry is an item we know, behind whatever address, date or GUID it comes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from crawler.errors import ExtractError
from crawler.model.item import RawItem
from crawler.stories.fingerprint import title_hash
from crawler.urls import canonical_url, url_key

PASSAGE = "passage:"  # GUIDs of a watched page's passages, which share one address
MIN_PROOF = 200  # characters; two entries of one page with as much the same text are one item
MIN_SHARED = 0.95  # share of common words at which two texts are one text, re-dated
KEPT_KEYS = 8192  # of addresses, each some hundred bytes
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Known:
    """An item that the same source listed before."""

    item: str
    title: str
    text: str
    content_hash: str
    listed_now: bool  # its own address stands on the page as well
    erased_title: str = ""  # hash of its title, where its words were erased


@dataclass(frozen=True, slots=True)
class Face:
    """What identifies an entry."""

    title: str
    text: str
    content_hash: str  # "" without text


def decide(
    face: Face,
    *,
    by_address: str | None,
    by_guid: Sequence[Known],
    alike: Sequence[Known],
) -> str | None:
    """The item an entry is, or None for a new one.

    ``by_guid``: items this source listed under the same GUID; ``alike``: those with the same
    title or the same text. An address decides alone. A GUID decides when title or text agree
    as well, because feeds exist that give every entry the same one; a GUID that several items
    came under decides by the text alone. The same title and text
    at another address is the same item, moved or re-dated, unless the old address still
    stands on the page with another text.
    """
    if by_address is not None:
        return by_address
    alone = len({known.item for known in by_guid}) == 1
    for known in by_guid:
        if (alone and _same_title(known, face.title)) or _same_text(known, face):
            return known.item
    for known in alike:
        if _same_title(known, face.title) and _same_text(known, face):
            return known.item
    return None


def same_entry(raw: RawItem, by_guid: Sequence[Known]) -> str | None:
    """The item that a listed entry at an unknown address is by its GUID and title alone."""
    if len({known.item for known in by_guid}) != 1:
        return None
    return by_guid[0].item if _same_title(by_guid[0], raw.title) else None


def address_of(url: str) -> str:
    """The canonical address. Raises ExtractError for what is no web address."""
    try:
        return canonical_url(url)
    except UnicodeError as error:
        raise ExtractError("Not a web address.", url=url[:200]) from error


def entry_key(raw: RawItem) -> str:
    """The key of a listed entry's address. Raises ExtractError for what is no web address."""
    if raw.guid.startswith(PASSAGE):
        return url_key(address_of(raw.url) + "?" + raw.guid)
    return _key_of(raw.url)


@lru_cache(KEPT_KEYS)
def _key_of(url: str) -> str:
    """A feed lists its entries anew with every change, and each is looked up several times."""
    return url_key(address_of(url))


def guid_hash(raw: RawItem, shared: Collection[str] = ()) -> str:
    """32 hex digits for an entry's GUID; "" where there is none or ``shared`` names it as one
    that several entries of the feed carry."""
    if not raw.guid or raw.guid in shared:
        return ""
    return sha256(raw.guid.encode("utf-8", "replace")).hexdigest()[:32]


def shared_guids(items: Sequence[RawItem]) -> set[str]:
    """GUIDs that more than one entry carries: they identify nothing."""
    seen: set[str] = set()
    twice: set[str] = set()
    for item in items:
        (twice if item.guid in seen else seen).add(item.guid)
    return twice


def _same_title(known: Known, title: str) -> bool:
    """Whether a title is the item's; of an erased one its hash alone is left."""
    if known.erased_title:
        return known.erased_title == title_hash(title)
    return bare_title(known.title) == bare_title(title)


def _same_text(known: Known, face: Face) -> bool:
    if known.content_hash and known.content_hash == face.content_hash:
        # Both on one page with a few words each: a series whose teaser never changes.
        return not known.listed_now or len(face.text) >= MIN_PROOF
    if known.listed_now or not known.text or not face.text:
        return False
    # Other numbers are another edition, another amount, another day: another item.
    if _NUMBER.findall(known.text) != _NUMBER.findall(face.text):
        return False
    ours, theirs = set(_WORD.findall(known.text.lower())), set(_WORD.findall(face.text.lower()))
    return len(ours & theirs) >= MIN_SHARED * len(ours | theirs)


def bare_title(title: str) -> str:
    """A title's words alone: what two spellings of one title share."""
    return " ".join(_WORD.findall(title.lower()))
