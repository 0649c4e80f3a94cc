"""The small installation, on both databases."""

from __future__ import annotations

import pytest

from crawler.storage.database import Database
from tests.integration.alerts.house import House


@pytest.fixture
def house(database: Database) -> House:
    return House(database)
