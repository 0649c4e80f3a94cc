"""Databases whose schema is made once: a file to copy, a server's database to empty."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.storage.database import Database
from tests.integration.emptying import empty


@pytest.fixture(scope="session")
def sqlite_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with an empty schema, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    database = Database(f"sqlite:///{path}")
    database.ensure()
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One PostgreSQL database for many tests; `empty` makes it anew."""
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    database = Database(url)
    database.ensure()
    yield database
    database.close()
    server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def quick_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database for tests that leave the schema alone; each runs on both."""
    if request.param == "postgresql":
        shared: Database = request.getfixturevalue("postgres_database")
        empty(shared)
        yield shared
        return
    path = tmp_path / "clusterwatch.db"
    shutil.copy(request.getfixturevalue("sqlite_schema"), path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()
