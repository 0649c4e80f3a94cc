"""A subscription to what does not exist: what has nothing to do with it works, and says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.commands import Command, commands

CONFIGURATION = """
[[sources]]
id = "a"
url = "https://a.example.org/news"
[[subscriptions]]
id = "team"
to = "file:digests/"
topics = ["quantum"]
"""
WRONG = '[[subscriptions]] "team" topics: there is no "quantum"'


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION)
    return commands(capsys)


def test_topics_are_tried_all_the_same(command: Command) -> None:
    tried = command("topics", "test", "--json", "Artificial intelligence finds cracks.")
    assert (tried.code, [one["topic"] for one in tried.json["topics"]]) == (0, ["ai"])
    assert WRONG in tried.err
    labelled = {"id": "1", "lang": "en", "title": "Artificial intelligence", "text": "x"}
    Path("labelled.jsonl").write_text(json.dumps(labelled | {"topics": ["ai"]}))
    scored = command("topics", "eval", "labelled.jsonl", "--json")
    assert (scored.code, scored.json["micro"]["f1"]) == (0, 1.0)
    assert WRONG in scored.err


def test_the_topic_that_lacks_can_be_added(command: Command) -> None:
    added = command("topics", "add", "quantum", "--any", "qubit*")
    assert (added.code, "there is no" in added.err) == (0, False)
    assert command("sources", "list").code == 0


def test_what_serves_subscriptions_refuses_it(command: Command) -> None:
    for words in (("crawl", "--dry-run"), ("sources", "list")):
        refused = command(*words)
        assert (refused.code, WRONG in refused.err) == (2, True)
