"""What is added to topics by command, and the archive that follows without alerts."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest

from alerts.wiring import AlertParts, open_alerts
from crawler.__main__ import application
from crawler.cli.app import run
from crawler.config import load
from crawler.model.item import Item
from crawler.reclassifying import Reclassification
from crawler.storage.classification import key_of
from crawler.storage.database import utc_now
from crawler.storage.item_rows import insert_item, save_matches, sight_many
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import load_topic
from crawler.wiring import declared_topics, open_parts
from scheduler import Daemon
from tests.integration.commands import Command, commands

CONFIGURATION = """
[clusterwatch]
name = "main"
[[sources]]
id = "a"
url = "https://a.example.org/news"
[[topics]]
id = "quantum"
name = "Quantum technology"
any = ["qubit*"]
[[topics]]
id = "ai"
any = ["Projekt Zukunft"]
[[subscriptions]]
id = "team"
to = "file:digests/"
topics = ["quantum"]
"""
NEWS = {
    "chip": "A chip with forty qubits was cooled down in Jena.",
    "traps": "Entangled ions compute faster than any machine before.",
    **{f"other{number}": f"Meeting number {number} elects a board." for number in range(5)},
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation whose subscription is older than its items."""
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION)
    assert run(application(), ["db", "sync"]) == 0
    with open_parts(load(None)) as parts, parts.database.write() as connection:
        versions = {topic.id: topic.version for topic in parts.topics}
        for identity, text in NEWS.items():
            url, now = f"https://a.example.org/{identity}", utc_now()
            item = Item(identity, "a", url, url, identity, "", None, now, "en", text=text)
            insert_item(connection, item, text_pending=False, topics_version=key_of(versions))
            seen = {"item": identity, "url": url, "guid_hash": "", "stamp": ""}
            sight_many(connection, "a", [seen], now)
            found = parts.matcher.match(item.title, item.text, "en")
            save_matches(connection, identity, found, versions, now)
    return tmp_path


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return commands(capsys)


def found(command: Command, topic: str = "quantum") -> set[str]:
    return {one["id"] for one in command("items", "list", "--topic", topic, "--json").json}


def pending(command: Command) -> str:
    answer = command("digest", "preview", "team", "--as", "text")
    assert answer.code == 0, answer.err
    return answer.out


# -- the layer ---------------------------------------------------------------------------------


def test_additions_lie_above_shipped_and_file_each_with_its_number(command: Command) -> None:
    command("topics", "set", "ai", "--any", "Sprachassistent*", "--none", "toy robot")
    command("topics", "set", "ai", "--term", "chatbot.de=Plauderkasten", "--near", "robot* + surg*")
    layers = command("topics", "show", "ai", "--json").json["layers"]
    assert [one["layer"] for one in layers] == [
        "shipped",
        "file",
        "added",
        "added",
        "added",
        "added",
    ]
    assert layers[1]["by"] == "main"
    assert layers[1]["definition"]["any"] == ["Projekt Zukunft"]
    added = {(one["kind"], *one["terms"]): one["number"] for one in layers[2:]}
    assert set(added) == {
        ("any", "Sprachassistent*"),
        ("none", "toy robot"),
        ("near", "robot*", "surg*"),
        ("term", "Plauderkasten"),
    }
    assert len(set(added.values())) == 4
    assert all(one["by"] == "command" and one["at"] for one in layers[2:])
    shown = command("topics", "show", "ai").out
    assert 'any "Sprachassistent*" (by command' in shown


def test_terms_are_taken_out_and_scores_set_as_layers_and_exported(command: Command) -> None:
    change = ("--without", "qubit*", "--any", "ion*", "--threshold", "0.3")
    tried = command("topics", "replay", "quantum", *change, "--json").json
    assert (tried["gained"], tried["lost"]) == (["traps"], ["chip"])
    assert found(command) == {"chip"}
    made = command("topics", "set", "quantum", *change, "--json").json["added"]
    assert {(one["kind"], *one["terms"]) for one in made} == {
        ("without", "qubit*"), ("any", "ion*"), ("threshold", "0.3"),
    }  # fmt: skip
    assert found(command) == {"traps"}
    exported = tomllib.loads(command("topics", "export", "quantum").out)["topics"]
    assert exported == [{"id": "quantum", "any": ["ion*"], "without": ["qubit*"], "threshold": 0.3}]
    (gone,) = (one["number"] for one in made if one["kind"] == "without")
    command("topics", "set", "quantum", "--drop", str(gone))
    assert found(command) == {"chip", "traps"}
    wrong = command("topics", "set", "quantum", "--without", "qubits*")
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean 'qubit*'?" in wrong.err


def test_one_addition_is_dropped_and_the_others_stay_through_every_sync(command: Command) -> None:
    made = command("topics", "set", "quantum", "--any", "ions", "--any", "photons", "--json").json
    first, second = (one["number"] for one in made["added"])
    assert command("topics", "set", "quantum", "--drop", str(first)).code == 0
    assert command("db", "sync").code == 0
    layers = command("topics", "show", "quantum", "--json").json["layers"]
    assert [one["number"] for one in layers if one["layer"] == "added"] == [second]
    again = command("topics", "set", "quantum", "--drop", str(first))
    assert (again.code, again.out) == (2, "")
    assert f"no addition number {first}" in again.err


