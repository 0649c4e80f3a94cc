"""Edits of the configuration file that keep its comments and order."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.errors import ConfigError


def append_table(file: Path, name: str, values: Mapping[str, Any]) -> None:
    """Add one ``[[name]]`` table at the end of its kind; the file is replaced in one step.

    Raises ConfigError where the file cannot be read or written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(file.read_text("utf-8"))
        table = tomlkit.table()
        for key, value in values.items():
            table.add(key, value)
        table.add(tomlkit.nl())  # what follows stands apart from it
        tables = document.get(name)
        before = tables[-1].as_string() if tables else document.as_string()
        table.trivia.indent = "\n" if before.strip() and not before.endswith("\n\n") else ""
        if tables is None:
            tables = tomlkit.aot()
            document.add(name, tables)
        tables.append(table)
        _replace(file, tomlkit.dumps(document).rstrip("\n") + "\n")
    except (TOMLKitError, OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file.name}: cannot be changed: {error}.") from error


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, file.stat().st_mode)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
