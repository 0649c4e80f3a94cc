"""The dates a reader sees on an article page, and which of them can be the publication date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extract.article_dates_places import Places
from crawler.extract.article_dates_sentences import Written, is_event, is_prose, written_dates
from crawler.extract.article_dates_words import (
    DATE_MARKS,
    ENTRY_SENTENCE,
    EVENT_HEADING,
    EVENT_LABEL,
    MODIFIED_LABEL,
    OTHERS_LABEL,
    PUBLISHED_LABEL,
    PUBLISHED_MARKS,
    TODAY_LABEL,
    UPDATED_AFTER,
    UPDATED_MARKS,
    WEEKDAY,
)
from crawler.extract.article_metadata import Metadata
from crawler.extract.article_page import Block, Page
from crawler.extract.dates import find_dates, parse_date
from crawler.extract.dates_declared import declared_date
from crawler.model.item import Published

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# One walk over the page for all that may be dated; ``_is_dated`` looks closer.
_MAY_BE_DATED = ".//*[self::time or @itemprop or @title or @*[starts-with(name(), 'data-')]]"
_DATED_PROPERTIES = frozenset({"datePublished", "dateCreated", "dateModified"})
_TITLED = frozenset({"abbr", "span", "div", "p", "a"})
# "data-origindate", "data-publish-time", "data-unixtime"; not "data-update", "data-end-date".
_DATED_ATTRIBUTE = re.compile(r"(?:date|time|timestamp|published|pub|created)$")
_ATTRIBUTE_CHARACTERS = 40
_OTHER_ATTRIBUTE = re.compile(
    r"upd|modif|edit|chang|start|end|expir|event|until|countdown|birth|last|read|interval|delay|"
    r"timeout|duration|runtime|uptime|template|current|server|now|max|min"
)
_DATE_BOXES = ".//*[@class][contains(@class,'date') or contains(@class,'datum')][*[2]]"
_BOX_CHARACTERS = 40
_WRITTEN_IN = ("datetime", "content")
_UNIX = re.compile(r"^\s*\d{10}(?:\d{3})?\s*$")
# A longer title attribute tells what a link leads to.
_TITLE_CHARACTERS = 60
_YEAR = re.compile(r"(?:19|20)\d\d")
# A page with thousands of dated elements is a list.
_MOST_DATED = 500
# A block of up to this many characters besides its date is a date line, not prose.
_LINE_CHARACTERS = 90
_LABELLED_CHARACTERS = 300
_COPYRIGHT = re.compile(r"©|\bcopyright\b|\(c\)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """One visible date that may be the publication date."""

    published: Published
    confidence: float  # 0..1
    name: str


@dataclass(frozen=True, slots=True)
class VisibleDates:
    """What is visible: candidates, a labelled modification date, and every day in a short line
    outside traps."""

    published: tuple[Seen, ...]
    modified: Published | None
    everywhere: frozenset[date]
    listed: frozenset[date]  # in short lines beside links to other pages
    refused: frozenset[date]  # days of events, and days written in furniture


def visible_dates(
    page: Page,
    title: Block | None,
    metadata: Metadata,
    *,
    zone: tzinfo,
    language: str = "",
    now: datetime | None = None,
) -> VisibleDates:
    """The visible dates of a page, judged by where they stand and what stands beside them."""
    reader = _Reader(page, title, metadata, zone, language, now)
    seen = [*reader.time_elements(), *reader.parted_elements(), *reader.text_blocks()]
    modified = next((each.published for each in seen if each.name == "visible:modified"), None)
    return VisibleDates(
        published=tuple(_best_per_day(each for each in seen if each.name != "visible:modified")),
        modified=modified,
        everywhere=frozenset(each.published.day for each in seen) | frozenset(reader.lines),
        listed=frozenset(reader.listed - reader.events),
        refused=frozenset(reader.refused | reader.events),
    )


class _Reader:
    """Walks the page's blocks and ``time`` elements once each."""

    def __init__(
        self,
        page: Page,
        title: Block | None,
        metadata: Metadata,
        zone: tzinfo,
        language: str,
        now: datetime | None,
    ) -> None:
        self.page = page
        self.zone, self.language, self.now = zone, language, now
        self.lines: set[date] = set()
        self.listed: set[date] = set()
        # Of events: nothing unlabelled was published then. Elsewhere refused: no more than doubt.
        self.events: set[date] = set()
        self.refused: set[date] = set()
        self.events.update(
            found.day
            for thing in metadata.things
            if thing.kind == "event" and (found := self._parse(thing.starts))
        )
        self.places = Places(page, title)

    def time_elements(self) -> Iterator[Seen]:
        """``time`` elements and microdata outside furniture."""
        dated = filter(_is_dated, _path(_MAY_BE_DATED)(self.page.root))
        for element in islice(dated, _MOST_DATED):
            itemprop = (element.get("itemprop") or "").casefold()
            found = self._element_date(element)
            if not found or found.day in self.events:
                continue
            confidence, name = self._time_confidence(element, itemprop)
            if confidence:
                yield Seen(found, confidence, name)
            elif name:
                self.refused.add(found.day)

    def parted_elements(self) -> Iterator[Seen]:
        """Day, month and year in elements of their own, as boxes beside headlines have them."""
        for element in _path(_DATE_BOXES)(self.page.root)[:_MOST_DATED]:
            text = " ".join(text.strip(" ,|/") for text in element.itertext() if text.strip(" ,|/"))
            block = self.places.block_of(element[0])
            if len(text) > _BOX_CHARACTERS or block is None or self.places.is_foreign(block):
                continue
            found = self._parse(text)
            if found and self.places.distance(block) is not None:
                yield Seen(found, 0.7, "visible:title")

    def text_blocks(self) -> Iterator[Seen]:
        """Dates written in short lines, labels and datelines."""
        heading = None
        for block in self.page.blocks:
            heading = block if block.is_heading else heading
            if block.index in self.page.prose:
                continue
            text = block.text[:_LABELLED_CHARACTERS]
            found = find_dates(text, zone=self.zone, language=self.language, now=self.now)
            if not found:
                continue
            if heading is not None and self._heads_events(heading, block):
                self.refused.update(each.day for _, _, each in found)
                continue
            is_trap = _COPYRIGHT.search(text) or self.places.in_site_header(block)
            if is_trap:
                self.refused.update(each.day for _, _, each in found)
                continue
            judged = [
                seen for each in written_dates(text, found) if (seen := self._judged(block, each))
            ]
            yield from judged
            # What stands at the foot may be the article's, for want of any other.
            if not judged and block.furniture and block.furniture not in {"foot", "footer"}:
                self.refused.update(each.day for _, _, each in found)

    def _heads_events(self, heading: Block, block: Block) -> bool:
        if heading is self.places.title or not EVENT_HEADING.match(heading.text[:60]):
            return False
        return self.places.heads(heading, block)

    def _judged(self, block: Block, written: Written) -> Seen | None:
        published, before, after = written.published, written.before, written.after
        if is_event(before, after):
            self.events.add(published.day)
            return None
        if MODIFIED_LABEL.search(before[-60:]):
            # "Published 1 May, updated 3 May": the label belongs to the date after it.
            return None if block.furniture == "hidden" else Seen(published, 0.5, "visible:modified")
        if OTHERS_LABEL.search(before[-60:]):
            self.refused.add(published.day)
            return None
        if PUBLISHED_LABEL.search(before[-60:]) or ENTRY_SENTENCE.search(before[-100:]):
            return Seen(published, 0.5 if self.places.is_foreign(block) else 0.82, "visible:label")
        if written.is_first and UPDATED_AFTER.match(after) and not self.places.is_foreign(block):
            return Seen(published, 0.6, "visible:label")
        if is_prose(before, after):
            self.refused.add(published.day)
            if not self.places.is_dateline(block, before, after):
                return None
        if not written.is_first or self.places.is_foreign(block) or published.day in self.events:
            return None
        distance = self.places.distance(block)
        if self._is_clock(published, distance, before):
            self.refused.add(published.day)
            return None
        return self._unlabelled(block, written, distance)

    def _unlabelled(self, block: Block, written: Written, distance: int | None) -> Seen | None:
        published, before, after = written.published, written.before, written.after
        is_line = len(block.text) - written.length <= _LINE_CHARACTERS
        is_line = is_line or self.places.is_byline(block, before, after)
        if is_line:
            self.lines.add(published.day)
            if self.places.lists_links(block):
                self.listed.add(published.day)
        if is_line and distance is not None:
            return Seen(published, self._line_confidence(block, distance, before), "visible:title")
        opens = self.places.is_dateline(block, before, after)
        if opens and after.strip():
            return Seen(published, 0.62, "visible:dateline")
        if self.places.lists_links(block):
            return None
        if opens:
            # "Berlin, 3 May 2010" alone may be about anything, a text that opens so is news.
            return Seen(published, 0.5, "visible:dateline")
        if is_line and self.places.has_marks(block.element, DATE_MARKS):
            return Seen(published, 0.5, "visible:marked")
        if is_line:
            is_bare = len(before) < 25 and len(after) < 25
            return Seen(published, 0.35 if is_bare else 0.31, "visible:line")
        return None

    def _line_confidence(self, block: Block, distance: int, before: str) -> float:
        confidence = 0.74 if abs(distance) <= 2 else 0.66
        if distance < 0:
            confidence -= 0.1 if self.places.is_apart(block) else 0.03
        if self.places.has_marks(block.element, DATE_MARKS):
            confidence += 0.06
        # A line that says much besides its date may be about something else.
        if len(before) > 45 or block.link_density > 0.6:
            confidence -= 0.2
        return confidence

    def _is_clock(self, published: Published, distance: int | None, before: str) -> bool:
        """Whether a template prints today: with its weekday, above the title and apart from it."""
        if self.now is None or published.day != self.now.astimezone(self.zone).date():
            return False
        if TODAY_LABEL.search(before):
            return True
        above = distance is None or distance <= -2
        return above and WEEKDAY.search(before) is not None

    def _time_confidence(self, element: HtmlElement, itemprop: str) -> tuple[float, str]:
        if itemprop == "datemodified" or self.places.has_marks(element, UPDATED_MARKS, levels=0):
            return 0.5, "visible:modified"
        block = self.places.block_of(element)
        if block is not None and (
            self.places.is_foreign(block) or self.places.in_site_header(block)
        ):
            return (0.0, "foreign") if itemprop != "datepublished" else (0.6, "microdata")
        if itemprop:
            return (0.88, "microdata") if itemprop == "datepublished" else (0.65, "microdata")
        if block is None:
            return self._empty_confidence(element)
        distance = self.places.distance(block)
        is_linked = distance == -1 and self.places.has_marks(element, DATE_MARKS, levels=1)
        if self.places.lists_links(block) and not is_linked and (distance is None or distance < 0):
            return 0.0, "listed"
        if element.get("pubdate") is not None or self.places.has_marks(
            element, PUBLISHED_MARKS, levels=1
        ):
            return 0.84, "time:published"
        if EVENT_LABEL.search(block.text[:120]):
            return 0.0, "event"
        return (0.8, "time:title") if distance is not None else (0.4, "time")

    def _empty_confidence(self, element: HtmlElement) -> tuple[float, str]:
        """Of an element without text of its own: a date in an attribute of the article's box, or
        of an element that is named for it."""
        if element in self.places.title_path:
            return 0.6, "attribute"
        is_named = self.places.has_marks(element, DATE_MARKS | PUBLISHED_MARKS, levels=0)
        return (0.45, "attribute") if is_named else (0.0, "")

    def _element_date(self, element: HtmlElement) -> Published | None:
        """The element's date: the attribute where it is one, with the visible day winning."""
        own = (name for name in element.attrib if _holds_date(name))
        for name in (*_WRITTEN_IN, *own, "title"):
            written = (element.get(name) or "")[:100]
            if _UNIX.match(written):
                return declared_date(written, zone=self.zone, now=self.now)
            if name == "title" and len(written) > _TITLE_CHARACTERS:
                continue
            if _YEAR.search(written) and (found := self._parse(written)):
                return found
        if element.tag != "time" and not element.get("itemprop"):
            return None
        return self._parse(element.text_content()[:100])

    def _parse(self, written: str) -> Published | None:
        return parse_date(written, zone=self.zone, language=self.language, now=self.now)


