"""Lists of JSON objects, one a line, as the commands read them that try many at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.errors import UsageError


def numbered_objects(file: Path, most: int) -> list[tuple[int, dict[str, Any]]]:
    """The objects of a file with the numbers of their lines (from 1); empty lines are none.

    Raises UsageError naming the file, and the line that is no object or goes beyond ``most``.
    """
    # Only "\n" ends a line here: within a JSON string U+2028, U+0085 and the like stand as they
    # are (RFC 8259, section 7), and ``splitlines`` would cut the object in two.
    lines = [
        (number, line) for number, line in enumerate(_text(file).split("\n"), 1) if line.strip()
    ]
    if len(lines) > most:
        raise UsageError(f"{file.name}: more than {most} lines.")
    return [(number, _object(line, f"{file.name}, line {number}")) for number, line in lines]


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"{file}: no such file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file}: not UTF-8 (byte {error.start + 1}).", remedy="Save it as UTF-8."
        ) from error


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except RecursionError as error:
        raise UsageError(f"{place}: nested too deeply.") from error
    except ValueError as error:
        raise UsageError(f"{place}: not JSON ({error}).") from error
    if not isinstance(row, dict):
        raise UsageError(f"{place}: an object is needed.")
    return row
