"""Why an item has, or has not, its topics, its story and its place in a digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.digests.words import Said
from alerts.explain_address import explain_unknown, watched
from alerts.explain_digest import others_of, place_of
from alerts.explanation import Explanation
from alerts.wiring import AlertParts
from crawler.errors import ExtractError, UsageError
from crawler.export import link_json
from crawler.model.item import Item
from crawler.model.story import StoryLink
from crawler.model.topic import Evidence
from crawler.urls import canonical_url, url_key

if TYPE_CHECKING:
    from crawler.topics.matching import TopicMatcher

MOST_CLUES = 6  # of what was found of a topic that an item does not match


def explain(
    parts: AlertParts, wanted: str, *, topic: str = "", subscription: str = "", now: datetime
) -> Explanation:
    """Explain an item id or an address, at the moment ``now``.

    Raises UsageError for an id, topic or subscription that does not exist.
    """
    if not wanted.lower().startswith(("http://", "https://")):
        return _explain_item(parts, _known(parts, wanted), topic, subscription, now)
    try:
        key = url_key(canonical_url(wanted))
    except ExtractError as error:
        raise UsageError(f"{wanted}: {error.message}") from error
    item = parts.crawler.items.by_address(key)
    if item is not None:
        return _explain_item(parts, item, topic, subscription, now)
    found = watched(parts, key) or explain_unknown(parts, wanted, key)
    return replace(found, url=wanted)


def _known(parts: AlertParts, wanted: str) -> Item:
    """The item of an id; of a story's id its leading telling."""
    found = parts.crawler.items.by_ids([wanted])
    return found[0] if found else parts.crawler.stories.get(wanted).items[0]


def _explain_item(
    parts: AlertParts, item: Item, topic: str, subscription: str, now: datetime
) -> Explanation:
    lines = (*_unread(parts, item), *(_diagnosis(parts, item, topic) if topic else ()))
    if not topic and not subscription:
        lines = (*lines, *others_of(parts, item, now))
    place = place_of(parts, item, topic, subscription, now)
    story = _story(parts, item)
    return Explanation(*place, item, item.topics, story, lines, item.url)


def _unread(parts: AlertParts, item: Item) -> tuple[str, ...]:
    """Why an item lives on its teaser alone."""
    drops = parts.crawler.fetched.drops(url_key(item.canonical_url))
    return tuple(Said("its text was not read: {reason}", reason=one.reason) for one in drops[:1])


def _diagnosis(parts: AlertParts, item: Item, topic: str) -> tuple[str, ...]:
    matcher = parts.crawler.matcher
    if topic not in matcher.topics:
        raise UsageError(
            f'There is no topic "{topic}".',
            remedy=f"Known: {', '.join(matcher.topics) or 'none yet'}.",
        )
    found = matcher.diagnose(topic, item.title, item.text, item.language)
    if found.matches:
        return (f"{topic}: score {found.score:.2f}, threshold {found.threshold:.2f}",)
    if not found.score:
        return found.missing
    below = f"{topic}: score {found.score:.2f}, below the threshold by "
    told = (line for line in found.missing if not line.startswith("below threshold"))
    clues = _clues(found.evidence, matcher)
    return (f"{below}{found.threshold - found.score:.2f}", *told, *clues)


def _clues(evidence: Sequence[Evidence], matcher: TopicMatcher) -> Iterator[str]:
    """What was found and is too little: a line each, at most ``MOST_CLUES``, then how many more."""
    for one in evidence[:MOST_CLUES]:
        name = matcher.concept_name(one.concept, "en")
        place = f"“{one.quote}” in the {one.field}, {one.start}–{one.end}"
        yield f"found: {name}: {place}" if name else f"found: {place}"
    if len(evidence) > MOST_CLUES:
        yield f"found: {len(evidence) - MOST_CLUES} more"


def _story(parts: AlertParts, item: Item) -> dict[str, Any] | None:
    if item.story is None:
        return None
    story = parts.crawler.stories.get(item.story)
    links = parts.crawler.stories.links(item.id)
    others = {_other(link, item) for link in links}
    titles = {one.id: one.title for one in parts.crawler.items.by_ids(sorted(others))}
    return {
        "id": story.id,
        "items": [one.id for one in story.items],
        "links": [{**link_json(link), "title": titles.get(_other(link, item))} for link in links],
    }


def _other(link: StoryLink, item: Item) -> str:
    return link.item if link.other == item.id else link.other
