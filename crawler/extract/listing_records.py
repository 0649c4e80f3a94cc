"""Records: the block of a page that belongs to one item, grown from the item's link.

Links at the same place of the structure form a group; each link's block is the largest
one that holds no other link of its group, all blocks of a group equally high (after Liu,
Grossman and Zhai, "Mining data records in web pages", KDD 2003; we start from the links,
so that records need not be siblings). What stands between sibling blocks, a date or a
heading, belongs to the block before or after it, the same way throughout a group.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median_low

from crawler.extract.listing_document import HEADINGS, Document
from crawler.extract.listing_echoes import echoes_of
from crawler.extract.listing_links import Link, shape
from crawler.extract.listing_lone import adds_more
from crawler.extract.listing_text import date_like, find_date, has_heading, only_date
from crawler.extract.listing_words import vocabulary

_NEAR = 2  # levels above a link that must be alike
_MIN_ALIKE = 3
_REPEATED = 3  # times a text recurs in a list whose items have texts of their own
_LABEL = 20  # characters of such a text
_DATED = 90  # characters at the start of an element in which its date stands
_TOP = vocabulary("html body main form")
_WHOLE = vocabulary("article li tr dd")  # a single record is no larger than one of these
_MAX_GROUP = 1_000  # links; no page lists more
_MAX_LEVELS = 12
_MIN_ECHOES = 2  # records more on one side whose words tell which item they belong to


@dataclass(frozen=True, slots=True)
class Record:
    """One item's block: ``root`` and the sibling ``gap`` elements that belong to it."""

    link: Link
    root: int
    gap: tuple[int, ...] = ()  # node indices, before or after the root

    def spans(self, document: Document) -> list[range]:
        """Ranges of node indices, in document order."""
        roots = sorted((self.root, *self.gap))
        return [document.within(root) for root in roots]


def group_links(document: Document, links: Sequence[Link]) -> list[list[Link]]:
    """Links at the same place of the structure, groups in order of their first link."""
    groups: dict[int, list[Link]] = {}
    for link in links:
        groups.setdefault(link.signature, []).append(link)
    found = [
        _without_labels(document, _without_days(group[:_MAX_GROUP])) for group in groups.values()
    ]
    return found + _alike_apart(document, [group[0] for group in found if len(group) == 1])


def _alike_apart(document: Document, links: Sequence[Link]) -> list[list[Link]]:
    """Links that stand alone at their places and yet alike: the headings of cards whose columns
    have a class each."""
    groups: dict[tuple[str, ...], list[Link]] = {}
    for link in links[:_MAX_GROUP]:
        near = [document.nodes[link.node], *islice(document.ancestors(link.node), _NEAR)]
        if any(node.tag in HEADINGS for node in near):
            groups.setdefault(tuple(shape(node) for node in near), []).append(link)
    return [group for group in groups.values() if len(group) >= _MIN_ALIKE]


def _without_days(links: list[Link]) -> list[Link]:
    """Links without those whose words are a day and whose address others lead to in words: a day
    may link to a story above or below its own."""
    told = {link.key for link in links if not only_date(link.text)}
    return [link for link in links if link.key not in told or not only_date(link.text)]


def _without_labels(document: Document, links: list[Link]) -> list[Link]:
    """Links without those beside them that say "pdf" or "html" in every record.

    They go only where each stands beside one with words of its own: else "more" is all a
    record links.
    """
    counts = Counter(link.text for link in links)
    labels = {text for text, n in counts.items() if n >= _REPEATED and len(text) <= _LABEL}
    named = [link for link in links if link.text not in labels]
    if not labels or not named:
        return links
    beside = {document.nodes[link.node].parent for link in named}
    alone = any(
        document.nodes[link.node].parent not in beside for link in links if link.text in labels
    )
    return links if alone or len(beside) < _REPEATED else named


def grow_records(
    document: Document, links: Sequence[Link], barriers: Sequence[Link] = ()
) -> list[Record]:
    """The block of each link, links of one address once.

    ``barriers`` are links of other items, which no block may take in.
    """
    ordered = sorted(links, key=lambda link: link.node)
    others = sorted({*ordered, *barriers}, key=lambda link: link.node)
    nodes = [link.node for link in others]
    heights = [_height(document, link, others, nodes) for link in ordered]
    distinct = {link.key for link in ordered}
    common = median_low(heights) if len(distinct) > 1 else heights[0]
    roots: dict[str, tuple[Link, int]] = {}
    for link, height in zip(ordered, heights, strict=True):
        root = _climb(document, link.node, min(height, common))
        if link.key not in roots:
            roots[link.key] = (link, root)
    records = [Record(link, root) for link, root in roots.values()]
    return _with_gaps(document, records)


def _height(document: Document, link: Link, others: Sequence[Link], nodes: list[int]) -> int:
    """How many levels a link's block can grow before it takes in another item's link."""
    lonely = all(other.key == link.key for other in others)
    height = 0
    below = document.nodes[link.node]
    for parent in document.ancestors(link.node):
        if parent.tag in _TOP or height >= _MAX_LEVELS:
            break
        inside = range(bisect_left(nodes, parent.index), bisect_left(nodes, parent.end))
        if any(others[i].key != link.key for i in inside):
            break
        if lonely and adds_more(document, parent, below):
            break
        height += 1
        below = parent
        if lonely and parent.tag in _WHOLE:
            break
    return height


def _climb(document: Document, index: int, levels: int) -> int:
    for _ in range(levels):
        index = document.nodes[index].parent
    return index


