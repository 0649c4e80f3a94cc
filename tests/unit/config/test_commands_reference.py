"""The reference of the commands says what the commands say."""

from __future__ import annotations

from pathlib import Path

from crawler.__main__ import application
from crawler.cli.reference import reference

PAGE = Path(__file__).resolve().parents[3] / "docs/commands.md"


def test_the_page_is_the_one_written_from_the_commands() -> None:
    assert PAGE.read_text("utf-8") == reference(application()), "renew it: make reference"


def test_every_command_shows_an_example() -> None:
    sections = reference(application()).split("\n## ")[1:]
    commands = [part for section in sections for part in section.split("\n### ")]
    without = [one.splitlines()[0] for one in commands if "…`" not in one.splitlines()[0]
               and "```sh\n" not in one]  # fmt: skip
    assert without == []
