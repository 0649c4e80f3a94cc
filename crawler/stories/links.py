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
from crawler.stories.text import fold, words
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
FOLLOWS_LATER = -2.5  # one title names a place that the other item never does, days later
LATER = 6  # days, from which it is the next event at the same place rather than a late telling
PROJECTS_DIFFER = -2.0  # each title has a coined name that the other never tells
WORDS = 8.0  # the vocabulary of the smaller text, where the other tells all of it
WORDS_BY_CHANCE = 0.3  # of it that other news of the same field share
MOST_WORDS = 2.0
FOREIGN = 15.0  # for the part of the vocabulary that two tellings in one language share at least …
LEAST_SHARED = 0.2  # … below which texts are rather news of one town, body or field
FOREIGN_STEMS = 8  # how many stems in that proportion short texts are given
MOST_FOREIGN = -3.0
SHORT_WORDS = frozenset(("ko", "ja", "zh"))  # languages whose words are no longer than stems
SHARED_BY_CHANCE = 0.1  # containment that texts of one language reach without any relation
SAME_PAGE = 30.0
COINED_CAPITALS = 3  # of a coined name, at least
FAINT = -2.0  # log-odds below which a pair is neither weighed exactly nor explained
COMMON_MINIMA = 2  # values that two sketches share before their texts are compared

_HANGUL = re.compile(r"[가-힣]")
_COINED = re.compile(r"(?<![\w-])[^\W\d_][\w-]*[A-ZÄÖÜ0-9][\w-]*")  # GLYCOPATCH, BioMan4R2
_NOTHING = Shared()
_APART = Overlap()
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

    def __init__(
        self,
        new: StoryItem,
        rarity: Rarity,
        *,
        edited: bool = False,
        weigher: Weigher | None = None,
    ) -> None:
        """``edited``: it is compared with its own story, after its text changed; ``weigher``: of
        the same rarity, where several items are compared."""
        self.new = new
        self._page = _page(new.url)
        self._against = _against_after_edit if edited else _against
        self._weigher = weigher or Weigher(rarity)

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
            return Weighed(other, "copy", SAME_PAGE, _NOTHING, _APART, True)
        same_language = not new.language or not other.language or new.language == other.language
        text = _text_overlap(new, other) if same_language else _APART
        across = _across_scripts(new, other)
        common = _common(new, other, across)
        margin = (
            BIAS
            + TEXT * max(0.0, text.containment - SHARED_BY_CHANCE)
            + _nearness(new, other)
            + _titles(new, other, common, across)
        )
        if not exact and (most := margin + self._weigher.most(common, own)) < FAINT:
            return Weighed(other, "independent", most, _NOTHING, text, same_language)
        shared = self._weigher.shared(common, own, across=across)
        margin += shared.score
        if same_language:
            margin += _words(new, other) if margin < 0 else _foreign(new, other)
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
        return _APART
    return overlap(new.shingles, other.shingles)


def _words(new: StoryItem, other: StoryItem) -> float:
    """What the words of two texts in one language say where names and figures are few: in most
    languages nouns are no anchors."""
    more = vocabulary(_stems(new), _stems(other)) - WORDS_BY_CHANCE
    return max(0.0, min(MOST_WORDS, WORDS * more))


def _foreign(new: StoryItem, other: StoryItem) -> float:
    """What it says that two texts in one language have hardly a word in common: who tells one
    event uses the same words for it, while other news of a town share its name alone. The part
    shared is smoothed, so that a teaser of a line says little."""
    if new.language in SHORT_WORDS:
        return 0.0
    ours, theirs = _stems(new), _stems(other)
    expected = LEAST_SHARED * FOREIGN_STEMS
    part = (len(ours & theirs) + expected) / (min(len(ours), len(theirs)) + FOREIGN_STEMS)
    return max(MOST_FOREIGN, FOREIGN * min(0.0, part - LEAST_SHARED))


def _stems(item: StoryItem) -> frozenset[str]:
    return _title_stems(item.title) | item.stems


@lru_cache(maxsize=1024)
def _title_stems(title: str) -> frozenset[str]:
    return stems(words(title))


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


