"""What a new administrator meets first: the catalogue, a missing file, a slip of the pen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.commands import Command, commands

CONFIGURATION = """
[clusterwatch]
name = "main"
[[sources]]
id = "biosaxony"
name = "biosaxony"
url = "https://www.biosaxony.com/news"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration file and nothing else."""
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION, "utf-8")
    return tmp_path


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return commands(capsys)


def test_the_catalogue_is_looked_at_by_country_and_then_imported(command: Command) -> None:
    seen = command("sources", "import", "catalogue", "--country", "dk", "--dry-run")
    assert (seen.code, "would add danish-care" in seen.out) == (0, True)
    assert [one["id"] for one in command("sources", "list", "--json").json] == ["biosaxony"]
    done = command("sources", "import", "catalogue")
    assert done.code == 0, done.err
    assert "biosaxony.toml: watched already, as biosaxony" in done.out
    assert len(command("sources", "list", "--json").json) > 90


def test_an_import_brings_nothing_back_and_goes_on(command: Command, folder: Path) -> None:
    listed = folder / "lists"
    listed.mkdir()
    for one in ("gone", "more"):
        text = f'id = "{one}"\nname = "{one}"\nurl = "https://{one}.example/news"\n'
        (listed / f"{one}.toml").write_text(text, "utf-8")
    assert command("sources", "import", str(listed)).code == 0
    assert command("sources", "remove", "gone").code == 0
    (listed / "new.toml").write_text(
        'id = "new"\nname = "new"\nurl = "https://new.example/news"\n', "utf-8"
    )
    for more in (["--dry-run"], []):
        again = command("sources", "import", str(listed), *more)
        assert again.code == 1
        assert 'id: "gone" is in use' in again.out + again.err
    watched = {one["id"] for one in command("sources", "list", "--json").json}
    assert watched == {"biosaxony", "more", "new"}


def test_a_folder_that_is_not_there_is_told_with_the_catalogue_s_name(command: Command) -> None:
    refused = command("sources", "import", "seeds/none")
    assert refused.code == 2
    assert 'no such file or folder. What comes with Clusterwatch is called "catalogue"' in (
        refused.err
    )


@pytest.mark.parametrize(
    "looking",
    [
        "status", "doctor", "items list", "stories list", "subscriptions list", "subscribers list",
        "explain https://www.biosaxony.com/news/1", "sources list", "topics list",
        "sources import catalogue --dry-run", "digest preview team",
    ],
)  # fmt: skip
def test_looking_makes_no_database_and_says_where_none_is(
    command: Command, folder: Path, looking: str
) -> None:
    (folder / "clusterwatch.toml").write_text(
        CONFIGURATION.replace("name", 'database = "sqlite:///clusterwach.db"\nname', 1)
        + '[[subscriptions]]\nid = "team"\nto = "file:digests/"\ntopics = ["ai"]\n',
        "utf-8",
    )
    (folder / "clusterwatch.db").touch()
    answer = command(*looking.split())
    missing = folder / "clusterwach.db"
    assert f"No database at {missing} (there is clusterwatch.db beside it); " in answer.err
    assert not missing.exists()


def test_whoever_makes_a_database_hears_where(command: Command, folder: Path) -> None:
    first = command("sources", "pause", "biosaxony")
    assert f"A new database was made: {folder / 'clusterwatch.db'}" in first.err
    assert "database" not in command("sources", "resume", "biosaxony").err


def test_no_folder_is_made_for_a_mistyped_database(command: Command, folder: Path) -> None:
    (folder / "clusterwatch.toml").write_text(
        f'[clusterwatch]\ndatabase = "sqlite:///{folder}/typo/x.db"\n', "utf-8"
    )
    answer = command("db", "sync")
    assert answer.code == 1
    assert f"The folder {folder / 'typo'} of the database does not exist." in answer.err
    assert not (folder / "typo").exists()


def test_no_letter_is_written_for_a_source_that_does_not_refuse_us(command: Command) -> None:
    refused = command("sources", "show", "biosaxony", "--letter")
    assert (refused.code, refused.out) == (2, "")
    assert '"biosaxony" does not turn us away: it was not polled yet.' in refused.err


def test_a_slip_in_a_topic_is_the_configuration_s_and_not_the_database_s(
    command: Command, folder: Path
) -> None:
    file = folder / "clusterwatch.toml"
    file.write_text(f'{CONFIGURATION}[[topics]]\nid = "q"\nnaem = "Q"\nany = ["x"]\n', "utf-8")
    answer = command("doctor")
    assert answer.code == 2
    assert "clusterwatch.toml: [[topics]] number 1" in answer.err
    assert "did you mean 'name'?" in answer.err
    assert answer.out == ""
