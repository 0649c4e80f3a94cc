"""Where on an article page a date stands: beside the title, in furniture, in a list of links."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extract.article_dates_words import HEADER_MARKS
from crawler.extract.article_page import Block, Page, marks_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Furniture of the article itself, where dates belong.
_DATE_FURNITURE = frozenset(
    {"meta", "metainfo", "postmeta", "entry-meta", "post-meta", "postinfo", "article-info"}
    | {"articleinfo", "byline", "vcard", "credits"}
)
# Bars in which themes put the author and the day as well, right below the title.
_SHARE_BARS = frozenset(
    {"share", "sharing", "social", "socialmedia", "sociable", "shariff", "sharedaddy", "addthis"}
    | {"addtoany", "authorbox", "author-box"}
)
_BEFORE_TITLE = 4
_AFTER_TITLE = 6
_PARAGRAPH = 120  # characters
_BYLINES = frozenset({"byline", "vcard", "credits"})
# A second headline right below the title belongs to it.
_SUBTITLES = 2
# "Jena, 27. Februar 2025 – …", "Pressemitteilung vom 20.11.2026", "(20.11.2026)".
_DATELINE_BEFORE = re.compile(
    r"^[(\[]?(?:[^\W\d_][\w .&/-]{0,60}?[,/:|–-]?\s{1,2}|"
    r"[^\W\d_][\w .,-]{0,40}--\([A-Z ]{3,40}\)--)?"
    r"(?:(?:den|der|vom|am|on|le|the|af|fra)\s)?(?:[^\W\d_]{2,12}\.?,?\s(?:den\s)?)?$"
)
_DATELINE_AFTER = re.compile(r"^\s{0,2}(?:Uhr\s?)?(?:[)\]–—:|.-]|/{1,2}\w|//|\(|$)")


class Places:
    """One page and its title's block, asked about other blocks and elements."""

    def __init__(self, page: Page, title: Block | None) -> None:
        self.page, self.title = page, title
        self.title_path = set(title.element.iterancestors()) if title else set()
        self._index = {block.element: block.index for block in reversed(page.blocks)}
        self._first_paragraph = next(
            (
                block.index
                for block in page.blocks
                if len(block.text) > _PARAGRAPH and not block.furniture
            ),
            0,
        )

    def is_foreign(self, block: Block) -> bool:
        """Whether the block is furniture of the site rather than the article's own meta line."""
        if not block.furniture or block.furniture in _DATE_FURNITURE:
            return False
        if block.furniture in _SHARE_BARS and self._is_below_title(block):
            return False
        if block.furniture != "footer":
            return True
        return all(ancestor.tag != "article" for ancestor in block.element.iterancestors())

    def _is_below_title(self, block: Block) -> bool:
        """Whether the block stands between the title and the first paragraph, close to both."""
        if self.title is None or not 0 < block.index - self.title.index <= _AFTER_TITLE:
            return False
        between = self.page.blocks[self.title.index + 1 : block.index]
        return all(len(each.text) < _PARAGRAPH for each in between)

    def is_byline(self, block: Block, before: str, after: str) -> bool:
        """Whether a line about the author, however long, has the date near its start or at its
        end."""
        if block.furniture in _BYLINES and not after.strip(" .|"):
            return True
        return block.furniture in _DATE_FURNITURE and len(before) < _PARAGRAPH / 2

    def distance(self, block: Block) -> int | None:
        """Blocks from the title, where the date is close enough to belong to it."""
        if self.title is None:
            return None
        if block.index <= self.title.index:
            distance = block.index - self.title.index
            return distance if distance >= -_BEFORE_TITLE else None
        between: list[Block] = []
        for each in self.page.blocks[self.title.index + 1 : block.index]:
            if self.is_foreign(each) or each.furniture in _SHARE_BARS:
                continue
            is_subtitle = len(between) < _SUBTITLES
            if len(between) >= _AFTER_TITLE - 1 or (_is_headline(each) and not is_subtitle):
                return None
            between.append(each)
        long_before = sum(len(each.text) > 200 for each in between)
        return len(between) + 1 if long_before <= 1 else None

    def is_apart(self, block: Block) -> bool:
        """Whether nothing but the page holds both the block and the title, as with clocks."""
        if self.title is None or self.title.element.getparent().tag == "body":
            return False
        shared = next(each for each in block.element.iterancestors() if each in self.title_path)
        return bool(shared.tag == "body")

    def heads(self, heading: Block, block: Block) -> bool:
        """Whether a heading's box holds a block below it; without boxes all that follows is its."""
        boxes = [each for each in islice(heading.element.iterancestors(), 2) if each.tag != "body"]
        return not boxes or not set(boxes).isdisjoint(block.element.iterancestors())

    def is_dateline(self, block: Block, before: str, after: str) -> bool:
        """Whether a paragraph near the article's start opens with place and date."""
        first = self.title.index if self.title else self._first_paragraph
        if not first <= block.index <= first + 12:
            return False
        return bool(_DATELINE_BEFORE.match(before) and _DATELINE_AFTER.match(after))

    def block_of(self, element: HtmlElement) -> Block | None:
        for ancestor in (element, *element.iterancestors()):
            if ancestor in self._index:
                return self.page.blocks[self._index[ancestor]]
            if ancestor.tag in {"body", "main", "article", "section"}:
                return None
        return None

    def in_site_header(self, block: Block) -> bool:
        """Whether the block stands in a header that does not hold the article's title."""
        if self.title is not None and block.index > self.title.index:
            return False
        for ancestor in (block.element, *block.element.iterancestors()):
            if ancestor in self.title_path or ancestor.tag == "body":
                return False
            marks = marks_of(ancestor)
            # Blogger's "date-header" is no header.
            is_header = ancestor.tag == "header" or HEADER_MARKS.intersection(marks)
            if is_header and "date-header" not in marks:
                return True
        return False

    def lists_links(self, block: Block) -> bool:
        """Whether the date belongs to one record of a list of links (other articles)."""
        if block.link_density > 0.4:
            return True
        near = self.page.blocks[max(0, block.index - 1) : block.index + 3]
        return any(each.link_density > 0.8 and len(each.text) > 15 for each in near)

    def has_marks(self, element: HtmlElement, marks: frozenset[str], levels: int = 2) -> bool:
        chain = [element]
        for ancestor in element.iterancestors():
            if len(chain) > levels or ancestor.tag in {"body", "main"}:
                break
            chain.append(ancestor)
        return any(marks.intersection(marks_of(each)) for each in chain)


def _is_headline(block: Block) -> bool:
    return block.tag in {"h1", "h2"}
