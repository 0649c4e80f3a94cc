"""A day ahead of time is an event's, and status shows the day its page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from crawler.model.item import Published
from crawler.storage.source_history import SourceHistory
from tests.integration.ingest.conftest import NOW, House, entry


def dated(number: int, moment: Published) -> object:
    one = entry(number)
    assert one.article is not None
    return replace(
        one,
        listed=replace(one.listed, published=moment),
        article=replace(one.article, published=moment),
    )


def test_a_day_ahead_of_time_is_no_publication(house: House) -> None:
    ahead = Published(NOW + timedelta(days=10))
    soon = Published(NOW + timedelta(hours=20))
    items = house.store([dated(1, ahead), dated(2, soon)]).items  # type: ignore[list-item]
    assert [item.published is None for item in items] == [True, False]


def test_the_last_item_has_the_day_of_its_page(house: House) -> None:
    midnight = NOW.replace(hour=0, tzinfo=timezone(timedelta(hours=1))) - timedelta(days=3)
    house.store([dated(1, Published(midnight, whole_day=True))])  # type: ignore[list-item]
    newest = SourceHistory(house.database).newest_item("one")
    assert newest is not None
    assert newest.line().startswith("2026-11-18, ")
