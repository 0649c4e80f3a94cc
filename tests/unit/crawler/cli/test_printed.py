"""What commands print of strangers' texts moves no terminal and hides nothing."""

from __future__ import annotations

import json
import sys

import pytest

from crawler.cli.app import Door, printable

HOSTILE = (
    "\x1b[31m\x1b]0;owned\x07\x9b2J\x90q\x1b\\\\\x07\x08\r\x00\x7f\x85"
    "\u202eevil\u202c\u2066x\u2069 zero\u200bwidth\u200d\ufeff "
    "\u2028line\u2029 \u061c\ud800 \U000e0041"
)
MOVES = set(HOSTILE) - set("[31m]0;owned2Jq\\evilx zerowidthline")


def test_a_line_moves_no_terminal() -> None:
    assert not MOVES & set(printable(HOSTILE))
    assert printable("Škoda – 한국\nzwei") == "Škoda – 한국\nzwei"


def test_json_is_the_same_document_and_moves_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Door().json({"title": HOSTILE, "names": ["Škoda – 한국"]})
    out = capsys.readouterr().out
    assert not (MOVES - {"\U000e0041"}) & set(out)
    assert json.loads(out) == {"title": HOSTILE, "names": ["Škoda – 한국"]}
    assert "Škoda – 한국" in out


@pytest.mark.parametrize("say", ["say", "warn", "fail"])
def test_every_way_to_say_something_is_safe(say: str, capsys: pytest.CaptureFixture[str]) -> None:
    getattr(Door(), say)(HOSTILE)
    told = capsys.readouterr()
    assert not MOVES & set(told.out + told.err)


def test_a_row_fits_a_terminal_and_is_a_line_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"https://www.cluster.example/{'a' * 40}"
    row = f"{'cluster':<28} {'ok':<8} {'listing':<8} polled 2026-11-22 08:00 CET  {address}"
    Door().say_row(row)
    assert capsys.readouterr().out == f"{row}\n"
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    Door().say_row(row)
    assert capsys.readouterr().out == f"{row}\n"  # colour may be forced where no terminal is
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    Door().say_row(row)
    assert capsys.readouterr().out.splitlines() == [
        f"{'cluster':<28} {'ok':<8} {'listing':<8} polled 2026-11-22 08:00 CET",
        f"    {address}",
    ]
