"""Which blocks of a page are the article's text: evidence weighed by a small fitted model.

A logistic model over what ``article_evidence`` measures: which extractors took the block, where
it stands relative to what most of them took, and what it looks like. An oracle over single
extractors reaches more than any of them (article-extraction-benchmark, 2020-2025), and most of
that lies in single paragraphs, lists and headings, so blocks are chosen, not extractors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.extract.article_evidence import FEATURES, evidence
from crawler.extract.article_page import Block, Page
from crawler.extract.article_readings import votes
from crawler.extract.article_text_words import COMMENTS

_AGREED = FEATURES.index("agreed")
_NEARLY_ALL = 0.9
# Comments follow at least so many characters of text.
_SOME_TEXT = 200
# Fitted by ``bench/article_weights.py``, which prints this table: on the generated pages, the
# fixtures, and 55 real news pages of 2005-2023 labelled by hand, which are not ours to ship.
WEIGHTS: dict[str, float] = {
    "fast": 0.18,
    "precision": 1.29,
    "readability": -0.23,
    "justext": 0.77,
    "container": 1.41,
    "unanimous": 0.14,
    "agreed": 1.10,
    "in_statement": 0.60,
    "not_in_statement": -1.43,
    "length": 1.49,
    "short": 1.00,
    "paragraph": 1.32,
    "list_item": 1.46,
    "heading": -0.07,
    "cell": 1.11,
    "quote": 0.51,
    "links": -1.14,
    "mostly_links": -1.12,
    "furniture": -0.57,
    "sentence": 1.92,
    "between": 0.39,
    "before": -0.56,
    "after": 0.16,
    "distance": -0.57,
    "beside_core": 1.62,
    "near_core": 0.87,
    "unlike_core": 0.59,
    "neighbours": 1.78,
    "supported_heading": 0.24,
    "heads_core": 0.10,
    "cell_between": -0.30,
    "item_between": 1.80,
    "container_between": 1.90,
    "lead": 2.95,
    "above_title": -0.49,
    "below_title": 1.45,
    "under_link": -1.83,
    "votes_outside": -0.65,
    "repeated": -0.40,
    "bias": -10.18,
}


def text_blocks(
    page: Page, article_body: str = "", language: str = "", title: Block | None = None
) -> list[Block]:
    """The blocks of the article's text in page order.

    ``article_body`` is the publisher's own statement of the text (JSON-LD), "" where none;
    ``language`` (ISO 639-1) chooses jusText's stop words; ``title`` is the title's block.
    """
    rows = measured(page, article_body, language, title)
    return [page.blocks[index] for index, row in rows.items() if is_text(row)]


def measured(
    page: Page, article_body: str = "", language: str = "", title: Block | None = None
) -> dict[int, tuple[float, ...]]:
    """The evidence for every block that may be text, by its index; arguments as above. Readers'
    comments are no candidates; a page that shows nothing of a stated text has none at all."""
    taken = votes(page, article_body, language)
    if taken.statement is not None and not taken.statement:
        return {}
    place = title.index if title else None
    end = _end(page.blocks, taken.by_reader["fast"], place)
    by_reader = {
        name: {index for index in voted if index < end} for name, voted in taken.by_reader.items()
    }
    return evidence(page.blocks[:end], by_reader, taken.statement, place)


def _end(blocks: Sequence[Block], voted: set[int], title: int | None) -> int:
    """Index of the heading that opens the readers' comments, behind some of the text."""
    before = 0
    for block in blocks:
        is_below = title is None or block.index > title
        if is_below and before >= _SOME_TEXT and COMMENTS.match(block.text):
            return block.index
        before += len(block.text) if is_below and block.index in voted else 0
    return len(blocks)


def is_text(numbers: Sequence[float], weights: Mapping[str, float] = WEIGHTS) -> bool:
    """Whether a block with these numbers (in the order of FEATURES) is text: by its log odds, or
    where all readers agree on it and on nearly all else of the page."""
    odds = sum(weights[name] * number for name, number in zip(FEATURES, numbers, strict=True))
    return odds > 0 or numbers[_AGREED] >= _NEARLY_ALL
