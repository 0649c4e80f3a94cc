"""Windows are closed once, with everything in them, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts import dispatch
from alerts.windows import next_look
from crawler.errors import SubscriptionError
from crawler.model.digest import Receipt
from crawler.model.subscription import Subscription
from crawler.storage import subscriptions as rows
from crawler.storage.erasure import ErasureStore
from tests.integration.alerts.house import MORNING, House


def test_a_due_digest_is_queued_with_its_stories_and_only_once(house: House) -> None:
    house.subscribe()
    house.publish("1")
    house.publish("2")
    assert house.dispatch() == []
    house.morning()
    assert house.dispatch() == [("2026-11-21", "queued", 2)]
    assert house.dispatch() == []
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "empty", 0)]
    [delivery] = house.deliveries.find()
    assert (delivery.state, delivery.window, delivery.part) == ("pending", "2026-11-21", 0)
    assert "News number 1" in house.text(delivery)


def test_an_item_that_comes_after_an_empty_window_waits_for_the_next(house: House) -> None:
    house.subscribe()
    house.morning()
    assert house.dispatch() == [("2026-11-21", "empty", 0)]
    house.clock.turn(minutes=5)
    house.publish("1")
    assert house.dispatch() == []
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "queued", 1)]


def test_five_days_of_downtime_end_in_one_digest_with_everything(house: House) -> None:
    house.subscribe()
    for day in range(5):
        house.publish(str(day))
        house.clock.turn(days=1)
    house.morning(5)
    assert house.dispatch() == [("2026-11-26", "queued", 5)]
    house.clock.turn(hours=1)
    assert house.dispatch() == []


def test_when_empty_line_says_so(house: House) -> None:
    house.subscribe(when_empty="line")
    house.morning()
    assert house.dispatch() == [("2026-11-21", "queued", 0)]
    assert "nothing new" in house.deliveries.find()[0].payload


def test_an_extra_window_now_leaves_the_scheduled_one_what_came_after(house: House) -> None:
    house.subscribe()
    house.publish("1")
    house.clock.turn(hours=1)
    extra = house.dispatcher.close_window("team", house.clock.now, extra=True)
    assert extra is not None
    assert (extra.window, extra.state) == ("now:2026-11-20T13:00:00Z", "queued")
    house.clock.turn(minutes=1)
    house.publish("2")
    house.morning()
    assert house.dispatch() == [("2026-11-21", "queued", 1)]
    assert len(house.deliveries.find()) == 2


def test_an_extra_window_with_nothing_new_is_not_queued(house: House) -> None:
    house.subscribe()
    extra = house.dispatcher.close_window("team", house.clock.now, extra=True)
    assert extra is not None
    assert extra.state == "empty"
    assert house.deliveries.find() == []


def test_a_story_of_which_one_telling_was_delivered_never_comes_again(house: House) -> None:
    house.subscribe()
    house.publish("1", story="s")
    house.morning()
    house.dispatch()
    house.publish("2", story="s")
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "empty", 0)]


def test_merging_and_splitting_delivered_stories_repeats_nothing(house: House) -> None:
    house.subscribe()
    house.publish("1", story="s")
    house.publish("2", story="s")
    house.morning()
    house.dispatch()
    with house.database.write() as connection:
        from crawler.storage.item_rows import update_item

        update_item(connection, "2", story=None)
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "empty", 0)]


@pytest.mark.parametrize("again", ["2026-11-22", "later"])
def test_what_retention_took_away_is_not_sent_again(house: House, again: str) -> None:
    house.subscribe()
    house.publish("1", text="A laser. " * 50)
    house.morning()
    assert house.dispatch() == [("2026-11-21", "queued", 1)]
    assert house.deliver() == ["sent"]
    house.morning(1 if again != "later" else 1000)
    forgotten = house.clock.now + timedelta(days=1)
    assert house.deliveries.forget_payloads(forgotten) == 1
    assert ErasureStore(house.database).forget_texts(forgotten) == 1
    assert [(state, stories) for _, state, stories in house.dispatch()] == [("empty", 0)]
    house.publish("2", story="s-1")  # another telling of what was told
    house.morning(1001)
    assert [(state, stories) for _, state, stories in house.dispatch()] == [("empty", 0)]


def test_held_back_and_foreign_items_are_not_sent(house: House) -> None:
    house.subscribe()
    house.publish("1", held_back="baseline")
    house.publish("2", "space")
    house.morning()
    assert house.dispatch() == [("2026-11-21", "empty", 0)]


def test_nothing_from_before_the_activation_comes_unless_since_looks_back(house: House) -> None:
    house.publish("1")
    house.clock.turn(hours=1)
    house.subscribe("plain")
    house.subscribe("looking", since="1d")
    house.morning()
    assert sorted(house.dispatch()) == [("2026-11-21", "empty", 0), ("2026-11-21", "queued", 1)]


def test_an_alert_comes_at_once_and_is_only_counted_in_the_digest(house: House) -> None:
    house.subscribe("digest")
    house.subscribe("alerts", schedule="immediate")
    house.publish("1", story="s")
    house.publish("2", story="s")
    assert [state for _, state, _ in house.dispatch()] == ["queued"]
    assert house.dispatch() == []
    house.publish("3")
    house.morning()
    house.subscribe("late-alerts", schedule="immediate", topics=("*",), since="2d")
    done = {one.subscription: one for one in house.dispatcher.dispatch_due(house.clock.now)}
    assert done["alerts"].stories == 1
    assert "late-alerts" not in done  # its recipient has been alerted to all of it
    house.morning(1)
    house.publish("4")
    house.clock.turn(days=1)
    closed = {one.subscription: one for one in house.dispatcher.dispatch_due(house.clock.now)}
    assert "alerts" in closed


def test_the_digest_counts_what_was_alerted_to_the_same_recipient(house: House) -> None:
    house.subscribe("digest")
    house.subscribe("alerts", schedule="immediate", topics=("korea",))
    house.subscribe("others", schedule="immediate", to="slack:C0000002")
    house.publish("1", "korea", "ai")
    house.publish("2", "ai")
    house.dispatch()
    house.morning()
    digest = next(
        one
        for one in house.dispatcher.dispatch_due(house.clock.now)
        if one.subscription == "digest"
    )
    assert digest.stories == 1
    payload = house.deliveries.get(digest.deliveries[0]).payload
    assert "1 already sent as an alert" in payload
    assert house.deliveries.how("digest", "1") == ("counted", digest.deliveries[0])
    house.morning(1)
    assert ("2026-11-22", "empty", 0) in house.dispatch()


def test_what_exceeds_the_budget_counts_as_delivered(house: House) -> None:
    house.subscribe(max_stories=2)
    for number in range(5):
        house.publish(str(number))
    house.morning()
    assert house.dispatch() == [("2026-11-21", "queued", 5)]
    how = [house.deliveries.how("team", str(number)) for number in range(5)]
    assert sorted(found[0] for found in how if found) == ["rolled_up"] * 3 + ["shown"] * 2
    parts = house.deliveries.find()
    assert sorted(one.part for one in parts) == list(range(len(parts)))
    assert {one.thread_of for one in parts if one.part} <= {one.id for one in parts}


def test_a_material_change_is_told_once_in_the_next_digest(house: House) -> None:
    from crawler.storage.item_rows import update_item

    house.subscribe()
    house.publish("1")
    house.morning()
    house.dispatch()
    house.clock.turn(hours=1)
    with house.database.write() as connection:
        update_item(connection, "1", change="moved to 3 May", changed_at=house.clock.now)
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "empty", 0)]
    house.publish("2")
    house.morning(2)
    house.dispatch()
    told = house.deliveries.find()[0].payload
    assert "Updated since" in told
    assert "moved to 3 May" in told
    house.publish("3")
    house.morning(3)
    house.dispatch()
    assert "Updated since" not in house.deliveries.find()[0].payload


def test_a_change_of_what_was_rolled_up_is_told_too(house: House) -> None:
    from crawler.storage.item_rows import update_item

    house.subscribe(max_stories=1)
    house.publish("1")
    house.publish("2")
    house.morning()
    house.dispatch()
    found = {name: house.deliveries.how("team", name) for name in ("1", "2")}
    (rolled,) = (name for name, how in found.items() if how and how[0] == "rolled_up")
    house.clock.turn(hours=1)
    with house.database.write() as connection:
        update_item(connection, rolled, change="moved to 3 May", changed_at=house.clock.now)
    house.publish("3")
    house.morning(1)
    house.dispatch()
    assert "moved to 3 May" in house.deliveries.find()[0].payload


def test_a_delivered_story_that_gains_a_telling_in_our_language_is_named_once(house: House) -> None:
    house.subscribe()
    house.publish("1", language="ko")
    house.morning()
    house.dispatch()
    house.clock.turn(hours=1)
    house.publish("2", story="s-1", title="A probe in every well")
    house.publish("3", story="s-1", title="Eine Sonde in jedem Brunnen", language="de")
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "empty", 0)]
    house.publish("4")
    house.morning(2)
    assert house.dispatch() == [("2026-11-23", "queued", 1)]
    assert "A probe in every well – now also in: " in house.deliveries.find()[0].payload
    assert (house.deliveries.how("team", "2") or ("",))[0] == "also"
    assert house.deliveries.how("team", "3") is None
    house.publish("5")
    house.morning(3)
    assert house.dispatch() == [("2026-11-24", "queued", 1)]
    assert "A probe in every well" not in house.deliveries.find()[0].payload


def test_a_merge_brings_nothing_again(house: House) -> None:
    from crawler.storage.stories import StoryStore

    house.subscribe()
    house.publish("1")
    house.morning()
    house.dispatch()
    house.publish("2", held_back="")
    StoryStore(house.database).join(["1", "2"], house.clock.now)
    house.publish("3")
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "queued", 1)]
    payload = house.deliveries.find()[0].payload
    assert "News number 2" not in payload, "both tellings are in the reader's language"


def test_a_preview_is_what_is_sent_and_marks_nothing(house: House) -> None:
    house.subscribe()
    house.publish("1")
    house.morning()
    before = house.dispatcher.preview("team", house.clock.now)
    assert house.deliveries.find() == []
    house.dispatch()
    sent = house.deliveries.find()
    assert [one.payload for one in before.deliveries] == [one.payload for one in sent]
    assert [one.id for one in before.deliveries] == [one.id for one in sent]


def test_a_preview_between_two_digests_bears_the_next_ones_name(house: House) -> None:
    house.subscribe()
    assert house.dispatcher.preview("team", house.clock.now).window.id == "2026-11-21"


def test_only_active_subscriptions_get_anything(house: House) -> None:
    house.publish("1")
    for status in ("pending", "paused", "left", "bounced"):
        house.subscribe(status, status=status, since="7d")
    house.subscribe("gone", since="7d")
    with house.database.write() as connection:
        rows.undeclare(connection, ["gone"])
    house.morning()
    assert house.dispatch() == []
    with pytest.raises(SubscriptionError, match="paused"):
        house.dispatcher.close_window("paused", house.clock.now, extra=True)


def test_one_subscription_that_cannot_be_rendered_stops_no_other(house: House) -> None:
    house.subscribe("broken", to="pigeon:loft", when_empty="line")
    house.subscribe("fine", when_empty="line")
    house.morning()
    assert sorted(house.dispatch()) == [("", "failed", 0), ("2026-11-21", "queued", 0)]


def test_one_whose_next_time_cannot_be_told_stops_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.subscribe("odd")
    house.subscribe()
    house.publish("1")

    def told(one: Subscription, *rest: Any) -> datetime:
        if one.id == "odd":
            raise TypeError("'datetime.datetime' object is not iterable")
        return next_look(one, *rest)

    monkeypatch.setattr(dispatch, "next_look", told)
    assert house.dispatch() == []
    assert [row.subscription.id for row in house.looks.due(house.clock.now)] == ["odd"]
    house.morning()
    assert {state for _, state, _ in house.dispatch()} == {"queued"}
    assert house.subscriptions.get("odd").next_due is None
    assert house.subscriptions.get("team").next_due == MORNING + timedelta(days=1)


def test_nothing_is_sent_after_a_restore_until_it_is_released(house: House) -> None:
    house.subscribe()
    house.publish("1")
    house.morning()
    house.deliveries.hold("restored")
    assert house.dispatch() == []
    house.deliveries.release()
    assert house.dispatch() == [("2026-11-21", "queued", 1)]
    house.deliveries.hold("restored")
    assert house.deliver() == []
    house.deliveries.release()
    assert house.deliver() == ["sent"]


def test_a_decision_that_the_rows_overtook_is_made_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.subscribe()
    house.publish("1")
    house.clock.turn(minutes=1)
    close = house.deliveries.close_windows
    other = House(house.database, house.clock)

    def overtaken(closings: object, now: object) -> frozenset[str]:
        monkeypatch.setattr(house.deliveries, "close_windows", close)
        other.clock.turn(seconds=1)
        other.dispatcher.close_window("team", other.clock.now, extra=True)
        return close(closings, now)  # type: ignore[arg-type]

    monkeypatch.setattr(house.deliveries, "close_windows", overtaken)
    house.morning()
    assert house.dispatch() == [("2026-11-21", "empty", 0)]
    assert [one.window[:4] for one in house.deliveries.find()] == ["now:"]


def test_two_schedulers_make_one_digest(house: House) -> None:
    from concurrent.futures import ThreadPoolExecutor

    house.subscribe()
    for number in range(5):
        house.publish(str(number))
    now = house.morning()
    others = [House(house.database, house.clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda one: one.dispatcher.dispatch_due(now), others))
    assert sum(len(found) for found in results) == 1
    parts = house.deliveries.find()
    assert len({one.id for one in parts}) == len(parts)
    assert {one.window for one in parts} == {"2026-11-21"}


def test_mails_are_frozen_with_their_message_id(house: House) -> None:
    house.subscribe("mail", to="email:a@example.org")
    house.publish("1")
    house.morning()
    house.dispatch()
    [mail] = house.deliveries.find()
    assert mail.id in mail.payload
    assert mail.payload.isascii()
    assert "List-Unsubscribe: <mailto:news@example.org?subject=leave%20" in mail.payload


def test_thread_parts_carry_their_own_ids(house: House) -> None:
    house.subscribe(max_stories=1)
    for number in range(3):
        house.publish(str(number))
    house.morning()
    house.dispatch()
    for one in house.deliveries.find():
        metadata = json.loads(one.payload)["metadata"]["event_payload"]
        assert metadata["delivery_id"] == one.id


def test_a_subscription_is_not_looked_at_before_its_next_time(house: House) -> None:
    house.subscribe()
    house.morning()
    house.dispatch()
    row = house.subscriptions.get("team")
    assert row.next_due == house.clock.now + timedelta(days=1)
    assert house.looks.due(house.clock.now) == []


def test_the_receipt_counts_over_what_the_message_covers(house: House) -> None:
    asked: list[datetime] = []

    def receipt(subscription: Subscription, since: datetime, now: datetime) -> Receipt:
        asked.append(since)
        return Receipt()

    house.dispatcher.knowledge = replace(house.dispatcher.knowledge, receipt=receipt)
    began = house.clock.now
    house.publish("old")
    house.clock.turn(days=1)
    house.subscribe(since="3d")
    house.morning(2)
    house.dispatch()
    house.publish("new")
    house.morning(3)
    house.dispatch()
    assert asked == [began - timedelta(days=2), MORNING + timedelta(days=2)]
