"""How far an item came on its way into a digest, and what would bring it further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from alerts.digests.words import Said
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
MOST_TOLD = 5  # subscriptions
_HELD_BACK = {
    "baseline": Said("it stood on the page when the source was first read (first_run)"),
    "max_age": Said("it was older than max_age when it was first seen"),
    "backfill": Said("it came by a backfill, which never alerts"),
    "erased": Said("it was erased"),
}
_HOW = {"rolled_up": Said("among the rest"), "marked": Said("counted as delivered"),
        "shown": Said("shown"), "counted": Said("counted"),
        "also": Said("as one more telling")}  # fmt: skip


def place_of(parts: AlertParts, item: Item, topic: str, subscription: str, now: datetime) -> Place:
    """Stage, reason and remedy of an item: for one subscription, or the one it came furthest for.

    Raises SubscriptionError for a subscription that does not exist.
    """
    if item.held_back:
        words = _HELD_BACK.get(item.held_back, item.held_back)
        if item.held_back == "erased":
            return "held back", words, Said("Only what recognises it is kept: no word of it.")
        return "held back", words, Said("It stays in the archive.")
    if topic and topic not in {match.topic for match in item.topics}:
        return _unmatched(parts, item, topic)
    rows = parts.subscription_store.all()
    if subscription:
        rows = [parts.subscription_store.get(subscription)]
    if not rows:
        about = item.topics[0].topic if item.topics else "TOPIC"
        add = f"clusterwatch subscriptions add file:digests/ --topic {about}"
        return "subscription", Said("there is no subscription"), Said("Add one: {add}", add=add)
    stops = [_for(parts, item, row.subscription, row.delivering, now) for row in rows]
    return min(stops, key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else 99)


def others_of(parts: AlertParts, item: Item, now: datetime) -> tuple[str, ...]:
    """What becomes of an item for each subscription where there are several: a line each, at most
    ``MOST_TOLD``, then how many more there are and how to ask for one."""
    rows = parts.subscription_store.all()
    if item.held_back or len(rows) < 2:
        return ()
    lines = [
        f"{row.subscription.id}: {stop[0]}: {stop[1]}"
        for row in rows[:MOST_TOLD]
        for stop in (_for(parts, item, row.subscription, row.delivering, now),)
    ]
    rest = len(rows) - len(lines)
    more = (f"{rest} more subscriptions: clusterwatch explain {item.id} --for SUB",) if rest else ()
    return (*lines, *more)


def _unmatched(parts: AlertParts, item: Item, topic: str) -> Place:
    teach = f'clusterwatch topics set {topic} --any "a term of this text"'
    missed = f"clusterwatch feedback {item.id} missed --topic {topic}"
    if not _speaks_of(parts, item, topic):
        reason = Said("nothing in it speaks of {topic}", topic=topic)
        return "topic", reason, Said("Was it missed? Note it: {missed}", missed=missed)
    gap = _gap(parts, item, topic)
    reason = Said("it does not match {topic}{gap}", topic=topic, gap=gap)
    remedy = Said("Teach it: {teach}; or note it: {missed}", teach=teach, missed=missed)
    return "topic", reason, remedy


def _speaks_of(parts: AlertParts, item: Item, topic: str) -> bool:
    """Whether anything of a topic was found; a topic that is gone is not judged."""
    matcher = parts.crawler.matcher
    if topic not in matcher.topics:
        return True
    return matcher.diagnose(topic, item.title, item.text, item.language).score > 0


def _gap(parts: AlertParts, item: Item, topic: str) -> str:
    """How much is missing for a topic of which something was found."""
    matcher = parts.crawler.matcher
    if topic not in matcher.topics:
        return ""
    found = matcher.diagnose(topic, item.title, item.text, item.language)
    if found.matches or not found.score:
        return ""
    return Said(": below the threshold by {by}", by=f"{found.threshold - found.score:.2f}")


def _for(
    parts: AlertParts, item: Item, subscription: Subscription, delivering: bool, now: datetime
) -> Place:
    steps = (
        _sent(parts, item, subscription),
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
    return "pending", Said("waits for the next digest of {name}", name=name), preview


def _sent(parts: AlertParts, item: Item, subscription: Subscription) -> Place | None:
    name, zone = subscription.id, zone_of(subscription.timezone)
    how = parts.deliveries.how(name, item.id)
    if how is None:
        return None
    told = _HOW.get(how[0], how[0])
    found = {one.id: one for one in parts.deliveries.find(subscription=name)}.get(how[1])
    if found is None:
        return "delivered", Said("delivered to {name} ({how})", name=name, how=told), ""
    if found.sent_at is not None:
        day = f"{found.sent_at.astimezone(zone):%Y-%m-%d}"
        said = Said("already sent to {name} on {day} ({how})", name=name, day=day, how=told)
        return "delivered", said, ""
    if found.state in OPEN_STATES:
        again = _minute(found.next_attempt, zone) if found.attempts and found.next_attempt else ""
        when = Said(", next attempt {again}", again=again) if again else ""
        reason = Said(
            "stands in a digest of {name} that is not sent yet{when}", name=name, when=when
        )
        return "sending", reason, "clusterwatch status"
    cause = found.error or found.state
    reason = Said("its digest of {name} was given up: {cause}", name=name, cause=cause)
    return "sending", reason, f"clusterwatch digest send {name} --again"


def _paused(subscription: Subscription) -> Place:
    name = subscription.id
    resume = f"clusterwatch subscriptions resume {name}"
    status = Said(subscription.status)
    return "state", Said("the subscription {name} is {status}", name=name, status=status), resume


def _too_early(item: Item, subscription: Subscription) -> Place | None:
    since = subscription.active_since
    if since is None:
        return None
    if subscription.since:
        since -= duration(subscription.since)
    if item.first_seen >= since - timedelta(seconds=1):
        return None
    days = ((subscription.active_since or since) - item.first_seen).days + 1
    name = subscription.id
    reason = Said("it was seen before {name} became active", name=name)
    return "since", reason, Said('Set since = "{days}d" for {name}.', days=days, name=name)


def _off_topic(parts: AlertParts, item: Item, subscription: Subscription) -> Place | None:
    wanted = subscription.topics
    matches = [match for match in item.topics if match.topic in wanted]
    if "*" in wanted or any(not match.quiet for match in matches):
        return None
    if matches:
        topic = matches[0].topic
        return (
            "topic",
            Said(
                "it was found when the definition of {topic} changed, and old items alert nobody",
                topic=topic,
            ),
            Said(
                "Another time, ask for them: clusterwatch topics set {topic} … --alert", topic=topic
            ),
        )
    gaps = [
        Said("{topic}{gap}", topic=one, gap=gap)
        for one in wanted
        if (gap := _gap(parts, item, one))
    ]
    near: str = Said("; nearest: {gaps}", gaps=_listed(gaps)) if gaps else ""
    reason = Said(
        "{name} wants {topics}, it matches none of them{near}",
        name=subscription.id, topics=", ".join(wanted), near=near,
    )  # fmt: skip
    asked = wanted[0] if len(wanted) == 1 else "TOPIC"
    return "topic", reason, f"clusterwatch explain {item.id} --topic {asked}"


def _listed(said: Sequence[str]) -> str:
    first, *others = said
    return Said("{one}; {others}", one=first, others=_listed(others)) if others else first


def _unwanted(parts: AlertParts, item: Item, subscription: Subscription) -> Place | None:
    name = subscription.id
    if subscription.languages and item.language not in subscription.languages:
        language = item.language
        said = Said("{name} does not want items in {language}", name=name, language=language)
        return "language", said, ""
    listed = {one.source for one in parts.crawler.items.sightings(item.id)} or {item.source}
    if listed <= set(subscription.muted):
        unmute = f"clusterwatch subscriptions unmute {name} {item.source}"
        said = Said("{name} muted the source {source}", name=name, source=item.source)
        return "muted", said, unmute
    if subscription.sources and not _from_wanted_source(parts, item, subscription):
        return "source", Said("{name} does not want this source", name=name), ""
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
        stop = _sent(parts, other, subscription) if other.id != item.id else None
        if stop is not None:
            reason = Said(
                "merged into story {story}; “{title}” {sent}",
                story=item.story, title=other.title, sent=stop[1],
            )  # fmt: skip
            return (
                "story",
                reason,
                Said("Part them: {split}", split=f"clusterwatch stories split {item.id}"),
            )
    return None


def _held(subscription: Subscription, now: datetime) -> Place | None:
    holds = parse_holds(subscription.quiet_hours, subscription.holidays)
    zone = zone_of(subscription.timezone)
    if not holds.holding(now, zone):
        return None
    until = holds.released(now, zone)
    holiday = holds.is_holiday(now.astimezone(zone).date())
    kind = Said("holidays") if holiday else Said("quiet hours")
    until_then = _minute(until, zone)
    name = subscription.id
    reason = Said("{name} has {kind} until {until}", name=name, kind=kind, until=until_then)
    return "quiet hours", reason, f"clusterwatch digest send {subscription.id} --now"


def _minute(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
