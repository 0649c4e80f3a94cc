"""What a file no longer declares: named on request, and how it comes back."""

from __future__ import annotations

from pathlib import Path

from tests.integration.alerts.calls import CONFIGURATION
from tests.integration.commands import Command


def test_what_the_file_dropped_is_listed_on_request_and_says_how_to_return(
    command: Command, home: Path
) -> None:
    two = '[[sources]]\nid = "b"\nurl = "https://b.example.org/news"\n'
    more = '[[subscriptions]]\nid = "slackteam"\nto = "slack:#c"\n'
    (home / "clusterwatch.toml").write_text(CONFIGURATION + two + more)
    assert command("db", "sync").code == 0
    (home / "clusterwatch.toml").write_text(CONFIGURATION)
    assert command("db", "sync").code == 0
    for group, gone in (("subscriptions", "slackteam"), ("sources", "b")):
        plain = command(group, "list").out
        assert f"\n{gone} " not in plain
        assert f"clusterwatch {group} list --all" in plain
        [line] = [
            one for one in command(group, "list", "--all").out.splitlines() if one.startswith(gone)
        ]
        assert "paused: no longer in the file" in line
        refused = command(group, "resume", gone)
        assert (refused.code, refused.out) == (2, "")
        assert f'Declare it there again ([[{group}]] id = "{gone}")' in refused.err
