"""Subscribing a channel and adding a source by a word in Slack: the steps of the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.digests.answers import Answer
from alerts.digests.mrkdwn import escaped, link
from alerts.digests.plain import one_line
from alerts.digests.words import Said, Words
from alerts.entering import checked, new_id
from alerts.slack_app.requests import Command, Origin
from alerts.windows import upcoming
from alerts.wiring import AlertParts
from crawler.errors import FetchError, UsageError
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition
from crawler.storage.allowances import AllowanceStore

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.fetch.run import Crawl
    from crawler.model.source import Source
    from crawler.wiring import Parts

_EVERYTHING = ("*", "all", "everything")
_RHYTHMS = ("daily", "weekdays", "hourly", "immediate")
_MOST_A_DAY = 30  # subscriptions and sources each, of a whole workspace
_SHOWN_ITEMS = 3
_LOOK_SECONDS = 90.0
_FORM = Said("Say: {form}", form="/clusterwatch subscribe topics ai, korea-cooperation at 08:00")


@dataclass(frozen=True, slots=True)
class Desk:
    """What commands work with."""

    parts: AlertParts
    now: datetime
    detect: Callable[[str], Detection]  # how an address would be watched
    words: Words  # of the conversation


def subscribed(desk: Desk, command: Command, rest: str) -> Answer:
    """Subscribe the channel, as ``subscriptions add`` does. Raises UsageError."""
    parts, now, say = desk.parts, desk.now, desk.words.say
    topics, schedule = wish(rest)
    ids = ["*"] if topics == ["*"] else [topic_named(desk, one).id for one in topics]
    to = _recipient(command.origin)
    for one in _here(parts, to):
        if set(one.topics) == set(ids) and one.schedule == schedule:
            raise UsageError(say('That comes here already: subscription "{id}".', id=one.id))
    _allow(desk, "subscribe")
    values = {"id": new_id(to, parts), "to": to, "topics": ids, "schedule": schedule,
              "digest_language": desk.words.language}  # fmt: skip
    row = parts.subscriptions.enter(checked(parts, values), now=now, by=command.origin.by)
    what = say("everything") if ids == ["*"] else ", ".join(ids)
    line = say("subscribed this conversation to {what}, {schedule}.", what=what, schedule=schedule)
    times, zone = upcoming(row.subscription, now, 1), row.subscription.timezone
    if times:
        first = desk.words.due(times[0], zone)
        line += " " + say("The first digest comes {when} ({zone}).", when=first, zone=zone)
    if command.origin.shared:
        line += " " + say("If I am not in this channel yet, invite me: /invite.")
    return Answer(f"<@{command.origin.user}> {escaped(line)}", public=command.origin.shared)


def unsubscribed(desk: Desk, command: Command, rest: str) -> Answer:
    """End a subscription of this conversation that was made by hand. Raises UsageError."""
    parts, now, say = desk.parts, desk.now, desk.words.say
    here = {one.id: one for one in _here(parts, _recipient(command.origin))}
    if not here:
        raise UsageError(say("Nothing was subscribed here by name of this conversation."))
    if rest not in here and len(here) > 1:
        which = say("Which one? {names}", names=", ".join(here))
        raise UsageError(which, remedy="/clusterwatch unsubscribe ID")
    wanted = rest or next(iter(here))
    if wanted not in here:
        known = say("There is: {names}", names=", ".join(here))
        raise UsageError(say('There is no "{name}" here.', name=wanted), remedy=known)
    parts.subscriptions.remove(wanted, now=now, by=command.origin.by)
    topics = ", ".join(here[wanted].topics)
    line = say("ended the subscription {name} ({topics}).", name=wanted, topics=topics)
    return Answer(f"<@{command.origin.user}> {escaped(line)}", public=command.origin.shared)


def added(desk: Desk, command: Command, rest: str) -> Answer:
    """Watch another page, as ``sources add`` does. Raises UsageError and FetchError."""
    from crawler.extract.site_name import source_name
    from crawler.source_changes import add_source, refuse_empty
    from crawler.typed_addresses import at_address

    if not rest:
        remedy = desk.words.say("Give the address of a news page or feed.")
        raise UsageError(desk.words.say("Add what?"), remedy=remedy)
    _allow(desk, "add")  # once, though two ways in may be tried
    source, found = at_address(rest.split(" ")[0], lambda full: _looked_at(desk, full))
    url = source.url
    refuse_empty(found, url)
    if found.kind == "feed" and found.feed_url:
        _refuse_watched(desk, found.feed_url)
    source = replace(source, name=one_line(source_name(found, url)) or source.id)
    add_source(desk.parts.crawler.sources, source, found, desk.now)
    lines = [
        f"{escaped(desk.words.say('Now watched:'))} *{link(source.name, url)}* "
        f"(`{escaped(source.id)}`, {escaped(found.kind)}). "
        f"{escaped(desk.words.say('Seen there now:'))}",
        *(f"• {link(one_line(item.title)[:120], item.url)}" for item in found.items[:_SHOWN_ITEMS]),
    ]
    return Answer("\n".join(lines))


def _looked_at(desk: Desk, url: str) -> tuple[Source, Detection]:
    """The source that an address makes, and how its page would be watched."""
    from crawler.source_changes import new_source

    _refuse_watched(desk, url)
    values = {"url": url, "id": "", "name": "", "kind": "auto"}
    return new_source(desk.parts.crawler.sources, values), desk.detect(url)


def _refuse_watched(desk: Desk, url: str) -> None:
    """As ``refuse_watched``, in the words of the conversation, which has no command line."""
    from crawler.source_changes import WatchedError, refuse_watched

    try:
        refuse_watched(desk.parts.crawler.sources, url)
    except WatchedError as error:
        told = desk.words.say(
            'The source "{name}" watches {url} already.', name=error.source, url=error.url
        )
        raise UsageError(told) from error


def topic_named(desk: Desk, name: str) -> TopicDefinition:
    """A topic by its id or a name of it, in any language. Raises UsageError naming those known."""
    wanted, topics = name.strip().casefold(), desk.parts.crawler.topics
    for topic in topics:
        names = (topic.id, topic.name, *topic.names.values())
        if wanted in (one.casefold() for one in names):
            return topic
    say = desk.words.say
    known = ", ".join(topic.id for topic in topics[:40]) or say("none yet")
    missing = say('There is no topic "{name}".', name=name[:64])
    raise UsageError(missing, remedy=say("Known: {names}.", names=known))


def wish(text: str) -> tuple[list[str], str]:
    """(topics, schedule) of "topics ai, korea weekdays at 08:00". Raises UsageError."""
    words = text.split()
    if words and words[0].casefold() == "topics":
        words = words[1:]
    lower = [word.casefold() for word in words]
    time = "08:00"
    if "at" in lower:
        at = len(lower) - 1 - lower[::-1].index("at")
        if at + 2 != len(words):
            raise UsageError(Said("When?"), remedy=_FORM)
        time, words, lower = words[-1], words[:at], lower[:at]
    rhythm, kept = _rhythm(lower)
    names = " ".join(words[:kept])
    topics = [one.strip() for one in (names.split(",") if "," in names else names.split())]
    topics = [one for one in topics if one]
    if not topics:
        raise UsageError(Said("Which topics?"), remedy=_FORM)
    if any(one.casefold() in _EVERYTHING for one in topics):
        topics = ["*"]
    return topics, rhythm if rhythm in ("hourly", "immediate") else f"{rhythm} {time.zfill(5)}"


def _rhythm(words: Sequence[str]) -> tuple[str, int]:
    """How often, and how many words come before that."""
    if len(words) > 1 and words[-2] == "weekly":
        return f"weekly {words[-1][:3]}", len(words) - 2
    if words and words[-1] in _RHYTHMS:
        return words[-1], len(words) - 1
    return "daily", len(words)


def _recipient(origin: Origin) -> str:
    return f"slack:{origin.channel if origin.shared else origin.user}"


def _here(parts: AlertParts, to: str) -> list[Subscription]:
    rows = parts.subscription_store.all()
    return [row.subscription for row in rows if row.subscription.to == to]


def _allow(desk: Desk, what: str) -> None:
    store, say = AllowanceStore(desk.parts.crawler.database), desk.words.say
    if not store.take(f"slack:{what}", _MOST_A_DAY, desk.now):
        many = say("That was done {count} times today.", count=_MOST_A_DAY)
        raise UsageError(many, remedy=say("Try it tomorrow."))


def detected_alone(crawler: Parts, url: str) -> Detection:
    """Look at a page with a crawl of its own, where none runs in this process."""

    async def look() -> Detection:
        async with crawler.crawl() as crawl:
            return await detected_by(crawl, url)

    return asyncio.run(look())


async def detected_by(crawl: Crawl, url: str) -> Detection:
    """How a page would be watched. Raises FetchError, also where it takes too long."""
    from crawler.extract.listing import ListingHints
    from crawler.source_changes import detected

    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            return await detected(crawl, url, ListingHints())
    except TimeoutError as error:
        raise FetchError(f"{url} did not answer in time.", url=url, kind="timeout") from error
