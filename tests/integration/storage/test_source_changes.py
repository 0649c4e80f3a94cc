"""What a change of a source makes of what was learned of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from crawler.errors import ConfigError, SourceError
from crawler.model.source import Source
from crawler.storage.database import Database
from crawler.storage.sources import SourceStore
from crawler.storage.tables import sources

SOURCE = Source(id="one", name="One", url="https://a.example/news")


@pytest.fixture
def store(database: Database, now: datetime) -> SourceStore:
    """A source whose second list was chosen."""
    made = SourceStore(database)
    made.add(SOURCE, now)
    state = replace(made.get("one").state, watch_kind="listing", learned={"pattern": "second"})
    made.learn("one", state)
    return made


@pytest.mark.parametrize(
    "changed", [{"name": "First"}, {"only_links": ("/news/*",)}, {"tags": ("biotech",)}]
)
def test_what_is_said_about_a_page_leaves_the_chosen_list(
    store: SourceStore, now: datetime, changed: dict[str, Any]
) -> None:
    store.change(replace(SOURCE, **changed), now)
    row = store.get("one")
    assert (row.state.watch_kind, row.state.learned) == ("listing", {"pattern": "second"})
    assert row.source == replace(SOURCE, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "https://a.example/other"},
        {"kind": "feed"},
        {"selector": "li"},
        {"render": "browser"},
    ],
)
def test_another_page_or_way_to_read_it_is_learned_anew(
    store: SourceStore, now: datetime, changed: dict[str, Any]
) -> None:
    store.change(replace(SOURCE, **changed), now)
    assert (store.get("one").state.watch_kind, store.get("one").state.learned) == ("", {})


def test_it_can_be_learned_anew_on_request(store: SourceStore) -> None:
    store.forget("one")
    assert (store.get("one").state.watch_kind, store.get("one").state.learned) == ("", {})


def test_what_is_near_a_wrong_id_is_named_where_it_is_watched(
    store: SourceStore, now: datetime
) -> None:
    for name in ("biosaxony", "biosaxonia", "textil"):
        store.add(replace(SOURCE, id=name), now)
    store.set_status("biosaxonia", "removed")
    for wrong in ("biosaxon", "saxo"):
        with pytest.raises(SourceError, match=r"Did you mean biosaxony\?"):
            store.get(wrong)
    with pytest.raises(SourceError, match=r'"bitte"\.$'):
        store.get("bitte")


@pytest.mark.parametrize(("failures", "hours"), [(0, 2), (1, 9)])
def test_another_interval_counts_from_the_last_poll_unless_it_fails(
    store: SourceStore, database: Database, now: datetime, failures: int, hours: int
) -> None:
    polled = {"last_polled": now, "next_due": now + timedelta(hours=9), "failures": failures}
    with database.write() as connection:
        connection.execute(update(sources).values(interval_seconds=900, **polled))
    store.change(replace(SOURCE, every=timedelta(hours=2)), now)
    state = store.get("one").state
    assert state.next_due == now + timedelta(hours=hours)
    assert state.interval == timedelta(hours=2)
    store.change(replace(SOURCE, every=timedelta(hours=2), name="First"), now)
    assert store.get("one").state.next_due == state.next_due


def test_an_id_of_the_database_alone_is_no_file_s(store: SourceStore, now: datetime) -> None:
    with pytest.raises(ConfigError, match="in the database alone"):
        store.sync([replace(SOURCE, declared_by="main")], "main", now)


def test_a_removed_source_that_is_declared_is_watched_again(
    store: SourceStore, now: datetime
) -> None:
    store.set_status("one", "removed")
    store.sync([replace(SOURCE, declared_by="main")], "main", now)
    assert store.get("one").state.status == "active"
