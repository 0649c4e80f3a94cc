"""Windows that close together bring what each brings by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.model.source import Source
from crawler.storage import shared_candidates
from crawler.storage import subscriptions as rows
from crawler.storage.deliveries import Closing
from crawler.storage.item_rows import update_item
from tests.integration.alerts import house as house_module
from tests.integration.alerts.house import House

SOURCES = {
    "a": Source("a", "Cluster A", "https://a.example/", tags=("near",)),
    "b": Source("b", "Cluster B", "https://b.example/"),
}
ASKING: tuple[dict[str, Any], ...] = (
    {}, {}, {"topics": ("ai", "korea")}, {"topics": ("*",)}, {"languages": ("de",)},
    {"sources": ("a",)}, {"sources": ("tag:near",)}, {"sources": ("tag:none",)},
    {"sources": ("*", "a")}, {"muted": ("b",)}, {"max_stories": 1}, {"digest_language": "de"},
    {"timezone": "Asia/Seoul", "schedule": "daily 09:00"}, {"since": "2d"},
    {"when_empty": "line", "topics": ("korea",), "sources": ("b",)}, {"schedule": "hourly"},
)  # fmt: skip


@pytest.fixture
def many(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Readers of many kinds by mail, with yesterday's digest behind them, and today's news."""
    monkeypatch.setattr(house_module, "SOURCES", SOURCES)
    house.publish("old", language="en")
    house.clock.turn(hours=1)
    for number, changes in enumerate(ASKING):
        asking = {"to": f"email:r{number}@example.org", **changes}
        house.subscribe(f"s{number:02d}", **asking)
    house.publish("1")
    house.publish("2", "korea", source="b", language="de")
    house.morning()
    house.dispatch()
    house.clock.turn(hours=1)
    for number, changes in enumerate(ASKING[:4]):  # they get the second day's at once
        asking = {"to": f"email:new{number}@example.org", **changes}
        house.subscribe(f"t{number:02d}", **asking)
    house.publish("3", "ai", "korea")
    house.publish("4", source="b", language="de")
    house.publish("1de", story="s-1", source="b", language="de")
    with house.database.write() as connection:
        update_item(connection, "2", change="moved", changed_at=house.clock.now)
    house.morning(1)
    house.clock.turn(hours=4)
    return house


def test_each_gets_the_bytes_that_its_preview_showed(many: House) -> None:
    now = many.clock.now
    ids = [row.subscription.id for row in many.subscriptions.all()]
    shown = {one: many.dispatcher.preview(one, now) for one in ids}
    done = {one.subscription: one for one in many.dispatcher.dispatch_due(now)}
    assert set(done) == set(ids)
    for one, outcome in done.items():
        assert outcome.window == shown[one].window.id
        assert outcome.stories == len(shown[one].selection.stories)
        queued = [many.deliveries.get(delivery) for delivery in outcome.deliveries]
        if queued:
            assert [part.payload for part in queued] == [
                part.payload for part in shown[one].deliveries
            ]
    assert sum(bool(outcome.deliveries) for outcome in done.values()) >= len(ASKING)


def test_what_is_marked_as_delivered_is_what_each_was_told(many: House) -> None:
    now = many.clock.now
    ids = [row.subscription.id for row in many.subscriptions.all()]
    told = {one: many.dispatcher.preview(one, now).selection for one in ids}
    many.dispatcher.dispatch_due(now)
    for one, selection in told.items():
        for story in selection.shown:
            assert all(many.deliveries.how(one, item) for item in story.items)
    assert many.dispatcher.dispatch_due(now + timedelta(minutes=1)) == []


def test_where_more_waits_than_is_shared_each_is_asked_by_itself(
    many: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = many.clock.now
    shown = {
        row.subscription.id: many.dispatcher.preview(row.subscription.id, now)
        for row in many.subscriptions.all()
    }
    monkeypatch.setattr(shared_candidates, "MOST_ITEMS", 0)
    for outcome in many.dispatcher.dispatch_due(now):
        assert outcome.stories == len(shown[outcome.subscription].selection.stories)


def test_one_who_left_between_the_decision_and_its_writing_gets_nothing(
    many: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = many.deliveries.close_windows

    def left_before(closings: Sequence[Closing], now: datetime) -> frozenset[str]:
        if any(one.subscription == "s00" for one in closings):
            with many.database.write() as connection:
                rows.change_row(connection, "s00", status="left")
        return close(closings, now)

    before = len(many.deliveries.find(subscription="s00"))
    monkeypatch.setattr(many.deliveries, "close_windows", left_before)
    done = {one.subscription: one.state for one in many.dispatcher.dispatch_due(many.clock.now)}
    assert done["s00"] == "failed"
    assert done["s01"] == "queued"
    assert len(many.deliveries.find(subscription="s00")) == before


def test_one_who_left_between_the_look_and_the_closing_gets_nothing(
    many: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = many.subscriptions.some

    def left(ids: list[str]) -> list[object]:
        return [
            replace(row, subscription=replace(row.subscription, status="left"))
            if row.subscription.id == "s00"
            else row
            for row in some(ids)
        ]

    monkeypatch.setattr(many.subscriptions, "some", left)
    done = {one.subscription for one in many.dispatcher.dispatch_due(many.clock.now)}
    assert "s00" not in done
    assert "s01" in done
