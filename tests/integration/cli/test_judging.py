"""Judging and reviewing by command: what is printed, remembered and proposed."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import load
from crawler.model.item import Item
from crawler.storage.database import utc_now
from crawler.storage.item_rows import insert_item, save_matches
from crawler.wiring import open_parts
from tests.integration.commands import Answer, Command, commands

CONFIGURATION = """
[clusterwatch]
name = "main"
[[sources]]
id = "a"
url = "https://a.example.org/news"
[[topics]]
id = "quantum"
name = "Quantum technology"
any = ["quantum (leap|comput*)", "qubit*"]
"""
NEWS = {
    "right": "A chip with forty qubits was cooled down.",
    "wrong1": "The car maker speaks of a quantum leap in comfort.",
    "wrong2": "The bakery made a Quantum  Leap with its new oven.",
    "missed": "Entangled ions compute faster than any machine before.",
    **{f"other{number}": f"Meeting number {number} elects a board." for number in range(8)},
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that has found NEWS."""
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION)
    with open_parts(load(None)) as parts, parts.database.write() as connection:
        versions = {topic.id: topic.version for topic in parts.topics}
        for identity, text in NEWS.items():
            url, now = f"https://a.example.org/{identity}", utc_now()
            item = Item(identity, "a", url, url, identity, "", None, now, "en", text=text)
            insert_item(connection, item, text_pending=False)
            found = parts.matcher.match(item.title, item.text, "en")
            save_matches(connection, identity, found, versions, now)
    return tmp_path


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return commands(capsys)


def judge(command: Command, item: str, judgement: str) -> Answer:
    return command("feedback", item, "--topic", "quantum", judgement, "--json")


def test_a_judgement_is_printed_with_the_classification_it_judges(command: Command) -> None:
    kept = judge(command, "wrong1", "wrong")
    assert kept.code == 0
    assert set(kept.json) == {"id", "topic", "judgement", "score", "version", "by", "at"}
    listed = command("items", "list", "--topic", "quantum", "--json").json
    [score] = [one["topics"][0]["score"] for one in listed if one["id"] == "wrong1"]
    assert (kept.json["id"], kept.json["judgement"], kept.json["score"]) == (
        "wrong1", "wrong", score,
    )  # fmt: skip
    assert judge(command, "missed", "missed").json["score"] is None


@pytest.mark.parametrize(
    ("item", "judgement", "said"),
    [
        ("right", "relevant", "quantum: relevant, found with 0."),
        ("right", "missed", "counts as relevant"),
        ("missed", "relevant", "though it was not found"),
        ("missed", "missed", "quantum: missed; remembered"),
        ("other1", "wrong", "rightly not found"),
    ],
)
def test_a_word_that_does_not_fit_is_taken_and_explained(
    command: Command, item: str, judgement: str, said: str
) -> None:
    answer = command("feedback", item, judgement, "--topic", "quantum")
    assert (answer.code, answer.err) == (0, "")
    assert said in answer.out
    assert "clusterwatch topics review quantum" in answer.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("feedback", "right", "--topic", "quantumm", "wrong"), 'Did you mean "quantum"?'),
        (("feedback", "nothing", "--topic", "quantum", "wrong"), "clusterwatch items list"),
        (("feedback", "right", "--topic", "quantum", "good"), "relevant, wrong, missed"),
        (("topics", "review", "quantumm"), 'Did you mean "quantum"?'),
    ],
)
def test_mistakes_are_one_line_and_remember_nothing(
    command: Command, arguments: tuple[str, ...], said: str
) -> None:
    answer = command(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert command("topics", "review", "quantum", "--json").json["precision"]["judged"] == 0


def test_a_review_shows_shares_terms_and_proposals(command: Command) -> None:
    for item, word in (("right", "relevant"), ("wrong1", "wrong"), ("wrong2", "wrong")):
        judge(command, item, word)
    done = command("topics", "review", "quantum", "--json").json
    precision = done["precision"]
    assert (precision["right"], precision["judged"]) == (1, 3)
    assert precision["interval"][0] < precision["value"] < precision["interval"][1]
    worst = done["terms"][0]
    assert worst["quote"].casefold() == "quantum leap"
    assert (worst["wrong"], worst["relevant"], worst["unjudged"]) == (2, 0, 0)
    [proposal] = done["proposals"]
    assert proposal["toml"].casefold() == 'none = ["quantum leap"]'
    assert "nothing was changed" in command("topics", "review", "quantum").out


def test_what_is_proposed_removes_the_wrong_matches_and_nothing_else(
    command: Command, home: Path
) -> None:
    for item, word in (("right", "relevant"), ("wrong1", "wrong"), ("wrong2", "wrong")):
        judge(command, item, word)
    before = command("topics", "show", "quantum").out
    [proposal] = command("topics", "review", "quantum", "--json").json["proposals"]
    assert command("topics", "show", "quantum").out == before
    with (home / "clusterwatch.toml").open("a") as file:
        file.write(proposal["toml"] + "\n")
    replay = command("topics", "replay", "quantum", "--json").json
    assert replay["matched"] == ["right"]
    assert replay["lost"] == ["wrong1", "wrong2"]


def test_a_replay_lists_what_matches_already(command: Command) -> None:
    said = command("topics", "replay", "quantum").out
    matched = command("topics", "replay", "quantum", "--json").json["matched"]
    assert "0 of them new" in said
    listed = [line for line in said.splitlines() if line.startswith("    ")]
    assert len(listed) == len(matched) > 0


def test_unmatched_items_are_named_until_they_are_judged(command: Command) -> None:
    first = [one["id"] for one in command("topics", "review", "quantum", "--json").json["ask"]]
    assert len(first) == 5
    assert not set(first) & {"right", "wrong1", "wrong2"}
    shown = command("topics", "review", "quantum").out
    assert all(item in shown for item in first)
    judge(command, "right", "relevant")
    for item in first:
        judge(command, item, "missed" if item == "missed" else "wrong")
    done = command("topics", "review", "quantum", "--json").json
    assert done["ask"] == []
    assert (done["recall"]["judged"], done["recall"]["unmatched"]) == (5, 9)
    assert done["recall"]["missed"] == first.count("missed")
    assert done["recall"]["value"] is not None


def test_missed_items_are_named_with_what_was_missing(command: Command) -> None:
    judge(command, "missed", "missed")
    [missed] = command("topics", "review", "quantum", "--json").json["missed"]
    assert missed["id"] == "missed"
    assert "no term of the topic was found" in command("topics", "review", "quantum").out


def test_the_list_of_topics_is_as_before(command: Command) -> None:
    before = command("topics", "list", "--json").out
    judge(command, "right", "wrong")
    assert command("topics", "list", "--json").out == before
