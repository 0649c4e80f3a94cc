"""How strongly two items speak for one event: shared anchors, shared text, near dates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.model.story import StoryLink
from crawler.stories.anchors import Anchor
from crawler.stories.duplicates import relation
from crawler.stories.items import StoryItem
from crawler.stories.rarity import Rarity, information, prior, surprise
from crawler.stories.similarity import Overlap, overlap, told
from crawler.stories.sounds import latin_sound
from crawler.stories.vetoes import template_veto, veto

# Log-odds per nat of shared information, by kind. Fitted by ridge logistic regression on
# labelled pairs (see docs of the quality tests), then rounded; dates and figures kept a
# little above their fit, for they decide where names are few.
WEIGHTS = {
    "place": 0.26,
    "concept": 0.107,
    "name": 0.138,
    "pair": 0.138,
    "sound": 0.138,
    "title": 0.138,
    "address": 0.138,
    "number": 0.085,
    "amount": 0.085,
    "date": 0.03,
    "day": 0.03,
}
BIAS = -4.6  # log-odds of a dated candidate pair that shares nothing
UNDATED = -1.7  # one of the two dates is missing
PER_DAY = -0.057  # for every day between the two
TITLE_MORE = 2.15  # the better covered of the two titles: its part told by the other item
TITLE_LESS = 1.9  # the less covered one
TEXT = 4.0  # a text that stands whole in the other
DATES_DIFFER = -2.5  # both name days of the year, none in common
PLACES_DIFFER = -1.0  # each title names a region or town that the other never does
NUMBERS_DIFFER = -0.4  # each title gives a figure that the other never does
CONCEPTS = 2.0  # most that shared concepts may say
CONCEPTS_ACROSS = 3.0  # the same where one text is in Hangul and names are hardly recognised
UNSPECIFIC = -0.8  # no name and no figure is shared: the same field, not the same event
SPECIFIC = 0.8  # log-odds of names and figures from which a pair is specific enough
SHARED_BY_CHANCE = 0.1  # containment that texts of one language reach without any relation
SHOWN = 12  # anchors kept for the explanation

_PARTS = re.compile(r"[ -]")
_HANGUL = re.compile(r"[가-힣]")
_VAGUE = frozenset(("place", "concept", "day"))
_SPELLED = frozenset(("name", "pair", "title"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against two items being one story."""

    item: str
    other: str
    relation: str
    margin: float  # log-odds; below 0 it is rather not one story
    anchors: tuple[str, ...]  # rarest first
    veto: str

    @property
    def link(self) -> StoryLink:
        """The evidence as it is stored; the score is the margin's logistic."""
        score = 1 / (1 + math.exp(-max(-30.0, min(30.0, self.margin))))
        return StoryLink(
            self.item, self.other, self.relation, round(score, 4), self.anchors, self.veto
        )


def compare(new: StoryItem, other: StoryItem, rarity: Rarity, own: int = 2) -> Evidence:
    """Weighs two items; ``own``: how many items of the story hold their shared anchors."""
    if _page(new.url) == _page(other.url):
        return Evidence(new.id, other.id, "copy", 30.0, (), "")
    same_language = not new.language or not other.language or new.language == other.language
    left, right = told(new.text), told(other.text)
    shared = overlap(left, right) if same_language else Overlap()
    common = _common(new, other)
    weighed = _weighed(common, rarity, own)
    against = veto(new, other, shared)
    if not against and same_language:
        against = template_veto(new, other, left, right, shared)
    margin = (
        BIAS
        + _spoken(weighed, CONCEPTS_ACROSS if _across_scripts(new, other) else CONCEPTS)
        + TEXT * max(0.0, shared.containment - SHARED_BY_CHANCE)
        + _nearness(new, other)
        + _titles(new, other, frozenset(common))
        + (0.0 if _across_scripts(new, other) else _vagueness(weighed))
    )
    shown = tuple(str(anchor) for anchor, _ in weighed[:SHOWN])
    return Evidence(new.id, other.id, relation(shared, same_language), margin, shown, against)


