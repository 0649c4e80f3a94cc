"""The chosen blocks as clean paragraphs: what templates add around and between them goes."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice, pairwise

from crawler.extract.article_byline import is_byline
from crawler.extract.article_contacts import without_contacts
from crawler.extract.article_dates_words import MODIFIED_LABEL, PUBLISHED_LABEL
from crawler.extract.article_page import Block
from crawler.extract.article_posts import is_post
from crawler.extract.article_text_words import (
    BARE_ADDRESS,
    BYLINE,
    CAPTION,
    CREDITED,
    END_OF_ARTICLE,
    FURNITURE_LINE,
)
from crawler.extract.dates_grammar import readings

_WORD = re.compile(r"\w+")
# Between the first and the last day of an event.
_SPAN = re.compile(r"^\s{0,2}(?:[-–—~～]|to|until|till?|bis|au|al|do|tot|à)\s{0,2}$", re.IGNORECASE)
_MAX_FURNITURE_LINE = 160
# Prose are blocks of this length; this share of it may follow the end of an article.
_PROSE = 100
_REST = 0.15
# Old pages print title and date in one line: so many words beside the title.
_BESIDE_TITLE = 8
# Repeated paragraphs are longer than this; their first words tell which may be the same.
_LONG = 60
_OPENING_WORDS = 3
# Bylines stand among the first blocks.
_HEAD_BLOCKS = 4
# A whole sentence that is one link leads to another article.
_ALL_LINK = 0.95
_SENTENCE = 25


def clean_text(blocks: list[Block], title: str, heading: Block | None) -> str:
    """The blocks as paragraphs separated by "\\n\\n", list items starting with "- ".

    Left out: the title repeated, bylines, date lines, captions, share bars, consent texts, and
    everything from a heading such as "Related articles" on.
    """
    wanted = _words(title)
    kept = [
        block
        for block in _until_end(_from_title(blocks, heading))
        if not _is_title(block, title, wanted) and not _is_template(block)
    ]
    kept = [
        block
        for position, block in enumerate(kept)
        if position >= _HEAD_BLOCKS or not _is_byline(block)
    ]
    kept = _without_bare_headings(without_contacts(_without_stragglers(_without_repeats(kept))))
    return "\n\n".join(_line(block) for block in kept)


def _line(block: Block) -> str:
    inside = block.tag == "li" or any(
        ancestor.tag == "li" for ancestor in list(block.element.iterancestors())[:2]
    )
    return f"- {block.text.lstrip('-•·* ')}" if inside else block.text


def _from_title(blocks: list[Block], heading: Block | None) -> list[Block]:
    """Without what stands before the title, unless that is most of the text (a heading below)."""
    if heading is None:
        return blocks
    after = [block for block in blocks if block.index >= heading.index]
    before = sum(len(block.text) for block in blocks if block.index < heading.index)
    return after if before < 0.4 * sum(len(block.text) for block in blocks) else blocks


def _until_end(blocks: list[Block]) -> list[Block]:
    """Up to a heading that opens what follows articles, unless the article goes on after it."""
    prose = [len(block.text) if _is_prose(block) else 0 for block in blocks]
    total, seen = sum(prose), 0
    for position, block in enumerate(blocks):
        if END_OF_ARTICLE.match(block.text) and total - seen <= _REST * total < seen:
            return blocks[:position]
        seen += prose[position]
    return blocks


def _is_prose(block: Block) -> bool:
    return len(block.text) >= _PROSE and block.link_density < 0.5


def _is_title(block: Block, title: str, wanted: list[str]) -> bool:
    """Whether a block repeats the ``title``, whose words are ``wanted``."""
    if not title or _first_words(block.text, 1) != wanted[:1]:
        return False
    own = _first_words(block.text, len(wanted) + _BESIDE_TITLE + 1)
    if own[: len(wanted)] != wanted:
        return False
    return len(own) == len(wanted) or (
        len(own) <= len(wanted) + _BESIDE_TITLE and _is_date_line(block.text[len(title) :])
    )


def _is_template(block: Block) -> bool:
    """Whether a block is a date line, caption, share bar or the like."""
    if is_post(block):
        return False
    # Text that stands in a figure itself is its credit; its tables and quotes are blocks below.
    if block.furniture in {"figcaption", "caption", "hidden"} or block.tag == "figure":
        return True
    text = block.text
    is_link = block.link_density >= _ALL_LINK and not block.is_heading
    if is_link and len(text) >= _SENTENCE and not BARE_ADDRESS.match(text):
        return True
    if len(text) > _MAX_FURNITURE_LINE:
        return False
    if FURNITURE_LINE.match(text) or CAPTION.match(text) or END_OF_ARTICLE.match(text):
        return True
    if CREDITED.match(text):
        return True
    return _is_date_line(text)


def _is_byline(block: Block) -> bool:
    if BYLINE.match(block.text):
        return True
    return not block.is_heading and block.tag != "li" and is_byline(block.text)


def _is_date_line(text: str) -> bool:
    """A line that says nothing besides a date: a label, or at most two further words. From one
    day to another something takes place."""
    if len(text) > 100:
        return False
    found = readings(text)
    if not found:
        return False
    before = text[: found[0].start]
    if len(before) < 40 and (PUBLISHED_LABEL.search(before) or MODIFIED_LABEL.search(before)):
        return True
    if any(_SPAN.match(text[one.end : two.start]) for one, two in pairwise(found)):
        return False
    rest = text
    for reading in reversed(found):
        rest = rest[: reading.start] + rest[reading.end :]
    return len(_WORD.findall(rest)) <= 2


def _without_repeats(blocks: list[Block]) -> list[Block]:
    """Longer paragraphs once: templates print teasers and mobile copies twice."""
    alike: defaultdict[tuple[str, ...], list[Block]] = defaultdict(list)
    for block in blocks:
        alike[tuple(_first_words(block.text, _OPENING_WORDS))].append(block)
    seen: set[str] = set()
    repeats = set()
    for block in (block for same in alike.values() if len(same) > 1 for block in same):
        key = " ".join(_words(block.text))
        if len(key) > _LONG and key in seen:
            repeats.add(block.index)
        seen.add(key)
    return [block for block in blocks if block.index not in repeats]


def _without_stragglers(blocks: list[Block]) -> list[Block]:
    """Without short lines that stand apart from the article, behind what was left out."""
    while len(blocks) > 1 and _is_apart(blocks[-1], blocks[-2]):
        blocks = blocks[:-1]
    return blocks


def _is_apart(block: Block, before: Block) -> bool:
    is_sentence = block.text.endswith((".", "!", "?", "“", "”", '"', "»", "。"))
    return block.index - before.index > 3 and len(block.text) < 80 and not is_sentence


def _without_bare_headings(blocks: list[Block]) -> list[Block]:
    """Without headings at the end that head nothing."""
    while blocks and blocks[-1].is_heading:
        blocks = blocks[:-1]
    return blocks


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _first_words(text: str, count: int) -> list[str]:
    return [word[0] for word in islice(_WORD.finditer(text.casefold()), count)]
