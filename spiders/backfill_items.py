"""Items found in a source's past: which are read, which are stored, and the count of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.extract.older import is_item_before
from crawler.fetch.visit import Visit
from crawler.model.backfill import Backfilled
from crawler.model.item import Published, RawItem
from crawler.model.reading import Entry
from crawler.preparation import key_or_none
from spiders.articles import Silent, read_entry

MAX_ARTICLES = 500
MAX_UNREAD = 5  # in a row: then the server is left alone


class Keeper:
    """Reads and stores what a walk finds; never twice, and never what polls will bring."""

    def __init__(
        self, visit: Visit, since: datetime, listed: Sequence[RawItem], newest: datetime
    ) -> None:
        assert visit.source is not None
        self._visit = visit
        self._since = since
        self._newest = newest
        self._seen = {key_or_none(item) for item in listed}
        self._silent: Silent = Counter()
        self._unread = 0  # in a row
        self.counts = Backfilled(visit.source.id, since)

    @property
    def stopped(self) -> bool:
        return bool(self.counts.stopped)

    def count(self, **more: int) -> None:
        """Add to the counts and tell who watches."""
        values = {name: getattr(self.counts, name) + number for name, number in more.items()}
        self.counts = replace(self.counts, requests=self._visit.requests, **values)
        if self._visit.progress is not None:
            self._visit.progress(self.counts)

    def stop(self, why: str) -> None:
        self.counts = replace(self.counts, stopped=self.counts.stopped or why)

    async def take(self, items: Sequence[RawItem], *, listed: bool) -> tuple[int, bool]:
        """Read and store the items of one page: (how many were not seen before, whether all
        that have a date are older than the walk goes back).

        ``listed``: a list names them as items; a sitemap holds other pages as well, so what
        it alone names must have a date. What is newer than the newest item that polls see is
        left to them, because a backfilled item never alerts.
        """
        fresh = self._fresh(items)
        young = [item for item in fresh if not self._is_old(item)]
        self.count(older=len(fresh) - len(young))
        compared = await self._visit.compare(young)
        self.count(known=len(young) - len(compared.new))
        kept: list[Entry] = []
        old = 0
        for item in compared.new:
            if self.stopped:
                break
            entry = await self._read(item)
            date = _date_of(entry)
            old += date is not None and self._is_before(date)
            if self._belongs(entry, date, listed):
                kept.append(entry)
        await self._store(kept)
        over = len(fresh) - len(young) + old
        dated = [item for item in young if item.published or item not in compared.new]
        return len(fresh), bool(over) and not kept and not dated

    def _fresh(self, items: Sequence[RawItem]) -> list[RawItem]:
        found = {key: item for item in items if (key := key_or_none(item)) is not None}
        fresh = [item for key, item in found.items() if key not in self._seen]
        self._seen.update(found)
        return fresh

    def _is_old(self, item: RawItem) -> bool:
        if item.published is not None:
            return self._is_before(item.published)
        changed = item.modified  # a page cannot have been published after it was changed
        return is_item_before(item.url, self._since) or (
            changed is not None and self._is_before(changed)
        )

    def _is_before(self, date: Published) -> bool:
        end = date.utc + timedelta(days=1) if date.whole_day else date.utc
        return end < self._since

    async def _read(self, item: RawItem) -> Entry:
        entry = await read_entry(self._visit, item, self._silent)
        self.count(read=1)
        self._unread = self._unread + 1 if entry.retry else 0
        if self._unread >= MAX_UNREAD:
            self.stop("the server did not answer, several times")
        elif self.counts.read >= MAX_ARTICLES:
            self.stop(f"{MAX_ARTICLES} articles were read; another walk goes on")
        return entry

    def _belongs(self, entry: Entry, date: Published | None, listed: bool) -> bool:
        """Whether an entry is kept; each that is not is counted."""
        if entry.article is None and entry.stage == "fetch":
            self.count(failed=1)
        elif date is not None and self._is_before(date):
            self.count(older=1)
        elif not listed and date is None:
            self.count(undated=1)
        elif date is not None and date.utc > self._newest:
            self.count(known=1)
        else:
            return True
        return False

    async def _store(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        ports = self._visit.ports
        reading = self._visit.reading(entries=tuple(entries), backfill=True)
        outcome = await ports.storing.store(reading)
        days = [item.published.day for item in outcome.items if item.published]
        oldest = min(filter(None, [self.counts.oldest, *days]), default=None)
        self.counts = replace(self.counts, oldest=oldest)
        self.count(new=outcome.new, known=len(entries) - outcome.new)


def _date_of(entry: Entry) -> Published | None:
    own = entry.article.published if entry.article else None
    return own or entry.listed.published
