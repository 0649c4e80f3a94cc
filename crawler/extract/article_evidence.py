"""What speaks for and against a block being part of an article's text, as numbers.

Which extractors took the block, where it stands relative to the paragraphs that most of them
took (the core), and what it looks like. ``article_text`` weighs these numbers.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extract.article_page import Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# The readers of a page; "statement" is the publisher's own articleBody.
READERS = ("fast", "precision", "readability", "justext", "container")
FEATURES = (
    *READERS,
    "unanimous",
    "agreed",
    "in_statement",
    "not_in_statement",
    "length",
    "short",
    "paragraph",
    "list_item",
    "heading",
    "cell",
    "quote",
    "links",
    "mostly_links",
    "furniture",
    "sentence",
    "between",
    "before",
    "after",
    "distance",
    "beside_core",
    "near_core",
    "unlike_core",
    "neighbours",
    "supported_heading",
    "heads_core",
    "cell_between",
    "item_between",
    "container_between",
    "lead",
    "above_title",
    "below_title",
    "under_link",
    "votes_outside",
    "repeated",
    "bias",
)
_CORE_CHARACTERS = 60
_CORE_VOTES = 3
_SHORT = 40
_LEAST_HEADLINE = 15
_FAR = 12
# Leads stand among the last blocks before the core.
_LEAD_BLOCKS = 8
# One character of these scripts says as much as about two and a half others.
_DENSE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENSITY = 1.5
_SENTENCE_END = re.compile(r"[.!?…。！？:;][\"'”’»)\]]{0,2}$")
_CELLS = frozenset({"td", "th", "dd", "dt", "figure", "figcaption"})
_DIRECT = frozenset({"div", "td", "article", "section", "main", "body", "center", "span"})
_VOTERS = ("fast", "precision", "readability", "container")


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


def evidence(
    blocks: Sequence[Block],
    votes: Mapping[str, set[int]],
    statement: set[int] | None = None,
    title: int | None = None,
) -> dict[int, tuple[float, ...]]:
    """The numbers, in the order of FEATURES, for every block that may belong to the text.

    ``votes`` are the blocks each of READERS took; ``statement`` those in the publisher's own
    text, None where it gives none; ``title`` is the index of the title's block. Empty where no
    reader found anything.
    """
    core = _core(blocks, votes)
    if core is None:
        return {}
    repeats = Counter(block.text for block in blocks if len(block.text) < 2 * _CORE_CHARACTERS)
    counts = _counts(blocks, votes)
    candidates = set().union(*votes.values(), statement or set()) & set(range(len(blocks)))
    candidates |= {block.index for block in blocks[core.first : core.last + 1]}
    return {
        index: _numbers(blocks, index, votes, statement, core, counts, repeats, title)
        for index in sorted(candidates)
    }


def _counts(blocks: Sequence[Block], votes: Mapping[str, set[int]]) -> list[int]:
    """How many of the four main readers took each block."""
    return [sum(block.index in votes[name] for name in _VOTERS) for block in blocks]


def _core(blocks: Sequence[Block], votes: Mapping[str, set[int]]) -> Core | None:
    counts = _counts(blocks, votes)
    for least in range(_CORE_VOTES, 0, -1):
        chosen = [
            block
            for block in blocks
            if counts[block.index] >= least
            and _length(block) >= (_CORE_CHARACTERS if least > 1 else 1)
            and not block.is_heading
        ]
        if chosen:
            return _described(chosen, _agreement(blocks, counts))
    return None


def _agreement(blocks: Sequence[Block], counts: Sequence[int]) -> float:
    taken = sum(_length(block) for block in blocks if counts[block.index])
    by_all = sum(_length(block) for block in blocks if counts[block.index] == len(_VOTERS))
    return max(0.0, 1.0 - 4 * (1.0 - by_all / taken)) if taken else 0.0


def _described(chosen: list[Block], agreement: float) -> Core:
    total = sum(map(_length, chosen))
    parents: Counter[HtmlElement] = Counter()
    grandparents: Counter[HtmlElement] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    for block in chosen:
        share = _length(block) / total
        parent, above = _places(block)
        kinds[_kind(block)] += share  # type: ignore[assignment]
        if parent is not None:
            parents[parent] += share  # type: ignore[assignment]
        if above is not None:
            grandparents[above] += share  # type: ignore[assignment]
    indexes = frozenset(block.index for block in chosen)
    return Core(indexes, min(indexes), max(indexes), parents, grandparents, kinds, agreement)


def _places(block: Block) -> tuple[HtmlElement | None, HtmlElement | None]:
    """The container a block's text stands in and the one around that."""
    element = block.element
    parent = element if block.tag in _DIRECT else element.getparent()
    return parent, None if parent is None else parent.getparent()


