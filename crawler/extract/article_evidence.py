"""What speaks for and against a block being part of an article's text, as numbers.

Which extractors took the block, what it looks like, and where it stands relative to the
paragraphs that most of them took (the core). ``article_text`` weighs these numbers.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extract.article_core import (
    FULL_STOP,
    READERS,
    Core,
    core_of,
    kind,
    length,
    places,
)
from crawler.extract.article_opening import opening
from crawler.extract.article_page import Block
from crawler.extract.article_standfirst import is_standfirst

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAKEN = (*READERS, "unanimous", "agreed", "in_statement", "not_in_statement")
_LOOKS = (
    *("length", "short", "paragraph", "list_item", "heading", "cell", "quote"),
    *("links", "mostly_links", "furniture", "sentence", "repeated"),
)
_PLACE = (
    *("between", "before", "after", "distance", "beside_core", "near_core", "unlike_core"),
    *("cell_between", "item_between", "container_between", "votes_outside"),
)
_NEIGHBOURS = (
    *(
        "neighbours",
        "supported_heading",
        "heads_core",
        "lead",
        "standfirst",
        "under_link",
        "goes_on",
    ),
)
_TITLE = ("above_title", "below_title")
FEATURES = (*_TAKEN, *_LOOKS, *_PLACE, *_NEIGHBOURS, *_TITLE, "heading_between", "bias")
_SHORT = 40
_LEAST_HEADLINE = 15
_FAR = 12
_REPEATED = 120
_LINKED = 0.3
_RUN = 5
# A teaser and its link share a box so many steps up.
_BOXES = 2
# Leads stand among the last blocks before the core.
_LEAD_BLOCKS = 8
_LEAD_CHARACTERS = 60
_SENTENCE_END = re.compile(r"[.!?…。！？:;][\"'”’»)\]]{0,2}$")
_TABLES = frozenset({"table", "dl"})
_DATA = frozenset({"td", "th", "dd", "dt"})
_MOST_READERS = 3
_NEARLY_ALL = 0.8
_CELLS = frozenset({"td", "th", "dd", "dt", "figure", "figcaption"})


@dataclass(frozen=True, slots=True)
class _Scene:
    """One page's blocks and all that was found about them."""

    blocks: Sequence[Block]
    votes: Mapping[str, set[int]]  # the blocks each of READERS took
    statement: set[int] | None  # those in the publisher's own text; None: it gives none
    title: int | None  # index of the title's block
    counts: Sequence[int]  # how many of READERS took each block
    core: Core
    tables: frozenset[HtmlElement]  # those that most readers took whole
    repeats: Mapping[str, int]  # how often each shorter text stands on the page
    standfirst: frozenset[int]  # the sentences between the title and the core


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
    counts = [sum(block.index in votes[name] for name in READERS) for block in blocks]
    core = core_of(blocks, counts, votes["container"])
    if core is None:
        return {}
    repeats = Counter(block.text for block in blocks if len(block.text) < _REPEATED)
    tables = _taken_tables(blocks, counts)
    standfirst = _standfirst(blocks, title, core)
    scene = _Scene(blocks, votes, statement, title, counts, core, tables, repeats, standfirst)
    candidates = set().union(*votes.values(), statement or set()) & set(range(len(blocks)))
    candidates |= {block.index for block in blocks[core.first : core.last + 1]}
    candidates |= {block.index for block in _under_title(blocks, title, core)} | standfirst
    return {index: _numbers(scene, blocks[index]) for index in sorted(candidates)}


def _numbers(scene: _Scene, block: Block) -> tuple[float, ...]:
    return (
        *_taken(scene, block),
        *_looks(scene, block),
        *_place(scene, block),
        *_neighbours(scene, block),
        *_from_title(scene, block),
        float(_heads_between(scene, block)),
        1.0,
    )


def _taken(scene: _Scene, block: Block) -> tuple[float, ...]:
    """_TAKEN: who took the block."""
    by_all = scene.counts[block.index] == len(READERS)
    stated = scene.statement is not None and block.index in scene.statement
    unstated = scene.statement is not None and not stated and not _heads_stated(scene, block)
    return (
        *(float(block.index in scene.votes[name]) for name in READERS),
        float(by_all),
        scene.core.agreement * by_all,
        float(stated),
        float(unstated),
    )


def _heads_stated(scene: _Scene, block: Block) -> bool:
    """Whether a heading stands above a stated paragraph: statements leave headings out."""
    stated = scene.statement or set()
    return block.is_heading and not stated.isdisjoint((block.index + 1, block.index + 2))


def _looks(scene: _Scene, block: Block) -> tuple[float, ...]:
    """_LOOKS: what the block is by itself."""
    size = length(block)
    return (
        math.log1p(size) / 5,
        float(size < _SHORT),
        float(block.tag == "p"),
        float(block.tag == "li"),
        float(block.is_heading),
        float(block.tag in _CELLS),
        float(_in_quote(block)),
        block.link_density,
        float(block.link_density > 0.6),
        float(bool(block.furniture)),
        float(_SENTENCE_END.search(block.text) is not None),
        float(scene.repeats.get(block.text, 0) > 1),
    )


def _place(scene: _Scene, block: Block) -> tuple[float, ...]:
    """_PLACE: where the block stands relative to the core."""
    core, index = scene.core, block.index
    parent, above = places(block)
    before, after = max(0, core.first - index), max(0, index - core.last)
    is_between = not before and not after
    return (
        float(is_between),
        float(before > 0),
        float(after > 0),
        min(before + after, _FAR) / _FAR,
        core.parents.get(parent, 0.0) if parent is not None else 0.0,
        _share_near(core, parent, above),
        1.0 - core.kinds.get(kind(block), 0.0),
        float(is_between and not block.link_characters and _table(block) in scene.tables),
        float(block.tag == "li" and is_between and block.link_density < 0.5),
        float(index in scene.votes["container"] and is_between),
        0.0 if is_between else scene.counts[index] / len(READERS),
    )