def _with_gaps(document: Document, records: list[Record]) -> list[Record]:
    """Give each record the elements between it and its sibling records."""
    by_parent: dict[int, list[Record]] = {}
    for record in records:
        by_parent.setdefault(document.nodes[record.root].parent, []).append(record)
    result: dict[int, Record] = {}
    for parent, siblings in by_parent.items():
        for record in _share_gaps(document, parent, siblings):
            result[record.root] = record
    return [result.get(record.root, record) for record in records]


def _share_gaps(document: Document, parent: int, siblings: list[Record]) -> list[Record]:
    if parent < 0:
        return siblings
    children = document.children[parent]
    if len(siblings) < 2:
        return [_with_day(document, children, record) for record in siblings]
    places = {child: i for i, child in enumerate(children)}
    spots = [places[record.root] for record in siblings]
    between = [spots[i + 1] - spots[i] - 1 for i in range(len(spots) - 1)]
    usual = median_low(between)
    if usual == 0:
        return siblings
    before = [children[max(0, spot - usual) : spot] for spot in spots]
    before[1:] = [
        children[spots[i] + 1 : spots[i + 1]][-2 * usual :] for i in range(len(spots) - 1)
    ]
    after = [children[spots[i] + 1 : spots[i + 1]] for i in range(len(spots) - 1)]
    after.append(children[spots[-1] + 1 : spots[-1] + 1 + usual])
    kinds = {document.nodes[i].tag for gap in after[:-1] for i in gap}
    before[0], after[-1] = (
        [i for i in gap if document.nodes[i].tag in kinds] for gap in (before[0], after[-1])
    )
    before, after = (
        [
            [i for i in gap if i in leads or not _is_rival(document, i, siblings)]
            for gap, leads in zip(gaps, _leading(document, siblings, gaps), strict=True)
        ]
        for gaps in (before, after)
    )
    chosen = before if _belongs_before(document, siblings, before, after) else after
    return [
        Record(record.link, record.root, tuple(gap[: 3 * usual]))
        for record, gap in zip(siblings, chosen, strict=True)
    ]


def _with_day(document: Document, children: Sequence[int], record: Record) -> Record:
    """A record that is a mere heading with the line beside it that is nothing but its date."""
    if document.nodes[record.root].tag not in HEADINGS:
        return record
    place = bisect_left(children, record.root)
    beside = [*children[place + 1 : place + 2], *children[max(0, place - 1) : place]]
    days = [index for index in beside if only_date(document.text(index))]
    return Record(record.link, record.root, tuple(days[:1]))


def _is_rival(document: Document, index: int, siblings: list[Record]) -> bool:
    """Whether an element between records is a record of its own kind rather than a gap."""
    if document.nodes[index].tag != document.nodes[siblings[0].root].tag:
        return False
    if has_heading(document, siblings[0].root):
        return has_heading(document, index)
    usual = median_low(len(record.link.text) for record in siblings)
    return any(
        document.nodes[i].leads and len(document.text(i)) > 0.6 * usual
        for i in document.within(index)
    )


def _belongs_before(
    document: Document, siblings: list[Record], before: list[list[int]], after: list[list[int]]
) -> bool:
    """Whether the elements between records introduce the next one.

    Those that link to its item do. Else the first record's fore-part and the last one's
    rear-part tell: a date or heading that stands there, words that repeat their title's, or words
    where a record has no heading of its own, have no other record to belong to. Words alone
    before the list may be its introduction.
    """
    leading = [sum(map(bool, _leading(document, siblings, gaps))) for gaps in (before, after)]
    if leading[0] != leading[1]:
        return leading[0] > leading[1]
    ahead = _telling(document, before[0])
    behind = _telling(document, after[-1])
    if ahead != behind:
        return ahead > behind
    roots = [record.root for record in siblings]
    echoes = [echoes_of(document, roots, gaps) for gaps in (before, after)]
    if abs(echoes[0] - echoes[1]) >= _MIN_ECHOES:
        return echoes[0] > echoes[1]
    headed = any(has_heading(document, record.root) for record in siblings[:3])
    told = [any(map(document.text, gap)) for gap in (before[0], after[-1])]
    if told[0] != told[1] and not headed:
        return told[0] and _introduces(document, siblings, before)
    if any(document.nodes[i].tag == "dt" for gap in before for i in gap):
        return True  # a dt names the dd behind it
    return not headed and any(has_heading(document, index) for index in before[1])


def _introduces(document: Document, siblings: list[Record], before: list[list[int]]) -> bool:
    """Whether the words before the first record are of the make of those between records, and
    dated as they are; undated ones name links that say too little, and follow those with titles."""
    first, *others = ([i for i in gap if document.text(i)] for gap in before)
    if not any(other and _makes_alike(document, first[-1], other[-1]) for other in others):
        return False
    dated = [any(find_date(document.text(i)[:_DATED]) for i in gap) for gap in (first, *others)]
    if 2 * sum(dated[1:]) > len(others):
        return dated[0]
    return median_low(len(record.link.text) for record in siblings) <= _LABEL


def _makes_alike(document: Document, one: int, other: int) -> bool:
    return shape(document.nodes[one]) == shape(document.nodes[other])


def _leading(
    document: Document, siblings: list[Record], gaps: list[list[int]]
) -> list[frozenset[int]]:
    """Of each record's gap the elements that link to its item, as a row with the title does
    above one that ends in "more"."""
    return [
        frozenset(
            index
            for index in gap
            if any(document.nodes[i].attrs.get("href") == address for i in document.within(index))
        )
        for gap, address in (
            (gap, document.nodes[record.link.node].attrs.get("href"))
            for gap, record in zip(gaps, siblings, strict=True)
        )
    ]


def _telling(document: Document, gap: list[int]) -> int:
    return sum(date_like(document.text(i)) or has_heading(document, i) for i in gap)
