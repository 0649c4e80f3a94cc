"""Files that hold addresses of people and what links are signed with: for our own account alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def create_private(path: Path) -> None:
    """An empty file that no other account can read, where there is none yet: SQLite takes it for
    an empty database and gives what it writes beside it the same rights."""
    with suppress(OSError):  # whatever is wrong, opening it says better
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
