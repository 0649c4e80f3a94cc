"""Commands that people are told to copy into a shell."""

from __future__ import annotations

import shlex


def in_shell(address: str) -> str:
    """An address as it stands in such a command: "&", "?" and "$" in it mean something there."""
    return shlex.quote(address)
