"""The poll of a newsletter: what its mails name is read like any other item.

Links in newsletters lead through counting addresses that differ in every mail; the address that
answers in the end is the item's own, so an item that another source brought is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from crawler.errors import ClusterwatchError, FetchError
from crawler.extract.document import read_document
from crawler.extract.listing_links import barred, none_allowed
from crawler.fetch.page import Page
from crawler.fetch.ports import Ports
from crawler.fetch.reserved import STAGE as RESERVED
from crawler.fetch.reserved import refuse_reserved
from crawler.fetch.visit import is_refusal
from crawler.model.item import RawItem
from crawler.model.reading import Dropped, Entry, Reading
from crawler.model.source import PollOutcome, Source
from crawler.storage.mails import MailStore

MAX_ARTICLES = 200
Get = Callable[[str], Awaitable[Page]]


async def poll_letters(
    source: Source, ports: Ports, get: Get, *, full: bool, dry_run: bool, articles: bool = True
) -> PollOutcome:
    """Read the newsletters that came in for ``source`` and store their items."""
    store = MailStore(ports.ingest.database)
    waiting = await asyncio.to_thread(store.waiting, source.id)
    named = {item.url: item for letter in waiting for item in letter.items}
    listed = tuple(named.values())[:MAX_ARTICLES]
    compared = await asyncio.to_thread(ports.ingest.compare, source.id, listed, full=full)
    wanted = compared.new if articles else ()
    entries, dropped = [], []
    for item in wanted:
        entry = await _entry(item, ports, get)
        why = barred(entry.listed.url, source.only_links, source.skip_links)
        if why:
            dropped.append(Dropped(entry.listed.url, "list", why))
        else:
            entries.append(entry)
    reading = Reading(
        source.id,
        kind="newsletter",
        watch_url=source.url,
        listed=tuple(one.listed for one in entries),
        entries=tuple(entries),
        dropped=tuple(dropped),
        requests=len(wanted),
        unchanged=not waiting,
        changed=bool(waiting),
        notice=f"{none_allowed([one.url for one in dropped])}." if dropped and not entries else "",
    )
    now = ports.clock()
    outcome = await ports.storing.store(reading, dry_run=dry_run)
    if waiting and not dry_run and outcome.status != "busy":
        await asyncio.to_thread(store.read, waiting, now)
    return replace(outcome, seen=len(listed))


async def _entry(item: RawItem, ports: Ports, get: Get) -> Entry:
    """What reading one item's page gave; a page that cannot be read leaves the mail's words."""
    try:
        page = await get(item.url)
        refuse_reserved(page, obey=ports.obey_tdm)
        article = await ports.parsing.run(
            read_document, page.body, page.url, content_type=page.content_type, zone=ports.zone,
            now=ports.clock(), hint=item,
        )  # fmt: skip
    except FetchError as error:
        stage = error.kind if error.kind in ("robots", RESERVED) else "fetch"
        return Entry(item, problem=error.message, stage=stage, retry=not is_refusal(error))
    except ClusterwatchError as error:
        return Entry(item, problem=error.message, stage="extract")
    # The counting address leads to the item as well: the same mail read again is known.
    return Entry(replace(item, url=page.url), article, addresses=(page.url, item.url))
