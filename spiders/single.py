"""One page for its own sake."""

from __future__ import annotations

from crawler.fetch.page import Page
from crawler.fetch.visit import Visit


async def read(visit: Visit, page: Page) -> Page:
    """The page as it came."""
    return page
