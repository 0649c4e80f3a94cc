"""The ordinary commands, their exit codes, and one clear line for every mistake."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from alerts.demo.sites import ReplaySites
from tests.e2e.shell import Shell, installation

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    return lines[0]


def test_init_writes_a_configuration_that_runs_as_it_is(shell: Shell) -> None:
    first = shell.run("init")
    assert first.code == 0
    told = re.findall(
        r"^  clusterwatch ([^#\n]*?) *(?:#.*)?$", first.out.partition("Next:")[2], re.M
    )
    assert told == ["crawl", "digest preview team --as text", "run"]
    assert shell.run(*told[1].split()).code == 0  # the others fetch
    manifest = yaml.safe_load((shell.folder / "slack-app.yaml").read_text("utf-8"))
    assert {"display_information", "oauth_config", "settings"} <= set(manifest)
    assert (shell.folder / "clusterwatch.env").stat().st_mode & 0o077 == 0
    listed = shell.run("sources", "list", "--json")
    assert listed.code == 0, listed.err
    assert {one["id"] for one in listed.json()} >= {"biosaxony", "group-gac"}
    again = shell.run("init")
    assert again.code == 2
    assert "exists already" in one_line(again.err)


def test_without_a_configuration_the_five_seed_sites_are_watched(shell: Shell) -> None:
    listed = shell.run("sources", "list", "--json").json()
    assert len(listed) == 5


def test_version_and_help_with_an_example(shell: Shell) -> None:
    assert shell.run("--version").out.startswith("clusterwatch ")
    helped = shell.run("crawl", "--help")
    assert helped.code == 0
    assert "--config" in helped.out
    assert "Example: clusterwatch crawl" in helped.out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[crawl]\nevry = '1h'", 'did you mean "every"?'),
        ("[[subscriptions]]\nid='a'\nto='file:x/'\ntopics=['aii']", 'did you mean "ai"?'),
        ("[[subscriptions]]\nid='a'\nto='file:x/'\nsources=['nobody']", 'there is no "nobody"'),
        ("[[subscriptions]]\nid='a'\nto='file:x/'\nschedule='dayly 8'", "schedule"),
        ("[[topics]]\nid='q'\nanny=['x']", "anny"),
        ("[clusterwatch]\ndatabase='mysql://x'", "database"),
    ],
)
def test_a_wrong_configuration_gives_one_line_and_code_2(
    shell: Shell, text: str, expected: str
) -> None:
    shell.write(text)
    done = shell.run("crawl")
    assert done.code == 2
    line = one_line(done.err)
    assert expected in line
    assert done.out == ""


def test_a_missing_configuration_file_gives_one_line_and_code_2(shell: Shell) -> None:
    done = shell.run("crawl", "--config", "nowhere.toml")
    assert done.code == 2
    assert "clusterwatch init" in one_line(done.err)


def test_an_unknown_source_gives_one_line_and_code_2(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "biosaxony"))
    done = shell.run("crawl", "biosaxny")
    assert done.code == 2
    assert "biosaxony" in one_line(done.err)


def test_an_unreachable_site_fails_alone(shell: Shell, sites: ReplaySites) -> None:
    dead = '[[sources]]\nid = "dead"\nurl = "http://127.0.0.1:9/news"\n'
    shell.write(installation(sites, "ag-schie", extra=dead))
    done = shell.run("crawl", "--json")
    assert done.code == 1
    assert "dead" in done.err
    by_id = {one["id"]: one for one in done.json()["sources"]}
    assert by_id["dead"]["status"] == "failed"
    assert by_id["dead"]["error"]
    assert by_id["ag-schie"]["new"] == 10


def test_private_networks_are_refused_unless_allowed(shell: Shell, sites: ReplaySites) -> None:
    text = installation(sites, "ag-schie").replace('allow_networks = ["127.0.0.0/8"]', "")
    shell.write(text)
    done = shell.run("crawl", "--json")
    assert done.code == 1
    assert "allow_networks" in done.json()["sources"][0]["error"]


def test_a_page_without_news_is_refused_with_a_way_out(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "ag-schie"))
    page = sites["biosaxony"].origin + "/impressum"
    done = shell.run("sources", "add", page)
    assert done.code in (1, 2)
    assert one_line(done.err)


def test_sources_add_detects_and_stores(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "ag-schie"))
    added = shell.run("sources", "add", sites["group-gac"].start_url, "--id", "gac", "--json")
    assert added.code == 0, added.err
    assert added.json()[0]["kind"] == "feed"
    checked = shell.run("sources", "check", "gac", "--json")
    assert checked.json()[0]["seen"] == 10
    assert shell.run("items", "list", "--json").json() == []
    again = shell.run("sources", "add", sites["group-gac"].start_url, "--id", "gac")
    assert again.code == 2
    written = shell.run("sources", "add", sites["biosaxony"].start_url, "--id", "bio", "--write")
    assert written.code == 0, written.err
    assert 'id = "bio"' in (shell.folder / "clusterwatch.toml").read_text("utf-8")
    assert {one["id"] for one in shell.run("sources", "list", "--json").json()} == {
        "ag-schie", "gac", "bio",
    }  # fmt: skip


def test_crawl_items_and_explain(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "biosaxony"))
    crawled = shell.run("crawl", "--json")
    assert crawled.code == 0, crawled.err
    document = crawled.json()
    assert set(document) == {"started", "finished", "sources", "new_items"}
    korea = next(item for item in document["new_items"] if "Südkorea" in item["title"])
    told = shell.run("explain", korea["id"], "--json").json()
    assert told["topics"][0]["topic"] == "korea-cooperation"
    assert told["stage"] == "subscription"
    asked = shell.run("explain", korea["url"], "--topic", "ai", "--json").json()
    assert asked["missing"]
    elsewhere = shell.run("explain", "https://www.example.org/x", "--json").json()
    assert elsewhere["stage"] == "source"
    assert "sources add" in elsewhere["remedy"]
    exported = shell.run("items", "export", "--format", "jsonl", "--topic", "korea-cooperation")
    assert [json.loads(line)["id"] for line in exported.out.splitlines()] == [korea["id"]]


def test_dry_run_stores_nothing(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "ag-schie"))
    tried = shell.run("crawl", "--dry-run", "--json").json()
    assert tried["sources"][0]["new"] == 10
    assert shell.run("items", "list", "--json").json() == []


def test_detect_and_extract_read_files_without_fetching(shell: Shell) -> None:
    listing = SEEDS / "demo" / "biosaxony" / "news.html"
    found = shell.run(
        "detect", str(listing), "--base-url", "https://www.biosaxony.com/news", "--json"
    ).json()
    assert found["kind"] == "listing"
    assert len(found["items"]) == 11
    assert set(found["items"][0]) == {"url", "title", "published", "summary"}
    batch = shell.folder / "list.jsonl"
    rows = [
        {"file": str(listing), "url": "https://www.biosaxony.com/news"},
        {"file": "missing.html", "url": "https://www.biosaxony.com/missing"},
    ]
    batch.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    done = shell.run("detect", "--batch", str(batch), "--json")
    assert done.code == 1
    first, second = done.json()
    assert first["kind"] == "listing"
    assert first["url"] == rows[0]["url"]
    assert set(second) == {"url", "error"}


def test_topics_test_quotes_its_evidence(shell: Shell) -> None:
    done = shell.run(
        "topics", "test", "--title", "KI in der Pflege", "Ein neuronales Netz lernt mit.", "--json"
    )
    document = done.json()
    assert set(document) == {"title", "text", "topics"}
    assert document["topics"][0]["topic"] == "ai"


def test_status_and_doctor_speak_json(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "ag-schie"))
    status = shell.run("status", "--json")
    assert status.code == 0, status.err
    assert status.json()["sources"][0]["id"] == "ag-schie"
    doctor = shell.run("doctor", "--json")
    assert {one["check"] for one in doctor.json()["checks"]} >= {"configuration", "database"}


def test_a_wrong_choice_is_corrected_by_number_or_by_an_item(
    shell: Shell, sites: ReplaySites
) -> None:
    shell.write(installation(sites))
    start = sites["group-gac"].start_url
    shown = shell.run("detect", start)
    assert "1  feed:" in shown.out
    assert "2  listing:" in shown.out
    picked = shell.run("sources", "add", start, "--id", "picked", "--pick", "2", "--json")
    assert picked.code == 0, picked.err
    assert picked.json()[0]["kind"] == "listing"
    twice = shell.run("sources", "add", start, "--id", "twice")
    assert twice.code == 2
    assert "already" in one_line(twice.err)
    assert shell.run("sources", "remove", "picked").code == 0
    too_far = shell.run("sources", "add", start, "--id", "far", "--pick", "99")
    assert too_far.code == 2
    assert "candidates" in one_line(too_far.err)
    absent = shell.run("sources", "add", start, "--like", "https://www.example.org/x")
    assert absent.code == 2
    assert "--like" in one_line(absent.err)
    item = sites["group-gac"].origin + "/en/office-in-valencia-moves-to-the-harbour/"
    liked = shell.run("sources", "add", start, "--id", "liked", "--like", item, "--json")
    assert liked.json()[0]["kind"] == "listing"
    crawled = shell.run("crawl", "liked", "--json").json()
    assert item in {one["url"] for one in crawled["new_items"]}


def test_what_is_watched_is_chosen_anew_after_adding(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "group-gac"))
    asked = shell.run("sources", "set", "group-gac", "--pick", "2", "--json")
    assert asked.code == 0, asked.err
    assert asked.json()[0]["kind"] == "listing"
    assert asked.json()[0]["why"].startswith("as asked: ")
    assert " > a" in asked.json()[0]["pattern"][0]
    crawled = shell.run("crawl", "group-gac", "--json").json()
    assert crawled["sources"][0]["kind"] == "listing"
    shown = shell.run("sources", "show", "group-gac")
    assert "as asked: " in shown.out
    assert " > a" in shown.out
    back = shell.run("sources", "set", "group-gac", "--pick", "1", "--json").json()[0]
    assert back["kind"] == "feed"
    assert back["pattern"] == []


def test_an_unwritable_file_and_an_unknown_filter_give_one_line(shell: Shell) -> None:
    for arguments in (
        ("items", "export", "--out", "/nowhere/items.csv"),
        ("items", "list", "--topic", "aii"),
        ("items", "list", "--source", "nobody"),
        ("topics", "test", "nofile.txt"),
        ("backup", "/nowhere/b.db"),
    ):
        done = shell.run(*arguments)
        assert done.code in (1, 2), arguments
        assert one_line(done.err)
    (shell.folder / "clusterwatch.db").write_bytes(b"no database at all, but a text" * 100)
    broken = shell.run("items", "list")
    assert broken.code == 1
    assert "not a database" in one_line(broken.err)


def test_a_reader_that_has_seen_enough_is_no_failure(shell: Shell) -> None:
    piped = subprocess.run(
        [
            "bash",
            "-c",
            f'"{sys.executable}" -m crawler topics show ai | head -1 >/dev/null; '
            'echo "code ${PIPESTATUS[0]}"',
        ],
        cwd=shell.folder,
        env=shell.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "code 0" in piped.stdout, piped.stderr
    assert "Traceback" not in piped.stderr
