"""``clusterwatch sources import`` and ``export``: lists of sources in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.errors import UsageError


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
