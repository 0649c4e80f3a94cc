"""How two texts compare: what they share, and what stands in one where the other differs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from crawler.stories.text import body, paragraph_key, shingles, words


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
    keys: tuple[str, ...]
    grams: frozenset[str]
    length: int


@lru_cache(maxsize=2048)
def told(text: str) -> Told:
    """The told part of ``text``, kept for the next comparison."""
    paragraphs = tuple(body(text))
    tokens = [words(paragraph) for paragraph in paragraphs]
    flat = [word for part in tokens for word in part]
    keys = tuple(paragraph_key(p) for p in paragraphs)
    return Told(paragraphs, keys, frozenset(shingles(flat)), len(flat))


def overlap(left: Told, right: Told) -> Overlap:
    """Shared word trigrams of two told texts."""
    if not left.grams or not right.grams:
        return Overlap()
    shared = len(left.grams & right.grams)
    small = min(len(left.grams), len(right.grams))
    every = len(left.grams) + len(right.grams) - shared
    lengths = sorted((left.length, right.length))
    return Overlap(shared / every, shared / small, lengths[0] / max(1, lengths[1]))
