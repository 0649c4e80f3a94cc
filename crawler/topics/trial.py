"""Trials: what a proposed exclusion would do to items whose right answer is known."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.model.item import Item
from crawler.model.topic import TopicDefinition
from crawler.topics.matching import TopicMatcher
from crawler.topics.proposals import Proposal
from crawler.topics.vocabulary import combine, load_topic


def harmless(
    topic: TopicDefinition, found: Sequence[Proposal], right: Sequence[Item]
) -> tuple[Proposal, ...]:
    """The proposals that take away none of the ``right`` items.

    A term may stand in a right item without being evidence, so what counted is no proof for
    exclusions: they are tried on the items themselves. Thresholds need no trial.
    """
    before = TopicMatcher([topic])
    matching = [item for item in right if _matches(before, item)]
    return tuple(one for one in found if one.key != "none" or _keeps(topic, one, matching))


def _keeps(topic: TopicDefinition, proposal: Proposal, items: Sequence[Item]) -> bool:
    terms = list(proposal.value) if isinstance(proposal.value, tuple) else []
    more = load_topic({"id": topic.id, "none": terms}, origin="proposal")
    after = TopicMatcher(combine([topic], [more]))
    return all(_matches(after, item) for item in items)


def _matches(matcher: TopicMatcher, item: Item) -> bool:
    return bool(matcher.match(item.title, item.text, item.language))
