"""How far an item came on its way into a digest, and what would bring it further."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.explanation import Place
from alerts.holds import parse_holds
from alerts.schedules import zone_of
from alerts.wiring import AlertParts
from crawler.config import duration
from crawler.model.item import Item
from crawler.model.subscription import Subscription
from crawler.storage.deliveries import OPEN_STATES

# Of several subscriptions the one that came furthest speaks.
_ORDER = (
    "delivered", "sending", "story", "quiet hours", "pending", "state", "language", "muted",
    "source", "topic", "since",
)  # fmt: skip
_HELD_BACK = {
    "baseline": "it stood on the page when the source was first read (first_run)",
    "max_age": "it was older than max_age when it was first seen",
    "backfill": "it came by a backfill, which never alerts",
    "erased": "it was erased",
}


def place_of(parts: AlertParts, item: Item, topic: str, subscription: str, now: datetime) -> Place:
    """Stage, reason and remedy of an item: for one subscription, or the one it came furthest for.

    Raises SubscriptionError for a subscription that does not exist.
    """
    if item.held_back:
        words = _HELD_BACK.get(item.held_back, item.held_back)
        return "held back", words, "It stays in the archive."
    if topic and topic not in {match.topic for match in item.topics}:
        return _unmatched(parts, item, topic)
    rows = parts.subscription_store.all()
    if subscription:
        rows = [parts.subscription_store.get(subscription)]
    if not rows:
        about = item.topics[0].topic if item.topics else "'*'"
        add = f"clusterwatch subscriptions add file:digests/ --topic {about}"
        return "subscription", "there is no subscription", f"Add one: {add}"
    stops = [_for(parts, item, row.subscription, row.delivering, now) for row in rows]
    return min(stops, key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else 99)


def _unmatched(parts: AlertParts, item: Item, topic: str) -> Place:
    teach = f'clusterwatch topics set {topic} --any "a term of this text"'
    missed = f"clusterwatch feedback {item.id} missed --topic {topic}"
    reason = f"it does not match {topic}{_gap(parts, item, topic)}"
    return "topic", reason, f"Teach it: {teach}; or note it: {missed}"


def _gap(parts: AlertParts, item: Item, topic: str) -> str:
    """How much is missing for a topic of which something was found."""
    matcher = parts.crawler.matcher
    if topic not in matcher.topics:
        return ""
    found = matcher.diagnose(topic, item.title, item.text, item.language)
    if found.matches or not found.score:
        return ""
    return f": below the threshold by {found.threshold - found.score:.2f}"


def _for(
    parts: AlertParts, item: Item, subscription: Subscription, delivering: bool, now: datetime
) -> Place:
    steps = (
        _sent(parts, item, subscription.id),
        None if delivering else _paused(subscription),
        _too_early(item, subscription),
        _off_topic(parts, item, subscription),
        _unwanted(parts, item, subscription),
        _story_sent(parts, item, subscription),
        _held(subscription, now),
    )
    for stop in steps:
        if stop is not None:
            return stop
    name = subscription.id
    preview = f"clusterwatch digest preview {name}"
    return "pending", f"waits for the next digest of {name}", preview


def _sent(parts: AlertParts, item: Item, name: str) -> Place | None:
    how = parts.deliveries.how(name, item.id)
    if how is None:
        return None
    words = {"rolled_up": "among the rest", "marked": "counted as delivered"}.get(how[0], how[0])
    found = {one.id: one for one in parts.deliveries.find(subscription=name)}.get(how[1])
    if found is None:
        return "delivered", f"delivered to {name} ({words})", ""
    if found.sent_at is not None:
        return "delivered", f"already sent to {name} on {found.sent_at:%Y-%m-%d} ({words})", ""
    if found.state in OPEN_STATES:
        when = f", next attempt {found.next_attempt:%Y-%m-%d %H:%M} UTC" if found.attempts else ""
        reason = f"stands in a digest of {name} that is not sent yet{when}"
        return "sending", reason, "clusterwatch status"
    reason = f"its digest of {name} was given up: {found.error or found.state}"
    return "sending", reason, f"clusterwatch digest send {name} --again"


def _paused(subscription: Subscription) -> Place:
    name = subscription.id
    resume = f"clusterwatch subscriptions resume {name}"
    return "state", f"the subscription {name} is {subscription.status}", resume


def _too_early(item: Item, subscription: Subscription) -> Place | None:
    since = subscription.active_since
    if since is None:
        return None
    if subscription.since:
        since -= duration(subscription.since)
    if item.first_seen >= since - timedelta(seconds=1):
        return None
    days = ((subscription.active_since or since) - item.first_seen).days + 1
    reason = f"it was seen before {subscription.id} became active"
    return "since", reason, f'Set since = "{days}d" for {subscription.id}.'


def _off_topic(parts: AlertParts, item: Item, subscription: Subscription) -> Place | None:
    wanted = subscription.topics
    matches = [match for match in item.topics if match.topic in wanted]
    if "*" in wanted or any(not match.quiet for match in matches):
        return None
    if matches:
        topic = matches[0].topic
        return (
            "topic",
            f"it was found when the definition of {topic} changed, and old items alert nobody",
            f"Another time, ask for them: clusterwatch topics set {topic} … --alert",
        )
    gaps = [f"{one}{gap}" for one in wanted if (gap := _gap(parts, item, one))]
    told = f"; nearest: {'; '.join(gaps)}" if gaps else ""
    reason = f"{subscription.id} wants {', '.join(wanted)}, it matches none of them{told}"
    return "topic", reason, f"clusterwatch explain {item.id} --topic {wanted[0]}"


def _unwanted(parts: AlertParts, item: Item, subscription: Subscription) -> Place | None:
    name = subscription.id
    if subscription.languages and item.language not in subscription.languages:
        return "language", f"{name} does not want items in {item.language}", ""
    listed = {one.source for one in parts.crawler.items.sightings(item.id)} or {item.source}
    if listed <= set(subscription.muted):
        unmute = f"clusterwatch subscriptions unmute {name} {item.source}"
        return "muted", f"{name} muted the source {item.source}", unmute
    if subscription.sources and not _from_wanted_source(parts, item, subscription):
        return "source", f"{name} does not want this source", ""
    return None


def _from_wanted_source(parts: AlertParts, item: Item, subscription: Subscription) -> bool:
    listed = {one.source for one in parts.crawler.items.sightings(item.id)}
    names = parts.crawler.sources.names()
    tags = {f"tag:{tag}" for one in listed if one in names for tag in names[one].tags}
    return bool((listed | tags | {"*"}) & set(subscription.sources))


def _story_sent(parts: AlertParts, item: Item, subscription: Subscription) -> Place | None:
    """Another telling of its story was sent: the subscription has the news."""
    if item.story is None:
        return None
    for other in parts.crawler.stories.get(item.story).items:
        stop = _sent(parts, other, subscription.id) if other.id != item.id else None
        if stop is not None:
            reason = f"merged into story {item.story}; “{other.title}” {stop[1]}"
            return "story", reason, f"Part them: clusterwatch stories split {item.id}"
    return None


def _held(subscription: Subscription, now: datetime) -> Place | None:
    holds = parse_holds(subscription.quiet_hours, subscription.holidays)
    zone = zone_of(subscription.timezone)
    if not holds.holding(now, zone):
        return None
    until = holds.released(now, zone).astimezone(zone)
    kind = "holidays" if holds.is_holiday(now.astimezone(zone).date()) else "quiet hours"
    reason = f"{subscription.id} has {kind} until {until:%Y-%m-%d %H:%M}"
    return "quiet hours", reason, f"clusterwatch digest send {subscription.id} --now"
