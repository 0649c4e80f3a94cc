"""``clusterwatch sources import`` and ``export``: lists of sources in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.sources.lists import Line
    from crawler.storage.sources import SourceRow
    from crawler.wiring import Parts


def import_list(
    door: Door,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    as_json: JsonOption = False,
) -> None:
    """Add every source of a list: OPML, TOML, CSV, or one address a line.

    Example: clusterwatch sources import feeds.opml
    """
    if not file.is_file():
        raise UsageError(f"{file}: no such file.")
    with door.open(sync=True) as parts:
        watched = _watched(parts.sources.all())
        report = [_added(parts, line, watched) for line in _lines(parts, file)]
    _report(door, file, report, as_json)


def _lines(parts: Parts, file: Path) -> list[Line]:
    from crawler.sources.lists import read_list

    taken = [row.source.id for row in parts.sources.all(everything=True)]
    return read_list(file.read_bytes(), file.name, taken)


def _watched(rows: list[SourceRow]) -> dict[str, str]:
    """Which source watches an address, as its page or as the feed found behind it."""
    from crawler.urls import canonical_url

    pairs = [(url, row.source.id) for row in rows for url in (row.source.url, row.state.watch_url)]
    return {canonical_url(url): one for url, one in pairs if url}


def _added(parts: Parts, line: Line, watched: dict[str, str]) -> dict[str, Any]:
    """Add one line's source; its document, or the line, the address and what is wrong."""
    from crawler.cli.source_views import source_json
    from crawler.storage.database import utc_now
    from crawler.urls import canonical_url

    source = line.source
    if source is None:
        return {"line": line.number, "url": None, "error": line.error}
    watcher = watched.setdefault(canonical_url(source.url), source.id)
    if watcher != source.id:
        error = f"is watched already, as {watcher}"
        return {"line": line.number, "url": source.url, "error": error}
    parts.sources.add(source, utc_now())
    return {"line": line.number, **source_json(parts.sources.get(source.id))}


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


def _report(door: Door, file: Path, report: list[dict[str, Any]], as_json: bool) -> None:
    added = [entry for entry in report if "id" in entry]
    for entry in report:
        if "id" not in entry:
            door.fail(f"{file.name}, line {entry['line']}: {entry['error']}")
        elif not as_json:
            door.say(f"line {entry['line']}: added {entry['id']}")
    if as_json:
        door.json(report)
    else:
        door.say(f"{len(added)} of {len(report)} sources added.")
