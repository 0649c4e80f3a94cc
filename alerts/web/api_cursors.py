"""Where a page of the API ended, as a word that a request gives back.

Written so that its pattern says everything: whatever fits it is a place in the order, so that a
description of the API can name it whole.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

PATTERN = "(?:t[0-9]{1,16}-[A-Za-z0-9_.-]{1,64}|n[0-9]{1,18})"  # by time; in a search by number
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def by_time(moment: datetime, item: str) -> str:
    """The place after an item first seen at ``moment`` (aware)."""
    return f"t{(moment - _EPOCH) // _MICROSECOND}-{item}"


def by_number(number: int) -> str:
    """The place after a document of the search's index."""
    return f"n{number}"


def place(cursor: str) -> tuple[datetime, str] | int | None:
    """What ``by_time`` or ``by_number`` wrote; None for anything else."""
    if not re.fullmatch(PATTERN, cursor):
        return None
    if cursor.startswith("n"):
        return int(cursor[1:])
    microseconds, _, item = cursor[1:].partition("-")
    return _EPOCH + int(microseconds) * _MICROSECOND, item
