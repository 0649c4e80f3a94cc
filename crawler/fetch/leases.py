"""The leases of sources: taken and given back for many polls at once, held as long as one lasts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from crawler.errors import ClusterwatchError
from crawler.fetch.batches import Batch
from crawler.logs import event
from crawler.storage.checks import CheckStore, Claimed
from crawler.storage.database import Database

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
RENEWAL_SECONDS = 120.0  # a long visit holds its lease as long as its process lives
AGAIN_SECONDS = 5.0  # until what could not be given back is tried again
PENDING_FOR = timedelta(days=7)  # then an item stays as its listing tells it


class Leases:
    """One per crawl."""

    def __init__(self, database: Database, owner: str, clock: Callable[[], datetime]) -> None:
        self._store = CheckStore(database)
        self._owner = owner
        self._clock = clock
        self._held: set[str] = set()
        self._owed: set[str] = set()  # that could not be given back yet
        self._returning: asyncio.Task[None] | None = None
        self._renewal: asyncio.Task[None] | None = None  # one for all, while any is held
        self._claims: Batch[str, Claimed | None] = Batch(self._claimed)
        self._releases: Batch[str, bool] = Batch(lambda ids: self._store.release(ids, owner))

    @asynccontextmanager
    async def hold(self, source_id: str) -> AsyncIterator[Claimed | None]:
        """The source under our lease, renewed as long as the block lasts; None where another
        poll has it, also one of ours: its lease may have run out while the machine slept."""
        claimed = await self._claims.ask(source_id) if self._is_free(source_id) else None
        if claimed is None:
            yield None
            return
        self._hold([claimed])
        try:
            yield claimed
        finally:
            await self.end(source_id)

    async def take(self, ids: Sequence[str]) -> list[Claimed]:
        """Those of the sources that no poll has, under our lease until ``end``."""
        free = [one for one in ids if self._is_free(one)]
        found = [one for one in await asyncio.to_thread(self._claimed, free) if one is not None]
        self._hold(found)
        return found

    def went_back(self, source_id: str) -> None:
        """A lease ended in the transaction that stored its poll's result."""
        self._held.discard(source_id)
        if not self._held and self._renewal is not None:
            self._renewal.cancel()
            self._renewal = None

    async def end(self, source_id: str) -> None:
        """Give a lease back, unless it went back with its poll's result; later, where the database
        is away: the source would wait for the end of its lease."""
        if source_id not in self._held:
            return
        try:
            await self._releases.ask(source_id)
        except ClusterwatchError as error:
            reason = error.line()
            event(logger, logging.WARNING, "lease.not_ended", source=source_id, reason=reason)
            self._owed.add(source_id)
            if self._returning is None or self._returning.done():
                self._returning = asyncio.get_running_loop().create_task(self._give_back())
        finally:
            self.went_back(source_id)

    def _is_free(self, source_id: str) -> bool:
        """Not ours, as far as we know. What is being given back counts as ours until the database
        said so: the same statement would give back a newer lease."""
        return source_id not in self._held and source_id not in self._owed

    def _claimed(self, ids: Sequence[str]) -> list[Claimed | None]:
        now = self._clock()
        return self._store.claim(ids, self._owner, now, LEASE, now - PENDING_FOR)

    def _hold(self, claimed: Sequence[Claimed]) -> None:
        self._held.update(one.row.source.id for one in claimed)
        if self._held and self._renewal is None:
            self._renewal = asyncio.get_running_loop().create_task(self._renew())

    async def _give_back(self) -> None:
        while self._owed:
            await asyncio.sleep(AGAIN_SECONDS)
            owed = list(self._owed)
            try:
                await asyncio.to_thread(self._store.release, owed, self._owner)
            except ClusterwatchError:
                continue
            except Exception as error:  # they run out by themselves
                logger.error("leases.not_ended sources=%d", len(owed), exc_info=error)
            self._owed.difference_update(owed)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            held, until = list(self._held), self._clock() + LEASE
            try:
                await asyncio.to_thread(self._store.renew, held, self._owner, until)
            except ClusterwatchError as error:  # tried again before the lease ends
                event(logger, logging.WARNING, "leases.not_renewed", sources=len(held),
                      reason=error.line())  # fmt: skip
