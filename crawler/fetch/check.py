"""Watched addresses asked beside Scrapy's engine: whether they changed, and feeds that did.

Guard, robots rules, host gate, connections and limits are those of every other request. What
leaves any doubt is handed on, answer included: Scrapy then reads it as if it had asked itself,
so no page is asked for twice. Why the engine is left out: docs/adr, "A check beside the engine".
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.errors import FetchError
from crawler.fetch.asking import Came, asking_of
from crawler.fetch.batches import Batch
from crawler.fetch.freshness import asks_in_full, conditions, stale_notice
from crawler.fetch.headers_file import own_headers
from crawler.fetch.host_leases import STOPPED
from crawler.fetch.manners import manners_of
from crawler.fetch.page import Page, max_age_seconds
from crawler.fetch.pipelines import settle
from crawler.fetch.ports import Ports
from crawler.fetch.visit import Visit
from crawler.fetch.wire import Answer
from crawler.model.source import PollOutcome, Validators
from crawler.outcomes import Unchanged
from crawler.storage.checks import Claimed, watched
from crawler.storage.source_rows import SourceRow
from crawler.unchanged import UnchangedPolls

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_CHECKED = ("feed", "listing", "sitemap", "page")


class Checks:
    """Asks watched addresses, and stores at once what found nothing new."""

    def __init__(self, crawler: Crawler, ports: Ports, unchanged: UnchangedPolls) -> None:
        self._ask = asking_of(crawler)
        self._crawler = crawler
        self._ports = ports
        self._clock: Callable[[], datetime] = ports.clock
        self._gate = manners_of(crawler).gate
        self._most_reading = crawler.settings.getint("SCRAPER_SLOT_MAX_ACTIVE_SIZE")
        self._reading = 0  # bytes of the answers that are being read
        self._room = asyncio.Event()
        self._room.set()
        self._under_way = 0
        self._stored: Batch[tuple[SourceRow, Unchanged], PollOutcome] = Batch(
            lambda polled: unchanged.store(polled, self._clock()),
            more=lambda: self._under_way > 0,
        )

    def can_settle(self, claimed: Claimed) -> bool:
        """Whether a poll of this source may end with its first answer."""
        source, state = claimed.row.source, claimed.row.state
        return (
            claimed.known is not None
            and not claimed.waits
            and not source.render
            and state.baseline
            and not state.failures
            and _kind(claimed.row) in _CHECKED
            and not asks_in_full(state, self._clock())
        )

    async def settled(self, claimed: Claimed) -> PollOutcome | Came:
        """The poll's outcome, stored, where nothing changed; else what asking brought."""
        row, known = claimed.row, claimed.known
        url = watched(row)
        said = own_headers(row.source, self._ports.folder) | conditions(known)
        self._under_way += 1
        try:
            answer = await self._asked(url, said)
        finally:
            self._under_way -= 1
        if isinstance(answer, Exception):
            return answer
        # A page that led elsewhere is judged by where it leads.
        one = self._unchanged(answer, row, known) if row.state.landed_url in ("", url) else None
        if one is None:
            return answer
        self._ports.network.answered()
        return await self._stored.ask((row, one))

    async def ask(self, visit: Visit, known: Validators | None) -> Came:
        """What the watched address of a visit answers. Raises FetchError of kind ``stopped``."""
        return await self._asked(visit.url, visit.headers(visit.url, known))

    async def _asked(self, url: str, said: Mapping[str, str]) -> Came:
        if not self._room.is_set():
            await self._gate.unless_closed(self._room.wait())
        try:
            return await self._ask(url, said)
        except Exception as error:  # the spider tells whose fault it is
            if isinstance(error, FetchError) and error.kind == STOPPED:
                raise
            return error

    def page_of(self, visit: Visit, answer: Answer) -> Page | None:
        """The answer of a feed that may be read beside the engine, None where the engine has to
        judge it: redirects, errors, web pages, bodies that are not whole."""
        if visit.task != "feed" or answer.status not in (200, 304):
            return None
        body = self._ask.body(answer)
        if body is None:
            return None
        page = Page(visit.url, visit.url, answer.status, body, answer.headers)
        return None if page.is_html else page

    async def read(self, visit: Visit, page: Page, known: Validators | None) -> Any:
        """The result of a visit whose address answered with ``page``. Raises Abandoned."""
        spider: Any = self._crawler.spider
        visit.enter(self._crawler)
        self._reads(len(page.body))
        try:
            await settle(visit, await spider.answered(visit, page, known))
        finally:
            self._reads(-len(page.body))
        return visit.result.result()

    def _reads(self, size: int) -> None:
        """So many bytes more are being read: beyond the limit nobody else is asked."""
        self._reading += size
        if self._reading > self._most_reading:
            self._room.clear()
        else:
            self._room.set()

    def _unchanged(
        self, answer: Answer, row: SourceRow, known: Validators | None
    ) -> Unchanged | None:
        """The poll, where the answer says that nothing changed."""
        fresh = max_age_seconds(answer.headers.get("cache-control", ""))
        url, kind = watched(row), _kind(row)
        if answer.status == 304:
            return Unchanged(url, kind, max_age_seconds=fresh)
        body = self._ask.body(answer) if answer.status == 200 else None
        if known is None or body is None:
            return None
        if hashlib.sha256(body).hexdigest() != known.body_hash:
            return None
        validators = Page(url, url, 200, body, answer.headers).validators
        asked_in_full = not (known.etag or known.last_modified)
        notice = stale_notice(answer.headers, self._clock())
        return Unchanged(url, kind, validators, asked_in_full, fresh, notice)


def _kind(row: SourceRow) -> str:
    return row.source.kind if row.source.kind != "auto" else row.state.watch_kind
