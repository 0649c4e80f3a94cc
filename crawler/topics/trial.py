"""Trials: what a change of a topic would do to items of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.model.item import Item
from crawler.model.topic import TopicDefinition
from crawler.topics.matching import TopicMatcher
from crawler.topics.proposals import Proposal
from crawler.topics.vocabulary import combine, load_topic


@dataclass(frozen=True, slots=True)
class Replay:
    """What a definition would have brought: ids of items."""

    matched: frozenset[str]
    gained: frozenset[str]  # matched now, not before
    lost: frozenset[str]  # matched before, not now


def replayed(topic: TopicDefinition, items: Sequence[Item]) -> Replay:
    """Decide ``items`` by ``topic`` alone, beside what their stored matches say."""
    matcher = TopicMatcher([topic])
    had = {one.id for one in items if any(match.topic == topic.id for match in one.topics)}
    has = {one.id for one in items if matcher.match(one.title, one.text, one.language)}
    return Replay(frozenset(has), frozenset(has - had), frozenset(had - has))


def harmless(
    topic: TopicDefinition, found: Sequence[Proposal], right: Sequence[Item]
) -> tuple[Proposal, ...]:
    """The proposals that take away none of the ``right`` items.

    A term may stand in a right item without being evidence, so what counted is no proof for
    exclusions: they are tried on the items themselves. Thresholds need no trial.
    """
    exclusions = {f"proposal {n}": one for n, one in enumerate(found) if one.key == "none"}
    variants = [_with(topic, one, name) for name, one in exclusions.items()]
    matcher = TopicMatcher([topic, *variants])  # all of them in one pass over a text
    harmful: set[str] = set()
    for item in right:
        matching = {one.topic for one in matcher.match(item.title, item.text, item.language)}
        if topic.id in matching:
            harmful |= exclusions.keys() - matching
    refused = [exclusions[name] for name in harmful]
    return tuple(one for one in found if one not in refused)


def _with(topic: TopicDefinition, proposal: Proposal, name: str) -> TopicDefinition:
    """The topic with the proposed exclusion, under another id."""
    terms = list(proposal.value) if isinstance(proposal.value, tuple) else []
    more = load_topic({"id": topic.id, "none": terms}, origin="proposal")
    [changed] = combine([topic], [more])
    return replace(changed, id=name)
