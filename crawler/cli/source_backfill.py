"""``clusterwatch sources backfill``: a source's past, into the archive only."""

from __future__ import annotations

import sys
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.cli.moments import day
from crawler.cli.since import since_moment
from crawler.counts import counted

if TYPE_CHECKING:
    from crawler.model.backfill import Backfilled
    from crawler.storage.source_rows import SourceRow
    from crawler.wiring import Parts


def backfill(
    door: Door,
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    since: Annotated[
        str,
        typer.Option(
            "--since", help='How far back, e.g. "1y" or "2026-01-31".', metavar="DURATION"
        ),
    ] = "1y",
    as_json: JsonOption = False,
) -> None:
    """Walk a source's older pages, month archives and sitemaps into the archive; never alerts.

    Example: clusterwatch sources backfill biosaxony --since 1y
    """
    import asyncio

    moment = since_moment(since, door.settings.zone)
    with door.open(sync=True) as parts:
        row = parts.sources.get(source_id)
        found = asyncio.run(_walk(door, parts, row, moment))
    if found.status == "busy":
        door.fail(f"{source_id}: another process polls it just now; try again in a minute.")
    elif found.status == "failed":
        door.fail(f"{source_id}: {found.error}")
    if as_json:
        door.json(backfill_json(found))
    elif found.status == "ok":
        _print(door, found)


def backfill_json(found: Backfilled) -> dict[str, Any]:
    """The document of a backfill; counts are of items unless they say otherwise."""
    counts = ("pages", "sitemaps", "requests", "read", "new", "known", "older", "undated", "failed")
    return {
        "id": found.source,
        "status": found.status,
        "since": found.since.isoformat(timespec="seconds"),
        **{name: getattr(found, name) for name in counts},
        "stopped": found.stopped or None,
        "error": found.error or None,
    }


async def _walk(door: Door, parts: Parts, row: SourceRow, since: datetime) -> Backfilled:
    """One walk; how far it has come on stderr where that is a terminal."""
    from rich.progress import Progress, SpinnerColumn, TextColumn

    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"),
        console=door.messages, transient=True, disable=not sys.stderr.isatty(),
    ) as progress:  # fmt: skip
        task = progress.add_task(f"Walking back through {row.source.id}", total=None)

        def show(now: Backfilled) -> None:
            told = f"{now.pages} pages, {now.sitemaps} sitemaps, {now.read} articles, {now.new} new"
            progress.update(task, description=f"{row.source.id}: {told}")

        async with parts.crawl() as crawl:
            return await crawl.backfill(row, since, show)


def _print(door: Door, found: Backfilled) -> None:
    for line in told(found, door.settings.zone):
        door.say(line)


def told(found: Backfilled, zone: tzinfo) -> list[str]:
    """A finished walk in sentences; ``zone`` is that of the day it went back to."""
    oldest = f"the oldest of {found.oldest}; " if found.oldest else ""
    alerts = "they will never alert" if found.new != 1 else "it will never alert"
    lines = [
        f"{found.source}: {counted(found.new, 'item')} added to the archive "
        f"(looked for back to {day(found.since, zone)}); {oldest}{alerts}.",
        f"{counted(found.pages, 'older page')} and {counted(found.sitemaps, 'sitemap')} in "
        f"{counted(found.requests, 'request')}: "
        f"{counted(found.known, 'item')} known or left to the polls, {found.older} older, "
        f"{found.undated} without a date, {found.failed} could not be read.",
    ]
    return lines + ([f"Ended early: {found.stopped}."] if found.stopped else [])
