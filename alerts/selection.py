"""Which stories a subscription gets, in which order, and why not the others (pure).

A story is pending when one of its items may be sent to this subscription and none of its items
was sent to it before. Pending stories are ranked by relevance, freshness and variety of sources;
what exceeds the budget is rolled up and counts as delivered too. A story that was sent is never
sent again, whatever joins it; it is named once more when it is told in the reader's language at
last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.model.digest import NowAlso, SelectedStory, Selection
from crawler.model.item import Item
from crawler.model.source import Source
from crawler.model.story import Story
from crawler.model.subscription import Subscription
from crawler.model.topic import Match
from crawler.stories.face import lead

_RELEVANCE, _FRESHNESS, _ECHO = 0.6, 0.35, 0.05
_HALF_LIFE = timedelta(days=3)  # a story of three days ago is half as fresh as one of today
_SAME_SOURCE = 0.8  # what each further story of one source is worth beside the one before
_WITHOUT_TOPIC = 0.3  # relevance of a story without a match, for ["*"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a decision about one subscription rests on, beside the story itself."""

    subscription: Subscription
    since: datetime | None  # items first seen before are not pending
    delivered: Collection[str] = ()  # item ids this subscription got
    alerted: Collection[str] = ()  # item ids its recipient got at once, from any subscription
    sources: Mapping[str, Source] | None = None
    listed_by: Mapping[str, Collection[str]] | None = None  # item id -> ids of every source


def pending_since(subscription: Subscription, look_back: timedelta) -> datetime | None:
    """From when on items are pending: the activation, or ``look_back`` (``since``) before it."""
    active = subscription.active_since
    return active - look_back if active else None


def select(stories: Sequence[Story], scope: Scope, *, now: datetime) -> Selection:
    """What a digest of this subscription shows, rolls up and only counts, best first."""
    pending = [chosen for story in stories if (chosen := _chosen(story, scope, now))]
    alerted = [story for story in pending if _any_in(story.items, scope.alerted)]
    ranked = _varied([story for story in pending if not _any_in(story.items, scope.alerted)])
    budget = max(1, scope.subscription.max_stories)
    return Selection(
        shown=tuple(ranked[:budget]),
        rolled_up=tuple(ranked[budget:]),
        counted=tuple(sorted(alerted, key=_order)),
    )


def now_also(stories: Iterable[Story], scope: Scope) -> tuple[NowAlso, ...]:
    """The delivered stories that a reader can read in their own language only now, in the
    order of ``stories``. What was told in that language before needs no second look."""
    found = (_now_also(story, scope) for story in stories)
    return tuple(one for one in found if one)


def _now_also(story: Story, scope: Scope) -> NowAlso | None:
    ours = [one for one in story.items if one.language == scope.subscription.digest_language]
    if not _any_in((one.id for one in story.items), scope.delivered):
        return None
    if any(one.id in scope.delivered or one.id in scope.alerted for one in ours):
        return None
    able = [one for one in ours if _may_lead(one, scope)]
    if not able:
        return None
    leading = lead(able, scope.subscription.digest_language)
    return NowAlso(leading, tuple(one.id for one in ours))


def refusal(story: Story, scope: Scope) -> str:
    """Why a story is not pending for this subscription: one of ``delivered``, ``held_back``,
    ``muted``, ``source``, ``language``, ``topic``, ``before``, ``inactive``; "" when it is pending.

    Of several items the one that came furthest speaks.
    """
    if _any_in((item.id for item in story.items), scope.delivered):
        return "delivered"
    reasons = [_item_refusal(item, scope) for item in story.items]
    return min(reasons, key=_STAGES.index, default="held_back")


_STAGES = ("", "before", "topic", "language", "source", "muted", "held_back", "inactive")


def _item_refusal(item: Item, scope: Scope) -> str:
    subscription = scope.subscription
    if scope.since is None:
        return "inactive"
    if item.held_back:
        return "held_back"
    listed = _listed_by(item, scope)
    if not listed:
        return "muted"
    if subscription.sources and not _named_by(subscription.sources, listed, scope):
        return "source"
    if subscription.languages and item.language not in subscription.languages:
        return "language"
    if "*" not in subscription.topics and not _matches(item, subscription):
        return "topic"
    return "" if _counts_now(item, listed, scope) else "before"


def _listed_by(item: Item, scope: Scope) -> Collection[str]:
    """The sources that list an item and are not muted here."""
    listed = (scope.listed_by or {}).get(item.id) or (item.source,)
    return [source for source in listed if source not in scope.subscription.muted]


def _named_by(entries: Iterable[str], listed: Collection[str], scope: Scope) -> list[str]:
    """The entries of a source filter ("x", "tag:x", "*") that name one of ``listed``."""
    sources = scope.sources or {}
    tags = {tag for source in listed if source in sources for tag in sources[source].tags}
    return [
        entry
        for entry in entries
        if entry == "*" or entry in listed or (entry.startswith("tag:") and entry[4:] in tags)
    ]


