"""``clusterwatch stories`` and what lists, ``show`` and ``explain`` say of a changed item."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.storage.database import Database, utc_now
from crawler.storage.tables import items
from tests.integration.alerts.calls import publish
from tests.integration.commands import Command

SHIFTED = "04-14 → 04-21"


@pytest.fixture
def shifted(command: Command, home: Path) -> Command:
    """Two stories of a telling each; the first one's date has changed."""
    command("db", "sync")
    publish(home, "1", "2")
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    with database.write() as connection:
        changed = update(items).where(items.c.id == "1")
        connection.execute(changed.values(change=SHIFTED, changed_at=utc_now()))
    database.close()
    return command


def test_lists_and_explain_say_what_changed(shifted: Command) -> None:
    for looking in (("items", "list"), ("stories", "list"), ("stories", "show", "1")):
        (line,) = [one for one in shifted(*looking).out.splitlines() if "number 1" in one]
        assert line.endswith(f"  (changed: {SHIFTED})"), looking
    assert f"changed since it was first told: {SHIFTED}" in shifted("explain", "1").out
    assert shifted("explain", "1", "--json").json["change"] == SHIFTED
    assert shifted("explain", "2", "--json").json["change"] is None


def test_a_story_is_shown_by_its_own_id_a_former_one_and_a_telling_s(shifted: Command) -> None:
    told = shifted("stories", "list", "--json").json
    before = [one["id"] for one in told]
    story = shifted("stories", "join", *before, "--json").json["story"]
    for wanted in (*before, "1", "2"):
        shown = shifted("stories", "show", wanted, "--json").json
        assert (shown["id"], len(shown["items"])) == (story, 2), wanted
        (link,) = shown["links"]
        assert (link["relation"], link["veto"]) == ("manual", None)
    assert "joined by hand with" in shifted("stories", "show", story).out
    assert "also: " in shifted("stories", "list").out
    assert shifted("explain", before[0], "--json").json["story"]["id"] == story
    assert shifted("stories", "show", "nothing").code == 2


def test_what_stands_alone_is_not_said_to_be_split(shifted: Command) -> None:
    assert "stands alone" in shifted("stories", "split", "1").out
    shifted("stories", "join", "1", "2")
    assert "remembered" in shifted("stories", "split", "2").out


def test_a_list_of_stories_says_what_it_was_asked_for(shifted: Command) -> None:
    assert "Nothing matches." in shifted("stories", "list", "--topic", "korea-cooperation").out
    unknown = shifted("stories", "list", "--topic", "nosuch")
    assert (unknown.code, "nosuch" in unknown.err) == (2, True)


def test_a_score_says_what_was_missed_and_a_wrong_row_its_file(
    command: Command, home: Path
) -> None:
    rows = [
        {
            "id": n,
            "url": f"https://{n}.example.org/1",
            "title": f"Title {n}",
            "text": n,
            "story": "s",
        }
        for n in ("a", "b")
    ]
    (home / "told.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    told = command("stories", "eval", str(home / "told.jsonl"))
    assert told.out.splitlines()[-1].startswith("2 items; 0 pairs joined wrongly, 1 missed")
    (home / "wrong.jsonl").write_text('{"id": "a"}', "utf-8")
    for group in ("stories", "topics"):
        refused = command(group, "eval", str(home / "wrong.jsonl"))
        assert (refused.code, refused.err[:18]) == (2, "wrong.jsonl, row 1"), group
