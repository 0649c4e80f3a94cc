"""An item as grouping sees it, and what people have decided by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.stories.fingerprint import Fingerprint
from crawler.stories.similarity import Shingles, Told, told, told_shingles, told_stems


@dataclass(frozen=True)
class StoryItem:
    """One item of the archive with its fingerprint; ``story`` is None for a new one."""

    id: str
    source: str
    host: str  # host of the canonical address
    url: str  # canonical address: equal addresses are one page
    title: str
    text: str
    language: str  # ISO 639-1, "" when unknown
    published: datetime | None
    first_seen: datetime
    fingerprint: Fingerprint
    story: str | None = None

    @property
    def told(self) -> Told:
        """The told part of its text."""
        return told(self.text, self.fingerprint.left_out)

    @property
    def shingles(self) -> Shingles:
        """The trigrams of its told text."""
        return told_shingles(self.text, self.fingerprint.left_out)

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its told text."""
        return told_stems(self.text, self.fingerprint.left_out)


@dataclass(frozen=True)
class ManualLinks:
    """Judgements by hand; they outrank everything measured.

    Pairs of item ids, the smaller first.
    """

    together: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    apart: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def verdict(self, one: str, other: str) -> str:
        """What was decided about two items: together, apart, or nothing ("")."""
        if not self.together and not self.apart:
            return ""
        pair = (one, other) if one < other else (other, one)
        if pair in self.together:
            return "together"
        return "apart" if pair in self.apart else ""
