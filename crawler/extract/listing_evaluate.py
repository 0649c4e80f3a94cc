"""How well a listing was read: items, titles and dates against what a person noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.extract.listing_links import address_key
from crawler.extract.listing_words import plain
from crawler.model.item import RawItem


@dataclass(frozen=True)
class PageScore:
    """One page. ``optional`` items count neither way; titles and dates of hits alone count."""

    name: str
    kind: str  # list home embedded none
    hits: int
    wrong: tuple[str, ...]  # address keys
    missing: tuple[str, ...]
    bad_titles: tuple[tuple[str, str], ...] = field(default=())  # (expected, got)
    bad_dates: tuple[tuple[str, str], ...] = field(default=())

    @property
    def precision(self) -> float:
        found = self.hits + len(self.wrong)
        return self.hits / found if found else float(not self.missing)

    @property
    def recall(self) -> float:
        wanted = self.hits + len(self.missing)
        return self.hits / wanted if wanted else float(not self.wrong)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def perfect(self) -> bool:
        return not self.wrong and not self.missing


def score_page(name: str, expected: Mapping[str, Any], items: Iterable[RawItem]) -> PageScore:
    """Compare items with ``expected``: ``{"kind", "items": [{"url","title","date"}], "optional"}``.

    ``date`` is ISO or null; a missing ``date`` key is not judged.
    """
    wanted = {address_key(item["url"]): item for item in expected["items"]}
    optional = {address_key(url) for url in expected.get("optional") or ()}
    found = {address_key(item.url): item for item in items}
    hits = [key for key in wanted if key in found]
    titles = [(wanted[k]["title"], found[k].title) for k in hits]
    dates = [(wanted[k].get("date") or "", _day(found[k])) for k in hits if "date" in wanted[k]]
    return PageScore(
        name=name,
        kind=expected.get("kind", "list"),
        hits=len(hits),
        wrong=tuple(k for k in found if k not in wanted and k not in optional),
        missing=tuple(k for k in wanted if k not in found),
        bad_titles=tuple((a, b) for a, b in titles if _bare(a) != _bare(b)),
        bad_dates=tuple((a, b) for a, b in dates if a != b),
    )


def averages(scores: Sequence[PageScore]) -> dict[str, float]:
    """Means over pages (a page is a vote), and shares of right titles and dates of hits."""
    pages, hits = max(1, len(scores)), max(1, sum(score.hits for score in scores))
    return {
        "precision": sum(score.precision for score in scores) / pages,
        "recall": sum(score.recall for score in scores) / pages,
        "f1": sum(score.f1 for score in scores) / pages,
        "perfect": sum(score.perfect for score in scores) / pages,
        "titles": 1 - sum(len(score.bad_titles) for score in scores) / hits,
        "dates": 1 - sum(len(score.bad_dates) for score in scores) / hits,
    }


def _day(item: RawItem) -> str:
    return item.published.day.isoformat() if item.published else ""


def _bare(title: str) -> str:
    return re.sub(r"\W+", "", plain(title))
