"""Backfills: what one walk through a source's past came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Backfilled:
    """One walk, or how far it has come; counts are of items unless they say otherwise."""

    source: str
    since: datetime
    status: str = "ok"  # ok busy failed
    pages: int = 0  # list pages and month archives read
    sitemaps: int = 0  # sitemap files read
    requests: int = 0  # robots.txt aside
    read: int = 0  # articles asked for
    new: int = 0  # stored by this walk
    oldest: date | None = None  # day of the oldest of them that has one
    known: int = 0  # in the archive before, or left to the polls
    older: int = 0  # published before ``since``
    undated: int = 0  # in a sitemap alone and without a date: perhaps no news at all
    failed: int = 0  # could not be read; another walk tries again
    stopped: str = ""  # why it ended before its end, in words
    error: str = ""  # one line where it failed
