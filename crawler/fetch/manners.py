"""The crawl's manners: gate, guard and robots rules, handed to Scrapy's components as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from crawler.fetch.gate import HostGate
from crawler.fetch.guard import AddressGuard

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.fetch.asking import Asking
    from crawler.fetch.robots import RobotsRules

SETTING = "CLUSTERWATCH_MANNERS"


@dataclass
class Manners:
    """Shared by every component of one crawl."""

    gate: HostGate
    guard: AddressGuard
    robots: RobotsRules
    asking: Asking | None = None  # beside the engine, once that runs; ends with the crawl

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # Scrapy copies its settings deeply; there must be one gate all the same.
        return self


def manners_of(crawler: Crawler) -> Manners:
    """The manners of the crawl a component belongs to."""
    manners = crawler.settings[SETTING]
    assert isinstance(manners, Manners)
    return manners
