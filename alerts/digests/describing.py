"""What a subscription brings, in a sentence of its reader's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from alerts.digests.plain import one_line
from alerts.digests.words import Words, words_for
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def described(subscription: Subscription, topics: Mapping[str, TopicDefinition]) -> str:
    """ "Artificial intelligence and Korea; weekly, Mondays at 08:00 (Europe/Berlin)"."""
    words = words_for(subscription.digest_language)
    names = [topic_name(topics, one, words.language) for one in subscription.topics if one != "*"]
    about = words.listed(names) if names else ""
    if "*" in subscription.topics or not names:
        about = words.say("every topic")
    told = rhythm(subscription.schedule, words)
    timeless = subscription.schedule.lower().strip() in ("hourly", "immediate")
    return f"{about}; {told}" if timeless else f"{about}; {told} ({subscription.timezone})"


def topic_name(topics: Mapping[str, TopicDefinition], topic: str, language: str) -> str:
    """A topic's display name in a language, else its own, else its id."""
    known = topics.get(topic)
    name = known.names.get(language) or known.name if known else ""
    return one_line(name) or one_line(topic)


def rhythm(schedule: str, words: Words) -> str:
    """A schedule in words; a cron line as it is."""
    match schedule.lower().split():
        case ["daily", at]:
            return words.say("daily at {time}", time=at)
        case ["weekdays", at]:
            return words.say("Monday to Friday at {time}", time=at)
        case ["weekly", day, at] if day[:3] in _DAYS:
            name = words.weekday(_DAYS.index(day[:3]))
            return words.say("weekly, {day}s at {time}", day=name, time=at)
        case ["hourly"]:
            return words.say("every hour")
        case ["immediate"]:
            return words.say("as soon as there is something")
    return schedule
