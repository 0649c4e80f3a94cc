"""Why an item has, or has not, its topics, its story and its place in a digest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from alerts.wiring import AlertParts
from crawler.config import duration
from crawler.errors import ExtractError, UsageError
from crawler.model.item import Item
from crawler.model.story import StoryLink
from crawler.model.subscription import Subscription
from crawler.model.topic import Match
from crawler.urls import canonical_url, url_key


@dataclass(frozen=True)
class Explanation:
    """What happened to one address or item. ``stage`` names the first stage that stopped it,
    "delivered" or "pending" where none did."""

    stage: str
    reason: str
    remedy: str = ""
    item: Item | None = None
    topics: tuple[Match, ...] = ()
    story: dict[str, Any] | None = None
    lines: tuple[str, ...] = field(default=())  # what was missing for the asked topic
    url: str = ""  # the item's address, or the one that was asked for


def explain(
    parts: AlertParts, wanted: str, *, topic: str = "", subscription: str = ""
) -> Explanation:
    """Explain an item id or an address. Raises UsageError for an id that does not exist."""
    if not wanted.lower().startswith(("http://", "https://")):
        return _explain_item(parts, parts.crawler.items.get(wanted), topic, subscription)
    try:
        key = url_key(canonical_url(wanted))
    except ExtractError as error:
        raise UsageError(f"{wanted}: {error.message}") from error
    item = parts.crawler.items.by_address(key)
    if item is not None:
        return _explain_item(parts, item, topic, subscription)
    watching = _watched(parts, key)
    return replace(watching or _explain_unknown(parts, wanted, key), url=wanted)


# -- an address that is no item ----------------------------------------------------------------


def _watched(parts: AlertParts, key: str) -> Explanation | None:
    """An address that is a source's own list page or feed."""
    for row in parts.crawler.sources.all():
        own = (row.source.url, row.state.watch_url)
        if row.state.status == "active" and key in {_key(address) for address in own if address}:
            name = row.source.id
            return Explanation(
                "source",
                f"this is the page that source {name} watches, not an item",
                f"See what came from it: clusterwatch items list --source {name}",
            )
    return None


def _key(url: str) -> str:
    try:
        return url_key(canonical_url(url))
    except ExtractError:
        return ""


def _explain_unknown(parts: AlertParts, url: str, key: str) -> Explanation:
    drops = parts.crawler.fetched.drops(key)
    if drops:
        drop = drops[0]
        remedies = {
            "robots": "Watch the site's feed or newsletter, or ask its owner.",
            "list": f"Change only_links or skip_links of the source {drop.source}.",
            "fetch": f"Look at the source: clusterwatch sources show {drop.source}",
            "extract": f"Look at the page: clusterwatch extract {url}",
        }
        reason = f"seen by {drop.source} on {drop.last_seen:%Y-%m-%d}: {drop.reason}"
        return Explanation(drop.stage, reason, remedies.get(drop.stage, ""))
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    rows = parts.crawler.sources.all()
    watching = [row for row in rows if _host(row.source.url) == host]
    if not watching:
        return Explanation(
            "source",
            f"no source watches {host}",
            f"Add its news page: clusterwatch sources add {_root(url)}",
        )
    row = watching[0]
    if row.state.status != "active":
        return Explanation(
            "source",
            f"the source {row.source.id} is {row.state.status}",
            f"clusterwatch sources resume {row.source.id}",
        )
    if row.state.failures:
        since = f" since {row.state.failing_since:%Y-%m-%d}" if row.state.failing_since else ""
        return Explanation(
            "fetch",
            f"the source {row.source.id} cannot be read{since}: {row.state.error}",
            f"clusterwatch sources show {row.source.id}",
        )
    return Explanation(
        "list",
        f"the source {row.source.id} never linked this address",
        f"Poll it now: clusterwatch crawl {row.source.id}; or teach it: clusterwatch detect "
        f"{row.source.url}",
    )


# -- an item -----------------------------------------------------------------------------------


def _explain_item(parts: AlertParts, item: Item, topic: str, subscription: str) -> Explanation:
    lines = (*_unread(parts, item), *(_diagnosis(parts, item, topic) if topic else ()))
    stage, reason, remedy = _place(parts, item, topic, subscription)
    story = _story(parts, item)
    return Explanation(stage, reason, remedy, item, item.topics, story, lines, item.url)


