"""Which blocks of a page are the article's text: evidence weighed by a small fitted model.

A logistic model over what ``article_evidence`` measures: which extractors took the block, where
it stands relative to what most of them took, and what it looks like. An oracle over single
extractors reaches more than any of them (article-extraction-benchmark, 2020-2025), and most of
that lies in single paragraphs, lists and headings, so blocks are chosen, not extractors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from crawler.extract.article_evidence import FEATURES, evidence
from crawler.extract.article_page import Block, Page
from crawler.extract.article_posts import with_posts
from crawler.extract.article_readings import votes
from crawler.extract.article_text_words import BARE_ADDRESS, COMMENTS, MAY_BE_SECTION

_GENERAL = ("fast", "precision", "readability")
_MODES = tuple(map(FEATURES.index, ("fast", "precision")))
_CONTAINER, _AGREED, _UNSTATED, _SHORT, _SENTENCE, _LIST_ITEM = map(
    FEATURES.index, ("container", "agreed", "not_in_statement", "short", "sentence", "list_item")
)
_LINKS, _FURNITURE, _CELL_BETWEEN, _STANDFIRST = map(
    FEATURES.index, ("links", "furniture", "cell_between", "standfirst")
)
_READABILITY, _BEFORE, _BELOW_TITLE, _UNLIKE_CORE = map(
    FEATURES.index, ("readability", "before", "below_title", "unlike_core")
)
# Labels are text where the readers agree on this share of the page.
_NEARLY_ALL = 0.9
# All readers agree on captions of linked teasers too; a block with this share of links is no text
# on their word alone.
_LINKED = 0.3
# A text begins with paragraphs of the kind that holds so much of its core, in a box of their own.
_LIKE_MOST = 0.5
# Comments follow at least so many characters of text.
_SOME_TEXT = 200
# Below a heading called "Response" the text may go on: with at least this share of what was above.
_GOES_ON = 0.3
# Fitted by ``bench/article_weights.py``, which prints this table: on the generated pages, the
# fixtures, and 169 real news pages of 2005-2026 labelled by hand, which are not ours to ship.
WEIGHTS: dict[str, float] = {
    "fast": -0.44,
    "precision": 0.70,
    "readability": -0.56,
    "container": 1.15,
    "unanimous": -0.24,
    "agreed": 0.92,
    "in_statement": 0.95,
    "not_in_statement": -1.92,
    "length": 1.69,
    "short": 0.54,
    "paragraph": 0.89,
    "list_item": 1.19,
    "heading": 0.84,
    "cell": 0.40,
    "quote": 1.45,
    "links": -0.85,
    "mostly_links": -0.80,
    "furniture": -0.80,
    "sentence": 1.31,
    "repeated": -0.99,
    "between": 0.32,
    "before": -0.01,
    "after": -0.31,
    "distance": 0.23,
    "beside_core": 1.37,
    "near_core": 0.64,
    "unlike_core": -0.68,
    "cell_between": 1.09,
    "item_between": 1.52,
    "container_between": 1.88,
    "votes_outside": -0.27,
    "neighbours": 1.90,
    "supported_heading": -0.12,
    "heads_core": -0.23,
    "lead": 2.00,
    "under_link": -2.28,
    "goes_on": 0.15,
    "above_title": -0.27,
    "below_title": 1.83,
    "heading_between": 0.79,
    "bias": -7.11,
}


def text_blocks(page: Page, article_body: str = "", title: Block | None = None) -> list[Block]:
    """The blocks of the article's text in page order.

    ``article_body`` is the publisher's own statement of the text (JSON-LD), "" where none;
    ``title`` is the title's block.
    """
    rows = measured(page, article_body, title)
    chosen = [page.blocks[index] for index, row in rows.items() if is_text(row)]
    chosen = list(with_posts(chosen, page.blocks))
    return list(_with_addresses(chosen, page.blocks))


def before_comments(
    blocks: Sequence[Block], chosen: Sequence[Block], title: Block | None
) -> list[Block]:
    """Those of the chosen ``blocks`` that stand above the readers' comments."""
    end = _end(blocks, {block.index for block in chosen}, title.index if title else None)
    return [block for block in chosen if block.index < end]


