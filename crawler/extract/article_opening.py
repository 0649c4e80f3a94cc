"""The paragraphs a text begins with, apart from the rest of it.

A box of pictures or related stories parts them from the core, so that most readers begin below it;
or they stand as loose lines around paragraphs with markup of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extract.article_byline import is_byline
from crawler.extract.article_core import DIRECT, Core, length
from crawler.extract.article_page import Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PARAGRAPH = 80  # characters
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]?(?:\s|$)|[。！？]")
_LINKED = 0.3
_MOST = 0.5  # of the core
_BOXES = 3  # the paragraph, its container and the one around that
_Shape = tuple[tuple[str, str], ...]


def opening(blocks: Sequence[Block], title: int | None, core: Core) -> frozenset[int]:
    """Indexes of the paragraphs between the title's block and the ``core`` that stand in boxes
    named as those of most of it, or loose in the box around most of it."""
    if title is None:
        return frozenset()
    above = [each for each in blocks[title + 1 : core.first] if _is_paragraph(each)]
    shape = _shape_of_most(blocks, core) if above else None
    around = {
        box
        for boxes in (core.parents, core.grandparents)
        for box, share in boxes.items()
        if share >= _MOST
    }
    return frozenset(
        each.index for each in above if _is_loose(each, around) or _shape(each) == shape
    )


def _is_paragraph(block: Block) -> bool:
    if block.furniture or block.is_heading or block.link_density >= _LINKED:
        return False
    is_told = _SENTENCE_END.search(block.text) is not None
    return is_told and length(block) >= _PARAGRAPH and not is_byline(block.text)


def _is_loose(block: Block, around: set[HtmlElement]) -> bool:
    return block.tag in DIRECT and block.element in around


def _shape_of_most(blocks: Sequence[Block], core: Core) -> _Shape | None:
    """How the boxes of most of the core are named; None where none of them has a name."""
    shares: Counter[_Shape] = Counter()
    for index in core.indexes:
        shares[_shape(blocks[index])] += int(length(blocks[index]))
    shape, share = shares.most_common(1)[0]
    is_named = any(name for _, name in shape)
    return shape if is_named and share >= _MOST * shares.total() else None


def _shape(block: Block) -> _Shape:
    boxes = islice((block.element, *block.element.iterancestors()), _BOXES)
    return tuple((str(box.tag), (box.get("class") or "")[:80]) for box in boxes)
