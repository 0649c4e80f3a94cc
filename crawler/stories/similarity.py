"""How two texts compare: what they share, and what stands in one where the other differs."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from crawler.stories.gazetteer import stopwords
from crawler.stories.text import body, sentences, trigrams, words_of_each

MIN_WORD, STEM = 5, 6  # letters
MIN_STEMS = 5  # that two texts share by more than chance
TOLD = 96  # texts that are kept ready, 90 kB for one of 3,000 characters
STEMMED = 384  # texts whose stems are, 15 kB each
SHINGLED = 1024  # texts whose trigrams are, 8 kB each with the text


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two told texts share, 0..1 each."""

    jaccard: float = 0.0  # of word trigrams
    containment: float = 0.0  # part of the shorter one that stands in the longer
    length_ratio: float = 0.0  # shorter by longer, in words


@dataclass(frozen=True, eq=False)
class Told:
    """A text ready to be compared; two are equal only where they are the same object."""

    paragraphs: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]  # their folded words
    tokens: tuple[str, ...]  # all of them

    @property
    def length(self) -> int:
        """In words."""
        return len(self.tokens)

    @cached_property
    def grams(self) -> frozenset[str]:
        """Their trigrams, which most texts that are read again are not asked for."""
        return trigrams(self.tokens)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Its words, each once."""
        return frozenset(self.tokens)

    @cached_property
    def unique(self) -> dict[str, int]:
        """Word → its place, for words that stand once, in their order."""
        counts = Counter(self.tokens)
        return {word: place for place, word in enumerate(self.tokens) if counts[word] == 1}


def read_told(text: str, boilerplate: Collection[int] = ()) -> Told:
    """The told part of ``text``; ``boilerplate`` as in ``text.body``."""
    paragraphs = tuple(body(text, boilerplate))
    parts = tuple(map(tuple, words_of_each([s for p in paragraphs for s in sentences(p)])))
    tokens = tuple(chain.from_iterable(parts))
    return Told(paragraphs, parts, tokens)


@lru_cache(maxsize=TOLD)
def told(text: str, left_out: frozenset[int] = frozenset()) -> Told:
    """The told part of ``text``, kept for the next comparison; ``left_out`` as in
    ``text.body``."""
    return read_told(text, left_out)


@dataclass(frozen=True, slots=True)
class Shingles:
    """The trigrams of a told text, small enough to be kept when the text is not."""

    hashes: array[int]  # of each trigram one, the same within this process alone
    length: int  # of the text, in words


@lru_cache(maxsize=SHINGLED)
def told_shingles(text: str, left_out: frozenset[int] = frozenset()) -> Shingles:
    """The ``Shingles`` of a told text, kept longer than the text."""
    kept = told(text, left_out)
    return Shingles(array("q", map(hash, kept.grams)), kept.length)


@lru_cache(maxsize=STEMMED)
def told_stems(text: str, left_out: frozenset[int] = frozenset()) -> frozenset[str]:
    """The ``stems`` of a told text, kept longer than the text."""
    return stems(told(text, left_out).tokens)


def stems(tokens: Iterable[str]) -> frozenset[str]:
    """The beginnings of the longer words among folded ``tokens``, which most inflected forms
    share."""
    long = {word for word in tokens if len(word) >= MIN_WORD} - stopwords()
    return frozenset([word[:STEM] for word in long if not word.isdigit()])


def vocabulary(left: frozenset[str], right: frozenset[str]) -> float:
    """The part of the smaller set of stems that stands in the other, 0..1; 0 where they share
    too few to tell."""
    shared = len(left & right)
    return shared / min(len(left), len(right)) if shared >= MIN_STEMS else 0.0


def overlap(left: Shingles, right: Shingles) -> Overlap:
    """Shared word trigrams of two told texts."""
    if not left.hashes or not right.hashes:
        return Overlap()
    shared = len(set(left.hashes).intersection(right.hashes))
    small = min(len(left.hashes), len(right.hashes))
    every = len(left.hashes) + len(right.hashes) - shared
    lengths = sorted((left.length, right.length))
    return Overlap(shared / every, shared / small, lengths[0] / max(1, lengths[1]))


def swaps(left: Told, right: Told) -> list[tuple[str, str]]:
    """The words that stand in each other's place and nowhere else in the other text.

    Patience diff (Cohen): the texts are pinned at words that are unique in both, in the
    longest run that keeps their order; what differs between two pins was exchanged where
    both sides have words, added or left out where one is empty. Linear but for a sort, and
    words of moved paragraphs, which stand elsewhere, are not reported.
    """
    if left.tokens == right.tokens:
        return []
    found = []
    before = (-1, -1)
    for pin in (*_pins(left, right), (left.length, right.length)):
        between = left.tokens[before[0] + 1 : pin[0]], right.tokens[before[1] + 1 : pin[1]]
        mine = [word for word in between[0] if word not in right.vocabulary]
        yours = [word for word in between[1] if word not in left.vocabulary]
        if mine and yours:
            found.append((" ".join(mine), " ".join(yours)))
        before = pin
    return found


def _pins(left: Told, right: Told) -> list[tuple[int, int]]:
    """Positions of words unique in both texts: their longest run that rises in both."""
    yours = right.unique
    pairs = [(place, yours[word]) for word, place in left.unique.items() if word in yours]
    tails: list[int] = []  # smallest right end of a run of each length
    ends: list[int] = []  # index of the pair that ends it
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        previous.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [index]
    run = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = previous[index]
    return run[::-1]
