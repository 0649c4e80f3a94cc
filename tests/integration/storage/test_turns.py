"""Threads that write to one SQLite file at the same time."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event, Thread

import pytest

from crawler.errors import StorageError
from crawler.storage import database as databases
from crawler.storage.database import Database
from crawler.storage.tables import meta


def test_a_thread_waits_for_another_s_write_longer_than_for_another_process(
    sqlite_schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_SECONDS", 0.05)
    path = tmp_path / "clusterwatch.db"
    shutil.copy(sqlite_schema, path)
    database = Database(f"sqlite:///{path}")
    begun, failed = Event(), []

    def write() -> None:
        begun.set()
        try:
            with database.write() as connection:
                connection.execute(meta.insert().values(key="second", value=""))
        except StorageError as error:
            failed.append(error)

    thread = Thread(target=write)
    with database.write() as connection:
        connection.execute(meta.insert().values(key="first", value=""))
        thread.start()
        begun.wait(30)
        thread.join(0.5)  # one that does not wait its turn is gone by then
    thread.join(30)
    assert failed == []
    with database.read() as connection:
        assert len(connection.execute(meta.select()).all()) == 2
    database.close()
