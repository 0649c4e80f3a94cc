"""The SQLite file itself: for our own account alone, and never another one behind our back.

It holds addresses of people and what links are signed with. SQLite makes a new, empty file where
one is gone, and goes on writing into one that was removed or replaced as long as it has it open.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from crawler.errors import StorageError

_FILE = "clusterwatch_file"  # of a connection: which file it has open


def create_private(path: Path) -> None:
    """An empty file that no other account can read, where there is none yet: SQLite takes it for
    an empty database and gives what it writes beside it the same rights."""
    with suppress(OSError):  # whatever is wrong, opening it says better
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def keep_to(engine: Engine, path: Path) -> None:
    """Connections are made to this file, made anew when another file has its name, and refused
    with StorageError while there is none any more."""
    seen = False

    @event.listens_for(engine, "do_connect")
    def _is_there(*_: Any) -> None:
        nonlocal seen
        if seen and not path.exists():
            raise StorageError(
                f"The database {path} is gone.",
                remedy="Bring it back where it was, or stop and restore a backup.",
            )
        create_private(path)
        seen = True

    @event.listens_for(engine, "connect")
    def _opened(_: Any, record: Any) -> None:
        record.info[_FILE] = _identity(path)

    @event.listens_for(engine, "checkout")
    def _is_the_same(_: Any, record: Any, __: Any) -> None:
        if record.info[_FILE] != _identity(path):
            raise DisconnectionError("Another file has the database's name.")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
