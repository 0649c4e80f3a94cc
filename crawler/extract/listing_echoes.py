"""Which item the words between two records belong to: a teaser repeats words of its title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.extract.listing_document import Document
from crawler.extract.listing_words import words

_MOST_RECORDS = 20
_TELLING_WORD = 6  # letters
_LONGEST = 600  # characters of a text that are read


def echoes_of(document: Document, roots: Sequence[int], gaps: Sequence[Sequence[int]]) -> int:
    """How many of a list's records, given by their ``roots``, have a word that the text beside them
    repeats; one that most of them have tells nothing."""
    titles = [_telling_words(document.text(root)) for root in roots[:_MOST_RECORDS]]
    usual = Counter(word for title in titles for word in title)
    return sum(
        any(word in said and 2 * usual[word] <= len(titles) for word in title)
        for title, gap in zip(titles, gaps, strict=False)
        if (said := _telling_words(" ".join(map(document.text, gap))))
    )


def _telling_words(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text[:_LONGEST]) if len(word) >= _TELLING_WORD)
