"""How two texts compare: what they share, and what stands in one where the other differs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from crawler.stories.text import body, sentences, shingles, words


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two told texts share, 0..1 each."""

    jaccard: float = 0.0  # of word trigrams
    containment: float = 0.0  # part of the shorter one that stands in the longer
    length_ratio: float = 0.0  # shorter by longer, in words


@dataclass(frozen=True, slots=True)
class Told:
    """A text ready to be compared."""

    paragraphs: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]  # their folded words
    tokens: tuple[str, ...]  # all of them
    grams: frozenset[str]  # their trigrams

    @property
    def length(self) -> int:
        """In words."""
        return len(self.tokens)


def read_told(text: str, boilerplate: Collection[str] = ()) -> Told:
    """The told part of ``text``; ``boilerplate`` as in ``text.body``."""
    paragraphs = tuple(body(text, boilerplate))
    parts = tuple(tuple(words(s)) for p in paragraphs for s in sentences(p))
    tokens = tuple(word for part in parts for word in part)
    return Told(paragraphs, parts, tokens, frozenset(shingles(tokens)))


@lru_cache(maxsize=2048)
def told(text: str) -> Told:
    """The told part of ``text``, kept for the next comparison."""
    return read_told(text)


def overlap(left: Told, right: Told) -> Overlap:
    """Shared word trigrams of two told texts."""
    if not left.grams or not right.grams:
        return Overlap()
    shared = len(left.grams & right.grams)
    small = min(len(left.grams), len(right.grams))
    every = len(left.grams) + len(right.grams) - shared
    lengths = sorted((left.length, right.length))
    return Overlap(shared / every, shared / small, lengths[0] / max(1, lengths[1]))
