"""What several extractors take for a page's text, laid over the page's own blocks.

Each extractor reads the page its own way: trafilatura in its fast and its precision mode,
readability, our own container search, and the publisher's own statement of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from crawler.extract.article_container import container_blocks
from crawler.extract.article_layout import REASON
from crawler.extract.article_page import Block, Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Extractor

_WORD = re.compile(r"\w+")
_SHINGLE = 4
Shingle = tuple[str, ...]
_COVERED = 0.6
# Below this an extractor found no article.
_FEWEST_CHARACTERS = 200
# jusText, which trafilatura asks in doubt, takes quadratic time over short paragraphs; no article
# has so many.
_MANY_BLOCKS = 3_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What one extractor took for the text, ready to be compared with blocks."""

    lines: frozenset[tuple[str, ...]]  # the words of lines too short for a shingle
    shingles: frozenset[Shingle]


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of one block."""

    words: tuple[str, ...]
    shingles: tuple[Shingle, ...]


@dataclass(frozen=True, slots=True)
class Votes:
    """The indexes of the blocks that each reader took."""

    by_reader: Mapping[str, set[int]]
    # Of the publisher's statement; None where there is none, or a mere teaser.
    statement: set[int] | None


def votes(page: Page, article_body: str = "") -> Votes:
    """What every reader took.

    ``article_body`` is the publisher's own statement of the text (JSON-LD), "" where none.
    """
    told = [_told(block.text) for block in page.blocks]
    is_small = len(page.blocks) <= _MANY_BLOCKS

    def voted(lines: list[str]) -> set[int]:
        return _voted(page.blocks, told, _reading(lines))

    fast = voted(_trafilatura(page.root, fast=True))
    by_reader = {
        "fast": fast,
        "precision": voted(_trafilatura(page.root, favor_precision=True)) if is_small else fast,
        "readability": voted(_readability(page.root)) if is_small else set(),
        "container": {block.index for block in container_blocks(page)},
    }
    found = sum(len(page.blocks[index].text) for index in fast)
    is_stated = len(article_body) >= max(2 * _FEWEST_CHARACTERS, found / 2)
    statement = voted(article_body.split("\n")) if is_stated else None
    return Votes(by_reader, statement)


def _trafilatura(
    root: HtmlElement, *, fast: bool = False, favor_precision: bool = False
) -> list[str]:
    from trafilatura.core import bare_extraction

    def extract() -> list[str]:
        document = bare_extraction(root, options=_options(fast, favor_precision))
        body = getattr(document, "body", None)
        return _lines(body) if body is not None else []

    return _guarded(extract)


@cache
def _options(fast: bool, precision: bool) -> Extractor:
    """What trafilatura would read from its configuration anew for every page (0.2 ms)."""
    from trafilatura.settings import Extractor

    return Extractor(
        output_format="python", fast=fast, precision=precision, comments=False, tables=True
    )


def _readability(root: HtmlElement) -> list[str]:
    from trafilatura.external import try_readability

    return _guarded(lambda: _lines(try_readability(deepcopy(root))))


def _guarded(extract: Callable[[], list[str]]) -> list[str]:
    """An extractor's lines; one that fails on a page has no vote there."""
    try:
        return extract()
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError):
        return []


def _lines(tree: HtmlElement) -> list[str]:
    """Every text of an extractor's tree, in order; inline markup cuts lines, words stay whole."""
    lines: list[str] = []
    for element in tree.iter("*"):
        lines += [text for text in (element.text, element.tail) if text and text.strip()]
    return lines


def _told(text: str) -> _Told:
    words = tuple(_WORD.findall(text))
    return _Told(words, tuple(_shingles(words)))


def _reading(lines: Iterable[str]) -> Reading:
    words = [tuple(_WORD.findall(line)) for line in lines]
    return Reading(
        frozenset(line for line in words if len(line) < _SHINGLE),
        frozenset(_shingles([word for line in words for word in line])),
    )


def _shingles(words: Sequence[str]) -> Iterable[Shingle]:
    return zip(*(words[start:] for start in range(_SHINGLE)), strict=False)


def _voted(blocks: Sequence[Block], told: Sequence[_Told], reading: Reading) -> set[int]:
    """Indexes of the blocks that are in the reading, without the cells around an article:
    extractors cannot tell them from its own."""
    voted = set()
    for block, own in zip(blocks, told, strict=True):
        if block.furniture == REASON:
            continue
        if own.shingles:
            covered = sum(map(reading.shingles.__contains__, own.shingles))
            if covered >= _COVERED * len(own.shingles):
                voted.add(block.index)
        elif own.words and own.words in reading.lines:
            voted.add(block.index)
    return voted
