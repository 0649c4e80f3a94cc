"""Judging a match: the same step for the command line, Slack and the web."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.errors import UsageError
from crawler.model.item import Item
from crawler.model.judgement import JUDGEMENTS, Judgement
from crawler.model.topic import TopicDefinition
from crawler.storage.database import Database
from crawler.storage.feedback import LONGEST_BY, FeedbackStore
from crawler.storage.items import ItemStore
from crawler.topic_changes import known_topic


def judge(
    database: Database,
    topics: Sequence[TopicDefinition],
    item_id: str,
    topic_id: str,
    judgement: str,
    *,
    by: str,
    now: datetime,
) -> tuple[Item, Judgement]:
    """Remember what somebody says about a topic of an item; changes no decision.

    ``by``: "command", or who said it by Slack or web; kept to 64 characters. Raises UsageError
    for an item, topic or judgement that does not exist.
    """
    if judgement not in JUDGEMENTS:
        allowed = ", ".join(JUDGEMENTS)
        raise UsageError(f'"{judgement}" is no judgement.', remedy=f"Allowed: {allowed}.")
    topic = known_topic(topics, topic_id)
    item = ItemStore(database).get(item_id)
    kept = FeedbackStore(database).add(
        item.id, topic.id, judgement, version=topic.version, by=by[:LONGEST_BY], now=now
    )
    return item, kept


def judge_once(
    database: Database,
    topics: Sequence[TopicDefinition],
    item_id: str,
    topic_id: str,
    judgement: str,
    *,
    by: str,
    now: datetime,
) -> Item:
    """The same for buttons: pressed twice it counts once, pressed otherwise the last counts."""
    store = FeedbackStore(database)
    before = store.by(by, [item_id]).get((item_id, topic_id))
    if before is not None and before.judgement == judgement:
        return ItemStore(database).get(item_id)
    item, _ = judge(database, topics, item_id, topic_id, judgement, by=by, now=now)
    return item


def withdraw(database: Database, item_id: str, topic_id: str, *, by: str) -> bool:
    """Take back what ``by`` said about a topic of an item; whether there was anything."""
    return FeedbackStore(database).withdraw(item_id, topic_id, by) > 0
