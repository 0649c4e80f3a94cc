"""The small installation, on both databases; schemas are made once, emptied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.storage.database import Database
from tests.integration.alerts.calls import CONFIGURATION
from tests.integration.alerts.house import House
from tests.integration.commands import Command, commands


@pytest.fixture
def database(quick_database: Database) -> Database:
    return quick_database


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
    return commands(capsys)
