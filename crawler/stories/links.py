"""How strongly two items speak for one event: shared text, shared anchors, near dates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crawler.model.story import StoryLink
from crawler.stories.anchors import Anchor
from crawler.stories.duplicates import relation
from crawler.stories.items import StoryItem
from crawler.stories.rarity import Rarity, information
from crawler.stories.similarity import Overlap, overlap, told
from crawler.stories.sounds import latin_sound
from crawler.stories.vetoes import template_veto, veto

WEIGHTS = {  # how much of an anchor's information counts: kinds that go together count less
    "place": 0.6,
    "concept": 0.35,
    "name": 0.8,
    "pair": 0.4,
    "sound": 0.9,
    "number": 0.8,
    "amount": 1.0,
    "date": 0.8,
    "day": 0.3,
    "year": 0.0,
    "edition": 0.0,
    "address": 1.0,
    "title": 1.0,
}
TEXT_WEIGHT = 28.0  # nats for a text that stands whole in the other
UNDATED = 17.0  # nats that a pair needs when a date is missing
NEEDED = 8.5  # nats on the same day
PER_DAY = 0.2  # more for every day between
SHOWN = 12  # anchors kept for the explanation


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against two items being one story."""

    item: str
    other: str
    relation: str
    margin: float  # nats above what is needed; below 0: not enough
    anchors: tuple[str, ...]  # rarest first
    veto: str

    @property
    def link(self) -> StoryLink:
        """The evidence as it is stored; the score is the margin's logistic."""
        score = 1 / (1 + math.exp(-max(-30.0, min(30.0, self.margin / 2))))
        return StoryLink(
            self.item, self.other, self.relation, round(score, 4), self.anchors, self.veto
        )


def compare(new: StoryItem, other: StoryItem, rarity: Rarity, own: int = 2) -> Evidence:
    """Weighs two items; ``own``: how many items of the story hold their shared anchors."""
    if new.url == other.url:
        return Evidence(new.id, other.id, "copy", 30.0, (), "")
    same_language = not new.language or not other.language or new.language == other.language
    left, right = told(new.text), told(other.text)
    shared = overlap(left, right) if same_language else Overlap()
    weighed = _weighed(_common(new, other), rarity, own)
    evidence = sum(weight for _, weight in weighed) + TEXT_WEIGHT * max(
        0.0, shared.containment - 0.1
    )
    against = veto(new, other, shared)
    if not against and same_language:
        against = template_veto(new, other, left, right, shared)
    return Evidence(
        new.id,
        other.id,
        relation(shared, same_language),
        evidence - _needed(new, other),
        tuple(str(anchor) for anchor, _ in weighed[:SHOWN]),
        against,
    )


def _common(new: StoryItem, other: StoryItem) -> list[Anchor]:
    ours, theirs = set(new.fingerprint.anchors), set(other.fingerprint.anchors)
    common = ours & theirs
    if (new.language == "ko") != (other.language == "ko"):
        korean, latin = (ours, theirs) if new.language == "ko" else (theirs, ours)
        spoken = {latin_sound(anchor.key) for anchor in latin if anchor.kind == "name"}
        common |= {a for a in korean if a.kind == "sound" and a.key in spoken}
    return sorted(common, key=str)


def _weighed(common: list[Anchor], rarity: Rarity, own: int) -> list[tuple[Anchor, float]]:
    weighed = [(a, WEIGHTS[a.kind] * max(0.0, information(a, rarity, own))) for a in common]
    return sorted((pair for pair in weighed if pair[1] > 0), key=lambda pair: -pair[1])


def _needed(new: StoryItem, other: StoryItem) -> float:
    if new.published is None or other.published is None:
        return UNDATED
    days = abs(new.published - other.published).total_seconds() / 86_400
    return NEEDED + PER_DAY * days
