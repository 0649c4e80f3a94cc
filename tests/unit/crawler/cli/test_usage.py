"""Wrong usage is told in one line, as wrong configuration is."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.__main__ import application
from crawler.cli.app import USAGE, run


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["items", "list", "--limit", "x"], "'--limit'"),
        (["items", "list", "--limit", "9" * 20], "'--limit'"),
        (["items", "list", "--limt", "3"], "--limit"),
        (["feedback", "x", "wrong"], "'--topic'"),
        (["topics", "test"], "'TEXT|FILE'"),
        (["itms"], "'itms'"),
        (["detect"], "--batch LIST.jsonl"),
        (["digest", "preview", "team", "--at", "0001-01-01"], "the years 1000 to 9000"),
        (["digest", "preview", "team", "--at", "9999-12-31T23:59"], "the years 1000 to 9000"),
        (["digest", "release", "--delivered-until", "9999-12-31"], "the years 1000 to 9000"),
    ],
)
def test_one_line_says_what_is_wrong_and_where_help_is(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(application(), arguments) == USAGE
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert told in err


def test_a_group_alone_shows_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(application(), ["items"]) == USAGE
    assert "Write items as JSON lines" in "".join(capsys.readouterr())
