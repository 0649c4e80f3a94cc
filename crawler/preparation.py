"""The pure steps of one entry: address, title, text, language, topics, fingerprint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from crawler import metrics
from crawler.errors import ExtractError
from crawler.extract.dates import not_ahead
from crawler.extract.occasions import find_occasions
from crawler.identity import PASSAGE, address_of, entry_key, guid_hash
from crawler.language import detect_language
from crawler.model.item import Article, Item, Published, RawItem
from crawler.model.occasion import Occasion
from crawler.model.reading import Entry, Reading
from crawler.stories.fingerprint import Fingerprint, fingerprint
from crawler.topics.matching import TopicMatcher
from crawler.urls import plausible_canonical, url_key

MAX_TITLE = 500
MAX_SUMMARY = 1000
MAX_TEXT = 200_000
# Controls, halves of surrogate pairs, no-characters: no database and no XML takes them all. And
# what nobody sees but what turns words round or hides letters among them: direction overrides,
# characters without width that join nothing, annotations, tags.
_UNCLEAN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    r"\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry after the pure steps, ready for the transaction."""

    entry: Entry
    item: Item
    addresses: tuple[tuple[str, str], ...]  # (key, url): every address that leads to it
    guid_hash: str
    print: Fingerprint
    occasions: tuple[Occasion, ...] = ()


def prepare(
    entry: Entry,
    reading: Reading,
    shared: Collection[str],
    matcher: TopicMatcher,
    now: datetime,
    boilerplate: Collection[int] = (),
    zone: tzinfo = UTC,
) -> Prepared:
    """One entry of a reading; ``shared`` names GUIDs that identify nothing, ``boilerplate``
    the sentences that its source repeats (see ``stories.text.body``), ``zone`` is that of times
    written without one.

    Raises ExtractError for an entry without a usable address or a title.
    """
    raw, article = entry.listed, entry.article or Article(entry.listed.url)
    canonical, addresses = _addresses(entry, article)
    title = one_line(article.title or raw.title)[:MAX_TITLE]
    if not title and not entry.item:
        raise ExtractError("It has no title.", url=raw.url)
    text = told_text(entry)
    language = _language(entry, reading, title, text)
    with metrics.step("topics"):
        topics = matcher.match(title, text, language)
    item = Item(
        id=addresses[0][0][:16],
        source=reading.source,
        url=raw.url,
        canonical_url=canonical,
        title=title,
        summary=one_line(raw.summary)[:MAX_SUMMARY],
        published=_past(article.published, now) or _past(raw.published, now),
        first_seen=now,
        language=language,
        text=text,
        author=one_line(article.author or raw.author)[:200],
        image=clean(article.image or raw.image)[:2000],
        modified=_storable(article.modified) or _storable(raw.modified),
        topics=topics,
    )
    found = fingerprint(
        title, text, language=language, url=canonical, source_boilerplate=boilerplate
    )
    after = item.published.day if item.published else now.astimezone(zone).date()
    announced = find_occasions(title, text, language=language, zone=zone, after=after)
    return Prepared(entry, item, addresses, guid_hash(raw, shared), found, announced)


def told_text(entry: Entry) -> str:
    """The text of an entry; without its own an item lives on its teaser."""
    raw = entry.listed
    told = entry.article.text if entry.article else ""
    return clean(told or raw.text or raw.summary)[:MAX_TEXT]


def _language(entry: Entry, reading: Reading, title: str, text: str) -> str:
    """An article's own language was detected in its text; only without one is it done here."""
    article, raw = entry.article or Article(entry.listed.url), entry.listed
    if article.text and article.language:
        return article.language[:8]
    declared = article.language or raw.language or reading.language
    return detect_language(title, text, declared)[:8]


def listed_stamp(raw: RawItem) -> str:
    """What tells that a listed entry changed: a hash of its title and the feed's own "updated".

    A hash, because it outlives the words of an erased item.
    """
    modified = raw.modified.isoformat() if raw.modified else ""
    said = f"{one_line(raw.title)}|{modified}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def _addresses(entry: Entry, article: Article) -> tuple[str, tuple[tuple[str, str], ...]]:
    """(canonical address, every (key, address) that leads to the item, its own first)."""
    raw = entry.listed
    own = address_of(raw.url)
    if raw.guid.startswith(PASSAGE):
        return raw.url, ((entry_key(raw), raw.url),)
    final = address_of(entry.addresses[0]) if entry.addresses else own
    claimed = article.canonical_url or raw.canonical_url
    canonical = final
    if claimed and plausible_canonical(claimed, final):
        canonical = address_of(claimed)
    ways = [canonical, own, final, *(address_of(one) for one in entry.addresses)]
    return canonical, tuple({url_key(one): one for one in reversed(ways)}.items())[::-1]


def key_or_none(raw: RawItem) -> str | None:
    try:
        return entry_key(raw)
    except ExtractError:
        return None


def clean(text: str) -> str:
    """Without the characters that a database refuses or nobody sees."""
    # None of them is printable; looking at each for itself takes five times as long.
    return text if text.replace("\n", "").isprintable() else _UNCLEAN.sub("", text)


def one_line(text: str) -> str:
    """White space folded, without the characters that a database refuses or nobody sees."""
    return " ".join(clean(text.replace("\x85", " ")).split())


def _past(moment: Published | None, now: datetime) -> Published | None:
    return not_ahead(_storable(moment), now)


def _storable(moment: Published | None) -> Published | None:
    """A date whose UTC moment exists: year 1 and year 9999 may lie outside in their zones."""
    try:
        return moment if moment is None or moment.utc else None
    except (OverflowError, ValueError):
        return None


def drop_row(url: str, stage: str, reason: str, now: datetime) -> dict[str, Any]:
    """An address that did not become an item, and why, as a row."""
    try:
        key = url_key(address_of(url))
    except ExtractError:
        key = url_key(clean(url)[:2000])
    return {
        "url_key": key, "url": clean(url)[:2000], "stage": stage[:16],
        "reason": clean(reason)[:500], "last_seen": now,
    }  # fmt: skip
