"""Which groups of like links a page has, read and weighed: the lists it could mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from crawler.extract.listing_article import without_boxes
from crawler.extract.listing_choice import ReadRecords
from crawler.extract.listing_datelines import with_datelines
from crawler.extract.listing_dates import settle_dates
from crawler.extract.listing_document import Document
from crawler.extract.listing_edges import split_edges
from crawler.extract.listing_fields import Entry, When, read_record, told_apart
from crawler.extract.listing_houses import without_house_lists, without_houses
from crawler.extract.listing_links import Link, allowed, collect_links
from crawler.extract.listing_marks import mark
from crawler.extract.listing_menus import find_menus, without_menus
from crawler.extract.listing_obliged import without_obliged
from crawler.extract.listing_reading import ListingHints
from crawler.extract.listing_records import Record, group_links, grow_records
from crawler.extract.listing_score import THRESHOLD, Group, relieved, weigh_group
from crawler.extract.listing_sections import split_by_heading, split_undated
from crawler.extract.listing_siblings import without_furniture
from crawler.extract.listing_zones import FOOTER, NAV

MAX_RECORDS = 500  # of one group that are read
MAX_GROUPS = 800  # kinds of links that are read; real pages have some dozens
_FURNITURE = NAV | FOOTER


def usable_links(document: Document, hints: ListingHints) -> list[Link]:
    """The page's links that the hints allow to be items."""
    links = [
        link
        for link in collect_links(document)
        if allowed(link.url, hints.only_links, hints.skip_links)
    ]
    return without_furniture(document, links, hints.shared)


def record_reader(document: Document, links: Sequence[Link], when: When) -> ReadRecords:
    """What reads records of the page, their dates settled among each other."""
    by_key: dict[str, list[Link]] = {}
    for link in links:
        by_key.setdefault(link.key, []).append(link)

    marks = mark(document)

    def read(records: Sequence[Record]) -> list[Entry]:
        kept = records[:MAX_RECORDS]
        dated = with_datelines(document, marks, kept)
        entries = [read_record(document, dated, record, by_key, when) for record in kept]
        return without_obliged(settle_dates(document, marks, told_apart(entries), when))

    return read


def find_groups(
    document: Document, links: Sequence[Link], read: ReadRecords, now: datetime | None = None
) -> list[Group]:
    """Every group of like links on the page, read and weighed, best first.

    Navigation and footers hold most of a page's links; they are read only where nothing
    else looks like news.
    """
    inside = [link for link in links if not document.nodes[link.node].zone & _FURNITURE]
    groups = _weighed(document, inside, read, now)
    if len(inside) < len(links) and not (groups and groups[0].score >= THRESHOLD):
        groups = _weighed(document, links, read, now)
    return groups


def _weighed(
    document: Document, links: Sequence[Link], read: ReadRecords, now: datetime | None
) -> list[Group]:
    groups: dict[frozenset[str], Group] = {}
    likes = [*filter(None, map(without_house_lists, group_links(document, links)))][:MAX_GROUPS]
    for like in likes:
        for records in split_by_heading(document, grow_records(document, like)):
            for entries in _split(document, without_houses(read(records))):
                group = weigh_group(document, entries, now)
                held = groups.get(group.keys)
                if held is None or group.score > held.score:
                    groups[group.keys] = group
    weighed = without_menus(relieved(groups.values()), find_menus(likes))
    return sorted(without_boxes(document, weighed), key=lambda group: -group.score)


def _split(document: Document, entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries of like markup as the lists they are."""
    for part in split_undated(document, entries) if entries else ():
        yield from split_edges(part)


@dataclass(frozen=True)
class Lists:
    """A page's links, the lists they make, and what reads its records."""

    links: Sequence[Link]
    groups: Sequence[Group]
    read: ReadRecords

    @classmethod
    def of(cls, document: Document, hints: ListingHints, when: When) -> Lists:
        links = usable_links(document, hints)
        read = record_reader(document, links, when)
        groups = [] if hints.selector else find_groups(document, links, read, when.now)
        return cls(links, groups, read)


@dataclass(frozen=True)
class PageLists:
    """The lists of a page, as the user's patterns of addresses allow them and as they stand: so
    they are numbered, the same for everybody."""

    document: Document
    hints: ListingHints
    when: When

    @cached_property
    def allowed(self) -> Lists:
        return Lists.of(self.document, self.hints, self.when)

    @cached_property
    def whole(self) -> Lists:
        if not self.hints.is_filtered:
            return self.allowed
        return Lists.of(self.document, self.hints.unfiltered, self.when)
