"""Reviews: what people's judgements say about a topic. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.model.judgement import Classified, Judgement
from crawler.model.topic import Match, TopicDefinition
from crawler.topics.intervals import Share
from crawler.topics.proposals import Proposal, Term, proposals, terms
from crawler.topics.sampling import A_WEEK, Week, weeks


@dataclass(frozen=True, slots=True)
class Recall:
    """How much of what is about a topic was found, from items that were asked about."""

    value: float | None  # None: nobody judged unmatched items, or no matches
    interval: tuple[float, float]
    missed: Share  # of the unmatched items asked about and judged, those about the topic
    matched: int  # items first seen in the same weeks …
    unmatched: int
    weeks: int  # … so many


@dataclass(frozen=True, slots=True)
class Review:
    """What is known about one topic."""

    topic: str
    version: str
    precision: Share  # right ones of the judged matches of the present version
    earlier: Share  # the same for all versions before
    recall: Recall
    terms: tuple[Term, ...]  # what stands in wrong matches, the worst first
    proposals: tuple[Proposal, ...]
    right: tuple[str, ...]  # ids of matches judged right
    missed: tuple[str, ...]  # ids of items said to be missed that are still not found
    ask: tuple[str, ...]  # ids of unmatched items to judge next


def review(
    topic: TopicDefinition, judgements: Sequence[Judgement], archive: Sequence[Classified]
) -> Review:
    """The judgements of one topic (oldest first) laid beside its present classification.

    The last judgement of an item counts, whoever gave it. Precision counts a judgement for
    the version it judged: people's labels cannot flatter a topic that was mended by them.
    """
    last = {one.item: one for one in judgements if one.topic == topic.id}
    found = {one.item: one.match for one in archive if one.match is not None}
    about = [item for item, one in last.items() if one.about_it]
    sampled = weeks(topic.id, archive)
    precision, earlier = _precision(last.values(), topic.version)
    judged = _matches(found, last)
    wrong = terms(judged)
    return Review(
        topic=topic.id,
        version=topic.version,
        precision=precision,
        earlier=earlier,
        recall=_recall(sampled, last, precision if precision.of else earlier),
        terms=wrong,
        proposals=proposals(topic, wrong, judged),
        right=tuple(item for item in about if item in found),
        missed=tuple(item for item in about if item not in found),
        ask=_ask(sampled, last),
    )


def _precision(last: Iterable[Judgement], version: str) -> tuple[Share, Share]:
    judged = [one for one in last if one.score is not None]
    now = [one.about_it for one in judged if one.version == version]
    before = [one.about_it for one in judged if one.version != version]
    return Share(sum(now), len(now)), Share(sum(before), len(before))


def _matches(
    found: Mapping[str, Match], last: Mapping[str, Judgement]
) -> list[tuple[Match, bool | None]]:
    """Each present match with what people say: right, wrong, or nothing."""
    return [(match, last[item].about_it if item in last else None) for item, match in found.items()]


def _recall(sampled: Sequence[Week], last: Mapping[str, Judgement], precision: Share) -> Recall:
    """Found ÷ (found + missed), over the weeks in which an item asked about was judged.

    Found is the matched items times precision, missed the unmatched items times the share
    of judged ones that were about the topic. The interval joins the unfavourable bounds of
    both shares, so it is rather too wide than too narrow (Bonferroni: at least 90 %). The
    weeks' samples are pooled: where weeks differ much in size, that is an approximation.
    """
    asked = [(week, [last[one] for one in week.sample if one in last]) for week in sampled]
    answered = [(week, given) for week, given in asked if given]
    given = [one.about_it for _, some in answered for one in some]
    missed = Share(sum(given), len(given))
    matched = sum(week.matched for week, _ in answered)
    unmatched = sum(week.unmatched for week, _ in answered)
    low, high = precision.interval
    least, most = missed.interval
    value = None
    if precision.value is not None and missed.value is not None:
        value = _part(matched * precision.value, unmatched * missed.value)
    bounds = (
        _part(matched * low, unmatched * most) or 0.0,
        _part(matched * high, unmatched * least, empty=1.0) or 0.0,
    )
    interval = bounds if value is not None else (0.0, 1.0)
    return Recall(value, interval, missed, matched, unmatched, len(answered))


def _part(found: float, missed: float, empty: float | None = None) -> float | None:
    """The found share of both; ``empty`` where there is neither."""
    return found / (found + missed) if found + missed else empty


def _ask(sampled: Sequence[Week], last: Mapping[str, Judgement]) -> tuple[str, ...]:
    """The newest week's items that nobody judged, filled up from the weeks before."""
    waiting = (item for week in sampled for item in week.sample if item not in last)
    return tuple(item for item, _ in zip(waiting, range(A_WEEK), strict=False))
