"""Scripts that a site lets us keep: a page that is rendered every hour loads them once."""

from __future__ import annotations

import time
from collections.abc import Callable

from crawler.fetch.page import Page, max_age_seconds

MAX_BYTES = 30_000_000
LONGEST_SECONDS = 86_400


class Assets:
    """Answers by address for as long as their Cache-Control says, a day at most."""

    def __init__(
        self, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_bytes = max_bytes
        self._clock = clock
        self._kept: dict[str, tuple[float, Page]] = {}  # oldest first
        self._bytes = 0

    def get(self, url: str) -> Page | None:
        """What was kept of an address and is still fresh."""
        until, page = self._kept.get(url, (0.0, None))
        if page is not None and self._clock() >= until:
            self._drop(url)
            return None
        return page

    def keep(self, url: str, page: Page) -> None:
        """Keep an answer that may be kept; what is oldest makes room."""
        seconds = min(max_age_seconds(page.headers.get("cache-control", "")), LONGEST_SECONDS)
        if page.status != 200 or not seconds or 4 * len(page.body) > self._max_bytes:
            return
        self._drop(url)
        self._kept[url] = (self._clock() + seconds, page)
        self._bytes += len(page.body)
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, url: str) -> None:
        found = self._kept.pop(url, None)
        if found is not None:
            self._bytes -= len(found[1].body)
