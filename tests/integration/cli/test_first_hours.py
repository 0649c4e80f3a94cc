"""What a new administrator meets first: the catalogue, a missing file, a slip of the pen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.__main__ import application
from crawler.cli.app import run

CONFIGURATION = """
[clusterwatch]
name = "main"
[[sources]]
id = "biosaxony"
name = "biosaxony"
url = "https://www.biosaxony.com/news"
"""


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration file and nothing else."""
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION, "utf-8")
    return tmp_path


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(application(), list(arguments))
        spoken = capsys.readouterr()
        return Answer(code, spoken.out, spoken.err)

    return call


def test_the_catalogue_is_looked_at_by_country_and_then_imported(command: Command) -> None:
    seen = command("sources", "import", "catalogue", "--country", "dk", "--dry-run")
    assert (seen.code, "would add danish-care" in seen.out) == (0, True)
    assert [one["id"] for one in command("sources", "list", "--json").json] == ["biosaxony"]
    done = command("sources", "import", "catalogue")
    assert done.code == 0, done.err
    assert "biosaxony.toml: watched already, as biosaxony" in done.out
    assert len(command("sources", "list", "--json").json) > 90


def test_a_folder_that_is_not_there_is_told_with_the_catalogue_s_name(command: Command) -> None:
    refused = command("sources", "import", "seeds/none")
    assert refused.code == 2
    assert 'no such file or folder. What comes with Clusterwatch is called "catalogue"' in (
        refused.err
    )
