"""What is stored of a text so that its tellings are found again among millions."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from crawler.stories.anchors import Anchor, anchors
from crawler.stories.similarity import told, told_shingles
from crawler.stories.text import digests64, edge_keys, words

PERMUTATIONS = 64
ROWS = 4  # per band: 16 bands find a Jaccard similarity of 0.5 in two of three cases
SEED = 20_261_121  # fixed for ever: another seed makes every stored sketch worthless
MAX_SENTENCES = 12
MIN_SENTENCE_WORDS = 6
KEYED = frozenset(("date", "year", "edition"))  # the kinds that vetoes look at
_NOTHING: frozenset[str] = frozenset()
_PLACES = [f"band{row}:" for row in range(0, PERMUTATIONS, ROWS)]
_LANE = 32  # bits of a value
_HIGHEST = sum(1 << (_LANE * lane + _LANE - 1) for lane in range(PERMUTATIONS))
_LOWER = _HIGHEST - (_HIGHEST >> (_LANE - 1))  # every other bit of each lane


@dataclass(frozen=True)
class Fingerprint:
    """The comparable parts of one item.

    Two items are worth comparing when they share a band value or rare anchors.
    """

    bands: tuple[int, ...]  # signed 64 bit: hashed MinHash bands, then hashed sentences
    sketch: bytes  # MinHash over word trigrams, PERMUTATIONS little-endian 32-bit values
    length: int  # words of the told text
    content_hash: str  # 32 hex digits over the told words, title apart; "" without text
    title_hash: str  # 32 hex digits over the title's words; "" without title
    anchors: tuple[Anchor, ...]  # those of the title first
    titled: int = 0  # how many of them stand in the title
    left_out: frozenset[int] = frozenset()  # sentences of the text that its source repeats

    @cached_property
    def anchor_set(self) -> frozenset[Anchor]:
        """The anchors as a set, made once."""
        return frozenset(self.anchors)

    @cached_property
    def minima(self) -> int:
        """The sketch's values side by side in one number, each in a lane of 32 bits."""
        return int.from_bytes(self.sketch, "little")

    @cached_property
    def title_set(self) -> frozenset[Anchor]:
        """The anchors of the title."""
        return frozenset(self.anchors[: self.titled])

    @cached_property
    def dates(self) -> frozenset[str]:
        """The days of the year that the item names, as ``keys`` gives them."""
        return self.keys("date")

    @cached_property
    def _by_kind(self) -> dict[tuple[str, bool], frozenset[str]]:
        kinds: dict[tuple[str, bool], set[str]] = {}
        for position, (kind, key) in enumerate(self.anchors):
            if kind in KEYED:
                kinds.setdefault((kind, False), set()).add(key)
                if position < self.titled:
                    kinds.setdefault((kind, True), set()).add(key)
        return {kind: frozenset(keys) for kind, keys in kinds.items()}

    def keys(self, kind: str, *, in_title: bool = False) -> frozenset[str]:
        """The keys of one KEYED kind of anchor, of the whole item or of its title."""
        return self._by_kind.get((kind, in_title), _NOTHING)


def fingerprint(
    title: str,
    text: str,
    *,
    language: str = "",
    url: str = "",
    source_boilerplate: Collection[int] = (),
) -> Fingerprint:
    """Fingerprint of an item; ``source_boilerplate`` as in ``text.body``.

    MinHash after Broder (1997), banded after Leskovec et al., "Mining of Massive Datasets",
    chapter 3. Whole sentences are bands too: excerpts keep those when their Jaccard
    similarity with the original is far below what the bands find. ``url`` is not used yet:
    its identity is ``crawler.urls.url_key``.
    """
    repeated = frozenset(source_boilerplate)
    left_out = repeated.intersection(edge_keys(text)) if repeated else repeated
    kept = told(text, left_out)
    sketch = _minhash(kept.grams)
    told_shingles(text, left_out)  # while its trigrams are at hand: it will be compared
    titled = anchors(title, language)
    return Fingerprint(
        bands=(*_bands(sketch), *_sentence_hashes(kept.sentences)),
        sketch=sketch,
        length=kept.length,
        content_hash=_digest(kept.tokens),
        title_hash=title_hash(title),
        anchors=tuple(dict.fromkeys((*titled, *anchors("\n".join(kept.paragraphs), language)))),
        titled=len(titled),
        left_out=left_out,
    )


def title_hash(title: str) -> str:
    """32 hex digits over a title's folded words; "" without any."""
    return _digest(words(title))


def common_minima(left: Fingerprint, right: Fingerprint) -> int:
    """How many values two sketches share at the same place; texts with nothing in common: 0.

    All lanes are compared at once: adding carries into a lane's highest bit wherever its lower
    bits differ (Warren, "Hacker's Delight", chapter 6).
    """
    if not left.sketch or not right.sketch:
        return 0
    differ = left.minima ^ right.minima
    return PERMUTATIONS - ((((differ & _LOWER) + _LOWER) | differ) & _HIGHEST).bit_count()


def jaccard(left: Fingerprint, right: Fingerprint) -> float:
    """Estimated share of common trigrams (standard error about 0.06); 0 without text."""
    return common_minima(left, right) / PERMUTATIONS


def _minhash(grams: Collection[str]) -> bytes:
    if not grams:
        return b""
    from rensa import RMinHash

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list(grams))
    return array("I", sketch.digest()).tobytes()


def _bands(sketch: bytes) -> tuple[int, ...]:
    """One hash per band; its position is hashed in, so that bands need no column."""
    told, width = sketch.hex(), 2 * ROWS * _LANE // 8
    bands = zip(_PLACES, range(0, len(told), width), strict=False)
    return digests64([f"{place}{told[at : at + width]}" for place, at in bands])


def _sentence_hashes(sentences: Sequence[Sequence[str]]) -> tuple[int, ...]:
    long = ["sentence:" + " ".join(s) for s in sentences if len(s) >= MIN_SENTENCE_WORDS]
    return digests64(list(dict.fromkeys(long))[:MAX_SENTENCES])


def _digest(tokens: Sequence[str]) -> str:
    return sha256(" ".join(tokens).encode()).hexdigest()[:32] if tokens else ""
