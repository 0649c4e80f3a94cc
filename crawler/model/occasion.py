"""Occasions: what an item says will happen, or has to be done by, on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

EVENT, DEADLINE = "event", "deadline"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One date found in an item, with the words that say so."""

    kind: str  # EVENT or DEADLINE
    start: datetime  # aware; of a whole day local midnight
    end: datetime | None = None  # when it ends; of whole days the last one's midnight
    all_day: bool = True  # no time of day is told
    place: str = ""  # as written, "" where none is told
    field: str = "text"  # "title" or "text": where ``quote`` stands …
    at: int = 0  # … and from which code point on
    quote: str = ""

    @property
    def first(self) -> date:
        """The first day."""
        return self.start.date()

    @property
    def last(self) -> date:
        """The last day."""
        return self.end.date() if self.end else self.start.date()