def _taken_tables(blocks: Sequence[Block], counts: Sequence[int]) -> frozenset[HtmlElement]:
    """The tables and definition lists nearly all of whose cells most readers took."""
    cells: Counter[HtmlElement] = Counter()
    taken: Counter[HtmlElement] = Counter()
    for block in blocks:
        if (table := _table(block)) is not None:
            cells[table] += 1
            taken[table] += counts[block.index] >= _MOST_READERS
    return frozenset(table for table in cells if taken[table] >= _NEARLY_ALL * cells[table])


def _table(block: Block) -> HtmlElement | None:
    """The table or definition list whose cell a block is."""
    if block.tag not in _DATA:
        return None
    return next((each for each in block.element.iterancestors() if each.tag in _TABLES), None)


def _neighbours(scene: _Scene, block: Block) -> tuple[float, ...]:
    """_NEIGHBOURS: what stands beside the block."""
    blocks, counts, index = scene.blocks, scene.counts, block.index
    near = [counts[at] for at in (index - 1, index + 1) if 0 <= at < len(blocks)]
    is_followed = block.is_heading and index + 1 < len(blocks)
    heads_core = not scene.core.indexes.isdisjoint((index + 1, index + 2))
    return (
        sum(near) / (len(READERS) * max(1, len(near))),
        counts[index + 1] / len(READERS) if is_followed else 0.0,
        float(block.is_heading and heads_core),
        float(_is_lead(blocks, block, scene.core)),
        float(index in scene.standfirst),
        float(counts[index] < len(READERS) and _is_under_link(scene, block)),
        float(_goes_on(scene, block)),
    )


def _from_title(scene: _Scene, block: Block) -> tuple[float, ...]:
    """_TITLE: above the title, or how close below it: 1 right there, 0 a hundred blocks on."""
    if scene.title is None or block.index == scene.title:
        return 0.0, 0.0
    if block.index < scene.title:
        return 1.0, 0.0
    return 0.0, max(0.0, 1.0 - math.log1p(block.index - scene.title) / math.log(100))


def _heads_between(scene: _Scene, block: Block) -> bool:
    """Whether a heading that some readers took stands between paragraphs of the core."""
    core, index = scene.core, block.index
    if not block.is_heading or not core.first <= index <= core.last:
        return False
    heads_core = not core.indexes.isdisjoint((index + 1, index + 2))
    return heads_core and scene.counts[index] > 1 and block.link_density <= _LINKED


def _under_title(blocks: Sequence[Block], title: int | None, core: Core) -> Iterator[Block]:
    """Sentences between the title and the core: the standfirst is no reader's."""
    if title is None or not 0 < core.first - title <= _LEAD_BLOCKS + 1:
        return
    for block in blocks[title + 1 : core.first]:
        if length(block) >= _SHORT and not block.furniture and block.link_density < _LINKED:
            yield block


def _is_lead(blocks: Sequence[Block], block: Block, core: Core) -> bool:
    """Whether a paragraph stands between the title and the core."""
    if not max(0, core.first - _LEAD_BLOCKS) <= block.index < core.first:
        return False
    if length(block) < _LEAD_CHARACTERS or block.is_heading or block.furniture:
        return False
    before = blocks[max(0, block.index - _LEAD_BLOCKS) : block.index]
    return block.link_density < 0.3 and any(each.tag in {"h1", "h2"} for each in before)


def _standfirst(blocks: Sequence[Block], title: int | None, core: Core) -> frozenset[int]:
    below = blocks[0 if title is None else title + 1 : core.first + 1]
    named = (each.index for each in below if is_standfirst(blocks, each, title, core.first))
    return opening(blocks, title, core).union(named)


def _is_under_link(scene: _Scene, block: Block) -> bool:
    """Whether a paragraph is the teaser of another page: the headline above it, or the line
    below it, is one link; amid the core, a link in the same box."""
    if block.is_heading or block.link_density > 0.5:
        return False
    blocks, index = scene.blocks, block.index
    is_amid = scene.core.first <= index <= scene.core.last

    def leads_away(beside: Block) -> bool:
        return beside.link_density > 0.8 and (not is_amid or _in_one_box(beside, block))

    above = blocks[index - 1] if index else None
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    if above is not None and len(above.text) >= _LEAST_HEADLINE and leads_away(above):
        return True
    return below is not None and len(below.text) < _SHORT and leads_away(below)


def _in_one_box(one: Block, other: Block) -> bool:
    boxes = set(islice(one.element.iterancestors(), _BOXES))
    return not boxes.isdisjoint(islice(other.element.iterancestors(), _BOXES))


def _goes_on(scene: _Scene, block: Block) -> bool:
    """Whether a sentence goes on like the core's last paragraph: of the same kind, in the same
    container, with nothing else between them."""
    if block.index <= scene.core.last or block.link_density > _LINKED or block.furniture:
        return False
    if not FULL_STOP.search(block.text):
        return False
    last = scene.blocks[scene.core.last]
    run = scene.blocks[scene.core.last : block.index + 1]
    return len(run) <= _RUN and all(
        kind(each) == kind(last) and each.element.getparent() is last.element.getparent()
        for each in run
    )


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
