"""Judgements: what a person says about one topic of one item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model.topic import Match

JUDGEMENTS = ("relevant", "wrong", "missed")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said, and the classification it was said about."""

    item: str  # item id
    topic: str
    judgement: str  # one of JUDGEMENTS
    score: float | None  # of the match that was judged; None: the item did not match
    version: str  # of the topic that decided
    by: str  # who said it, "command" for the command line
    at: datetime  # UTC

    @property
    def about_it(self) -> bool:
        """The person holds the item to be about the topic, found or not."""
        return self.judgement != "wrong"


@dataclass(frozen=True, slots=True)
class Classified:
    """One item of the archive as one topic classifies it at present."""

    item: str  # item id
    first_seen: datetime  # UTC
    match: Match | None
    copy: bool = False  # repeats another item's text
