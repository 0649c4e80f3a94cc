"""A look that finds nothing due lets readers rest, and nothing that is due waits for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, NoReturn

import pytest
from sqlalchemy import Connection, delete, event, text

from alerts.subscriptions import Subscriptions
from crawler.errors import StorageError
from crawler.model.subscription import Subscription
from crawler.model.topic import Match
from crawler.storage import subscriptions as rows
from crawler.storage.database import Database
from crawler.storage.item_rows import save_matches
from crawler.storage.looks import IMMEDIATE_REST, Looks
from crawler.storage.subscriptions import rows_of
from crawler.storage.tables import matches
from tests.integration.alerts.house import MORNING, House


def looked_at(house: House) -> list[str]:
    """Whom a look in the running process would read."""
    return [row.subscription.id for row in house.looks.due(house.clock.now)]


def change(house: House, one: Subscription, **changes: object) -> None:
    with house.database.write() as connection:
        rows.declare(connection, replace(one, **changes))  # type: ignore[arg-type]


def test_who_had_no_digest_yet_rests_until_the_first_one(house: House) -> None:
    house.subscribe()
    house.subscribe("quiet", quiet_hours="11:00-13:00")
    house.publish("1")
    assert house.dispatch() == []
    assert looked_at(house) == []
    assert house.subscriptions.get("team").next_due == MORNING
    assert house.subscriptions.get("quiet").next_due == house.clock.turn(hours=1)  # 13:00
    house.dispatch()
    assert house.subscriptions.get("quiet").next_due == MORNING
    house.morning()
    assert sorted(state for _, state, _ in house.dispatch()) == ["queued", "queued"]
    assert looked_at(house) == []


@pytest.mark.parametrize(
    "changes",
    [{"schedule": "daily 13:00"}, {"timezone": "Asia/Tashkent", "schedule": "daily 18:00"}],
)
def test_a_changed_schedule_or_zone_is_looked_at_anew(
    house: House, changes: dict[str, object]
) -> None:
    one = house.subscribe()
    house.publish("1")
    house.dispatch()
    change(house, one, **changes)
    assert looked_at(house) == ["team"]
    house.dispatch()
    house.clock.turn(hours=1)
    assert house.dispatch() == [("2026-11-20", "queued", 1)]


def test_one_changed_while_it_was_looked_at_does_not_rest(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = house.subscribe(active_since=MORNING - timedelta(days=9))
    house.publish("1")
    change(house, one, last_window="2026-11-20")
    some = house.subscriptions.some

    def changed_after(ids: Collection[str]) -> list[rows.SubscriptionRow]:
        found = some(ids)
        change(house, one, schedule="daily 11:00")  # due already
        return found

    monkeypatch.setattr(house.subscriptions, "some", changed_after)
    assert house.dispatch() == []
    monkeypatch.setattr(house.subscriptions, "some", some)
    assert house.dispatch() == [("2026-11-20", "queued", 1)]


def test_a_clock_that_was_set_back_finds_everybody_again(house: House) -> None:
    house.subscribe()
    house.clock.turn(days=300)
    house.dispatch()
    house.subscribe("new")
    house.dispatch()
    house.morning()
    house.publish("1")
    assert ("2026-11-21", "queued", 1) in house.dispatch()


def test_a_clock_set_back_is_minded_though_the_first_write_fails(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.subscribe()
    house.clock.turn(days=300)
    house.dispatch()
    house.morning()
    house.publish("1")

    def failing() -> NoReturn:
        raise StorageError("The database is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(house.database, "write", failing)
        with pytest.raises(StorageError):
            house.looks.due(house.clock.now)
    assert looked_at(house) == ["team"]


def test_who_rests_is_locked_in_the_order_of_the_ids(house: House) -> None:
    if house.database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    for one in [house.subscribe(identity) for identity in ("b", "a")]:
        house.looks.rest([(one, MORNING)])  # so they lie in the table: b before a
    again = partial(Looks(house.database).due, house.clock.now)
    with ThreadPoolExecutor(1) as pool:
        with house.database.write() as closing:
            rows_of(closing, ["a"], lock=True)
            looking = pool.submit(again)
            until_it_waits(house.database, looking)
            closing.execute(text("SELECT id FROM subscriptions WHERE id = 'b' FOR UPDATE NOWAIT"))
        assert [row.subscription.id for row in looking.result(30)] == ["a", "b"]


def until_it_waits(database: Database, work: Future[Any]) -> None:
    """Until a transaction waits for a row that another one holds."""
    waiting = "datname = current_database() AND wait_event_type = 'Lock'"
    with database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        while not work.done():
            if connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}")):
                return


def test_a_process_that_begins_looks_at_everybody_once(house: House) -> None:
    house.subscribe()
    house.dispatch()
    assert looked_at(house) == []
    house.looks = Looks(house.database)
    assert looked_at(house) == ["team"]


def test_an_alert_comes_with_the_next_look_after_its_item(house: House) -> None:
    house.subscribe(schedule="immediate")
    house.publish("old", "space")
    for _ in range(3):
        house.clock.turn(minutes=1)
        assert house.dispatch() == []
    assert looked_at(house) == []
    house.publish("1")
    [(_, state, stories)] = house.dispatch()
    assert (state, stories) == ("queued", 1)


@pytest.mark.parametrize("schedule", ["\timmediate\n", "\u00a0Immediate "])
def test_white_space_around_its_schedule_delays_no_alert(house: House, schedule: str) -> None:
    house.subscribe(schedule=schedule)
    house.publish("old", "space")
    house.clock.turn(minutes=2)
    house.dispatch()
    house.publish("1")
    assert [state for _, state, _ in house.dispatch()] == ["queued"]
    assert house.looks.near(MORNING) == []


def test_an_item_written_late_is_alerted_too(house: House) -> None:
    house.subscribe(schedule="immediate")
    house.publish("old", "space")
    house.clock.turn(minutes=2)
    house.dispatch()
    house.clock.turn(seconds=-30)
    house.publish("1")  # first seen before that look, written after it
    house.clock.turn(seconds=30)
    assert [state for _, state, _ in house.dispatch()] == ["queued"]


def test_an_item_whose_topic_came_late_is_alerted_within_minutes(house: House) -> None:
    house.subscribe(schedule="immediate")
    house.publish("1", "space")
    house.clock.turn(minutes=2)
    house.dispatch()
    with house.database.write() as connection:
        connection.execute(delete(matches))
        save_matches(connection, "1", [Match("ai", 0.9, ())], {}, house.clock.now)
    assert house.dispatch() == []
    house.clock.now += IMMEDIATE_REST
    assert [state for _, state, _ in house.dispatch()] == ["queued"]


def test_what_a_muted_source_brought_comes_at_once_when_it_is_heard_again(house: House) -> None:
    people = Subscriptions(
        house.database, house.subscriptions, house.deliveries, house.payloads, signer=None
    )
    house.subscribe(schedule="immediate", muted=("a",))
    house.publish("1")
    house.clock.turn(minutes=2)
    house.dispatch()
    assert looked_at(house) == []
    people.unmute("team", "a", now=house.clock.now, by="test")
    assert [state for _, state, _ in house.dispatch()] == ["queued"]


def test_an_idle_look_asks_by_an_index_alone(house: House) -> None:
    if not house.database.is_sqlite:
        pytest.skip("PostgreSQL chooses by the sizes of its tables")
    for number in range(40):
        house.subscribe(f"r{number}", status=("active", "left", "paused")[number % 3])
    house.dispatch()
    now = house.clock.now
    asked = (house.looks.due, house.looks.pauses_over, house.looks.near)
    plans = [plan for ask in asked for plan in plans_of(house.database, partial(ask, now))]
    assert [plan for plan in plans if "SCAN subscriptions" in plan] == []
    assert any("ix_subscriptions_delivering" in plan for plan in plans)
    assert any("ix_subscriptions_paused" in plan for plan in plans)


def test_of_those_alike_one_is_asked_which_sources_its_digest_wants(house: House) -> None:
    for number in range(4):
        house.subscribe(f"r{number}", sources=("a",) if number == 3 else ())
    house.subscribe("alerts", schedule="immediate")
    house.subscribe("left", status="left", schedule="daily 09:00")
    house.dispatch()
    assert house.looks.near(house.clock.now) == []
    near = house.looks.near(MORNING)
    assert sorted(one.sources for one in near) == [(), ("a",)]


def plans_of(database: Database, work: Callable[[], object]) -> list[str]:
    """How SQLite goes about the statements that ``work`` runs."""
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, values: object, *more: object) -> None:
        asked.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    work()
    event.remove(database.engine, "before_cursor_execute", note)
    with database.read() as connection:
        return [
            str(row[3])
            for statement, values in asked
            if statement.startswith("SELECT")
            for row in explained(connection, statement, values)
        ]


def explained(connection: Connection, statement: str, values: object) -> list[tuple[object, ...]]:
    explain = f"EXPLAIN QUERY PLAN {statement}"
    return [tuple(row) for row in connection.exec_driver_sql(explain, values)]  # type: ignore[arg-type]