def test_the_same_thing_is_added_once(command: Command) -> None:
    one = command("topics", "set", "quantum", "--any", "ions", "--json").json["added"]
    two = command("topics", "set", "quantum", "--any", "ions", "--json").json["added"]
    assert one == two


def test_export_writes_additions_and_topics_of_the_database(command: Command, home: Path) -> None:
    command("topics", "add", "laser", "--any", "laser*")
    command("topics", "set", "laser", "--none", "laser printer*")
    command("topics", "set", "ai", "--term", "chatbot.de=Plauderkasten")
    exported = command("topics", "export")
    assert exported.code == 0
    (home / "other.toml").write_text('[clusterwatch]\nname = "other"\n' + exported.out)
    tables = {one.id: one.definition for one in declared_topics(load(home / "other.toml"))}
    assert tables["laser"]["any"] == ["laser*"]
    assert tables["laser"]["none"] == ["laser printer*"]
    assert tables["ai"]["concepts"] == [{"id": "chatbot", "terms": {"de": ["Plauderkasten"]}}]


def test_removing_takes_everything_that_was_added(command: Command) -> None:
    command("topics", "set", "ai", "--any", "Sprachassistent*", "--any", "Rechenhirn*")
    gone = command("topics", "remove", "ai", "--json").json
    assert gone == {"id": "ai", "removed": False, "additions": 2}
    layers = command("topics", "show", "ai", "--json").json["layers"]
    assert [one["layer"] for one in layers] == ["shipped", "file"]
    refused = command("topics", "remove", "ai")
    assert refused.code == 2
    assert '"ai" is shipped and stays' in refused.err
    assert "replace = true" in refused.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--any", "learn)ing"), "column 6"),
        (("--term", "chatbott.de=Bot"), "no concept 'chatbott'"),
        (("--term", "chatbot.xx=Bot"), 'topic "ai": addition: "xx" is no language; allowed: *, ar'),
        (("--term", "chatbot.de=comp*ter"), "addition: 'comp*ter' has a '*' inside a word"),
        (("--term", "chatbot"), "--term chatbot.de=Plauderkasten"),
        (("--near", "robot*"), "at least two terms"),
        ((), "Nothing to change"),
    ],
)
def test_a_wrong_addition_is_one_line_and_changes_nothing(
    command: Command, options: tuple[str, ...], said: str
) -> None:
    before = command("topics", "show", "ai", "--json").json["version"]
    answer = command("topics", "set", "ai", *options)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert command("topics", "show", "ai", "--json").json["version"] == before


# -- the archive follows -------------------------------------------------------------------------


def test_an_old_item_that_matches_now_is_archived_and_alerts_nobody(command: Command) -> None:
    before = pending(command)
    assert "chip" in before
    answer = command("topics", "set", "quantum", "--any", "entangled ions")
    assert "7 stored items decided anew: 1 more match, 0 fewer" in answer.err
    assert found(command) == {"chip", "traps"}
    assert "traps" not in pending(command)
    assert "chip" in pending(command)


def test_alert_asks_for_old_items(command: Command) -> None:
    assert "traps" not in pending(command)
    command("topics", "set", "quantum", "--any", "entangled ions", "--alert")
    assert "traps" in pending(command)


def test_matches_carry_the_version_that_decided_them(command: Command, home: Path) -> None:
    command("topics", "set", "quantum", "--any", "entangled ions")
    version = command("topics", "show", "quantum", "--json").json["version"]
    judged = command("feedback", "traps", "--topic", "quantum", "relevant", "--json").json
    assert judged["version"] == version


def test_a_match_that_a_change_takes_away_is_gone(command: Command) -> None:
    command("topics", "set", "quantum", "--none", "Jena")
    assert found(command) == set()
    assert "chip" not in pending(command)


def test_explain_says_why_an_old_match_is_in_no_digest(command: Command) -> None:
    command("topics", "set", "quantum", "--any", "entangled ions")
    told = command("explain", "traps", "--for", "team", "--json").json
    assert told["stage"] == "topic"
    assert "when the definition of quantum changed" in told["reason"]
    assert "--alert" in told["remedy"]


def test_a_changed_file_is_followed_by_the_next_sync(command: Command, home: Path) -> None:
    changed = CONFIGURATION.replace('any = ["qubit*"]', 'any = ["qubit*", "entangled ions"]')
    (home / "clusterwatch.toml").write_text(changed)
    answer = command("db", "sync")
    assert "1 more match" in answer.err
    assert found(command) == {"chip", "traps"}
    assert "traps" not in pending(command)
    assert command("topics", "reclassify").out.startswith("Every stored item")


