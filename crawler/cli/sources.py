"""``clusterwatch sources``: what is watched."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.letters import say_letter
from crawler.cli.source_adding import add
from crawler.cli.source_backfill import backfill
from crawler.cli.source_lists import export_list, import_list
from crawler.cli.source_setting import change
from crawler.cli.source_views import for_people, policy_line, policy_of, source_json, source_line
from crawler.commands import in_shell
from crawler.counts import counted
from crawler.errors import ConfigError, SourceError
from crawler.source_changes import owner_letter, refuse_declared

if TYPE_CHECKING:
    from crawler.model.source import PollOutcome
    from crawler.storage.source_rows import SourceRow

IdArgument = Annotated[str, typer.Argument(metavar="ID")]


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    sources = group("sources", "What is watched.")
    command(sources, "list")(list_sources)
    command(sources, "show")(show)
    command(sources, "add")(add)
    command(sources, "check")(check)
    command(sources, "backfill")(backfill)
    command(sources, "set")(change)
    command(sources, "pause")(pause)
    command(sources, "resume")(resume)
    command(sources, "remove")(remove)
    command(sources, "import")(import_list)
    command(sources, "export")(export_list)
    app.add_typer(sources)


def list_sources(
    door: Door,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those removed or in no file any more.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the watched sources and how they are doing.

    Example: clusterwatch sources list
    """

    with door.open(sync=True, looks=True) as parts:
        rows = parts.sources.all(everything=True)
        watched = {row.source.id for row in parts.sources.all()}
    shown = [row for row in rows if everything or row.source.id in watched]
    if as_json:
        door.json([source_json(row) for row in shown])
        return
    for row in shown:
        door.say_row(source_line(row, door.settings.zone))
    if not rows:
        door.say("No sources yet. Add one: clusterwatch sources add https://www.example.org/news")
    if len(rows) > len(shown):
        others = len(rows) - len(shown)
        door.say(f"{others} more removed or in no file: clusterwatch sources list --all")


def show(
    door: Door,
    source_id: IdArgument,
    as_letter: Annotated[
        bool, typer.Option("--letter", help="A ready letter to the site's owner instead.")
    ] = False,
    language: Annotated[
        str, typer.Option("--language", help="The letter's: en, de or da; default: the source's.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Show one source: how it is watched, when next, what went wrong.

    Example: clusterwatch sources show biosaxony --letter
    """

    with door.open(sync=True, looks=True) as parts:
        row = parts.sources.get(source_id)
        text = owner_letter(parts, row, language) if as_letter else ""
        kept_out = parts.fetched.kept_out(source_id)
        policy = policy_of(door.settings.crawl, row.source.excerpt, kept_out)
    if text:
        say_letter(door, text, as_json)
        return
    document = source_json(row) | {"policy": policy}
    if as_json:
        door.json(document)
        return
    told = for_people(document, door.settings.zone) | {"policy": policy_line(policy)}
    for key, value in told.items():
        if value not in (None, "", []):
            door.say(f"{key:<14} {', '.join(value) if isinstance(value, list) else value}")


def check(
    door: Door,
    sources: Annotated[list[str] | None, typer.Argument(metavar="[ID]...")] = None,
    as_json: JsonOption = False,
) -> None:
    """Poll sources now without storing anything; one line a source.

    Example: clusterwatch sources check biosaxony
    """
    import asyncio

    from crawler.cli.crawl import chosen, poll_all

    with door.open(sync=True, looks=True) as parts:
        rows = chosen(parts, sources or [], due=False)
        outcomes = asyncio.run(poll_all(door, parts, rows, full=True, dry_run=True, articles=False))
    for one in outcomes:
        seen = counted(one.seen, "item")
        line = f"{one.source}: {one.status}, {one.kind or 'unknown'}, {seen} listed"
        if one.status in ("failed", "offline"):
            door.fail(f"{one.source}: {one.error}")
        elif not as_json:
            door.say(line)
    if as_json:
        door.json([_check_json(one) for one in outcomes])


def pause(door: Door, source_id: IdArgument, as_json: JsonOption = False) -> None:
    """Stop polling a source; nothing is forgotten.

    Example: clusterwatch sources pause biosaxony
    """
    _set_status(door, source_id, "paused", as_json)


def resume(door: Door, source_id: IdArgument, as_json: JsonOption = False) -> None:
    """Poll a paused source again.

    Example: clusterwatch sources resume biosaxony
    """
    _set_status(door, source_id, "active", as_json)


def remove(door: Door, source_id: IdArgument, as_json: JsonOption = False) -> None:
    """Stop watching a source that lives in the database; its items stay in the archive.

    Example: clusterwatch sources remove biosaxony
    """
    from crawler.storage.database import utc_now
    from crawler.wiring import sync_watched

    with door.open() as parts:
        with suppress(ConfigError):  # of an id in file and database: its remedy is this command
            sync_watched(parts, utc_now())
        refuse_declared(parts.sources.get(source_id).source)
        parts.sources.set_status(source_id, "removed")
        row = parts.sources.get(source_id)
    _say_status(door, row, "removed", as_json)


def _set_status(door: Door, source_id: str, status: str, as_json: bool) -> None:
    with door.open(sync=True) as parts:
        parts.sources.set_status(source_id, status)
        row = parts.sources.get(source_id)
    if status == "active" and row.state.status == "undeclared":
        raise SourceError(
            f'The source "{source_id}" is no longer in the configuration file: it is not polled.',
            source=source_id,
            remedy=f'Declare it there again ([[sources]] id = "{source_id}"), or add its page '
            f"under another id: clusterwatch sources add {in_shell(row.source.url)} --id ID",
        )
    _say_status(door, row, status, as_json)


def _say_status(door: Door, row: SourceRow, status: str, as_json: bool) -> None:
    if as_json:
        door.json([source_json(row)])
    else:
        door.say(f"{row.source.id}: {status}")


def _check_json(one: PollOutcome) -> dict[str, Any]:
    return {
        "id": one.source, "status": one.status, "kind": one.kind or None, "seen": one.seen,
        "requests": one.requests, "error": one.error or None,
    }  # fmt: skip
