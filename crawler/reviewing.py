"""Reviewing a topic by people's judgements: the same step for the command line and the web."""

from __future__ import annotations

from dataclasses import replace

from crawler.model.topic import TopicDefinition
from crawler.storage.database import Database
from crawler.storage.feedback import FeedbackStore
from crawler.storage.items import ItemStore
from crawler.topics.review import Review, review
from crawler.topics.trial import harmless

MAX_TRIED = 200  # right items that a proposed exclusion is tried on


def reviewed(database: Database, topic: TopicDefinition) -> Review:
    """What the judgements say of a topic; proposals that would take away right items left out."""
    store = FeedbackStore(database)
    done = review(topic, store.of(topic.id), store.archive(topic.id))
    if not done.proposals:
        return done
    right = ItemStore(database).by_ids(done.right[-MAX_TRIED:])
    return replace(done, proposals=harmless(topic, done.proposals, right))
