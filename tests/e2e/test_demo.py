"""The demo does the main job: every expected item, its date, topics and story, and no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from alerts.demo.saved import demo_root
from tests.e2e.shell import Shell


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("demo")
    shell = Shell(folder)
    done = shell.run("demo", "--out", str(folder), "--json", seconds=300)
    assert done.code == 0, done.err
    return shell, done.json()


def expected() -> dict[str, Any]:
    sites: dict[str, Any] = json.loads((demo_root() / "expected.json").read_text("utf-8"))["sites"]
    return sites


def archive(shell: Shell) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = shell.run("items", "list", "--json").json()
    return listed


def path_of(item: dict[str, Any]) -> str:
    parts = urlsplit(item["url"])
    return str(parts.path) + (f"?{parts.query}" if parts.query else "")


def test_the_first_crawl_finds_all_the_second_nothing_the_third_the_one(
    demo: tuple[Shell, dict[str, Any]],
) -> None:
    _, summary = demo
    count = sum(len(site["items"]) for site in expected().values())
    assert [crawl["new"] for crawl in summary["crawls"]] == [count, 0, 1]
    assert summary["ok"] is True


def test_the_second_crawl_asks_conditionally_only(demo: tuple[Shell, dict[str, Any]]) -> None:
    second = demo[1]["crawls"][1]
    assert second["requests"] == second["not_modified"] == len(expected())


def test_exactly_the_published_item_is_delivered(demo: tuple[Shell, dict[str, Any]]) -> None:
    _, summary = demo
    assert [item["title"] for item in summary["new_item"]] == [
        "Künstliche Intelligenz erkennt Keime in der Zellkultur: Verbund startet in Leipzig"
    ]
    assert summary["alerted"] == {"slack": 1, "email": 1, "file": 1}


def test_items_are_those_a_person_would_name(demo: tuple[Shell, dict[str, Any]]) -> None:
    shell, summary = demo
    new = {item["id"] for item in summary["new_item"]}
    found = [
        (item["source"], path_of(item), item["title"])
        for item in archive(shell)
        if item["id"] not in new
    ]
    wanted = [
        (site, item["path"], item["title"])
        for site, one in expected().items()
        for item in one["items"]
    ]
    assert sorted(found) == sorted(wanted)


def test_dates_are_those_the_pages_show(demo: tuple[Shell, dict[str, Any]]) -> None:
    by_path = {(item["source"], path_of(item)): item for item in archive(demo[0])}
    for site, one in expected().items():
        for item in one["items"]:
            published = by_path[site, item["path"]]["published"]
            assert (published[:10] if published else None) == item["published"], item["path"]


def test_topics_are_right_and_their_evidence_is_quoted_exactly(
    demo: tuple[Shell, dict[str, Any]],
) -> None:
    shell, _ = demo
    by_path = {(item["source"], path_of(item)): item for item in archive(shell)}
    for site, one in expected().items():
        for item in one["items"]:
            found = by_path[site, item["path"]]
            assert sorted(match["topic"] for match in found["topics"]) == sorted(item["topics"])
    korea = next(item for item in archive(shell) if "Südkorea" in item["title"])
    shown = shell.run("items", "show", korea["id"], "--json").json()
    for match in shown["topics"]:
        for evidence in match["evidence"]:
            text = shown[evidence["field"]]
            assert text[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_the_danish_release_and_its_english_twin_are_one_story(
    demo: tuple[Shell, dict[str, Any]],
) -> None:
    shell, summary = demo
    assert len(summary["told_twice"]) == 1
    items = archive(shell)
    danish = next(item for item in items if item["title"].startswith("Stærkt nationalt"))
    english = next(item for item in items if item["title"].startswith("Strong national"))
    assert danish["story"] == english["story"]


def test_the_seeds_texts_are_whole(demo: tuple[Shell, dict[str, Any]]) -> None:
    shell, _ = demo
    danish = next(item for item in archive(shell) if item["title"].startswith("Stærkt nationalt"))
    text = shell.run("items", "show", danish["id"], "--json").json()["text"]
    assert "En bevilling på 14 mio. kr. fra Uddannelses- og Forskningsministeriet" in text
    assert "cookie" not in text.lower()


def test_the_mail_and_the_slack_message_arrived(demo: tuple[Shell, dict[str, Any]]) -> None:
    shell, _ = demo
    mail = (shell.folder / "mail-1.eml").read_bytes()
    assert b"Subject:" in mail
    assert b"List-Unsubscribe:" in mail
    post = json.loads((shell.folder / "slack-1.json").read_text("utf-8"))
    assert post["text"].startswith("Cluster news")


def test_the_html_digest_names_the_stories(demo: tuple[Shell, dict[str, Any]]) -> None:
    first = Path(demo[1]["digests"][0]).read_text("utf-8")
    assert "Sachsen und Südkorea bauen Kooperation" in first
    assert "Welfare Tech" in first
