"""What lives in the database and is then declared in the file too, by hand or from an export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.sources.chosen import AS_ASKED
from crawler.storage.database import Database
from crawler.storage.sources import SourceStore
from tests.integration.commands import Command, commands

CONFIGURATION = '[clusterwatch]\nname = "main"\n'
SEA = '[[sources]]\nid = "sea"\nurl = "https://sea.example.org/news"\n'
MM = '[[subscriptions]]\nid = "mm"\nto = "file:m/"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose file declares nothing, and a source and a subscription in the database."""
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    declare(tmp_path, "")
    (tmp_path / "list.toml").write_text(SEA, "utf-8")
    return tmp_path


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    call = commands(capsys)
    assert call("sources", "import", "list.toml").code == 0
    assert call("subscriptions", "add", "file:m/", "--id", "mm").code == 0
    return call


def declare(folder: Path, text: str) -> None:
    (folder / "clusterwatch.toml").write_text(CONFIGURATION + text, "utf-8")


@pytest.mark.parametrize(
    ("group", "gone", "other"),
    [
        ("sources", "sea", SEA),
        ("sources", "sea", SEA.replace("news", "press")),
        ("subscriptions", "mm", MM),
        ("subscriptions", "mm", MM.replace("file:m/", "file:n/")),
    ],
)
def test_a_declaration_of_a_taken_id_is_refused_with_a_command_that_works(
    command: Command, folder: Path, group: str, gone: str, other: str
) -> None:
    declare(folder, other)
    refused = command("db", "sync")
    assert refused.code == 2
    remedy = f"clusterwatch {group} remove {gone}"
    assert remedy in " ".join(refused.err.split())
    assert command(group, "remove", gone).code == 0
    [now] = command(group, "list", "--json").json
    assert (now["id"], now["declared_by"], now["status"]) == (gone, "main", "active")


def test_a_file_s_source_that_was_never_synced_is_not_removed(
    command: Command, folder: Path
) -> None:
    declare(folder, SEA.replace("sea", "bay"))
    assert "is declared in" in command("sources", "remove", "bay").err


def test_a_removed_source_that_is_declared_is_watched_again(command: Command, folder: Path) -> None:
    assert command("sources", "remove", "sea").code == 0
    declare(folder, SEA)
    [source] = command("sources", "list", "--json").json
    assert (source["id"], source["status"]) == ("sea", "active")


def test_a_chosen_feed_is_kept_by_opml_and_lost_to_toml_with_a_remedy(
    command: Command, folder: Path
) -> None:
    feed = "https://sea.example.org/press.xml"
    choose(folder, feed)
    kept = command("sources", "export")
    assert (kept.err, f'xmlUrl="{feed}"' in kept.out) == ("", True)
    lost = " ".join(command("sources", "export", "--format", "toml").err.split())
    assert f"clusterwatch sources set sea --url {feed}" in lost
    assert command("sources", "remove", "sea").code == 0
    declare(folder, SEA)
    lost = " ".join(command("sources", "export", "--format", "toml").err.split())
    assert f'url = "{feed}"' in lost


def choose(folder: Path, feed: str) -> None:
    """One of its page's feeds was pointed at, as with --pick."""
    database = Database(f"sqlite:///{folder / 'clusterwatch.db'}")
    store = SourceStore(database)
    state = store.get("sea").state
    why = AS_ASKED + "Press"
    store.learn("sea", replace(state, watch_kind="feed", watch_url=feed, watch_why=why))
    database.close()


def test_a_list_brings_back_what_no_file_declares_any_more(command: Command, folder: Path) -> None:
    listed = folder / "lists"
    listed.mkdir()
    (listed / "sea.toml").write_text(SEA, "utf-8")
    assert command("sources", "remove", "sea").code == 0
    declare(folder, SEA)
    assert command("db", "sync").code == 0
    declare(folder, "")
    assert command("sources", "list", "--json").json == []
    done = command("sources", "import", "lists")
    assert (done.code, done.err) == (0, "")
    [source] = command("sources", "list", "--json").json
    assert (source["id"], source["status"], source["declared_by"]) == ("sea", "active", None)


def test_an_id_that_a_list_cannot_have_is_told_with_a_command(
    command: Command, folder: Path
) -> None:
    listed = folder / "lists"
    listed.mkdir()
    (listed / "sea.toml").write_text(SEA.replace("news", "press"), "utf-8")
    assert "clusterwatch sources show sea" in command("sources", "import", "lists").err
    (listed / "sea.toml").write_text(SEA, "utf-8")
    assert command("sources", "remove", "sea").code == 0
    assert "clusterwatch sources resume sea" in command("sources", "import", "lists").err
    assert command("sources", "resume", "sea").code == 0
    assert [one["status"] for one in command("sources", "list", "--json").json] == ["active"]


def test_a_topic_in_file_and_database_is_refused_with_a_command_that_works(
    command: Command, folder: Path
) -> None:
    assert command("topics", "add", "quantum", "--any", "qubit*").code == 0
    declare(folder, '[[topics]]\nid = "quantum"\nany = ["qubit*"]\n')
    refused = command("db", "sync")
    assert refused.code == 2
    assert "clusterwatch topics remove quantum" in " ".join(refused.err.split())
    assert command("topics", "remove", "quantum").code == 0
    assert command("db", "sync").code == 0
    assert "quantum" in command("topics", "list").out
