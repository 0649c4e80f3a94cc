"""Readings: what one poll of one source brought home, before anything is decided or stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.model.item import Article, RawItem
from crawler.model.source import Validators


@dataclass(frozen=True, slots=True)
class Entry:
    """A listed item that is new or changed, and what reading its own page gave."""

    listed: RawItem
    article: Article | None = None  # None: the page could not be read
    addresses: tuple[str, ...] = ()  # further addresses that led to it (redirects)
    problem: str = ""  # why there is no article, in words
    stage: str = ""  # "fetch", "robots", "tdm" or "extract" where there is a problem
    retry: bool = False  # the text may come another time
    item: str = ""  # item id, for the texts of items stored before


# The reason of what the watched page holds beside its watched list.
NOT_WATCHED = "stands on the watched page, but not in the list that is watched"
# How it is said that a source's patterns leave all of its items out.
ALLOW_NONE = "only_links and skip_links allow none of its"
# How it is said that a list is empty by its page's own words.
SAYS_NONE = "The page says that it has no news at present"


@dataclass(frozen=True, slots=True)
class Dropped:
    """An address seen by this poll that is no item, and why."""

    url: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One poll of one source."""

    source: str
    kind: str = ""  # feed listing sitemap page
    watch_url: str = ""
    learned: Mapping[str, Any] | None = None  # None: nothing new was learned
    title: str = ""
    language: str = ""
    listed: tuple[RawItem, ...] = ()  # everything on the page, in its order
    entries: tuple[Entry, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    validators: Mapping[str, Validators] = field(default_factory=dict)  # by address
    requests: int = 0  # robots.txt aside
    not_modified: int = 0  # answered 304
    unchanged: bool = False  # 304 or the same bytes: nothing was parsed
    full: bool = False  # asked unconditionally
    error: str = ""  # the poll failed: one line
    error_kind: str = ""
    remedy: str = ""
    retry_after_seconds: float | None = None
    ttl_seconds: int | None = None  # how long the feed asks not to be polled again
    moved: str = ""  # where permanent redirects led to
    http_status: int | None = None  # of the answer that made the poll fail
    incomplete: bool = False  # more is new than one poll reads, or the feed broke off: asked again
    backfill: bool = False  # the past: stored for the archive alone, the source left as it is
    landed_url: str = ""  # the address that answered in the end
    changed: bool = True  # the page answered other bytes than the last time
    etag_repeated: bool = False  # with the ETag of the last time
    notice: str = ""  # something odd, though the poll worked: one sentence
    empty: bool = False  # it lists nothing, and its page says that this is so
    relearned: bool = False  # the page was redesigned and its list found anew
    why: str = ""  # why the source is watched in this way, where that was decided now
    # The templates of its article pages, as they are stored; None: none was read.
    templates: Sequence[Mapping[str, Any]] | None = None
