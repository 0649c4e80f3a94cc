"""The leases of sources: taken and given back for many polls at once, held as long as one lasts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from crawler.errors import ClusterwatchError
from crawler.fetch.batches import Batch
from crawler.logs import event
from crawler.storage.checks import CheckStore, Claimed
from crawler.storage.database import Database
from crawler.storage.sources import SourceStore

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
RENEWAL_SECONDS = 120.0  # a long visit holds its lease as long as its process lives
PENDING_FOR = timedelta(days=7)  # then an item stays as its listing tells it


class Leases:
    """One per crawl."""

    def __init__(self, database: Database, owner: str, clock: Callable[[], datetime]) -> None:
        self._sources = SourceStore(database)
        self._owner = owner
        self._clock = clock
        store = CheckStore(database)
        self._claims: Batch[str, Claimed | None] = Batch(
            lambda ids: store.claim(ids, owner, clock(), LEASE, clock() - PENDING_FOR)
        )
        self._releases: Batch[str, bool] = Batch(lambda ids: store.release(ids, owner))

    @asynccontextmanager
    async def hold(self, source_id: str) -> AsyncIterator[Claimed | None]:
        """The source under our lease, renewed as long as the block lasts; None where another
        poll has it."""
        claimed = await self._claims.ask(source_id)
        if claimed is None:
            yield None
            return
        renewal = asyncio.ensure_future(self._renew(source_id))
        try:
            yield claimed
        finally:
            renewal.cancel()
            await self._releases.ask(source_id)

    async def _renew(self, source_id: str) -> None:
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            try:
                await asyncio.to_thread(
                    self._sources.renew, source_id, self._owner, self._clock() + LEASE
                )
            except ClusterwatchError as error:  # tried again before the lease ends
                event(logger, logging.WARNING, "lease.not_renewed", source=source_id,
                      reason=error.line())  # fmt: skip
