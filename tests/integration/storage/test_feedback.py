"""Judgements as rows, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.model.item import Item
from crawler.model.judgement import Classified, Judgement
from crawler.model.topic import Evidence, Match
from crawler.storage.database import Database
from crawler.storage.feedback import FeedbackStore
from crawler.storage.item_rows import insert_item, save_matches

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
EVIDENCE = (Evidence("title", 5, 7, "KI", "ai-core"),)
MATCH = Match("ai", 0.625, EVIDENCE)


def publish(database: Database, identity: str, *found: Match, **changes: object) -> None:
    url = f"https://a.example/{identity}"
    plain = Item(identity, "a", url, url, f"News {identity}", "", None, NOW, "de")
    item = replace(plain, **changes)  # type: ignore[arg-type]
    with database.write() as connection:
        insert_item(connection, item, text_pending=False)
        save_matches(connection, identity, found, {"ai": "v1"}, NOW)


def classify(database: Database, identity: str, *found: Match) -> None:
    with database.write() as connection:
        save_matches(connection, identity, found, {"ai": "v2"}, LATER)


def judge(
    store: FeedbackStore, item: str, judgement: str, topic: str = "ai", now: datetime = NOW
) -> Judgement:
    return store.add(item, topic, judgement, version="v2", by="command", now=now)


def test_a_judgement_keeps_the_classification_it_judges(database: Database) -> None:
    store = FeedbackStore(database)
    publish(database, "1", MATCH, Match("quantum", 0.9, ()))
    kept = judge(store, "1", "wrong")
    assert kept == Judgement("1", "ai", "wrong", 0.625, "v1", "command", NOW)
    classify(database, "1")
    assert store.of("ai") == [kept]


def test_without_a_match_the_present_version_is_what_is_judged(database: Database) -> None:
    store = FeedbackStore(database)
    publish(database, "1", Match("quantum", 0.9, ()))
    kept = judge(store, "1", "missed")
    assert (kept.score, kept.version) == (None, "v2")
    assert store.of("ai") == [kept]


def test_every_judgement_stays_in_the_order_given(database: Database) -> None:
    store = FeedbackStore(database)
    publish(database, "1", MATCH)
    for word, moment in (("relevant", LATER), ("wrong", NOW), ("relevant", NOW)):
        judge(store, "1", word, now=moment)
    judge(store, "1", "wrong", topic="quantum")
    assert [one.judgement for one in store.of("ai")] == ["wrong", "relevant", "relevant"]
    assert [one.at for one in store.of("ai")] == [NOW, NOW, LATER]


def test_the_archive_shows_each_item_as_the_topic_classifies_it(database: Database) -> None:
    publish(database, "2", MATCH, Match("quantum", 0.9, ()))
    publish(database, "1")
    publish(database, "3", Match("quantum", 0.9, ()), first_seen=NOW - timedelta(days=1))
    publish(database, "4", MATCH, first_seen=LATER, duplicate_of="2")
    assert FeedbackStore(database).archive("ai") == [
        Classified("3", NOW - timedelta(days=1), None),
        Classified("1", NOW, None),
        Classified("2", NOW, MATCH),
        Classified("4", LATER, MATCH, copy=True),
    ]
