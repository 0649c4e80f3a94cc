"""Which blocks of a page are the article's text: agreement of several extractors.

Each extractor reads the page its own way; its result is laid over the page's own blocks, and
each block collects votes. trafilatura's fast mode and our own container search vote first;
where they disagree, trafilatura's precision mode, readability and jusText are asked too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extract.article_container import container_blocks
from crawler.extract.article_layout import REASON
from crawler.extract.article_page import Block, Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORD = re.compile(r"\w+")
_SHINGLE = 4
_COVERED = 0.6
# Below this an extractor found no article.
_FEWEST_CHARACTERS = 200
_MAJORITY = 0.5
_FURNITURE_MAJORITY = 0.75
# A run of dropped blocks between chosen ones is filled in when it is this much of the text, and
# no more than this share of it is links.
_SHORT_RUN = 0.15
_LINKED_RUN = 0.3
# jusText takes quadratic time over short paragraphs; no article has so many.
_MANY_BLOCKS = 3_000
_PARAGRAPH = 60
# Above this overlap two extractors have read the same article.
_AGREEMENT = 0.97


@dataclass(frozen=True, slots=True)
class Reading:
    """What one extractor took for the text, ready to be compared with blocks."""

    name: str
    weight: float
    lines: frozenset[str]  # each line's words, joined
    shingles: frozenset[tuple[str, ...]]
    characters: int


def text_blocks(page: Page, article_body: str = "", language: str = "") -> list[Block]:
    """The blocks of the article's text in page order.

    ``article_body`` is the publisher's own statement of the text (JSON-LD), "" where none;
    ``language`` (ISO 639-1) chooses jusText's stop words.
    """
    words = [_WORD.findall(block.text) for block in page.blocks]
    fast = _reading("fast", 2.0, _trafilatura(page.root, fast=True))
    own = {block.index for block in container_blocks(page)}
    by_fast = _voted(page.blocks, words, fast)
    statement = _statement(article_body, fast.characters)
    if statement is None and _overlap(page.blocks, own, by_fast) >= _AGREEMENT:
        agreed = {index for index in by_fast if not page.blocks[index].furniture}
        return _filled(page.blocks, agreed, own)
    readings = [fast, *([statement] if statement else [])]
    if len(page.blocks) <= _MANY_BLOCKS:
        readings += _further_readings(page, language)
    votes = [(1.0, own)] if _characters(page.blocks, own) >= _FEWEST_CHARACTERS else []
    votes += [
        (reading.weight, by_fast if reading is fast else _voted(page.blocks, words, reading))
        for reading in readings
        if reading.characters >= _FEWEST_CHARACTERS
    ]
    chosen = _elected(page.blocks, votes) if votes else max(own, by_fast, key=len)
    return _filled(page.blocks, chosen, own)


def _statement(article_body: str, characters: int) -> Reading | None:
    """The publisher's own text as a reading; it weighs most where it is about as long as what
    was extracted, and nothing where it is a mere teaser."""
    if len(article_body) < max(2 * _FEWEST_CHARACTERS, 0.5 * characters):
        return None
    is_close = 0.7 * characters <= len(article_body) <= 1.4 * characters
    return _reading("statement", 3.0 if is_close else 1.5, article_body.split("\n"))


def _characters(blocks: list[Block], chosen: set[int]) -> int:
    return sum(len(blocks[index].text) for index in chosen)


def _elected(blocks: list[Block], votes: list[tuple[float, set[int]]]) -> set[int]:
    """Indexes of the blocks with half of the votes; furniture needs three quarters."""
    total = sum(weight for weight, _ in votes)
    chosen = set()
    for block in blocks:
        share = sum(weight for weight, voted in votes if block.index in voted) / total
        if share >= (_FURNITURE_MAJORITY if block.furniture else _MAJORITY):
            chosen.add(block.index)
    return chosen


def _filled(blocks: list[Block], chosen: set[int], own: set[int]) -> list[Block]:
    """The chosen blocks with the gaps between them closed: lists, headings and short runs of
    paragraphs that our own search sees inside the article and other extractors drop."""
    if not chosen:
        return []
    characters = _characters(blocks, chosen)
    filled = set(chosen)
    run: list[Block] = []
    for block in blocks[min(chosen) : max(chosen) + 1]:
        if block.index not in chosen:
            run.append(block)
            continue
        if run and _belongs(run, own, characters):
            filled.update(each.index for each in run if each.index in own)
        run = []
    return [blocks[index] for index in sorted(filled)]


def _belongs(run: list[Block], own: set[int], characters: int) -> bool:
    inside = [block for block in run if block.index in own]
    length = sum(len(block.text) for block in inside)
    links = sum(block.link_characters for block in inside)
    if not inside or links > _LINKED_RUN * length:
        return False
    if all(block.tag in {"li", "dd", "dt"} or block.is_heading for block in inside):
        return length <= characters
    return length <= _SHORT_RUN * characters


def _further_readings(page: Page, language: str) -> Iterable[Reading]:
    yield _reading("precision", 2.0, _trafilatura(page.root, favor_precision=True))
    yield _reading("readability", 1.0, _readability(page.root))
    yield _reading("justext", 1.0, _justext(page.root, language))


def _trafilatura(
    root: HtmlElement, *, fast: bool = False, favor_precision: bool = False
) -> list[str]:
    from trafilatura.core import bare_extraction

    def extract() -> list[str]:
        document = bare_extraction(
            root,
            fast=fast,
            favor_precision=favor_precision,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
        )
        body = getattr(document, "body", None)
        return _lines(body) if body is not None else []

    return _guarded(extract)


def _readability(root: HtmlElement) -> list[str]:
    from trafilatura.external import try_readability

    return _guarded(lambda: _lines(try_readability(deepcopy(root))))


def _justext(root: HtmlElement, language: str) -> list[str]:
    from trafilatura.baseline import basic_cleaning
    from trafilatura.external import try_justext

    return _guarded(
        lambda: _lines(try_justext(basic_cleaning(deepcopy(root)), None, language or None))
    )


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


def _reading(name: str, weight: float, lines: Iterable[str]) -> Reading:
    texts = list(lines)
    words = _WORD.findall(" ".join(texts))
    return Reading(
        name,
        weight,
        frozenset(" ".join(_WORD.findall(line)) for line in texts),
        frozenset(_shingles(words)),
        sum(map(len, texts)),
    )


def _shingles(words: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(_SHINGLE)), strict=False)


def _voted(blocks: list[Block], words: list[list[str]], reading: Reading) -> set[int]:
    """Indexes of the blocks that are in the reading, without the cells around an article:
    extractors cannot tell them from its own."""
    voted = set()
    for block, own in zip(blocks, words, strict=True):
        if block.furniture == REASON:
            continue
        if len(own) >= _SHINGLE:
            shingles = list(_shingles(own))
            covered = sum(shingle in reading.shingles for shingle in shingles)
            if covered >= _COVERED * len(shingles):
                voted.add(block.index)
        elif own and " ".join(own) in reading.lines:
            voted.add(block.index)
    return voted


def _overlap(blocks: list[Block], one: set[int], other: set[int]) -> float:
    """Jaccard overlap of two selections in characters, paragraphs only: lines such as dates
    and titles are judged later."""
    length = {
        index: len(blocks[index].text)
        for index in one | other
        if len(blocks[index].text) >= _PARAGRAPH
        and not blocks[index].is_heading
        and not blocks[index].furniture
    }
    shared = sum(length.get(index, 0) for index in one & other)
    return shared / sum(length.values()) if length else 0.0
