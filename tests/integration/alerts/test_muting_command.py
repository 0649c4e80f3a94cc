"""``subscriptions mute`` and ``unmute``: one source less, also where a file declares the rest."""

from __future__ import annotations

from pathlib import Path

from tests.integration.alerts.calls import publish
from tests.integration.commands import Command


def test_a_muted_source_brings_nothing_until_it_is_unmuted(command: Command, home: Path) -> None:
    command("db", "sync")
    publish(home, "1")
    muted = command("subscriptions", "mute", "team", "a", "--json")
    assert muted.code == 0
    assert muted.json[0]["muted"] == ["a"]
    assert "muted: a" in command("subscriptions", "list").out
    assert command("digest", "send", "team", "--now").out == "team: nothing new\n"
    back = command("subscriptions", "unmute", "team", "a", "--json")
    assert back.json[0]["muted"] == []
    [sent] = command("digest", "send", "team", "--now", "--json").json
    assert sent["stories"] == 1


def test_only_a_source_that_exists_can_be_muted(command: Command) -> None:
    assert command("subscriptions", "mute", "team", "nothing").code != 0
    assert command("subscriptions", "mute", "nobody", "a").code != 0
