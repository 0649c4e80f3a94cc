"""One step judges for every door: command, Slack and web."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.errors import UsageError
from crawler.judging import judge
from crawler.model.item import Item
from crawler.model.topic import Match
from crawler.storage.database import Database
from crawler.storage.feedback import FeedbackStore
from crawler.storage.item_rows import insert_item, save_matches
from crawler.topics.review import review
from crawler.topics.vocabulary import load_topic

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TOPIC = load_topic({"id": "quantum", "any": ["qubit*"]}, origin="test")


@pytest.fixture
def archive(database: Database) -> Database:
    url = "https://a.example/1"
    with database.write() as connection:
        item = Item("1", "a", url, url, "News", "", None, NOW, "en")
        insert_item(connection, item, text_pending=False)
        found = [Match("quantum", 0.9, ())]
        save_matches(connection, "1", found, {"quantum": TOPIC.version}, NOW)
    return database


def test_whoever_judges_is_remembered_and_counts(archive: Database) -> None:
    item, kept = judge(archive, [TOPIC], "1", "quantum", "wrong", by="slack:U0123", now=NOW)
    assert (item.id, kept.by, kept.version) == ("1", "slack:U0123", TOPIC.version)
    judge(archive, [TOPIC], "1", "quantum", "relevant", by="web:" + "x" * 100, now=NOW)
    store = FeedbackStore(archive)
    said = store.of("quantum")
    assert [one.judgement for one in said] == ["wrong", "relevant"]
    assert len(said[1].by) == 64
    done = review(TOPIC, said, store.archive("quantum"))
    assert (done.precision.count, done.precision.of) == (1, 1)


@pytest.mark.parametrize(
    ("item", "topic", "judgement", "said"),
    [
        ("1", "quantum", "good", "relevant, wrong, missed"),
        ("1", "quantumm", "wrong", "quantum"),
        ("2", "quantum", "wrong", "No item"),
    ],
)
def test_what_does_not_exist_is_refused(
    archive: Database, item: str, topic: str, judgement: str, said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        judge(archive, [TOPIC], item, topic, judgement, by="web", now=NOW)
    assert said in refused.value.line()
    assert FeedbackStore(archive).of("quantum") == []
