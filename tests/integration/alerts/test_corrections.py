"""A posted digest is corrected in place: once for each change, and never a second message."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from crawler.errors import AmbiguousDeliveryError, TemporaryDeliveryError
from crawler.storage.corrections import Outdated
from crawler.storage.item_rows import update_item
from tests.integration.alerts.house import House

LOST = AmbiguousDeliveryError("no answer", reason="timeout")
LATER = TemporaryDeliveryError("not now", reason="later")
STATEMENTS = {
    "left": "UPDATE subscriptions SET status = 'left'",
    "webhook": "UPDATE deliveries SET external_id = 'webhook:' || id",
}


@pytest.fixture
def posted(house: House) -> House:
    """A digest of two stories stands in Slack."""
    house.subscribe()
    house.publish("1")
    house.publish("2")
    house.morning()
    house.dispatch()
    assert house.deliver() == ["sent"]
    house.clock.turn(hours=1)
    return house


def change(house: House, identity: str, text: str) -> None:
    with house.database.write() as connection:
        update_item(connection, identity, change=text, changed_at=house.clock.now)


def edits(house: House) -> list[dict[str, Any]]:
    """The edits as they were handed to Slack, in order."""
    payloads = [json.loads(one.payload) for one in house.slack.taken]
    return [payload for payload in payloads if "update_of" in payload]


def stories(payload: dict[str, Any]) -> list[str]:
    texts = [block.get("text", {}).get("text", "") for block in payload["blocks"]]
    return [text for text in texts if text.startswith("<https://a.example/")]


def test_a_changed_story_is_corrected_once_in_the_message(posted: House) -> None:
    [message] = posted.deliveries.find()
    change(posted, "1", "moved from 2 May to 3 May")
    for _ in range(3):
        posted.dispatch()
        posted.deliver()
        posted.clock.turn(minutes=1)
    [edit] = edits(posted)
    assert edit["update_of"] == message.id
    [told, other] = sorted(stories(edit))
    assert told.endswith("\nCorrected since: moved from 2 May to 3 May")
    assert "Corrected" not in other
    assert other in stories(json.loads(message.payload))


def test_a_tick_after_everything_is_corrected_asks_for_no_message(
    posted: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = posted.corrections.store
    outdated, asked = store.outdated, []

    def noted(now: datetime) -> list[Outdated]:
        asked.append(now)
        return outdated(now)

    monkeypatch.setattr(store, "outdated", noted)
    posted.dispatch()
    assert asked == []  # nothing has ever changed
    change(posted, "1", "moved from 2 May to 3 May")
    for _ in range(3):
        posted.dispatch()
        posted.deliver()
    assert len(asked) == 2
    posted.clock.turn(minutes=1)
    change(posted, "2", "moved from 5 May to 6 May")
    posted.dispatch()
    posted.deliver()
    assert len(edits(posted)) == 2


def test_a_message_sent_after_its_story_changed_is_corrected_at_once(house: House) -> None:
    house.subscribe()
    house.publish("1")
    house.morning()
    house.dispatch()
    house.clock.turn(minutes=1)
    change(house, "1", "moved from 2 May to 3 May")
    house.dispatch()
    house.deliver()
    house.dispatch()
    house.deliver()
    assert len(edits(house)) == 1


def test_what_was_written_late_is_corrected_within_minutes(posted: House) -> None:
    change(posted, "1", "moved from 2 May to 3 May")
    for _ in range(3):
        posted.dispatch()
        posted.deliver()
    with posted.database.write() as connection:
        earlier = posted.clock.now - timedelta(seconds=1)
        update_item(connection, "2", change="moved from 5 May to 6 May", changed_at=earlier)
    posted.dispatch()
    posted.clock.turn(minutes=5)
    posted.dispatch()
    posted.deliver()
    assert len(edits(posted)) == 2


def test_a_later_change_keeps_the_earlier_one(posted: House) -> None:
    change(posted, "1", "moved to 3 May")
    posted.dispatch()
    posted.deliver()
    posted.clock.turn(hours=1)
    change(posted, "2", "withdrawn by its source")
    posted.dispatch()
    posted.deliver()
    [_, last] = edits(posted)
    assert all("Corrected since" in story for story in stories(last))


def test_an_edit_waits_for_the_one_before_it(posted: House) -> None:
    posted.slack.before = [LATER]
    change(posted, "1", "moved to 3 May")
    posted.dispatch()
    posted.deliver()
    change(posted, "2", "withdrawn")
    posted.dispatch()
    assert len([one for one in posted.deliveries.find() if one.window.startswith("corr")]) == 1
    for _ in range(3):
        posted.clock.turn(minutes=1)
        posted.deliver()
        posted.dispatch()
    assert [sum("Corr" in one for one in stories(edit)) for edit in edits(posted)] == [1, 2]


def test_an_answer_that_got_lost_repeats_the_edit_and_no_message(posted: House) -> None:
    posted.slack.after = [LOST]
    change(posted, "1", "moved to 3 May")
    posted.dispatch()
    assert posted.deliver() == ["ambiguous"]
    posted.clock.turn(minutes=1)
    posted.slack.taken = [one for one in posted.slack.taken if one.window == "2026-11-21"]
    assert posted.deliver() == ["sent"]
    assert len(edits(posted)) == 1


def test_the_next_digest_still_tells_it(posted: House) -> None:
    change(posted, "1", "moved to 3 May")
    posted.dispatch()
    posted.publish("3")
    posted.morning(1)
    posted.dispatch()
    posted.deliver()
    assert any("Updated since" in one.payload for one in posted.slack.taken)


@pytest.mark.parametrize("case", ["payload", "left", "mail", "old", "webhook", "rolled_up"])
def test_nothing_is_edited_where_that_cannot_be(house: House, case: str) -> None:
    to = "email:a@example.org" if case == "mail" else "slack:C0000001"
    house.subscribe(to=to, max_stories=1)
    house.publish("1")
    house.publish("2")
    house.morning()
    house.dispatch()
    house.deliver()
    shown, rolled = sorted(
        "12", key=lambda one: (house.deliveries.how("team", one) or "")[0] != "shown"
    )
    house.clock.turn(days=31 if case == "old" else 1)
    change(house, rolled if case == "rolled_up" else shown, "moved to 3 May")
    if case == "payload":
        house.deliveries.forget_payloads(house.clock.now)
    if case in STATEMENTS:
        with house.database.write() as connection:
            connection.execute(sql(STATEMENTS[case]))
    assert house.corrections.queue_due(house.clock.now) == 0
