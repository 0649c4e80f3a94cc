"""Importing lists, and commands that meet each other's leases."""

from __future__ import annotations

from datetime import timedelta

from alerts.demo.sites import ReplaySites
from crawler.storage.database import Database, utc_now
from crawler.storage.sources import SourceStore
from tests.e2e.shell import Shell, installation


def test_an_import_gives_the_sources_and_names_the_lines_it_refused(
    shell: Shell, sites: ReplaySites
) -> None:
    shell.write(installation(sites, "biosaxony"))
    watched = sites["biosaxony"].start_url
    (shell.folder / "list.txt").write_text(
        f"https://one.example/news\n{watched}\nnonsense\nhttps://one.example/news/\n", "utf-8"
    )
    result = shell.run("sources", "import", "list.txt", "--json")
    assert result.code == 1
    first, second, *rest = result.json()
    assert (first["url"], first["status"], first["line"]) == (
        "https://one.example/news", "active", 1,
    )  # fmt: skip
    assert second == {"line": 2, "url": watched, "error": "is watched already, as biosaxony"}
    assert [entry["line"] for entry in rest if "error" in entry] == [3, 4]
    assert "list.txt, line 2: is watched already, as biosaxony" in result.err


def test_a_chosen_list_is_in_the_file_and_in_what_is_exported(
    shell: Shell, sites: ReplaySites
) -> None:
    shell.write(installation(sites, "group-gac"))
    page = sites["group-gac"].start_url
    listed = ["sources", "add", page, "--pick", "2"]
    assert shell.run("crawl").code == 0
    written = shell.run(*listed, "--id", "list", "--write", "--json")
    assert written.code == 0, written.err
    assert "selector = " in (shell.folder / "clusterwatch.toml").read_text("utf-8")
    assert "the file does not keep" not in written.err
    again = shell.run(*listed, "--id", "again")
    assert '"list" watches' in again.err
    taken = shell.run("sources", "set", "group-gac", "--pick", "2")
    assert '"list" watches' in taken.err
    assert shell.run("sources", "export", "--format", "toml", "--out", "s.toml").err == ""
    assert shell.run("sources", "export", "--out", "s.opml").err == ""
    shell.write(installation(sites))
    for file in ("s.toml", "s.opml"):
        (shell.folder / "clusterwatch.db").unlink()
        brought = shell.run("sources", "import", file, "--json")
        assert len(brought.json()) == 2, brought.err
        assert brought.json()[1]["selector"] == written.json()[0]["selector"]


def test_a_crawl_that_finds_every_source_busy_says_so_and_fails(
    shell: Shell, sites: ReplaySites
) -> None:
    shell.write(installation(sites, "biosaxony"))
    assert shell.run("db", "sync").code == 0
    database = Database(f"sqlite:///{shell.folder / 'clusterwatch.db'}")
    store = SourceStore(database)
    assert store.claim("biosaxony", "another", utc_now(), timedelta(hours=1))
    database.close()
    result = shell.run("crawl", "--json")
    assert result.code == 1
    assert result.json()["sources"][0]["status"] == "busy"
    assert "Another command polls" in result.err
