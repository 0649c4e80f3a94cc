"""Folding: the one form in which texts and terms are compared, and the way back.

Two spellings a reader takes for the same word fold to the same string: compatibility and
full-width forms (NFKC), case, accents of Latin letters, soft hyphens and zero-width
characters, every kind of hyphen and white space. The map keeps, for each folded character,
the place it came from, so that evidence can be quoted in the original to the code point.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

# Letters that NFD does not take apart although readers write them without the stroke.
_STROKES = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_QUOTES = dict.fromkeys("’‘ʼ`´＇", "'")
_DIGRAPHS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
_RUNS = re.compile(r"[\s\-‐-―−\u00ad\u200b-\u200f\u2060\ufeff]{2,}")
# A base character with what combines with it: marks, conjoining jamo, half-width voicing.
_CLUSTERS = re.compile(
    r"[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?|.[\u0300-\u036f\u3099\u309a\uff9e\uff9f]+",
    re.DOTALL,
)
_CACHE_LIMIT = 20_000  # distinct characters remembered; a hostile text cannot grow it further


def _fold_latin(text: str) -> str:
    """Folded without accents where the base is a Latin letter; other scripts keep theirs."""
    plain: list[str] = []
    for ch in unicodedata.normalize("NFD", text):
        if unicodedata.combining(ch) and (not plain or plain[-1] < "\u0250"):
            continue
        plain.append(ch)
    return unicodedata.normalize("NFC", "".join(plain)).translate(_STROKES)


def _fold_character(ch: str) -> str:
    """One character (or combining cluster) in its folded form; ``""`` when it does not count."""
    category = unicodedata.category(ch[0])
    if category == "Cf" or "\ufe00" <= ch <= "\ufe0f":
        return ""
    if category in {"Pd", "Zs", "Zl", "Zp", "Cc"} or ch == "−":
        return " "
    if ch in _QUOTES:
        return "'"
    return _fold_latin(unicodedata.normalize("NFKC", ch).casefold())


class _FoldTable(dict[str, str]):
    """Folded forms of single characters, computed once."""

    def __missing__(self, ch: str) -> str:
        folded = _fold_character(ch)
        if len(self) < _CACHE_LIMIT:
            self[ch] = folded
        return folded


_TABLE = _FoldTable()


class FoldedText:
    """A text in folded form, and for each folded character the place it came from."""

    __slots__ = ("_ends", "_parts", "folded", "original")

    def __init__(self, original: str, parts: list[str]) -> None:
        self.original = original
        self.folded = "".join(parts)
        same = len(self.folded) == len(original) and "" not in set(parts)
        self._parts = None if same else parts  # None: both forms have the same offsets
        self._ends: list[int] | None = None  # length of the folded form of original[: i + 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the original that the folded range ``start:end`` came from."""
        if self._parts is None:
            return start, end
        if self._ends is None:
            self._ends = list(accumulate(map(len, self._parts)))
        first = bisect_right(self._ends, start)
        return first, bisect_right(self._ends, end - 1, first) + 1


def folded_text(text: str) -> FoldedText:
    """``text`` folded, with the map back to its own code points."""
    parts = list(map(_TABLE.__getitem__, text))
    for run in _RUNS.finditer(text):
        first, last = run.span()
        gap = " " if any(parts[first:last]) else ""
        parts[first:last] = [gap, *[""] * (last - first - 1)]
    if not unicodedata.is_normalized("NFC", text) or "ﾞ" in text or "ﾟ" in text:
        for cluster in _CLUSTERS.finditer(text):
            first, last = cluster.span()
            parts[first:last] = [_fold_character_cluster(cluster[0]), *[""] * (last - first - 1)]
    return FoldedText(text, parts)


def _fold_character_cluster(cluster: str) -> str:
    composed = unicodedata.normalize("NFKC", cluster)
    return "".join(map(_TABLE.__getitem__, composed))


def folded(text: str) -> str:
    """The folded form alone, runs of white space as one space."""
    return folded_text(text).folded


def spelled_out(text: str) -> str:
    """Umlauts and Nordic letters written as two letters, as keyboards without them do."""
    return text.translate(_DIGRAPHS)


def is_wordless_script(ch: str) -> bool:
    """Whether ``ch`` belongs to a script without spaces between words or with glued particles.

    Han, kana and Hangul: there a term may begin and end inside a run of letters.
    """
    return ch >= "\u1100" and (
        "\u3040" <= ch <= "\u30ff"
        or "\u3400" <= ch <= "\u9fff"
        or "\uac00" <= ch <= "\ud7a3"
        or "\u1100" <= ch <= "\u11ff"
        or "\u3005" <= ch <= "\u3007"
        or "\uf900" <= ch <= "\ufaff"
        or ch >= "\U00020000"
    )


def joins(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word."""
    if not (left.isalnum() and right.isalnum()):
        return False
    if left < "\u1100" and right < "\u1100":
        return True
    return not (is_wordless_script(left) or is_wordless_script(right))
