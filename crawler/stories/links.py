"""How strongly two items speak for one event: shared anchors, shared text, near dates."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from crawler.model.story import StoryLink
from crawler.stories.anchors import Anchor
from crawler.stories.duplicates import relation
from crawler.stories.fingerprint import common_minima
from crawler.stories.items import StoryItem
from crawler.stories.rarity import Rarity, prior, surprise
from crawler.stories.similarity import Overlap, overlap, stems, vocabulary
from crawler.stories.sounds import latin_sound
from crawler.stories.text import fold
from crawler.stories.vetoes import contradiction, template_veto, veto
from crawler.stories.weights import Shared, Weigher

# In log-odds; fitted and rounded like the weights of anchors.
BIAS = -5.3  # a dated candidate pair that shares nothing
UNDATED = -2.9  # one of the two dates is missing
PER_DAY = -0.09  # for every day between the two
TITLE_MORE = 2.85  # the better covered of the two titles: its part told by the other item
TITLE_LESS = 2.3  # the less covered one
TEXT = 4.0  # a text that stands whole in the other
DATES_DIFFER = -2.9  # both name days of the year, none in common
PLACES_DIFFER = -1.35  # each title names a region or town that the other never does
NUMBERS_DIFFER = -0.8  # each title gives a figure that the other never does
PROJECTS_DIFFER = -2.0  # each title has a coined name that the other never tells
WORDS = 8.0  # the vocabulary of the smaller text, where the other tells all of it
WORDS_BY_CHANCE = 0.3  # of it that other news of the same field share
MOST_WORDS = 2.0
SHARED_BY_CHANCE = 0.1  # containment that texts of one language reach without any relation
SAME_PAGE = 30.0
COINED_CAPITALS = 3  # of a coined name, at least
FAINT = -2.0  # log-odds below which a pair is neither weighed exactly nor explained
COMMON_MINIMA = 2  # values that two sketches share before their texts are compared

_HANGUL = re.compile(r"[가-힣]")
_COINED = re.compile(r"(?<![\w-])[^\W\d_][\w-]*[A-ZÄÖÜ0-9][\w-]*")  # GLYCOPATCH, BioMan4R2
_NOTHING = Shared()
_UNTOLD = 0.3  # the coverage of a title that names nothing


class Evidence(NamedTuple):
    """What speaks for and against two items being one story."""

    item: str
    other: str
    relation: str
    margin: float  # log-odds; below 0 it is rather not one story
    shared: Shared
    veto: str

    @property
    def link(self) -> StoryLink:
        """The evidence as it is stored; the score is the margin's logistic."""
        score = 1 / (1 + math.exp(-max(-30.0, min(30.0, self.margin))))
        return StoryLink(
            self.item, self.other, self.relation, round(score, 4), self.shared.shown(), self.veto
        )


class Weighed(NamedTuple):
    """What speaks for two items being one story; what speaks against is not looked for yet."""

    other: StoryItem
    relation: str
    margin: float  # as in Evidence
    shared: Shared
    text: Overlap
    same_language: bool


class Comparison:
    """One item compared with many others."""

    def __init__(self, new: StoryItem, rarity: Rarity, *, edited: bool = False) -> None:
        """``edited``: it is compared with its own story, after its text changed."""
        self.new = new
        self._page = _page(new.url)
        self._against = _against_after_edit if edited else _against
        self._weigher = Weigher(rarity)

    def to(self, other: StoryItem, own: int = 2, *, exact: bool = False) -> Evidence:
        """Weighs the pair for and against; see ``weigh``."""
        return self.judged(self.weigh(other, own, exact=exact))

    def judged(self, found: Weighed) -> Evidence:
        """A weighed pair with what speaks against it."""
        against = ""
        if found.margin != SAME_PAGE:
            against = self._against(self.new, found.other, found.text, found.same_language)
        return Evidence(
            self.new.id, found.other.id, found.relation, found.margin, found.shared, against
        )

    def weigh(self, other: StoryItem, own: int = 2, *, exact: bool = False) -> Weighed:
        """Weighs the pair; ``own``: how many items of their story hold what they share.

        Most candidates share next to nothing: unless ``exact``, a margin below FAINT is an
        upper bound and comes without anchors.
        """
        new = self.new
        if self._page == _page(other.url):
            return Weighed(other, "copy", SAME_PAGE, _NOTHING, Overlap(), True)
        same_language = not new.language or not other.language or new.language == other.language
        text = _text_overlap(new, other) if same_language else Overlap()
        common = _common(new, other)
        margin = (
            BIAS
            + TEXT * max(0.0, text.containment - SHARED_BY_CHANCE)
            + _nearness(new, other)
            + _titles(new, other, common)
        )
        if not exact and (most := margin + self._weigher.most(common, own)) < FAINT:
            return Weighed(other, "independent", most, _NOTHING, text, same_language)
        shared = self._weigher.shared(common, own, across=_across_scripts(new, other))
        margin += shared.score
        if same_language and margin < 0:
            margin += _words(new, other)
        if margin >= 0:
            margin += _projects(new, other)
        return Weighed(other, relation(text, same_language), margin, shared, text, same_language)


def compare(new: StoryItem, other: StoryItem, rarity: Rarity, own: int = 2) -> Evidence:
    """Weighs one pair."""
    return Comparison(new, rarity).to(other, own, exact=True)


def _against(new: StoryItem, other: StoryItem, text: Overlap, same_language: bool) -> str:
    against = veto(new, other, text)
    return against or (template_veto(new, other, text) if same_language else "")


def _against_after_edit(
    new: StoryItem, other: StoryItem, text: Overlap, same_language: bool
) -> str:
    return contradiction(new, other, text) if same_language else veto(new, other, text)


