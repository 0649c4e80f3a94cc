"""Edits of the configuration file: a table more, the rest as it was."""

from __future__ import annotations

import tomllib
from pathlib import Path

from crawler.config.editing import append_table


def test_a_table_stands_apart_from_the_next_one(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text('[[sources]]\nid = "a"\n\n[slack]\ntimeout = "9s"\n')
    append_table(file, "sources", {"id": "b"})
    text = file.read_text()
    assert 'id = "b"\n\n[slack]' in text
    assert [one["id"] for one in tomllib.loads(text)["sources"]] == ["a", "b"]


def test_at_the_end_of_the_file_there_is_one_line_break(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text('[slack]\ntimeout = "9s"\n')
    append_table(file, "sources", {"id": "b"})
    assert file.read_text().endswith('id = "b"\n')
    assert not file.read_text().endswith("\n\n")


def test_a_table_stands_apart_from_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text("[slack]\n")
    for one in ("a", "b"):
        append_table(file, "sources", {"id": one})
    assert file.read_text() == '[slack]\n\n[[sources]]\nid = "a"\n\n[[sources]]\nid = "b"\n'
