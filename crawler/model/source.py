"""Sources: what is watched, how, and how it is doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.model.item import Item


@dataclass(frozen=True, slots=True)
class Source:
    """One watched page or feed, as declared."""

    id: str
    name: str
    url: str
    kind: str = "auto"  # auto feed listing sitemap page newsletter
    every: timedelta | None = None  # None: the installation's default
    language: str = ""  # ISO 639-1; "" = found out
    render: str = ""  # "" or "browser"
    tags: tuple[str, ...] = ()
    enabled: bool = True
    only_links: tuple[str, ...] = ()  # path patterns (fnmatch); items must match one
    skip_links: tuple[str, ...] = ()
    selector: str = ""  # CSS selector of the item blocks, the last resort
    excerpt: int = 160  # characters shown; 0 = title and link only
    headers_file: str = ""
    senders: tuple[str, ...] = ()  # of a newsletter: addresses, "@domain" or List-Id
    declared_by: str = ""  # configuration name; "" = lives in the database alone


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has this changed?" next time."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""  # SHA-256 hex of the decoded body


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source is doing: rows that polls write and ``status`` reads."""

    source: str
    status: str = "active"  # active paused removed
    watch_kind: str = ""  # what detection found: feed listing sitemap page
    watch_url: str = ""  # the address polled: the feed's where one was found
    learned: Mapping[str, Any] = field(default_factory=dict)  # the listing's record pattern …
    next_due: datetime | None = None
    last_polled: datetime | None = None
    last_ok: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0  # in a row
    error_kind: str = ""
    error: str = ""
    failing_since: datetime | None = None
    interval: timedelta | None = None  # learned rhythm
    baseline: bool = False  # the first crawl is behind it
    full_at: datetime | None = None  # last time asked unconditionally
    changed_at: datetime | None = None  # last time the page answered something else than before
    etag_lied_at: datetime | None = None  # it repeated its ETag for changed content
    landed_url: str = ""  # where redirects led to when it last worked; "" = nowhere else
    remedy: str = ""  # what to do about ``error``
    notice: str = ""  # something odd, though the poll worked: one sentence
    losses: int = 0  # polls in a row that ended with their process
    watch_why: str = ""  # why it is watched in this way: a sentence


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll of one source came to, as ``crawl --json`` reports it."""

    source: str
    status: str  # ok unchanged failed busy paused offline
    kind: str = ""
    requests: int = 0
    not_modified: int = 0
    seen: int = 0
    new: int = 0
    updated: int = 0
    failed: int = 0  # items kept from the listing alone, robots.txt aside
    error: str = ""
    items: tuple[Item, ...] = ()  # the new ones
