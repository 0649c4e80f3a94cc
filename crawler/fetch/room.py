"""How many articles are held at once between being read and being stored.

Reading outruns storing, and a source's articles are stored together: when hundreds of sources are
looked at for the first time, all their texts would be in memory until the last was stored.
"""

from __future__ import annotations

import asyncio
from typing import Any

MOST_ARTICLES = 1_000  # about 10 MB
FEW_ARTICLES = 5  # need no room: what comes day by day must not wait for slow first looks
LEAST_VISITS = 16  # go on whatever they hold: one that reads many must not wait for ever


class Room:
    """One per crawl, in its loop."""

    def __init__(
        self, most_articles: int = MOST_ARTICLES, least_visits: int = LEAST_VISITS
    ) -> None:
        self._most_articles = most_articles
        self._least_visits = least_visits
        self._articles = 0
        self._visits = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def take(self, articles: int, until: asyncio.Future[Any]) -> None:
        """Wait until so many more may be held; they are until ``until`` is done.

        Whoever wants less may come before one who has waited for longer; a few never wait, and
        there are no more of those than visits under way.
        """
        if articles <= FEW_ARTICLES:
            return
        while not self._has(articles):
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            await waiter
        self._count(articles, 1)
        until.add_done_callback(lambda _: self._leave(articles))

    def _has(self, articles: int) -> bool:
        return self._articles + articles <= self._most_articles or self._visits < self._least_visits

    def _leave(self, articles: int) -> None:
        self._count(-articles, -1)
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    def _count(self, articles: int, visits: int) -> None:
        self._articles += articles
        self._visits += visits