def _matches(item: Item, subscription: Subscription) -> list[Match]:
    """The item's matches with subscribed topics that may alert, strongest first."""
    every = "*" in subscription.topics
    found = [
        match
        for match in item.topics
        if not match.quiet and (every or match.topic in subscription.topics)
    ]
    return sorted(found, key=lambda match: (-match.score, match.topic))


def _counts_now(item: Item, listed: Collection[str], scope: Scope) -> bool:
    """Whether it was first seen since its topic and its source belong to the subscription."""
    assert scope.since is not None
    if item.first_seen < scope.since:
        return False
    subscription = scope.subscription
    about = {"*", *(match.topic for match in item.topics)}
    topics = [
        topic for topic in _named("topic", subscription.topics, subscription) if topic in about
    ]
    sources = _named_by(_named("source", subscription.sources, subscription), listed, scope)
    return _since_one(item, "topic", topics, subscription) and _since_one(
        item, "source", sources, subscription
    )


def _named(kind: str, declared: Sequence[str], subscription: Subscription) -> list[str]:
    """What the scope names; once it was widened to all ("*"), also what it named before."""
    if declared and "*" not in declared:
        return list(declared)
    before = [key for key in subscription.scope_since if key.startswith(f"{kind}:")]
    return list(dict.fromkeys(("*", *declared, *(key.partition(":")[2] for key in before))))


def _since_one(item: Item, kind: str, names: Collection[str], subscription: Subscription) -> bool:
    added = [subscription.scope_since.get(f"{kind}:{name}") for name in names]
    return any(moment is None or item.first_seen >= moment for moment in added)


def _chosen(story: Story, scope: Scope, now: datetime) -> SelectedStory | None:
    if refusal(story, scope):
        return None
    subscription = scope.subscription
    able = [item for item in story.items if not _item_refusal(item, scope)]
    leading = _lead(story, able, scope)
    strongest = _strongest(able, subscription)
    others = dict.fromkeys(m.topic for item in able for m in _matches(item, subscription))
    return SelectedStory(
        story=story.id,
        lead=leading,
        match=_shown_match(leading, strongest),
        other_topics=tuple(t for t in others if strongest and t != strongest.topic),
        also_in=tuple(
            item
            for item in story.items
            if item is not leading and not item.held_back and _listed_by(item, scope)
        ),
        items=tuple(item.id for item in story.items),
        score=_score(strongest, able, now),
    )


def _lead(story: Story, able: Sequence[Item], scope: Scope) -> Item:
    """The telling shown: of those that may be, the one that leads for the reader."""
    ours = scope.subscription.digest_language
    # A translation may lead although only the original names the topic.
    others = (item for item in story.items if item.language == ours and _may_lead(item, scope))
    return lead((*able, *others), ours)


def _may_lead(item: Item, scope: Scope) -> bool:
    return _item_refusal(item, scope) in ("", "topic")


def _strongest(items: Sequence[Item], subscription: Subscription) -> Match | None:
    matches = [match for item in items for match in _matches(item, subscription)]
    return max(matches, key=lambda match: (match.score, match.topic), default=None)


def _shown_match(lead: Item, strongest: Match | None) -> Match | None:
    """The strongest topic with evidence in the telling that is shown, or without any."""
    if strongest is None:
        return None
    own = [match for match in lead.topics if match.topic == strongest.topic]
    return own[0] if own else Match(strongest.topic, strongest.score, ())


def _score(match: Match | None, items: Sequence[Item], now: datetime) -> float:
    """0..1: relevance, freshness (halved every three days) and how many sources tell it."""
    newest = max(_moment(item) for item in items)
    age = max(timedelta(), now - newest)
    freshness: float = 0.5 ** (age / _HALF_LIFE)
    tellings = len({item.source for item in items})
    relevance = match.score if match else _WITHOUT_TOPIC
    echo = 1 - 1 / tellings
    return round(_RELEVANCE * relevance + _FRESHNESS * freshness + _ECHO * echo, 6)


def _moment(item: Item) -> datetime:
    """When it was published, at the latest when it was first seen."""
    if item.published is None:
        return item.first_seen
    return min(item.published.utc, item.first_seen)


def _varied(stories: Iterable[SelectedStory]) -> list[SelectedStory]:
    """Best first, each further story of one source weighing less (greedy, as MMR does)."""
    waiting: dict[str, list[SelectedStory]] = {}
    for story in sorted(stories, key=_order):
        waiting.setdefault(story.lead.source, []).append(story)
    taken: dict[str, int] = dict.fromkeys(waiting, 0)
    ranked: list[SelectedStory] = []
    while waiting:
        source = min(
            waiting,
            key=lambda name: (
                -waiting[name][0].score * _SAME_SOURCE ** taken[name],
                waiting[name][0].story,
            ),
        )
        ranked.append(waiting[source].pop(0))
        taken[source] += 1
        if not waiting[source]:
            del waiting[source]
    return ranked


def _order(story: SelectedStory) -> tuple[float, str]:
    return (-story.score, story.story)


def _any_in(ids: Iterable[str], known: Collection[str]) -> bool:
    return any(identity in known for identity in ids)