def _kind(block: Block) -> tuple[str, str]:
    return block.tag, (block.element.get("class") or "")[:80]


def _numbers(
    blocks: Sequence[Block],
    index: int,
    votes: Mapping[str, set[int]],
    statement: set[int] | None,
    core: Core,
    counts: Sequence[int],
    repeats: Mapping[str, int],
    title: int | None,
) -> tuple[float, ...]:
    block = blocks[index]
    length = _length(block)
    parent, above = _places(block)
    before, after = max(0, core.first - index), max(0, index - core.last)
    is_between = not before and not after
    near = [counts[at] for at in (index - 1, index + 1) if 0 <= at < len(blocks)]
    support = counts[index + 1] / 4 if block.is_heading and index + 1 < len(blocks) else 0.0
    return (
        *(float(index in votes[name]) for name in READERS),
        float(counts[index] == len(_VOTERS)),
        core.agreement * (counts[index] == len(_VOTERS)),
        float(statement is not None and index in statement),
        float(statement is not None and index not in statement),
        math.log1p(length) / 5,
        float(length < _SHORT),
        float(block.tag == "p"),
        float(block.tag == "li"),
        float(block.is_heading),
        float(block.tag in _CELLS),
        float(_in_quote(block)),
        block.link_density,
        float(block.link_density > 0.6),
        float(bool(block.furniture)),
        float(_SENTENCE_END.search(block.text) is not None),
        float(is_between),
        float(before > 0),
        float(after > 0),
        min(before + after, _FAR) / _FAR,
        core.parents.get(parent, 0.0) if parent is not None else 0.0,
        _share_near(core, parent, above),
        1.0 - core.kinds.get(_kind(block), 0.0),
        sum(near) / (4 * max(1, len(near))),
        support,
        float(block.is_heading and not core.indexes.isdisjoint((index + 1, index + 2))),
        float(block.tag in _CELLS and is_between and not block.link_characters),
        float(block.tag == "li" and is_between and block.link_density < 0.5),
        float(index in votes["container"] and is_between),
        float(_is_lead(blocks, block, core)),
        float(title is not None and index < title),
        _closeness(index, title),
        float(_is_under_link(blocks, block)),
        counts[index] / 4 if before or after else 0.0,
        float(repeats.get(block.text, 0) > 1),
        1.0,
    )


def _length(block: Block) -> float:
    """The block's length in characters of an alphabetic script."""
    return len(block.text) + _DENSITY * len(_DENSE.findall(block.text))


def _is_lead(blocks: Sequence[Block], block: Block, core: Core) -> bool:
    """Whether a paragraph stands between the title and the core."""
    if not max(0, core.first - _LEAD_BLOCKS) <= block.index < core.first:
        return False
    if _length(block) < _CORE_CHARACTERS or block.is_heading or block.furniture:
        return False
    before = blocks[max(0, block.index - _LEAD_BLOCKS) : block.index]
    return block.link_density < 0.3 and any(each.tag in {"h1", "h2"} for each in before)


def _closeness(index: int, title: int | None) -> float:
    """1 right below the title, falling to 0 within a hundred blocks; 0 above it."""
    if title is None or index <= title:
        return 0.0
    return max(0.0, 1.0 - math.log1p(index - title) / math.log(100))


def _is_under_link(blocks: Sequence[Block], block: Block) -> bool:
    """Whether a paragraph is the teaser of another page: the headline above it, or the line
    below it, is one link."""
    if block.is_heading or block.link_density > 0.5:
        return False
    above = blocks[block.index - 1] if block.index else None
    below = blocks[block.index + 1] if block.index + 1 < len(blocks) else None
    if above is not None and above.link_density > 0.8 and len(above.text) >= _LEAST_HEADLINE:
        return True
    return below is not None and below.link_density > 0.8 and len(below.text) < _SHORT


def _share_near(core: Core, parent: HtmlElement | None, above: HtmlElement | None) -> float:
    """The share of the core one level around or below the block's container."""
    shares = [
        core.grandparents.get(above, 0.0) if above is not None else 0.0,
        core.grandparents.get(parent, 0.0) if parent is not None else 0.0,
        core.parents.get(above, 0.0) if above is not None else 0.0,
    ]
    return max(shares)


def _in_quote(block: Block) -> bool:
    parent = block.element.getparent()
    return block.tag == "blockquote" or (parent is not None and parent.tag == "blockquote")
