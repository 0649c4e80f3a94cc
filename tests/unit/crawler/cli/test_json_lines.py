"""Lists of JSON objects, as other programs write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.cli.json_lines import numbered_objects
from crawler.cli.reading import batch_pages
from crawler.cli.topic_trial import given_text, read_jsonl
from crawler.errors import UsageError


def _written(folder: Path, body: bytes) -> Path:
    file = folder / "list.jsonl"
    file.write_bytes(body)
    return file


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\u0085", "\u007f"])
def test_a_line_ends_where_json_lets_it_end(tmp_path: Path, odd: str) -> None:
    row = {"id": "1", "title": f"one{odd}two"}
    file = _written(tmp_path, (json.dumps(row, ensure_ascii=False) + "\r\n\n{}\n").encode())
    assert numbered_objects(file, 9) == [(1, row), (3, {})]
    assert read_jsonl(file) == [row, {}]


def test_a_mark_before_the_first_line_is_none_of_it(tmp_path: Path) -> None:
    assert numbered_objects(_written(tmp_path, b'\xef\xbb\xbf{"a": 1}'), 9) == [(1, {"a": 1})]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff\xfe{}", r"not UTF-8 \(byte 1\)"),
        (b"{}\n" + b"[" * 100_000, "line 2: nested too deeply"),
        (b"{}\n\n{", r"line 3: not JSON \("),
        (b"[1]", "line 1: an object is needed"),
        (b"{}\n" * 10, "more than 9 lines"),
    ],
)
def test_what_is_no_such_list_is_refused_in_a_line(tmp_path: Path, body: bytes, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        numbered_objects(_written(tmp_path, body), 9)


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.jsonl: no such file"):
        numbered_objects(tmp_path / "gone.jsonl", 9)


def test_a_batch_names_its_pages_and_their_addresses(tmp_path: Path) -> None:
    row: dict[str, Any] = {"file": "a\u2028b.html", "url": "https://www.example.org/a"}
    file = _written(tmp_path, json.dumps(row, ensure_ascii=False).encode())
    assert batch_pages(file) == [(tmp_path / "a\u2028b.html", "https://www.example.org/a")]
    with pytest.raises(UsageError, match=r'line 1: \{"file": …, "url": …\} is needed'):
        batch_pages(_written(tmp_path, b'{"file": "a.html"}'))


def test_a_text_file_is_read_whatever_its_charset(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes("Größere Täler für künstliche Intelligenz".encode("latin-1"))
    assert given_text(str(file)) == "Größere Täler für künstliche Intelligenz"
    file.write_bytes("Größere Täler".encode())
    assert given_text(str(file)) == "Größere Täler"
    assert given_text("Täler") == "Täler"
