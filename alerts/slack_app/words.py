"""The words of our answers in Slack: a conversation is answered in the language of its digests."""

from __future__ import annotations

from collections import Counter

from alerts.digests.words import DEFAULT_LANGUAGE, Words, words_of
from alerts.slack_app.requests import Origin
from alerts.wiring import AlertParts
from crawler.storage.channel_ids import ChannelMemory
from crawler.storage.database import utc_now


def slack_words(language: str) -> Words:
    """The words of ``language`` for Slack; English where there are none."""
    return words_of("alerts.slack_app", language)


def words_here(parts: AlertParts, origin: Origin) -> Words:
    """The words of a conversation: those of the digests that come here, else those of most
    digests in Slack, else English."""
    subscriptions = [row.subscription for row in parts.subscription_store.all()]
    in_slack = [one for one in subscriptions if one.to.startswith("slack:")]
    places = {f"slack:{origin.channel}", f"slack:{origin.user}"}
    here = [one for one in in_slack if _place(parts, one.to) in places]
    spoken = Counter(one.digest_language for one in here or in_slack).most_common(1)
    return slack_words(spoken[0][0] if spoken else DEFAULT_LANGUAGE)


def _place(parts: AlertParts, to: str) -> str:
    """A recipient by the id of its channel, where only the name stands in the subscription."""
    if not to.startswith("slack:#"):
        return to
    memory = ChannelMemory(parts.crawler.database, utc_now)
    return f"slack:{memory.channel_id(to.removeprefix('slack:'))}"