def _unread(parts: AlertParts, item: Item) -> tuple[str, ...]:
    """Why an item lives on its teaser alone."""
    drops = parts.crawler.fetched.drops(url_key(item.canonical_url))
    return tuple(f"its text was not read: {drop.reason}" for drop in drops[:1])


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
    below = f"{topic}: score {found.score:.2f}, below the threshold by "
    return (f"{below}{found.threshold - found.score:.2f}", *found.missing)


def _place(parts: AlertParts, item: Item, topic: str, subscription: str) -> tuple[str, str, str]:
    """(stage, reason, remedy): how far the item came."""
    if item.held_back:
        words = {
            "baseline": "it stood on the page when the source was first read (first_run)",
            "max_age": "it was older than max_age when it was first seen",
            "backfill": "it came by a backfill, which never alerts",
        }
        return "held back", words.get(item.held_back, item.held_back), "It stays in the archive."
    if topic and topic not in {match.topic for match in item.topics}:
        teach = f'clusterwatch topics set {topic} --any "a term of this text"'
        missed = f"clusterwatch feedback {item.id} missed --topic {topic}"
        return "topic", f"it does not match {topic}", f"Teach it: {teach}; or note it: {missed}"
    rows = parts.subscription_store.all()
    if subscription:
        rows = [parts.subscription_store.get(subscription)]
    if not rows:
        about = item.topics[0].topic if item.topics else "'*'"
        add = f"clusterwatch subscriptions add file:digests/ --topic {about}"
        return "subscription", "there is no subscription", f"Add one: {add}"
    stops = [_for_subscription(parts, item, row.subscription, row.delivering) for row in rows]
    order = ["delivered", "pending", "state", "language", "source", "topic", "since"]
    return min(stops, key=lambda one: order.index(one[0]) if one[0] in order else 99)


def _for_subscription(
    parts: AlertParts, item: Item, subscription: Subscription, delivering: bool
) -> tuple[str, str, str]:
    name = subscription.id
    how = parts.deliveries.how(name, item.id)
    if how is not None:
        return "delivered", f"delivered to {name} ({how[0]})", ""
    if not delivering:
        resume = f"clusterwatch subscriptions resume {name}"
        return "state", f"the subscription {name} is {subscription.status}", resume
    since = subscription.active_since
    if since is not None and subscription.since:
        since -= duration(subscription.since)
    if since is not None and item.first_seen < since - timedelta(seconds=1):
        days = (subscription.active_since or since) - item.first_seen
        look_back = f'Set since = "{days.days + 1}d" for {name}.'
        return "since", f"it was seen before {name} became active", look_back
    topics = {match.topic for match in item.topics}
    if "*" not in subscription.topics and not topics & set(subscription.topics):
        wanted = ", ".join(subscription.topics)
        ask = f"clusterwatch explain {item.id} --topic {subscription.topics[0]}"
        return "topic", f"{name} wants {wanted}, it matches none of them", ask
    if subscription.languages and item.language not in subscription.languages:
        return "language", f"{name} does not want items in {item.language}", ""
    if not _from_wanted_source(parts, item, subscription):
        return "source", f"{name} does not want this source", ""
    return "pending", f"waits for the next digest of {name}", f"clusterwatch digest preview {name}"


def _from_wanted_source(parts: AlertParts, item: Item, subscription: Subscription) -> bool:
    if not subscription.sources:
        return True
    listed = {one.source for one in parts.crawler.items.sightings(item.id)}
    names = parts.crawler.sources.names()
    tags = {f"tag:{tag}" for one in listed if one in names for tag in names[one].tags}
    return bool((listed | tags) & set(subscription.sources))


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
        "links": [
            {
                "item": link.item,
                "other": link.other,
                "title": titles.get(_other(link, item)),
                "relation": link.relation,
                "score": round(link.score, 3),
                "anchors": list(link.anchors),
                "veto": link.veto or None,
            }
            for link in links
        ],
    }


def _other(link: StoryLink, item: Item) -> str:
    return link.item if link.other == item.id else link.other


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