@cache
def _path(written: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """An XPath that is read once."""
    from lxml.etree import XPath

    found: Callable[[HtmlElement], list[HtmlElement]] = XPath(written)
    return found


def _is_dated(element: HtmlElement) -> bool:
    """Whether an element is made to hold a date, or may hold one in an attribute."""
    said = element.attrib
    if element.tag == "time" or said.get("itemprop") in _DATED_PROPERTIES:
        return True
    if element.tag in _TITLED and "title" in said:
        return True
    return any(_holds_date(name) for name in said)


def _holds_date(attribute: str) -> bool:
    """Whether an attribute of the page's own making is named for a date."""
    is_own = attribute.startswith("data-") and len(attribute) <= _ATTRIBUTE_CHARACTERS
    return is_own and _is_named_for_date(attribute)


@lru_cache(maxsize=2_000)
def _is_named_for_date(attribute: str) -> bool:
    return bool(_DATED_ATTRIBUTE.search(attribute)) and not _OTHER_ATTRIBUTE.search(attribute)


def _best_per_day(seen: Iterator[Seen]) -> Iterator[Seen]:
    """The strongest statement of each day: repetitions of one template are one witness."""
    best: dict[date, Seen] = {}
    for each in seen:
        known = best.get(each.published.day)
        if known is None or each.confidence > known.confidence:
            best[each.published.day] = each
    return iter(best.values())
