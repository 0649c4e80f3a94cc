"""``clusterwatch crawl``: polls sources now; a crawl stores, it never sends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption, command
from crawler.cli.topic_changes import classify_anew
from crawler.counts import counted

if TYPE_CHECKING:
    from crawler.model.source import PollOutcome
    from crawler.storage.source_rows import SourceRow
    from crawler.wiring import Parts


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    command(app, "crawl")(crawl)


def crawl(
    door: Door,
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; none: all.", metavar="[SOURCE]...")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Only those whose turn it is.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Ask unconditionally and parse everything again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Poll sources now and store what is new. Nothing is sent.

    Example: clusterwatch crawl biosaxony --full
    """
    import asyncio

    from crawler.cli.missing import EXAMPLES
    from crawler.sources.faults import nothing_reached
    from crawler.storage.database import utc_now

    started = utc_now()
    if door.settings.path is None:
        door.warn(EXAMPLES)
    with door.open(sync=True, looks=dry_run) as parts:
        rows = chosen(parts, sources or [], due=due)
        if not dry_run:
            classify_anew(door, parts)
        outcomes = asyncio.run(poll_all(door, parts, rows, full=full, dry_run=dry_run))
        nowhere = nothing_reached([row.state for row in parts.sources.all()])
    _tell_unread(door, outcomes, our_network=nowhere and not dry_run)
    document = summary(outcomes, started, utc_now())
    if as_json:
        door.json(document)
    else:
        _print(door, outcomes, dry_run)


def _tell_unread(door: Door, outcomes: Sequence[PollOutcome], *, our_network: bool) -> None:
    """Name what was not read, and why; a fault of our own network once, for all sources."""
    from crawler.sources.faults import OUR_NETWORK

    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    offline = [outcome for outcome in outcomes if outcome.status == "offline"]
    if failed and our_network:  # the fault of none of them
        told = "No source could be reached: most likely it is our own network."
        ids = ", ".join(outcome.source for outcome in failed)
        door.fail(f"{told} {OUR_NETWORK} Not read: {ids}.")
    else:
        for outcome in failed:
            door.fail(f"{outcome.source}: {outcome.error}")
    if offline:
        door.fail(f"{len(offline)} not read. {offline[0].error}")
    if outcomes and all(outcome.status == "busy" for outcome in outcomes):
        door.fail("Another command polls these sources just now. Try again when it has ended.")


def chosen(parts: Parts, ids: list[str], *, due: bool) -> list[SourceRow]:
    """The sources a command means; paused ones only where they are named."""
    from crawler.storage.database import utc_now

    if ids:
        rows = [parts.sources.get(one) for one in dict.fromkeys(ids)]
    elif due:
        return parts.sources.due(utc_now())
    else:
        rows = [row for row in parts.sources.all() if row.state.status == "active"]
    if due:
        turns = {row.source.id for row in parts.sources.due(utc_now())}
        rows = [row for row in rows if row.source.id in turns]
    return rows


async def poll_all(
    door: Door,
    parts: Parts,
    rows: list[SourceRow],
    *,
    full: bool,
    dry_run: bool,
    articles: bool = True,
) -> list[PollOutcome]:
    """Poll in one crawl; progress on stderr where that is a terminal."""
    import asyncio

    from rich.progress import Progress

    outcomes: list[PollOutcome] = []
    if not rows:
        return outcomes
    with Progress(
        console=door.messages, transient=True, disable=not sys.stderr.isatty() or not rows
    ) as progress:
        task = progress.add_task("Crawling", total=len(rows))
        async with parts.crawl() as running:

            async def one(row: SourceRow) -> PollOutcome:
                outcome = await running.poll(row, full=full, dry_run=dry_run, articles=articles)
                progress.update(task, advance=1, description=f"Crawled {row.source.id}")
                return outcome

            outcomes = list(await asyncio.gather(*(one(row) for row in rows)))
    return outcomes


def summary(outcomes: list[PollOutcome], started: datetime, finished: datetime) -> dict[str, Any]:
    """The contract's document of a crawl."""
    from crawler.export import item_json

    return {
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "sources": [
            {
                "id": one.source,
                "status": one.status,
                "kind": one.kind or None,
                "requests": one.requests,
                "not_modified": one.not_modified,
                "seen": one.seen,
                "new": one.new,
                "updated": one.updated,
                "failed": one.failed,
                "error": one.error or None,
            }
            for one in outcomes
        ],
        "new_items": [item_json(item) for one in outcomes for item in one.items],
    }


def _print(door: Door, outcomes: list[PollOutcome], dry_run: bool) -> None:
    for one in outcomes:
        parts = [f"{one.new} new"]
        if one.updated:
            parts.append(f"{one.updated} updated")
        if one.failed:
            parts.append(f"{one.failed} kept without their text")
        if one.status == "failed":
            parts = ["failed"]
        elif one.status == "offline":
            parts = ["not read: our own network is down"]
        elif one.status == "busy":
            parts = ["busy: another command polls it just now"]
        elif one.status == "unchanged":
            parts = ["unchanged"] if not one.updated else ["unchanged", parts[-1]]
        else:
            parts.append(f"of {one.seen} listed")
        door.say(f"{one.source:<28} {one.kind:<8} {', '.join(parts)}")
    new = [item for one in outcomes for item in one.items]
    for item in new[:40]:
        day = item.published.day.isoformat() if item.published else "no date   "
        topics = ", ".join(match.topic for match in item.topics)
        door.say(f"  {day}  {item.title[:90]}" + (f"  [{topics}]" if topics else ""))
    if len(new) > 40:
        door.say(f"  … and {len(new) - 40} more: clusterwatch items list")
    done = sum(one.status in ("ok", "unchanged") for one in outcomes)
    stored = "Nothing was stored (dry run)." if dry_run else ""
    door.say(
        f"{done} of {len(outcomes)} sources read, {counted(len(new), 'new item')}. {stored}".strip()
    )
