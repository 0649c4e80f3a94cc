"""The dates a reader sees on an article page, and which of them can be the publication date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from crawler.extract.article_dates_words import (
    DATE_MARKS,
    EVENT_LABEL,
    HEADER_MARKS,
    MODIFIED_LABEL,
    PUBLISHED_LABEL,
    PUBLISHED_MARKS,
    UPDATED_MARKS,
    WEEKDAY,
)
from crawler.extract.article_metadata import Metadata
from crawler.extract.article_page import Block, Page, marks_of
from crawler.extract.dates import find_dates, parse_date
from crawler.model.item import Published

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DATED = (
    "//time|//*[@itemprop='datePublished' or @itemprop='dateCreated' or @itemprop='dateModified']"
)
# Furniture of the article itself, where dates belong.
_DATE_FURNITURE = frozenset(
    {"meta", "metainfo", "postmeta", "entry-meta", "post-meta", "postinfo", "article-info"}
    | {"articleinfo", "byline", "vcard"}
)
# A block of up to this many characters besides its date is a date line, not prose.
_LINE_CHARACTERS = 90
_LABELLED_CHARACTERS = 300
_BEFORE_TITLE = 4
_AFTER_TITLE = 6
_RANGE_BEFORE = re.compile(
    r"(?:\d{1,2}\.?|[^\W\d_]{3,10})\s{0,2}(?:[-–—/]|bis|und|to|until|and|au|til|till|t/m|al|do|a)\s{0,2}$",
    re.IGNORECASE,
)
_RANGE_AFTER = re.compile(
    r"^\s{0,2}(?:Uhr\s{0,2})?(?:[-–—]|bis|to|until|au|til|till|t/m|al|do)\s{0,2}\d", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"©|\bcopyright\b|\(c\)\s", re.IGNORECASE)
# "Jena, 27. Februar 2025 – …", "Pressemitteilung vom 20.11.2026", "(20.11.2026)".
_DATELINE_BEFORE = re.compile(
    r"^[(\[]?(?:[^\W\d_][\w .&/-]{0,60}?[,/:|–-]?\s{1,2})?"
    r"(?:(?:den|der|vom|am|on|le|the|af|fra)\s)?(?:[^\W\d_]{2,12}\.?,?\s(?:den\s)?)?$"
)
_DATELINE_AFTER = re.compile(r"^\s{0,2}(?:Uhr\s?)?(?:[)\]–—:|.-]|//|$)")


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
    seen = [*reader.time_elements(), *reader.text_blocks()]
    modified = next((each.published for each in seen if each.name == "visible:modified"), None)
    return VisibleDates(
        published=tuple(_best_per_day(each for each in seen if each.name != "visible:modified")),
        modified=modified,
        everywhere=frozenset(each.published.day for each in seen) | frozenset(reader.lines),
        refused=frozenset(reader.refused),
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
        self.page, self.title = page, title
        self.zone, self.language, self.now = zone, language, now
        self.lines: set[date] = set()
        self.refused: set[date] = set()
        self.refused.update(
            found.day
            for thing in metadata.things
            if thing.kind == "event" and (found := self._parse(thing.starts))
        )
        self._index = {block.element: block.index for block in reversed(page.blocks)}
        self._first_paragraph = next(
            (block.index for block in page.blocks if len(block.text) > 120 and not block.furniture),
            0,
        )
        self._title_path = set(title.element.iterancestors()) if title else set()

    def time_elements(self) -> Iterator[Seen]:
        """``time`` elements and microdata outside furniture."""
        for element in self.page.root.xpath(_DATED):
            itemprop = (element.get("itemprop") or "").casefold()
            found = self._element_date(element)
            if not found or found.day in self.refused:
                continue
            confidence, name = self._time_confidence(element, itemprop)
            if confidence:
                yield Seen(found, confidence, name)
            else:
                self.refused.add(found.day)

    def text_blocks(self) -> Iterator[Seen]:
        """Dates written in short lines, labels and datelines."""
        for block in self.page.blocks:
            text = block.text[:_LABELLED_CHARACTERS]
            if not any(character.isdigit() for character in text):
                continue
            found = find_dates(text, zone=self.zone, language=self.language, now=self.now)
            if not found:
                continue
            is_trap = _COPYRIGHT.search(text) or self._in_site_header(block)
            seen = None if is_trap else self._judged(block, text, found)
            if seen:
                yield seen
            elif is_trap or block.furniture:
                self.refused.update(each.day for _, _, each in found)

    def _judged(
        self, block: Block, text: str, found: tuple[tuple[int, int, Published], ...]
    ) -> Seen | None:
        start, end, published = found[0]
        before, after = text[:start], text[end:]
        if published.day in self.refused or _is_event(before, after):
            self.refused.add(published.day)
            return None
        is_line = len(block.text) - (end - start) <= _LINE_CHARACTERS
        if MODIFIED_LABEL.search(before[-60:]):
            # "Published 1 May, updated 3 May": the label belongs to the date after it.
            return None if block.furniture == "hidden" else Seen(published, 0.5, "visible:modified")
        if PUBLISHED_LABEL.search(before[-60:]):
            return Seen(published, 0.5 if self._is_foreign(block) else 0.78, "visible:label")
        if self._is_foreign(block):
            return None
        distance = self._distance(block)
        if self._is_clock(published, distance, before):
            self.refused.add(published.day)
            return None
        if is_line:
            self.lines.add(published.day)
        if is_line and distance is not None:
            return Seen(published, self._line_confidence(block, distance, before), "visible:title")
        if self._is_dateline(block, before, after):
            return Seen(published, 0.62, "visible:dateline")
        if is_line and self._has_marks(block.element, DATE_MARKS) and not self._lists_links(block):
            return Seen(published, 0.5, "visible:marked")
        if is_line and len(before) < 25 and len(after) < 25 and not self._lists_links(block):
            return Seen(published, 0.35, "visible:line")
        return None

    def _line_confidence(self, block: Block, distance: int, before: str) -> float:
        confidence = 0.74 if abs(distance) <= 2 else 0.66
        if self._has_marks(block.element, DATE_MARKS):
            confidence += 0.06
        # A line that says much besides its date may be about something else.
        if len(before) > 45 or block.link_density > 0.6:
            confidence -= 0.2
        return confidence

    def _is_clock(self, published: Published, distance: int | None, before: str) -> bool:
        """Whether a template prints today: with its weekday, above the title and apart from it."""
        if self.now is None or published.day != self.now.astimezone(self.zone).date():
            return False
        above = distance is None or distance <= -2
        return above and WEEKDAY.search(before) is not None

    def _is_foreign(self, block: Block) -> bool:
        """Whether the block is furniture of the site rather than the article's own meta line."""
        if not block.furniture or block.furniture in _DATE_FURNITURE:
            return False
        if block.furniture != "footer":
            return True
        return all(ancestor.tag != "article" for ancestor in block.element.iterancestors())

    def _distance(self, block: Block) -> int | None:
        """Blocks from the title, where the date is close enough to belong to it."""
        if self.title is None:
            return None
        if block.index <= self.title.index:
            distance = block.index - self.title.index
            return distance if distance >= -_BEFORE_TITLE else None
        between: list[Block] = []
        for each in self.page.blocks[self.title.index + 1 : block.index]:
            if self._is_foreign(each):
                continue
            if len(between) >= _AFTER_TITLE - 1 or each.tag in {"h1", "h2"}:
                return None
            between.append(each)
        long_before = sum(len(each.text) > 200 for each in between)
        return len(between) + 1 if long_before <= 1 else None

    def _is_dateline(self, block: Block, before: str, after: str) -> bool:
        """Whether a paragraph near the article's start opens with place and date."""
        first = self.title.index if self.title else self._first_paragraph
        if not first <= block.index <= first + 12:
            return False
        return bool(_DATELINE_BEFORE.match(before) and _DATELINE_AFTER.match(after))

    def _time_confidence(self, element: HtmlElement, itemprop: str) -> tuple[float, str]:
        if itemprop == "datemodified" or self._has_marks(element, UPDATED_MARKS, levels=0):
            return 0.5, "visible:modified"
        block = self._block_of(element)
        if block is not None and (self._is_foreign(block) or self._in_site_header(block)):
            return (0.0, "") if itemprop != "datepublished" else (0.6, "microdata")
        if itemprop:
            return (0.88, "microdata") if itemprop == "datepublished" else (0.65, "microdata")
        if block is None:
            return 0.0, ""
        if self._lists_links(block) and self._distance(block) is None:
            return 0.0, ""
        if element.get("pubdate") is not None or self._has_marks(
            element, PUBLISHED_MARKS, levels=1
        ):
            return 0.84, "time:published"
        if _is_event_block(block):
            return 0.0, ""
        return (0.8, "time:title") if self._distance(block) is not None else (0.4, "time")

    def _element_date(self, element: HtmlElement) -> Published | None:
        """The element's date: the attribute where it is one, with the visible day winning."""
        written = element.get("datetime") or element.get("content") or element.get("title") or ""
        text = element.text_content()[:100]
        return self._parse(written) or self._parse(text)

    def _parse(self, written: str) -> Published | None:
        return parse_date(written, zone=self.zone, language=self.language, now=self.now)

    def _block_of(self, element: HtmlElement) -> Block | None:
        for ancestor in (element, *element.iterancestors()):
            if ancestor in self._index:
                return self.page.blocks[self._index[ancestor]]
            if ancestor.tag in {"body", "main", "article", "section"}:
                return None
        return None

    def _in_site_header(self, block: Block) -> bool:
        """Whether the block stands in a header that does not hold the article's title."""
        if self.title is not None and block.index > self.title.index:
            return False
        for ancestor in (block.element, *block.element.iterancestors()):
            if ancestor in self._title_path or ancestor.tag == "body":
                return False
            if ancestor.tag == "header" or HEADER_MARKS.intersection(marks_of(ancestor)):
                return True
        return False

    def _lists_links(self, block: Block) -> bool:
        """Whether the date belongs to one record of a list of links (other articles)."""
        if block.link_density > 0.4:
            return True
        near = self.page.blocks[max(0, block.index - 1) : block.index + 3]
        return any(each.link_density > 0.8 and len(each.text) > 15 for each in near)

    def _has_marks(self, element: HtmlElement, marks: frozenset[str], levels: int = 2) -> bool:
        chain = [element]
        for ancestor in element.iterancestors():
            if len(chain) > levels or ancestor.tag in {"body", "main"}:
                break
            chain.append(ancestor)
        return any(marks.intersection(marks_of(each)) for each in chain)


def _is_event(before: str, after: str) -> bool:
    """Whether the words around a date say that something happens then."""
    if EVENT_LABEL.search(before[-40:]) or EVENT_LABEL.search(after[:30]):
        return True
    if _RANGE_AFTER.match(after):
        return True
    bare = WEEKDAY.sub("", before).rstrip(" ,")
    return bool(_RANGE_BEFORE.search(bare)) and any(each.isdigit() for each in bare[-12:])


def _is_event_block(block: Block) -> bool:
    return bool(EVENT_LABEL.search(block.text[:120]))


def _best_per_day(seen: Iterator[Seen]) -> Iterator[Seen]:
    """The strongest statement of each day: repetitions of one template are one witness."""
    best: dict[date, Seen] = {}
    for each in seen:
        known = best.get(each.published.day)
        if known is None or each.confidence > known.confidence:
            best[each.published.day] = each
    return iter(best.values())
