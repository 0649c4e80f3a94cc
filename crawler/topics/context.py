"""Context: how much a find means where it stands in its sentence.

A topic that is one entry of an enumeration, an example, or a stage of somebody's career is
named, not told about. The factors are multiplied into the weight of the find.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from crawler.topics.layout import Layout

LISTED = 0.55  # one short entry among others
CROWDED = 0.4  # one of many
PAIRED = 0.85  # one of two
EXAMPLE = 0.6  # behind "such as", "etwa", "par exemple" …
ASIDE = 0.85  # in a sentence that adds something to the main thing
CAREER = 0.4  # in a sentence about where a person worked or studied before
MENTION = 0.5  # in a sentence that says that something occurs in a glossary or an appendix
AGENDA = 0.7  # one of at least three points behind a colon, however long
ROSTER = 0.6  # in a sentence that counts up members or exhibitors
_SHORT = 4  # words an entry of an enumeration has at most
_CROWD = 3  # separators in the sentence from which an enumeration is long
_POINTS = 3
_REACH = 45  # characters behind an example word that are its examples
_WIDE_WORD = 2
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_NAMED = re.compile(r"\w")  # a full stop behind the last entry is no word of it
_CLAUSE = "，"  # parts clauses where another comma parts the entries of an enumeration
_MARKS = r"[,;、，；·\n]\s*[-•*·]?\s*"


@cache
def cues() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The cue words by kind (``example``, ``aside``, ``career``, ``mention``, …) and language."""
    text = resources.files("crawler.topics").joinpath("cues.toml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(text)
    return table


@cache
def _separators(language: str) -> re.Pattern[str]:
    """What stands between two entries of an enumeration in that language."""
    words = cues()["joining"].get(language, ("and", "or", "und", "oder", "og", "och"))
    joined = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if language in {"ja", "zh"}:  # the enumeration comma; a plain one parts clauses
        return re.compile(f"[、・;；\\n]|{joined}")
    glued = "|(?<=[가-힣])[와과] " if language == "ko" else ""
    return re.compile(rf"{_MARKS}(?:(?:{joined})\s+)?|\s(?:{joined}|[/&+])\s+{glued}")


class Context:
    """The sentences of one title or text, read when first asked for."""

    def __init__(
        self,
        layout: Layout,
        language: str,
        examples: Sequence[int],
        words: Mapping[float, Sequence[int]],
    ) -> None:
        self._layout = layout
        self._separator = _separators(language)
        self._examples = examples  # ends of the words that announce an example
        # What the sentences that have one of the words count.
        self._lowered: dict[int, float] = {}
        for factor, starts in words.items():
            for number in {layout.sentence(start) for start in starts}:
                self._lowered[number] = self._lowered.get(number, 1.0) * factor
        self._cuts: dict[int, list[tuple[int, int]]] = {}

    def factor(self, start: int, end: int, *, listed: bool = True) -> float:
        """How much a find at ``start:end`` counts, 0..1."""
        number = self._layout.sentence(start)
        factor = self._lowered.get(number, 1.0)
        if not listed:
            return factor
        if self._examples:
            begin = max(self._layout.bounds(number)[0], start - _REACH)
            if any(begin <= cue <= start for cue in self._examples):
                factor *= EXAMPLE
        return factor * self._listing(number, start, end)

    def _listing(self, number: int, start: int, end: int) -> float:
        """LISTED in an enumeration, PAIRED beside one other entry, else 1."""
        first, last = self._layout.bounds(number)
        cuts = self._separated(number)
        if not cuts:
            return 1.0
        place = bisect_right(cuts, (start, start))
        left, right = cuts[max(place - 2, 0) : place], cuts[place : place + 2]
        text = self._layout.text
        own = text[left[-1][1] if left else first : start].rpartition(_CLAUSE)[2]
        own += text[end : right[0][0] if right else last].partition(_CLAUSE)[0]
        agenda = AGENDA if self._on_agenda(first, start, cuts) else 1.0
        if _words(own) > _SHORT - 1:
            return agenda
        before = text[left[0][1] if len(left) > 1 else first : left[-1][0]] if left else ""
        after = text[right[0][1] : right[1][0] if len(right) > 1 else last] if right else ""
        short_before = 0 < _words(before) <= _SHORT
        short_after = 0 < _words(after) <= _SHORT
        between = left and right and (short_before or short_after)
        if between or (short_before and len(left) > 1) or (short_after and len(right) > 1):
            return CROWDED if len(cuts) >= _CROWD else LISTED
        return PAIRED if agenda == 1.0 and (short_before or short_after) else agenda

    def _on_agenda(self, first: int, start: int, cuts: Sequence[tuple[int, int]]) -> bool:
        """Whether the find is one of the points that a colon announces."""
        colon = max(self._layout.text.rfind(mark, first, start) for mark in (": ", "："))
        if colon < 0:
            return False
        return sum(1 for cut in cuts if cut[0] > colon) >= _POINTS - 1

    def _separated(self, number: int) -> list[tuple[int, int]]:
        if number not in self._cuts:
            first, last = self._layout.bounds(number)
            found = self._separator.finditer(self._layout.text, first, last)
            self._cuts[number] = [cut.span() for cut in found]
        return self._cuts[number]


def _words(segment: str) -> int:
    """Words of a segment; two characters of a script without spaces count as one."""
    words = sum(map(bool, map(_NAMED.search, segment.split())))
    return words if segment.isascii() else max(words, len(_WIDE.findall(segment)) // _WIDE_WORD)
