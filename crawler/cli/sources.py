"""``clusterwatch sources``: what is watched."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption, command, group
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.model.source import PollOutcome, Source, SourceState
    from crawler.storage.sources import SourceRow
    from crawler.wiring import Parts

IdArgument = Annotated[str, typer.Argument(metavar="ID")]
OnlyLinks = Annotated[
    list[str] | None, typer.Option("--only-links", help='Only such paths, e.g. "/news/*".')
]
SkipLinks = Annotated[
    list[str] | None, typer.Option("--skip-links", help='Never such paths, e.g. "/jobs/*".')
]


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    sources = group("sources", "What is watched.")
    command(sources, "list")(list_sources)
    command(sources, "show")(show)
    command(sources, "add")(add)
    command(sources, "check")(check)
    command(sources, "set")(change)
    command(sources, "pause")(pause)
    command(sources, "resume")(resume)
    command(sources, "remove")(remove)
    command(sources, "import")(import_list)
    command(sources, "export")(export_list)
    app.add_typer(sources)


def list_sources(door: Door, as_json: JsonOption = False) -> None:
    """List the watched sources and how they are doing.

    Example: clusterwatch sources list
    """

    with door.open(sync=True) as parts:
        rows = parts.sources.all()
    if as_json:
        door.json([source_json(row) for row in rows])
        return
    for row in rows:
        door.say(_line(row))
    if not rows:
        door.say("No sources yet. Add one: clusterwatch sources add https://www.example.org/news")


def show(door: Door, source_id: IdArgument, as_json: JsonOption = False) -> None:
    """Show one source: how it is watched, when next, what went wrong.

    Example: clusterwatch sources show biosaxony
    """

    with door.open(sync=True) as parts:
        row = parts.sources.get(source_id)
    document = source_json(row)
    if as_json:
        door.json(document)
        return
    for key, value in document.items():
        if value not in (None, "", []):
            door.say(f"{key:<14} {', '.join(value) if isinstance(value, list) else value}")


def add(
    door: Door,
    url: Annotated[str, typer.Argument(metavar="URL")],
    source_id: Annotated[str, typer.Option("--id", help="Short name.")] = "",
    name: Annotated[str, typer.Option("--name", help="Name readers see.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="feed, listing, sitemap or page.")] = "auto",
    every: Annotated[str, typer.Option("--every", help='How often, e.g. "6h".')] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag; repeatable.")] = None,
    only_links: Annotated[
        list[str] | None, typer.Option("--only-links", help="Path pattern.")
    ] = None,
    skip_links: Annotated[
        list[str] | None, typer.Option("--skip-links", help="Path pattern.")
    ] = None,
    selector: Annotated[str, typer.Option("--selector", help="CSS selector, last resort.")] = "",
    pick: Annotated[int | None, typer.Option("--pick", help="Take candidate N.", min=1)] = None,
    like: Annotated[
        list[str] | None, typer.Option("--like", help="An item that must be found.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Into the configuration file.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at a page, show how it would be watched, and store it as a source.

    Example: clusterwatch sources add https://www.example.org/news --tag rivals
    """
    from crawler.extract.listing import ListingHints

    hints = ListingHints(
        only_links=tuple(only_links or ()),
        skip_links=tuple(skip_links or ()),
        selector=selector,
        like=tuple(like or ()),
        pick=pick,
    )
    with door.open(sync=True) as parts:
        values = {
            "url": url, "id": source_id, "name": name, "kind": kind, "every": every,
            "tags": tag or [], "only_links": only_links or [], "skip_links": skip_links or [],
            "selector": selector,
        }  # fmt: skip
        source = _declared(values, parts)
        found = asyncio.run(_detect(parts, url, hints))
        if not found.items and kind != "page":
            raise UsageError(
                f"No news items were found on {url} ({found.why}).",
                remedy="Give the address of its news list or feed, name an item with --like URL, "
                "or add it with --kind page to watch the page itself.",
            )
        source = replace(source, name=name or found.title or source.id)
        row = _store(door, parts, source, found, write=write)
    if as_json:
        door.json([source_json(row)])
        return
    from crawler.cli.reading import print_detection

    print_detection(door, found)
    where = door.settings.path.name if write and door.settings.path else "the database"
    door.say(f'Added "{source.id}" to {where}. Poll it now: clusterwatch crawl {source.id}')


