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
from collections.abc import Iterator, Sequence

from crawler.topics.bytewise import Bytewise

# Letters that NFD does not take apart although readers write them without the stroke.
_STROKES = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_QUOTES = dict.fromkeys("’‘ʼ`´＇", "'")
_DIGRAPHS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
BORDERLESS = "\u1100"  # the first character of a script without borders between words
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
        if len(folded) == 1 and folded != ch:
            folded = _fold_character(folded)  # a superscript minus is a minus is a gap
        if len(self) < _CACHE_LIMIT:
            self[ch] = folded
        return folded


_TABLE = _FoldTable()
_BYTEWISE = Bytewise(_TABLE.__getitem__)


class FoldedText:
    """A text in folded form, and for each folded character the place it came from."""

    __slots__ = ("_places", "_shifts", "folded", "original")

    def __init__(
        self, original: str, folded: str, places: Sequence[int], shifts: Sequence[int]
    ) -> None:
        """From folded index ``places[i]`` on, ``shifts[i]`` leads back to the original."""
        self.original = original
        self.folded = folded
        self._places = places
        self._shifts = shifts

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the original that the folded range ``start:end`` came from."""
        places = self._places
        if not places:
            return start, end
        first = bisect_right(places, start) - 1
        last = bisect_right(places, end - 1) - 1
        return (
            start + self._shifts[first] if first >= 0 else start,
            end + self._shifts[last] if last >= 0 else end,
        )


def folded_text(text: str) -> FoldedText:
    """``text`` folded, with the map back to its own code points."""
    form = _BYTEWISE.folded(text) or _by_characters(text)
    if form is None:
        return _mapped(text, _clustered(text))
    flat, odd = form
    if odd or "  " in flat:
        return _pieced(text, flat, odd)
    return FoldedText(text, flat, (), ())


def _by_characters(text: str) -> tuple[str, Sequence[str]] | None:
    """As ``Bytewise.folded``, for any characters; None where several may stand for one."""
    flat = text.lower()
    if len(flat) != len(text) or _has_clusters(text):
        return None
    odd = []
    for ch in set(flat):
        folded_ch = _TABLE[ch]
        if len(folded_ch) != 1:
            odd.append(ch)
        elif folded_ch != ch:
            flat = flat.replace(ch, folded_ch)
    return flat, odd


def _has_clusters(text: str) -> bool:
    """Whether several characters may stand for one."""
    return not unicodedata.is_normalized("NFC", text) or "ﾞ" in text or "ﾟ" in text


def _spots(flat: str, odd: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the folded form is not as long as the original: gaps side by side, odd characters."""
    short = {" ", *odd}
    done, size = 0, len(flat)
    for place in sorted(place for sign in ("  ", *odd) for place in _places(flat, sign)):
        if place < done:
            continue
        first = place - 1 if place > done and flat[place - 1] == " " else place
        done = place + 1
        while done < size and flat[done] in short:
            done += 1
        yield first, done


def _places(flat: str, sign: str) -> Iterator[int]:
    place = flat.find(sign)
    while place >= 0:
        yield place
        place = flat.find(sign, place + len(sign))


def _pieced(text: str, flat: str, odd: Sequence[str]) -> FoldedText:
    """``flat``, which is as long as ``text``, with its odd spots folded in full."""
    pieces: list[str] = []
    places: list[int] = []
    shifts: list[int] = []
    done = size = 0  # of the original, of the folded form
    for first, last in _spots(flat, odd):
        parts = _one_gap([_TABLE[ch] for ch in flat[first:last]])
        pieces.append(flat[done:first])
        pieces += parts
        size = _turn(parts, first, size + first - done, places, shifts)
        done = last
    pieces.append(flat[done:])
    return FoldedText(text, "".join(pieces), places, shifts)


def _one_gap(parts: list[str]) -> list[str]:
    """The folded forms of neighbours, each run of gaps as one."""
    behind_gap = False
    for number, part in enumerate(parts):
        if part == " " and behind_gap:
            parts[number] = ""
        behind_gap = part == " " or (behind_gap and not part)
    return parts


def _turn(parts: Sequence[str], first: int, size: int, places: list[int], shifts: list[int]) -> int:
    """Note where characters grow or vanish; the size of the folded form behind them."""
    for offset, part in enumerate(parts, first):
        for _ in part:
            _note(size, offset - size, places, shifts)
            size += 1
    _note(size, first + len(parts) - size, places, shifts)
    return size


def _note(place: int, shift: int, places: list[int], shifts: list[int]) -> None:
    if shift != (shifts[-1] if shifts else 0):
        places.append(place)
        shifts.append(shift)


def _clustered(text: str) -> list[str]:
    """The folded form of each character where several may stand for one."""
    parts = list(map(_TABLE.__getitem__, text))
    for cluster in _CLUSTERS.finditer(text):
        first, last = cluster.span()
        parts[first:last] = [_fold_character_cluster(cluster[0]), *[""] * (last - first - 1)]
    return _one_gap(parts)


def _mapped(text: str, parts: Sequence[str]) -> FoldedText:
    places: list[int] = []
    shifts: list[int] = []
    _turn(parts, 0, 0, places, shifts)
    return FoldedText(text, "".join(parts), places, shifts)


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
    return ch >= BORDERLESS and (
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
    if left == " " or right == " " or not (left.isalnum() and right.isalnum()):
        return False
    if left < BORDERLESS and right < BORDERLESS:
        return True
    return not (is_wordless_script(left) or is_wordless_script(right))
