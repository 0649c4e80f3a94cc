"""The item pipeline: a reading becomes rows, then its visit is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawler.errors import ClusterwatchError
from crawler.fetch.visit import Visit
from crawler.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Settled:
    """What a visit came to: the Scrapy item of our spider."""

    visit: Visit
    value: Any  # a Reading, or what detect and get return


class StorePipeline:
    """Hands readings to ``ingest``, away from the loop; everything else to its visit."""

    async def process_item(self, item: Settled) -> Settled:
        await settle(item.visit, item.value)
        return item


async def settle(visit: Visit, value: Any) -> None:
    """Give a visit its result: a reading's is what came of storing it."""
    if visit.result.done():  # given up: its lease may be another process's by now
        return
    try:
        if isinstance(value, ClusterwatchError):
            raise value
        if isinstance(value, Reading):
            value = await visit.ports.storing.store(
                value, dry_run=visit.dry_run, wanted=lambda: not visit.result.done()
            )
    except Exception as error:  # whoever asked for the visit decides what it means
        if not visit.result.done():
            visit.result.set_exception(error)
    else:
        if not visit.result.done():
            visit.result.set_result(value)