def check(
    door: Door,
    sources: Annotated[list[str] | None, typer.Argument(metavar="[ID]...")] = None,
    as_json: JsonOption = False,
) -> None:
    """Poll sources now without storing anything; one line a source.

    Example: clusterwatch sources check biosaxony
    """
    from crawler.cli.crawl import chosen, poll_all

    with door.open(sync=True) as parts:
        rows = chosen(parts, sources or [], due=False)
        outcomes = asyncio.run(poll_all(door, parts, rows, full=True, dry_run=True))
    for one in outcomes:
        line = f"{one.source}: {one.status}, {one.kind or 'unknown'}, {one.seen} items listed"
        if one.status == "failed":
            door.fail(f"{one.source}: {one.error}")
        elif not as_json:
            door.say(line)
    if as_json:
        door.json([_check_json(one) for one in outcomes])


def change(
    door: Door,
    source_id: IdArgument,
    name: Annotated[str, typer.Option("--name")] = "",
    url: Annotated[str, typer.Option("--url")] = "",
    kind: Annotated[str, typer.Option("--kind")] = "",
    every: Annotated[str, typer.Option("--every")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag")] = None,
    only_links: OnlyLinks = None,
    skip_links: SkipLinks = None,
    selector: Annotated[str | None, typer.Option("--selector")] = None,
    excerpt: Annotated[int | None, typer.Option("--excerpt", min=0, max=1000)] = None,
    as_json: JsonOption = False,
) -> None:
    """Change a source that lives in the database.

    Example: clusterwatch sources set biosaxony --every 6h --tag rivals
    """
    from crawler.sources.lists import declared_values
    from crawler.storage.database import utc_now

    with door.open(sync=True) as parts:
        before = parts.sources.get(source_id).source
        _refuse_declared(before)
        given = {
            "name": name, "url": url, "kind": kind, "every": every, "tags": tag,
            "only_links": only_links, "skip_links": skip_links, "selector": selector,
            "excerpt": excerpt,
        }  # fmt: skip
        values = declared_values(before) | {k: v for k, v in given.items() if v not in (None, "")}
        parts.sources.change(_checked(values), utc_now())
        row = parts.sources.get(source_id)
    if as_json:
        door.json([source_json(row)])
    else:
        door.say(_line(row))


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

    with door.open(sync=True) as parts:
        _refuse_declared(parts.sources.get(source_id).source)
    _set_status(door, source_id, "removed", as_json)


def import_list(
    door: Door,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    as_json: JsonOption = False,
) -> None:
    """Add every source of a list: OPML, TOML, CSV, or one address a line.

    Example: clusterwatch sources import feeds.opml
    """
    from crawler.sources.lists import read_list
    from crawler.storage.database import utc_now

    if not file.is_file():
        raise UsageError(f"{file}: no such file.")
    report: list[dict[str, Any]] = []
    with door.open(sync=True) as parts:
        known = {row.source.url for row in parts.sources.all()}
        taken = [row.source.id for row in parts.sources.all(everything=True)]
        for line in read_list(file.read_bytes(), file.name, taken):
            error = line.error
            if line.source is not None and line.source.url in known:
                error = "is watched already"
            elif line.source is not None:
                parts.sources.add(line.source, utc_now())
                known.add(line.source.url)
            found = line.source
            report.append(
                {
                    "line": line.number,
                    "id": found.id if found else None,
                    "url": found.url if found else None,
                    "error": error or None,
                }
            )
    _report(door, file, report, as_json)


def export_list(
    door: Door,
    form: Annotated[str, typer.Option("--format", help="opml or toml.")] = "opml",
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
) -> None:
    """Write the watched sources as OPML or TOML.

    Example: clusterwatch sources export --format toml
    """
    from crawler.sources.lists import write_toml
    from crawler.sources.opml import write_opml

    if form not in ("opml", "toml"):
        raise UsageError(f'--format "{form}" is not known.', remedy="Allowed: opml, toml.")
    with door.open(sync=True) as parts:
        rows = parts.sources.all()
    listed = [row.source for row in rows]
    feeds = {row.source.id: row.state.watch_url for row in rows if row.state.watch_kind == "feed"}
    text = write_toml(listed) if form == "toml" else write_opml(listed, feeds, "Clusterwatch")
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, "utf-8")


