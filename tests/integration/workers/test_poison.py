"""A source that ends its polls' processes: told once, with the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.wiring import AlertParts, open_alerts
from alerts.workers import worker as module
from alerts.workers.poison import APART_AT, QUARANTINE_AT, Poison
from alerts.workers.worker import Worker, by_host, psycopg_url
from crawler.config import load
from crawler.model.source import PollOutcome, Source
from crawler.owners import owner_name
from crawler.storage.lost_polls import LostPolls


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[AlertParts]:
    file = tmp_path / "clusterwatch.toml"
    file.write_text('[clusterwatch]\noperator = "file:notes/"\n', "utf-8")
    with open_alerts(load(file, environment={})) as parts:
        yield parts


def test_a_poison_source_is_quarantined_told_once_and_comes_back(
    parts: AlertParts, now: datetime
) -> None:
    parts.crawler.sources.add(Source(id="odd", name="Odd", url="https://odd.example/"), now)
    poison = Poison(parts)
    for _ in range(QUARANTINE_AT):
        assert parts.crawler.sources.get("odd").state.status == "active"
        poison.hung("odd", now)
    assert parts.crawler.sources.get("odd").state.status == "paused"
    (incident,) = parts.incidents.store.all_open()
    assert incident.text.splitlines() == [
        "odd is quarantined: 5 polls in a row ended their process, or never",
        "Put it back with: clusterwatch sources resume odd",
    ]
    poison.look(now)
    poison.forgive(now)
    assert len(parts.incidents.store.all_open()) == 1
    parts.crawler.sources.set_status("odd", "active")
    poison.forgive(now)
    assert parts.incidents.store.all_open() == []


def test_a_poll_of_our_own_that_outlasted_its_lease_is_not_lost(
    parts: AlertParts, now: datetime
) -> None:
    sources, owner = parts.crawler.sources, owner_name("crawl")
    sources.add(Source(id="slow", name="Slow", url="https://slow.example/"), now)
    assert sources.claim("slow", owner, now, timedelta(minutes=10))
    awake = now + timedelta(hours=1)  # the machine slept
    Poison(parts).look(awake)
    assert sources.get("slow").state.losses == 0
    with parts.crawler.database.write() as connection:
        assert sources.finish(connection, PollOutcome("slow", "ok"), {}, awake, owner)


async def test_one_source_at_a_time_is_polled_apart_and_the_others_are_left_to_other_workers(
    parts: AlertParts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, begun, goes_on = [], asyncio.Event(), asyncio.Event()

    async def polled_apart(source_id: str, config: Path | None) -> bool:
        asked.append(source_id)
        begun.set()
        await goes_on.wait()
        return True

    monkeypatch.setattr(module, "polled_apart", polled_apart)
    monkeypatch.setattr(module, "APART_WAIT_SECONDS", 0.0)
    for one in ("a", "b"):
        parts.crawler.sources.add(Source(one, one, f"https://{one}.example/"), now)
        for _ in range(APART_AT):
            LostPolls(parts.crawler.database).note(one)
    worker = Worker(parts.settings, parts)
    first = asyncio.create_task(worker.poll(["a"], now))
    async with asyncio.timeout(60):
        await begun.wait()
        await worker.poll(["b"], now)  # its hint is over: a tick puts it again
    goes_on.set()
    await first
    assert asked == ["a"]
    await worker.poll(["b"], now)
    assert asked == ["a", "b"]


def test_sources_are_hinted_at_by_host(parts: AlertParts, now: datetime) -> None:
    for one, url in (
        ("a", "https://x.example/1"),
        ("b", "http://y.example"),
        ("c", "https://x.example/2"),
    ):
        parts.crawler.sources.add(Source(id=one, name=one, url=url), now)
    found = by_host(parts.crawler.sources.due(now))
    assert found == {"x.example": ["a", "c"], "y.example": ["b"]}


def test_the_driver_gets_the_address_without_sqlalchemys_part() -> None:
    assert psycopg_url("postgresql+psycopg://u@h/d?host=/x") == "postgresql://u@h/d?host=/x"
    assert psycopg_url("postgres://u@h/d") == "postgres://u@h/d"
