"""Rows that break an invariant are found, and mended without forgetting what was delivered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, select, update

from crawler.model.source import Source
from crawler.storage.database import Database
from crawler.storage.invariants import breaches, mend
from crawler.storage.search import SearchStore
from crawler.storage.sources import SourceStore
from crawler.storage.tables import addresses, items, sources
from crawler.storage.tables_recipients import deliveries, subscriptions
from crawler.storage.tables_stories import anchor_counts, fingerprints, search_docs, stories
from crawler.urls import url_key

URL = "https://a.example/news/1"
FAR = timedelta(days=4000)


@pytest.fixture
def archive(database: Database, now: datetime) -> Database:
    """One source with one item in one story, a subscription, a delivery that was sent."""
    SourceStore(database).add(Source(id="one", name="One", url="https://a.example/"), now)
    with database.write() as connection:
        connection.execute(stories.insert().values(id="s1", created_at=now))
        connection.execute(
            items.insert().values(
                id="i1", source="one", url=URL, canonical_url=URL, title="A new laboratory",
                summary="", text="It opens in May.", first_seen=now, published_whole_day=False,
                text_pending=False, story="s1",
            )
        )  # fmt: skip
        key = {"url_key": url_key(URL), "item": "i1", "url": URL}
        connection.execute(addresses.insert().values(**key))
        connection.execute(
            fingerprints.insert().values(item="i1", sketch=b"", length=1, anchors=[[], []])
        )
        connection.execute(anchor_counts.insert().values(anchor="", items=1))
        connection.execute(
            subscriptions.insert().values(
                id="sub", to="file:d/", topics=[], sources=[], schedule="daily 08:00",
                timezone="UTC", languages=[], digest_language="en", holidays=[], undeclared=False,
                created_at=now, scope_since={}, consent={},
            )
        )  # fmt: skip
        connection.execute(
            deliveries.insert().values(
                id="d1", subscription="sub", window="2026-11-21", part=0, channel="file",
                to="file:d/", state="sent", payload="x", created_at=now, sent_at=now,
            )
        )  # fmt: skip
        SearchStore(database).add(connection, "i1", "A new laboratory", "It opens in May.")
    return database


Harm = Callable[[Connection, datetime], object]

HARMS: dict[str, Harm] = {
    "addresses": lambda c, now: c.execute(delete(addresses)),
    "redirects": lambda c, now: c.execute(update(stories).values(merged_into="gone")),
    "circles": lambda c, now: (
        c.execute(stories.insert().values(id="s2", created_at=now, merged_into="s1")),
        c.execute(update(stories).where(stories.c.id == "s1").values(merged_into="s2")),
    ),
    "stories": lambda c, now: c.execute(delete(stories)),
    "duplicates": lambda c, now: c.execute(update(items).values(duplicate_of="gone")),
    "search": lambda c, now: c.execute(delete(search_docs)),
    "search leftovers": lambda c, now: c.execute(search_docs.insert().values(item="gone")),
    "rarity": lambda c, now: c.execute(update(anchor_counts).values(items=7)),
    "sent": lambda c, now: c.execute(update(deliveries).values(sent_at=None)),
    "waiting": lambda c, now: c.execute(update(deliveries).values(state="retry", payload="")),
    "polls": lambda c, now: c.execute(update(sources).values(next_due=now + FAR)),
    "digests": lambda c, now: c.execute(update(subscriptions).values(next_due=now + FAR)),
}


def test_a_sound_archive_has_no_breach(archive: Database, now: datetime) -> None:
    assert breaches(archive, now) == []
    mend(archive, now)
    assert breaches(archive, now) == []


@pytest.mark.parametrize("name", HARMS)
def test_harm_is_found_and_mended(archive: Database, now: datetime, name: str) -> None:
    with archive.write() as connection:
        HARMS[name](connection, now)
    [found] = breaches(archive, now)
    assert (found.name, found.mendable) == (name, True)
    assert found.message.startswith("1 " if name != "circles" else "2 ")
    mend(archive, now)
    assert breaches(archive, now) == []


def test_mending_keeps_the_item_known_and_what_was_sent(archive: Database, now: datetime) -> None:
    with archive.write() as connection:
        for name in ("addresses", "stories", "waiting"):
            HARMS[name](connection, now)
    mend(archive, now)
    with archive.read() as connection:
        assert connection.scalar(select(addresses.c.item)) == "i1"
        assert connection.scalar(select(items.c.story)) == connection.scalar(select(stories.c.id))
        assert connection.scalar(select(deliveries.c.state)) == "parked"


def test_references_to_rows_that_are_gone_need_a_backup(archive: Database, now: datetime) -> None:
    if archive.path is None:
        pytest.skip("PostgreSQL does not let references be broken")
    with closing(sqlite3.connect(archive.path)) as connection:  # which does not look at them
        connection.execute("UPDATE addresses SET item = 'gone'")
        connection.commit()
    found = {one.name: one for one in breaches(archive, now)}
    assert not found["references"].mendable
    assert "restore" in found["references"].remedy