def source_json(row: SourceRow) -> dict[str, Any]:
    """One source with its state."""
    from crawler.config import duration_text

    source, state = row.source, row.state

    def moment(value: Any) -> str | None:
        return value.isoformat(timespec="seconds") if value else None

    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": state.watch_kind or source.kind,
        "watch_url": state.watch_url or None,
        "status": state.status,
        "health": health(state),
        "every": duration_text(source.every) if source.every else None,
        "interval": duration_text(state.interval) if state.interval else None,
        "language": source.language or None,
        "tags": list(source.tags),
        "only_links": list(source.only_links),
        "skip_links": list(source.skip_links),
        "selector": source.selector or None,
        "excerpt": source.excerpt,
        "declared_by": source.declared_by or None,
        "last_polled": moment(state.last_polled),
        "last_ok": moment(state.last_ok),
        "last_new": moment(state.last_new),
        "next_due": moment(state.next_due),
        "failing_since": moment(state.failing_since),
        "failures": state.failures,
        "error": state.error or None,
    }


def health(state: SourceState) -> str:
    """One word: paused, new, failing or ok."""
    if state.status != "active":
        return state.status
    if state.failures:
        return "failing"
    return "ok" if state.last_ok else "new"


def _line(row: SourceRow) -> str:
    state = row.state
    when = f"polled {state.last_polled:%Y-%m-%d %H:%M}" if state.last_polled else "not polled yet"
    kind = state.watch_kind or row.source.kind
    error = f"  {state.error}" if state.error else ""
    return f"{row.source.id:<28} {health(state):<8} {kind:<8} {when}  {row.source.url}{error}"


async def _detect(parts: Parts, url: str, hints: Any) -> Detection:
    async with parts.crawl() as crawl:
        found: Detection = await crawl.detect(url, hints)
        return found


def _declared(values: dict[str, Any], parts: Parts) -> Source:
    from crawler.sources.lists import new_id

    if not values["id"]:
        taken = [row.source.id for row in parts.sources.all(everything=True)]
        values["id"] = new_id(str(values["name"]), str(values["url"]), taken)
    return _checked(values)


def _checked(values: dict[str, Any]) -> Source:
    from pydantic import ValidationError

    from crawler.config.tables import SourceTable

    ready = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if value not in ("", [])
    }
    try:
        return SourceTable.model_validate(ready).source("")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{key}: {first['msg'].removeprefix('Value error, ')}.") from error


def _store(door: Door, parts: Parts, source: Source, found: Detection, *, write: bool) -> SourceRow:
    from crawler.model.source import SourceState
    from crawler.storage.database import utc_now

    if write:
        _write(door, source)
        parts.sources.sync(
            [*door.settings.sources, replace(source, declared_by=door.settings.clusterwatch.name)],
            door.settings.clusterwatch.name,
            utc_now(),
        )
        return parts.sources.get(source.id)
    learned: dict[str, Any] = {}
    kind = watch_url = ""
    if source.kind == "auto" and found.kind == "listing":
        kind, watch_url, learned = "listing", source.url, found.learned
    elif source.kind == "auto" and found.kind == "feed":
        kind, watch_url = "feed", found.feed_url or source.url
    state = SourceState(source.id, watch_kind=kind, watch_url=watch_url, learned=learned)
    parts.sources.add(source, utc_now(), state)
    return parts.sources.get(source.id)


def _write(door: Door, source: Source) -> None:
    from crawler.config.editing import append_table
    from crawler.sources.lists import declared_values

    if door.settings.path is None:
        raise UsageError("--write needs a configuration file.", remedy="Run: clusterwatch init")
    append_table(door.settings.path, "sources", declared_values(source))


def _set_status(door: Door, source_id: str, status: str, as_json: bool) -> None:

    with door.open(sync=True) as parts:
        parts.sources.set_status(source_id, status)
        row = parts.sources.get(source_id)
    if as_json:
        door.json([source_json(row)])
    else:
        door.say(f"{source_id}: {status}")


def _refuse_declared(source: Source) -> None:
    if source.declared_by:
        raise UsageError(
            f'The source "{source.id}" is declared in a configuration file.',
            remedy=f"Change it there, or pause it: clusterwatch sources pause {source.id}",
        )


def _check_json(one: PollOutcome) -> dict[str, Any]:
    return {
        "id": one.source, "status": one.status, "kind": one.kind or None, "seen": one.seen,
        "new": one.new, "requests": one.requests, "error": one.error or None,
    }  # fmt: skip


def _report(door: Door, file: Path, report: list[dict[str, Any]], as_json: bool) -> None:
    for entry in report:
        if entry["error"]:
            door.fail(f"{file.name}, line {entry['line']}: {entry['error']}")
        elif not as_json:
            door.say(f"line {entry['line']}: added {entry['id']}")
    if as_json:
        door.json(report)
    else:
        added = sum(not entry["error"] for entry in report)
        door.say(f"{added} of {len(report)} sources added.")