def _with_addresses(chosen: Sequence[Block], blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, and the bare address that ends one's run of paragraphs: readers take it for a
    link of the page around it."""
    indexes = {block.index for block in chosen}
    for block in chosen:
        yield block
        if block.index + 1 in indexes or block.index + 1 >= len(blocks):
            continue
        after = blocks[block.index + 1]
        if BARE_ADDRESS.match(after.text) and _goes_on(block, after):
            yield after


def _goes_on(block: Block, after: Block) -> bool:
    same_place = block.element.getparent() is after.element.getparent()
    return same_place and block.tag == after.tag and not after.furniture


def measured(
    page: Page, article_body: str = "", title: Block | None = None
) -> dict[int, tuple[float, ...]]:
    """The evidence for every block that may be text, by its index; arguments as above. Readers'
    comments are no candidates; a page that shows nothing of a stated text has none at all."""
    taken = votes(page, article_body)
    if taken.statement is not None and not taken.statement:
        return {}
    place = title.index if title else None
    agreed = set.intersection(*(taken.by_reader[name] for name in _GENERAL))
    end = _end(page.blocks, taken.by_reader["fast"], place, agreed)
    by_reader = {
        name: {index for index in voted if index < end} for name, voted in taken.by_reader.items()
    }
    return evidence(page.blocks[:end], by_reader, taken.statement, place)


def _end(
    blocks: Sequence[Block],
    voted: Collection[int],
    title: int | None,
    agreed: Collection[int] = (),
) -> int:
    """Index of the heading that opens the readers' comments, behind some of the text; "Response"
    opens none where all general readers ``agreed`` that the text goes on below it."""
    before = 0
    rest = sum(len(block.text) for block in blocks if block.index in agreed)
    for block in blocks:
        is_below = title is None or block.index > title
        opens = is_below and before >= _SOME_TEXT and COMMENTS.match(block.text)
        if opens and (rest < _GOES_ON * before or not MAY_BE_SECTION.match(block.text)):
            return block.index
        rest -= len(block.text) if block.index in agreed else 0
        before += len(block.text) if is_below and block.index in voted else 0
    return len(blocks)


def is_text(numbers: Sequence[float], weights: Mapping[str, float] = WEIGHTS) -> bool:
    """Whether a block with these numbers (in the order of FEATURES) is text: as a standfirst, by
    its log odds, as a cell of a table that most readers took whole, or by agreement."""
    if numbers[_STANDFIRST]:
        return True
    odds = sum(
        weights.get(name, 0.0) * number for name, number in zip(FEATURES, numbers, strict=True)
    )
    if odds > 0:
        return True
    return not numbers[_FURNITURE] and bool(numbers[_CELL_BETWEEN] or _is_agreed(numbers))


def _is_agreed(numbers: Sequence[float]) -> bool:
    """Whether the general readers took the block, and the publisher's own statement does not
    leave it out. Readability need not take the sentences that a text begins with, our container
    none; labels need more."""
    if not all(numbers[mode] for mode in _MODES):
        return False
    if numbers[_UNSTATED] or numbers[_LINKS] >= _LINKED:
        return False
    is_sentence = numbers[_SENTENCE] and not numbers[_SHORT]
    if not numbers[_READABILITY]:
        return bool(is_sentence and _begins(numbers))
    is_label = numbers[_SHORT] and not (numbers[_SENTENCE] or numbers[_LIST_ITEM])
    is_told = not is_label or numbers[_AGREED] >= _NEARLY_ALL
    return bool(is_sentence or (numbers[_CONTAINER] and is_told))


def _begins(numbers: Sequence[float]) -> bool:
    """Whether a block stands between the title and the core, and looks like most of the core."""
    is_like = numbers[_UNLIKE_CORE] < _LIKE_MOST
    return bool(numbers[_BEFORE] and numbers[_BELOW_TITLE] and is_like)