def _text_overlap(new: StoryItem, other: StoryItem) -> Overlap:
    """Measured on the texts only where the sketches promise something to find.

    Texts that share a tenth of their trigrams fail that once in a hundred times, texts that
    share a seventh (the least that counts as an edit) once in a thousand.
    """
    if common_minima(new.fingerprint, other.fingerprint) < COMMON_MINIMA:
        return Overlap()
    return overlap(new.told, other.told)


def _words(new: StoryItem, other: StoryItem) -> float:
    """What the words of two texts in one language say where names and figures are few: in most
    languages nouns are no anchors."""
    ours, theirs = (stems("\n".join((i.title, *i.told.paragraphs))) for i in (new, other))
    more = vocabulary(ours, theirs) - WORDS_BY_CHANCE
    return max(0.0, min(MOST_WORDS, WORDS * more))


def _projects(new: StoryItem, other: StoryItem) -> float:
    """Siblings of a series share its sponsors, sums and towns; what tells them apart is their
    own name, in the title of each and nowhere in the other."""
    differ = _untold(new, other) and _untold(other, new)
    return PROJECTS_DIFFER if differ else 0.0


def _untold(one: StoryItem, other: StoryItem) -> bool:
    """Whether the title of ``one`` has coined names, and ``other`` tells none of them."""
    names = _coined(one.title)
    if not names:
        return False
    told = fold(f"{other.title}\n{other.text}")
    return not any(name in told for name in names)


@lru_cache(maxsize=1024)
def _coined(title: str) -> frozenset[str]:
    """The folded names that only a project, product or meeting bears: written in capitals, or
    with some inside. None where a title is written in capitals as a whole."""
    if title.isupper():
        return frozenset()
    return frozenset(fold(name) for name in _COINED.findall(title) if _is_coined(name))


def _is_coined(name: str) -> bool:
    """``GLYCOPATCH`` and ``BioMan4R2``, not ``Life-Science-Forum``, ``MedTech`` or ``DFG``."""
    most = max(sum(map(str.isupper, part)) for part in name.split("-"))
    return most >= COINED_CAPITALS and len(name) > COINED_CAPITALS


def _page(url: str) -> str:
    """A canonical address without what its twins differ in, as ``urls.url_key`` folds it."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def _across_scripts(new: StoryItem, other: StoryItem) -> bool:
    """Whether names can hardly be recognised: one text is in Hangul, the other is not."""
    return (new.language == "ko") != (other.language == "ko")


def _common(new: StoryItem, other: StoryItem) -> frozenset[Anchor]:
    """The shared anchors; names meet Hangul by their sound, which says nothing beside the
    words themselves where both are Korean."""
    ours, theirs = new.fingerprint.anchor_set, other.fingerprint.anchor_set
    common = ours & theirs
    if not _across_scripts(new, other):
        return _without_sounds(common) if new.language == "ko" else common
    korean, latin = (ours, theirs) if new.language == "ko" else (theirs, ours)
    spoken = {latin_sound(anchor.key) for anchor in latin if anchor.kind == "name"}
    heard = {a for a in korean if a.kind == "sound" and a.key in spoken}
    return common | heard


def _nearness(new: StoryItem, other: StoryItem) -> float:
    ours, theirs = new.fingerprint.keys("date"), other.fingerprint.keys("date")
    against = DATES_DIFFER if ours and theirs and not ours & theirs else 0.0
    if new.published is None or other.published is None:
        return UNDATED + against
    days = abs(new.published - other.published).total_seconds() / 86_400
    return PER_DAY * min(days, 20.0) + against


def _titles(new: StoryItem, other: StoryItem, common: frozenset[Anchor]) -> float:
    """What the titles say: how far the other item tells them, and what it contradicts."""
    mine, yours = _telling(new.fingerprint.title_set), _telling(other.fingerprint.title_set)
    if _across_scripts(new, other):
        mine, yours = _without_hangul(mine), _without_hangul(yours)
    # What stands in both items is common; the rest of a title the other never tells.
    only_mine, only_yours = mine - common, yours - common
    covered = sorted((_covered(mine, only_mine), _covered(yours, only_yours)))
    score = TITLE_LESS * covered[0] + TITLE_MORE * covered[1]
    if any(map(_is_local, only_mine)) and any(map(_is_local, only_yours)):
        score += PLACES_DIFFER
    if any(map(_is_figure, only_mine)) and any(map(_is_figure, only_yours)):
        score += NUMBERS_DIFFER
    return score


def _covered(title: frozenset[Anchor], untold: frozenset[Anchor]) -> float:
    """The part of a title's information that the other item tells."""
    every = _information(title)
    return 1.0 - sum(map(surprise, untold)) / every if every else _UNTOLD


@lru_cache(maxsize=4096)
def _information(title: frozenset[Anchor]) -> float:
    return sum(map(surprise, title))


@lru_cache(maxsize=4096)
def _telling(title: frozenset[Anchor]) -> frozenset[Anchor]:
    """A title's anchors without those that vetoes look at."""
    return frozenset(a for a in title if a.kind not in ("year", "edition"))


@lru_cache(maxsize=4096)
def _without_hangul(title: frozenset[Anchor]) -> frozenset[Anchor]:
    """Korean nouns say nothing to a text in Latin script, neither for nor against."""
    return frozenset(a for a in title if a.kind != "sound" and not _HANGUL.match(a.key))


def _without_sounds(common: frozenset[Anchor]) -> frozenset[Anchor]:
    return frozenset(anchor for anchor in common if anchor.kind != "sound")


def _is_local(anchor: Anchor) -> bool:
    return anchor.kind == "place" and prior(anchor) < 0.1


def _is_figure(anchor: Anchor) -> bool:
    return anchor.kind in ("number", "amount")
