"""What came twice is taken once, on both databases, and forgotten after some hours."""

from __future__ import annotations

from datetime import timedelta

from crawler.storage.database import Database
from crawler.storage.seen_requests import SeenStore
from tests.conftest import NOW


def test_a_key_is_taken_once(database: Database) -> None:
    seen = SeenStore(database)
    assert [seen.take("slack:a", NOW), seen.take("slack:a", NOW), seen.take("b", NOW)] == [
        True, False, True,
    ]  # fmt: skip
    assert not SeenStore(database).take("slack:a", NOW + timedelta(hours=5))


def test_old_keys_are_forgotten(database: Database) -> None:
    seen = SeenStore(database)
    seen.take("slack:a", NOW)
    assert seen.take("slack:a", NOW + timedelta(hours=7))
