"""Items: what a page or feed says (RawItem), and what the archive keeps (Item)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import Self

from crawler.model.topic import Match


@dataclass(frozen=True, slots=True)
class Published:
    """When a page says it was published.

    ``moment`` is aware and keeps the source's own offset, so that its first ten
    characters are the day the page shows. ``whole_day`` is true where the page gives
    a date without a time; ``moment`` is then local midnight.
    """

    moment: datetime
    whole_day: bool = False

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("Published.moment must be aware")

    @classmethod
    def on(cls, day: date, zone: tzinfo) -> Self:
        """A date without a time, as local midnight in ``zone``."""
        return cls(datetime.combine(day, time(), zone), whole_day=True)

    @property
    def day(self) -> date:
        """The day the page shows."""
        return self.moment.date()

    @property
    def utc(self) -> datetime:
        """The moment in UTC, for sorting and comparing."""
        return self.moment.astimezone(UTC)

    def isoformat(self) -> str:
        """ISO 8601 with offset, to the second."""
        return self.moment.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class RawItem:
    """One entry as a feed, listing, sitemap or article gives it, before anything is decided."""

    url: str  # absolute address of the item
    title: str = ""  # plain text, white space folded
    published: Published | None = None  # None where the source gives none
    summary: str = ""  # plain-text teaser, "" where there is none
    text: str = ""  # main text as paragraphs separated by "\n\n"; "" when not fetched
    guid: str = ""  # the feed's own identity of the entry, "" where there is none
    canonical_url: str = ""  # the page's own claim (rel=canonical), unverified
    modified: Published | None = None
    language: str = ""  # ISO 639-1, as declared; "" when unknown
    author: str = ""
    image: str = ""  # absolute address


@dataclass(frozen=True, slots=True)
class Article:
    """One article page as read by ``extract``."""

    url: str
    canonical_url: str = ""
    title: str = ""
    published: Published | None = None
    modified: Published | None = None
    language: str = ""  # ISO 639-1
    author: str = ""
    image: str = ""
    text: str = ""  # paragraphs separated by "\n\n"; list items start with "- "


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the archive: one canonical address, whoever lists it."""

    id: str
    source: str  # id of the source that listed it first
    url: str
    canonical_url: str
    title: str
    summary: str
    published: Published | None
    first_seen: datetime  # UTC
    language: str
    text: str = ""
    author: str = ""
    image: str = ""
    modified: Published | None = None
    topics: tuple[Match, ...] = field(default=())
    story: str | None = None  # story id
    duplicate_of: str | None = None  # item id whose text this one repeats
    held_back: str = ""  # why it never alerts: "baseline", "max_age", "backfill"; "" = may alert
    change: str = ""  # what changed materially since it was first told, in words


@dataclass(frozen=True, slots=True)
class Sighting:
    """A source listed an item: first and last time."""

    source: str
    item: str
    url: str  # the address as that source links it
    first_seen: datetime  # UTC
    last_seen: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Drop:
    """An address that was seen and did not become an item, and why."""

    source: str
    url: str
    stage: str  # "list", "robots", "tdm", "fetch", "extract", "identity", …
    reason: str
    last_seen: datetime  # UTC
