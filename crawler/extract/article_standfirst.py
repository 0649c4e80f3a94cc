"""Which blocks are the standfirst: the sentences that stand between a headline and its text.

Extractors often leave it out, for it is a heading, or stands in the page's head beside byline
and date. It is told by its place, a heading or whole sentence below the headline, or by the
class that templates give it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.article_byline import is_byline
from crawler.extract.article_core import FULL_STOP, length
from crawler.extract.article_page import Block

# What newsrooms call it; "lead-image", "introAuthor" and "lead-form" name something else.
_NAMED = re.compile(
    r"(?<![a-z])(?:stand-?first|sub-?(?:heads?|title|headline|heading)|de(?:c)?k|lead(?:-?in)?|"
    r"lede|intro|chap(?:eau|o)|vorspann|ingress|manchet|bajada|entradilla|sommario|occhiello|"
    r"excerpt)(?![a-z]|-(?:image|img|photo|picture|media|video|caption|credit|author|date|meta|form|"
    r"gen(?:eration)?|magnets?|times?|button|btn|link))"
)
_WORD_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])|[_\s.:]+")
# At this length a heading or sentence below the headline is one; a named one with a full stop may
# be shorter. Shorter lines without are labels: "Reading time four minutes, research".
_SENTENCE = 40
_NAMED_SENTENCE = 25
# It stands among the first blocks below the headline: byline, date and share bar may be between.
_BELOW = 5
_NAMED_BELOW = 16
_SHORT_LINE = 120


def is_standfirst(blocks: Sequence[Block], block: Block, title: int | None, core: int) -> bool:
    """Whether ``block`` of ``blocks`` is a standfirst. ``title`` and ``core`` are the indexes of
    the headline's block (None: none is) and of the first paragraph of the text."""
    if title is None or not title < block.index <= core:
        return False
    if block.link_characters or block.furniture or is_byline(block.text):
        return False
    below, stops = block.index - title, FULL_STOP.search(block.text) is not None
    if length(block) < (_NAMED_SENTENCE if stops else _SENTENCE):
        return False
    if _is_named(block):
        if _has_alike(blocks, block):
            return False
        if below <= _NAMED_BELOW:
            return True
    if length(block) < _SENTENCE:
        return False
    if not block.is_heading:
        return below == 1 and stops
    between = blocks[title + 1 : block.index]
    return below <= _BELOW and not any(
        each.is_heading or len(each.text) >= _SHORT_LINE for each in between
    )


def _is_named(block: Block) -> bool:
    written = (block.element.get("class") or "")[:200]
    return _NAMED.search(_WORD_BORDER.sub("-", written).casefold()) is not None


def _has_alike(blocks: Sequence[Block], block: Block) -> bool:
    """Whether another element has the same class: several alike are cards of other articles."""
    own = block.element
    return any(
        each.element is not own and each.element.get("class") == own.get("class") for each in blocks
    )