@lru_cache(maxsize=4096)
def _page(url: str) -> str:
    """A canonical address without what its twins differ in, as ``urls.url_key`` folds it."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def _across_scripts(new: StoryItem, other: StoryItem) -> bool:
    """Whether names can hardly be recognised: one text is in Hangul, the other is not."""
    return (new.language == "ko") != (other.language == "ko")


def _common(new: StoryItem, other: StoryItem, across: bool) -> frozenset[Anchor]:
    """The shared anchors; names meet Hangul by their sound, which says nothing beside the
    words themselves where both are Korean."""
    ours, theirs = new.fingerprint.anchor_set, other.fingerprint.anchor_set
    common = ours & theirs
    if not across:
        return _without_sounds(common) if new.language == "ko" else common
    korean, latin = (ours, theirs) if new.language == "ko" else (theirs, ours)
    spoken = {latin_sound(anchor.key) for anchor in latin if anchor.kind == "name"}
    heard = {a for a in korean if a.kind == "sound" and a.key in spoken}
    return common | heard


def _nearness(new: StoryItem, other: StoryItem) -> float:
    ours, theirs = new.fingerprint.dates, other.fingerprint.dates
    against = DATES_DIFFER if ours and theirs and ours.isdisjoint(theirs) else 0.0
    if new.published is None or other.published is None:
        return UNDATED + against
    days = abs(new.published - other.published).total_seconds() / 86_400
    return PER_DAY * min(days, 20.0) + against


def _titles(new: StoryItem, other: StoryItem, common: frozenset[Anchor], across: bool) -> float:
    """What the titles say: how far the other item tells them, and what it contradicts."""
    mine = _read_title(new.fingerprint.title_set, across)
    yours = _read_title(other.fingerprint.title_set, across)
    # What stands in both items is common; the rest of a title the other never tells.
    ours, theirs = mine.covered(common), yours.covered(common)
    less, more = (ours, theirs) if ours < theirs else (theirs, ours)
    score = TITLE_LESS * less + TITLE_MORE * more
    told, also_told = mine.local <= common, yours.local <= common
    if not (told or also_told):
        score += PLACES_DIFFER
    if mine.figures - common and yours.figures - common:
        score += NUMBERS_DIFFER
    return score + _follow_up(new, other, told, also_told)


def _follow_up(new: StoryItem, other: StoryItem, told: bool, also_told: bool) -> float:
    """What it says that just one title's places are told by the other item: little on the same
    days, but who writes of the same people and things a week later has something else to tell."""
    if told == also_told or new.published is None or other.published is None:
        return 0.0
    days = abs(new.published - other.published).days
    return FOLLOWS_LATER if days >= LATER else 0.0


class _Title(NamedTuple):
    """What a title names: anchor → nats, those in all; the places and the figures among them."""

    nats: dict[Anchor, float]
    information: float
    local: frozenset[Anchor]
    figures: frozenset[Anchor]

    def covered(self, common: frozenset[Anchor]) -> float:
        """The part of its information that the other item tells."""
        if not self.information:
            return _UNTOLD
        if common.isdisjoint(self.nats):
            return 0.0
        untold = sum(nats for anchor, nats in self.nats.items() if anchor not in common)
        return 1.0 - untold / self.information


@lru_cache(maxsize=4096)
def _read_title(title: frozenset[Anchor], across: bool) -> _Title:
    """A title by its anchors, without those that vetoes look at; ``across`` scripts also without
    Korean nouns, which say nothing to a text in Latin script, neither for nor against."""
    told = [a for a in title if a.kind not in ("year", "edition")]
    if across:
        told = [a for a in told if a.kind != "sound" and not _HANGUL.match(a.key)]
    nats = {anchor: surprise(anchor) for anchor in told}
    local, figures = filter(_is_local, told), filter(_is_figure, told)
    return _Title(nats, sum(nats.values()), frozenset(local), frozenset(figures))


def _without_sounds(common: frozenset[Anchor]) -> frozenset[Anchor]:
    return frozenset(anchor for anchor in common if anchor.kind != "sound")


def _is_local(anchor: Anchor) -> bool:
    return anchor.kind == "place" and prior(anchor) < 0.1


def _is_figure(anchor: Anchor) -> bool:
    return anchor.kind in ("number", "amount")