def test_a_new_topic_leaves_look_back_to_the_subscription(command: Command, home: Path) -> None:
    more = CONFIGURATION + (
        '[[topics]]\nid = "newer"\nany = ["entangled ions"]\n'
        '[[subscriptions]]\nid = "late"\nto = "file:late/"\ntopics = ["newer"]\nsince = "2d"\n'
    )
    (home / "clusterwatch.toml").write_text(more)
    assert command("db", "sync").code == 0
    assert "traps" in command("digest", "preview", "late", "--as", "text").out


def test_an_interrupted_round_goes_on_and_stays_quiet(command: Command, home: Path) -> None:
    more = load_topic({"id": "quantum", "any": ["qubit*", "entangled ions"]}, origin="test")
    with open_parts(load(None)) as parts:
        topics = [more if one.id == "quantum" else one for one in parts.topics]
        matcher = TopicMatcher(topics)
        work = Reclassification(parts.database, topics, matcher)
        steps = work.run(utc_now(), batch=3)
        assert next(steps).left == 4
        steps.close()  # the process ends here
        assert work.is_due
        again = Reclassification(parts.database, topics, matcher)
        assert sum(step.items for step in again.run(utc_now(), batch=3)) == 4
        assert not again.is_due
        quiet = {match.topic: match.quiet for match in parts.items.get("traps").topics}
    assert quiet == {"quantum": True}


def test_the_daemon_takes_over_what_another_process_changed(command: Command, home: Path) -> None:
    settings = load(None)
    with open_alerts(settings) as parts:
        daemon = Daemon(settings, parts)
        ingest = parts.crawler.ingest
        asyncio.run(daemon.follow_topics())
        parts.crawler.additions.add([_addition()], utc_now())  # as web or Slack would
        asyncio.run(daemon.follow_topics())
        assert "quantum" in {one.topic for one in parts.crawler.items.get("traps").topics}
        assert ingest.matcher is parts.crawler.matcher
    assert "traps" not in pending(command)


STEEL = '[[topics]]\nid = "steel"\nany = ["entangled ions"]\n'


def _topics_of(parts: AlertParts, item: str) -> set[str]:
    return {one.topic for one in parts.crawler.items.get(item).topics}


def test_a_daemon_takes_over_topics_that_a_command_brought_from_its_file(
    command: Command, home: Path
) -> None:
    settings = load(None)
    with open_alerts(settings, sync=True) as parts:
        daemon = Daemon(settings, parts)
        asyncio.run(daemon.follow_topics())
        (home / "clusterwatch.toml").write_text(CONFIGURATION + STEEL)
        assert command("db", "sync").code == 0
        assert command("topics", "reclassify").code == 0
        assert "steel" in _topics_of(parts, "traps")
        asyncio.run(daemon.follow_topics())
        assert "steel" in _topics_of(parts, "traps")
        assert "steel" in {topic.id for topic in parts.crawler.topics}
        assert not parts.crawler.reclassification.is_due


def test_a_daemon_with_another_file_leaves_stored_items_alone_and_says_so_once(
    command: Command, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load(None)
    with open_alerts(settings, sync=True) as parts:
        daemon = Daemon(settings, parts)
        (home / "clusterwatch.toml").write_text(CONFIGURATION + STEEL)
        assert command("db", "sync").code == 0
        assert command("topics", "reclassify").code == 0
        (home / "clusterwatch.toml").write_text(CONFIGURATION)  # as on a machine left behind
        for _ in range(2):
            asyncio.run(daemon.follow_topics())
        logged = capsys.readouterr().err
        assert "steel" in _topics_of(parts, "traps")
    told = [line for line in logged.splitlines() if "topics.differ" in line]
    assert len(told) == 1
    assert "kill -HUP" in told[0]


def _addition() -> Any:
    from crawler.model.topic import Addition

    return Addition(0, "quantum", "any", ("entangled ions",), by="slack:U1")


def test_an_addition_is_tried_on_the_archive_before_it_is_saved(command: Command) -> None:
    before = command("topics", "show", "quantum", "--json").json
    more = command("topics", "replay", "quantum", "--any", "entangled", "--json").json
    assert (more["matched"], more["gained"], more["lost"]) == (["chip", "traps"], ["traps"], [])
    fewer = command("topics", "replay", "quantum", "--none", "qubit*", "--json").json
    assert (fewer["matched"], fewer["lost"]) == ([], ["chip"])
    wrong = command("topics", "replay", "quantum", "--any", "qu*bit")
    assert (wrong.code, "column" in wrong.err) == (2, True)
    assert command("topics", "show", "quantum", "--json").json == before


def test_a_file_is_tried_by_its_keys_or_by_its_topics_table(command: Command, home: Path) -> None:
    (home / "keys.toml").write_text('any = ["entangled"]\n')
    table = '[[topics]]\nid = "other"\nany = ["nothing here"]\n'
    table += '[[topics]]\nid = "quantum"\nany = ["entangled"]\n'
    (home / "tables.toml").write_text(table)
    for file in ("keys.toml", "tables.toml"):
        tried = command("topics", "replay", "quantum", "--file", file, "--json").json
        assert "traps" in tried["matched"], file
    wrong = command("topics", "replay", "ai", "--file", "tables.toml")
    assert wrong.code == 2
    assert 'no [[topics]] table with id = "ai"' in wrong.err