def _page(url: str) -> str:
    """A canonical address without what its twins differ in, as ``urls.url_key`` folds it."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def _common(new: StoryItem, other: StoryItem) -> list[Anchor]:
    """The shared anchors, sorted; names meet Hangul by their sound."""
    ours, theirs = new.fingerprint.anchor_set, other.fingerprint.anchor_set
    common = set(ours & theirs)
    if _across_scripts(new, other):
        korean, latin = (ours, theirs) if new.language == "ko" else (theirs, ours)
        spoken = {latin_sound(anchor.key) for anchor in latin if anchor.kind == "name"}
        common |= {a for a in korean if a.kind == "sound" and a.key in spoken}
    return sorted(common)


def _weighed(common: list[Anchor], rarity: Rarity, own: int) -> list[tuple[Anchor, float]]:
    """Each anchor with its log-odds, strongest first; a word that tells twice counts once."""
    seen: set[str] = set()
    weighed = []
    for anchor in sorted((a for a in common if a.kind in WEIGHTS), key=_longest_first):
        nats = information(anchor, rarity, own)
        if anchor.kind in _SPELLED:
            parts = _parts(anchor.key)
            nats *= len(parts - seen) / len(parts)
            seen |= parts
        if nats > 0:
            weighed.append((anchor, WEIGHTS[anchor.kind] * nats))
    return sorted(weighed, key=lambda pair: (-pair[1], pair[0]))


@lru_cache(maxsize=65536)
def _parts(key: str) -> frozenset[str]:
    return frozenset(_PARTS.split(key))


@lru_cache(maxsize=65536)
def _longest_first(anchor: Anchor) -> tuple[int, Anchor]:
    """``ernst-abbe-hochschule`` before its parts, so that they count once."""
    return -len(_parts(anchor.key)), anchor


def _spoken(weighed: list[tuple[Anchor, float]], concepts: float) -> float:
    """Log-odds of all shared anchors, of concepts at most so much: long texts share many."""
    vague = sum(weight for anchor, weight in weighed if anchor.kind == "concept")
    return sum(weight for _, weight in weighed) - max(0.0, vague - concepts)


def _vagueness(weighed: list[tuple[Anchor, float]]) -> float:
    """What it costs that only places and concepts are shared, which whole fields share."""
    specific = sum(weight for anchor, weight in weighed if anchor.kind not in _VAGUE)
    return UNSPECIFIC * max(0.0, 1.0 - specific / SPECIFIC)


def _across_scripts(new: StoryItem, other: StoryItem) -> bool:
    """Whether names can hardly be recognised: one text is in Hangul, the other is not."""
    return (new.language == "ko") != (other.language == "ko")


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
    ours, theirs = new.fingerprint.anchor_set | common, other.fingerprint.anchor_set | common
    covered = sorted((_covered(mine, theirs), _covered(yours, ours)))
    score = TITLE_LESS * covered[0] + TITLE_MORE * covered[1]
    only_mine, only_yours = mine - theirs, yours - ours
    if any(map(_is_local, only_mine)) and any(map(_is_local, only_yours)):
        score += PLACES_DIFFER
    if any(map(_is_figure, only_mine)) and any(map(_is_figure, only_yours)):
        score += NUMBERS_DIFFER
    return score


def _covered(title: frozenset[Anchor], told_by: frozenset[Anchor]) -> float:
    """The part of a title's information that the other item tells; 0.3 for an empty one."""
    every = sum(map(surprise, title))
    return sum(map(surprise, title & told_by)) / every if every else 0.3


def _without_hangul(title: frozenset[Anchor]) -> frozenset[Anchor]:
    """Korean nouns say nothing to a text in Latin script, neither for nor against."""
    return frozenset(a for a in title if a.kind != "sound" and not _HANGUL.match(a.key))


def _is_local(anchor: Anchor) -> bool:
    return anchor.kind == "place" and prior(anchor) < 0.1


def _is_figure(anchor: Anchor) -> bool:
    return anchor.kind in ("number", "amount")


@lru_cache(maxsize=4096)
def _telling(title: frozenset[Anchor]) -> frozenset[Anchor]:
    """A title's anchors without those that vetoes look at."""
    return frozenset(a for a in title if a.kind not in ("year", "edition"))
