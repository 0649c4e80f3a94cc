"""Our own search for the article's container: where the paragraphs are dense and unlinked.

A scoring of parents by their paragraphs after Arc90's Readability (2009), on blocks whose
furniture is known; deviations: the container grows to its parent while that adds text rather
than links, so that page builders' many small columns are joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crawler.extract.article_page import Block, Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PARAGRAPH_CHARACTERS = 25
_LINKED = 0.5
# Text that stands in these directly is in its container, text in p, li, … below it.
_CONTAINERS = frozenset({"div", "td", "article", "section", "main", "body", "center"})
_MOSTLY_LINKS = 0.8
# A lead stands close below the title and says a sentence.
_LEAD_BLOCKS = 8
_LEAD_CHARACTERS = 40
# A parent that raises the score by this factor, without adding links, is the better container.
_GROWTH = 1.2
_MAX_LINKED_GROWTH = 0.35
# So does one that adds a section of so many characters that is nearly free of links.
_SECTION_CHARACTERS = 200
_SECTION_LINKED = 0.05
# Between a section and what joins it to its like may stand a level that adds little.
_LOOK_AHEAD = 1


def container_blocks(page: Page) -> list[Block]:
    """The blocks of the densest container, furniture and link lists left out."""
    scores = _scores(page.blocks)
    if not scores:
        return []
    best = max(scores, key=lambda element: scores[element])
    spans = _spans(page.blocks)
    inside = page.blocks[spans[_grown(best, page.blocks, spans)]]
    return [
        block
        for block in (*_lead(page.blocks, inside[0].index), *inside)
        if not block.furniture and block.link_density < _MOSTLY_LINKS
    ]


def _lead(blocks: list[Block], start: int) -> list[Block]:
    """The paragraphs between the title and a container that begins below it."""
    before = blocks[max(0, start - _LEAD_BLOCKS) : start]
    title = next((block.index for block in reversed(before) if block.tag == "h1"), None)
    if title is None:
        return []
    return [
        block for block in before if block.index > title and len(block.text) >= _LEAD_CHARACTERS
    ]


def _scores(blocks: list[Block]) -> dict[HtmlElement, float]:
    scores: dict[HtmlElement, float] = defaultdict(float)
    for block in blocks:
        score = _score(block)
        if not score:
            continue
        parent = block.element if block.tag in _CONTAINERS else None
        for share in (1.0, 0.5, 0.25):
            parent = block.element.getparent() if parent is None else parent
            if parent is None or parent.tag in {"html"}:
                break
            scores[parent] += score * share
            parent = parent.getparent()
            if parent is None:
                break
    return scores


def _score(block: Block) -> float:
    """What a paragraph is worth: its length and commas; 0 for furniture, links and headings."""
    if block.furniture or block.is_heading or block.link_density > _LINKED:
        return 0.0
    if len(block.text) < _PARAGRAPH_CHARACTERS:
        return 0.0
    return 1.0 + block.text.count(",") + min(len(block.text) / 100, 3.0)


def _grown(
    container: HtmlElement, blocks: list[Block], spans: Mapping[HtmlElement, slice]
) -> HtmlElement:
    own = _weigh(blocks[spans[container]])
    behind = 0
    for parent in container.iterancestors():
        if parent.tag == "html" or behind > _LOOK_AHEAD:
            break
        wider = _weigh(blocks[spans[parent]])
        is_doubled = wider[0] >= 2 * own[0] and wider[1] - own[1] <= _SECTION_LINKED * wider[0]
        if wider == own or (is_doubled if behind else _is_better(own, wider)):
            container, own, behind = parent, wider, 0
        else:
            behind += 1
    return container


def _is_better(own: tuple[int, int], wider: tuple[int, int]) -> bool:
    """Whether a container with that text and those links holds more of the article."""
    added_text, added_links = wider[0] - own[0], wider[1] - own[1]
    if wider[0] > own[0] * _GROWTH and added_links <= _MAX_LINKED_GROWTH * max(1, added_text):
        return True
    return added_text >= _SECTION_CHARACTERS and added_links <= _SECTION_LINKED * added_text


def _weigh(blocks: Iterable[Block]) -> tuple[int, int]:
    """Characters of paragraphs and of links in the blocks, furniture left out."""
    text = links = 0
    for block in blocks:
        if block.furniture:
            continue
        links += block.link_characters
        if _score(block):
            text += len(block.text) - block.link_characters
    return text, links


def _spans(blocks: list[Block]) -> dict[HtmlElement, slice]:
    """Where the blocks below each element stand among all: consecutive in page order."""
    firsts: dict[HtmlElement, int] = {}
    lasts: dict[HtmlElement, int] = {}
    for block in blocks:
        for element in (block.element, *block.element.iterancestors()):
            firsts.setdefault(element, block.index)
            lasts[element] = block.index
    return {element: slice(first, lasts[element] + 1) for element, first in firsts.items()}
