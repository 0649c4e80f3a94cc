"""The core of an article: the paragraphs that most extractors took, and where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.extract.article_page import Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# The readers of a page whose votes are counted.
READERS = ("fast", "precision", "readability", "container")
_CORE_CHARACTERS = 60
_CORE_VOTES = 3
# A container with so many times the core's characters holds sections that the readers missed.
_FAR_BEYOND = 2.0
_HARDLY_LINKED = 0.1
# One character of these scripts says as much as about two and a half others.
_DENSE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENSITY = 1.5
FULL_STOP = re.compile(r"[.!?…。！？][\"'”’»)\]]{0,2}$")
DIRECT = frozenset({"div", "td", "article", "section", "main", "body", "center", "span"})


@dataclass(frozen=True, slots=True)
class Core:
    """The paragraphs that most readers took, and where they stand."""

    indexes: frozenset[int]
    first: int
    last: int
    parents: Mapping[HtmlElement, float]  # share of the core's characters directly below
    grandparents: Mapping[HtmlElement, float]
    kinds: Mapping[tuple[str, str], float]  # share by tag and class
    agreement: float  # 0..1: how far the main readers took the same characters of the page


def core_of(
    blocks: Sequence[Block], counts: Sequence[int], contained: Collection[int] = ()
) -> Core | None:
    """The core by ``counts``, how many of READERS took each block; None where none took any.

    ``contained`` are the blocks of our own container: where the others took one section of it
    alone, all of it is the core.
    """
    for least in range(_CORE_VOTES, 0, -1):
        chosen = [
            block
            for block in blocks
            if counts[block.index] >= least
            and length(block) >= (_CORE_CHARACTERS if least > 1 else 1)
            and not block.is_heading
        ]
        if chosen:
            if contained:
                chosen = _widened(blocks, chosen, sorted(contained))
            core = _described(chosen, _agreement(blocks, counts))
            return replace(core, last=_last(blocks, counts, core.last))
    return None


def _widened(blocks: Sequence[Block], chosen: list[Block], contained: Sequence[int]) -> list[Block]:
    """The container's paragraphs where they go on far beyond the ``chosen`` ones, with hardly a
    link between them; else the chosen ones."""
    if not set(contained).issuperset(block.index for block in chosen):
        return chosen
    inside = [blocks[index] for index in contained]
    wider = [
        block for block in inside if length(block) >= _CORE_CHARACTERS and not block.is_heading
    ]
    if sum(map(length, wider)) < _FAR_BEYOND * sum(map(length, chosen)):
        return chosen
    run = blocks[min(contained) : max(contained) + 1]
    links, text = sum(block.link_characters for block in run), sum(map(length, run))
    return wider if links <= _HARDLY_LINKED * text else chosen


def _last(blocks: Sequence[Block], counts: Sequence[int], last: int) -> int:
    """Where the core ends: with the short sentences behind it that most readers took."""
    while (
        last + 1 < len(blocks)
        and counts[last + 1] >= _CORE_VOTES
        and FULL_STOP.search(blocks[last + 1].text)
        and not blocks[last + 1].link_characters
    ):
        last += 1
    return last


def length(block: Block) -> float:
    """The block's length in characters of an alphabetic script."""
    return len(block.text) + _DENSITY * len(_DENSE.findall(block.text))


def places(block: Block) -> tuple[HtmlElement | None, HtmlElement | None]:
    """The container a block's text stands in and the one around that."""
    element = block.element
    parent = element if block.tag in DIRECT else element.getparent()
    return parent, None if parent is None else parent.getparent()


def kind(block: Block) -> tuple[str, str]:
    """The block's tag and class."""
    return block.tag, (block.element.get("class") or "")[:80]


def _agreement(blocks: Sequence[Block], counts: Sequence[int]) -> float:
    taken = sum(length(block) for block in blocks if counts[block.index])
    by_all = sum(length(block) for block in blocks if counts[block.index] == len(READERS))
    return max(0.0, 1.0 - 4 * (1.0 - by_all / taken)) if taken else 0.0


def _described(chosen: list[Block], agreement: float) -> Core:
    total = sum(map(length, chosen))
    parents: Counter[HtmlElement] = Counter()
    grandparents: Counter[HtmlElement] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    for block in chosen:
        share = length(block) / total
        parent, above = places(block)
        kinds[kind(block)] += share  # type: ignore[assignment]
        if parent is not None:
            parents[parent] += share  # type: ignore[assignment]
        if above is not None:
            grandparents[above] += share  # type: ignore[assignment]
    indexes = frozenset(block.index for block in chosen)
    return Core(indexes, min(indexes), max(indexes), parents, grandparents, kinds, agreement)
