"""The small installation, on both databases; schemas are made once, emptied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.__main__ import application
from crawler.cli.app import run
from crawler.storage.database import Database
from tests.integration.alerts.calls import CONFIGURATION, Answer, Command
from tests.integration.alerts.house import House, empty


@pytest.fixture(scope="session")
def sqlite_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with an empty schema."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    database = Database(f"sqlite:///{path}")
    database.ensure()
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One PostgreSQL database for all tests of this folder."""
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    database = Database(url)
    database.ensure()
    yield database
    database.close()
    server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        path = tmp_path / "clusterwatch.db"
        shutil.copy(request.getfixturevalue("sqlite_schema"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        return
    database = request.getfixturevalue("postgres_database")
    empty(database)
    yield database


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SLACK_BOT_TOKEN", "SLACK_WEBHOOK_URL", "CLUSTERWATCH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(application(), list(arguments))
        spoken = capsys.readouterr()
        return Answer(code, spoken.out, spoken.err)

    return call
