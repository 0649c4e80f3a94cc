"""``clusterwatch sources import`` and ``export``: lists of sources in and out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.cli.streams import write_document
from crawler.errors import UsageError
from crawler.sources.chosen import as_chosen, lost_choice, rules
from crawler.sources.opml import OWN as OWN_IN_OPML

if TYPE_CHECKING:
    from crawler.model.source import Source
    from crawler.sources.lists import Line
    from crawler.storage.source_rows import SourceRow
    from crawler.wiring import Parts

_IN_OPML = OWN_IN_OPML | {"id", "name", "url"}
CATALOGUE = "catalogue"  # the name of what comes with us


def import_list(
    door: Door,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER|catalogue",
            help="A list, a folder of TOML files, or the catalogue that comes with Clusterwatch.",
        ),
    ],
    country: Annotated[
        str, typer.Option("--country", help="Of a catalogue: this country's alone, e.g. DK.")
    ] = "",
    language: Annotated[
        str, typer.Option("--language", help="Of a catalogue: sites in this language, e.g. da.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what lies there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add every source of a list: OPML, TOML, CSV, or one address a line.

    "catalogue" is what comes with Clusterwatch: about a hundred cluster sites, unverified. See
    how one is watched with sources check ID.

    Example: clusterwatch sources import catalogue --country DK --dry-run
    """
    with door.open(sync=True, looks=dry_run, readers=False) as parts:
        lines = [
            one
            for one in _lines(parts, file)
            if not one.source or _is_wanted(one, country, language)
        ]
        if not lines and (country or language):
            raise UsageError(f"{file}: nothing there is of that country and language.")
        watched = _watched(parts.sources.all())
        taken = {row.source.id: row for row in parts.sources.all(everything=True)}
        report = [_added(parts, line, watched, taken, dry_run) for line in lines]
    _report(door, Path(file).name, report, as_json=as_json, dry_run=dry_run)


def _lines(parts: Parts, name: str) -> list[Line]:
    from crawler.sources.catalogue import shipped_folder
    from crawler.sources.lists import read_folder, read_list

    file = Path(name)
    if file.is_dir():
        found = read_folder(file)
    elif name == CATALOGUE and not file.exists():
        found = read_folder(shipped_folder())
    elif file.is_file():
        taken = [row.source.id for row in parts.sources.all(everything=True)]
        return read_list(file.read_bytes(), file.name, taken)
    else:
        raise UsageError(
            f"{file}: no such file or folder.",
            remedy=f'What comes with Clusterwatch is called "{CATALOGUE}".',
        )
    if not found:
        raise UsageError(f"{file}: no TOML file lies there.", remedy="Other lists go one by one.")
    return found


def _is_wanted(line: Line, country: str, language: str) -> bool:
    own_country = not country or line.country.lower() == country.lower()
    return own_country and (not language or language.lower() in line.languages)


@dataclass(frozen=True, slots=True)
class _Watched:
    """What lists and feeds are watched by now, by address."""

    before: dict[str, list[Source]]
    added: dict[str, list[Source]]  # by lines of this import

    def watcher(self, line: Line, source: Source) -> str:
        """The id of what watches a line's list, "" for none. Of a page that is watched, only a
        line that points at its own list adds another one; never one of a folder such as the
        catalogue, whose pages may be watched in a way of the user's own."""
        from crawler.urls import canonical_url

        address = canonical_url(source.url)
        points = (source.selector or source.only_links) and not line.file
        for one in self.before.get(address, []):
            if not points or rules(one) == rules(source):
                return one.id
        alike = [one for one in self.added.get(address, []) if rules(one) == rules(source)]
        return alike[0].id if alike else ""

    def add(self, source: Source) -> None:
        """A line's source is watched from now on."""
        from crawler.urls import canonical_url

        self.added.setdefault(canonical_url(source.url), []).append(source)


def _watched(rows: list[SourceRow]) -> _Watched:
    """Which sources watch an address, as their page or as the feed found behind it."""
    from crawler.urls import canonical_url

    before: dict[str, list[Source]] = {}
    for row in rows:
        for url in {row.source.url, row.state.watch_url} - {""}:
            there = before.setdefault(canonical_url(url), [])
            there.append(as_chosen(row.source, row.state))
    return _Watched(before, {})


def _added(
    parts: Parts, line: Line, watched: _Watched, taken: dict[str, SourceRow], dry_run: bool
) -> dict[str, Any]:
    """Add one line's source; its document, or the line, the address and what is wrong. ``taken``:
    every source that ever was, by id."""
    from crawler.cli.source_views import source_json
    from crawler.model.source import SourceState
    from crawler.storage.database import utc_now
    from crawler.storage.source_rows import SourceRow

    source = line.source
    where: dict[str, Any] = {"line": line.number} | ({"file": line.file} if line.file else {})
    if source is None:
        return where | {"url": None, "error": line.error}
    watcher = watched.watcher(line, source)
    if watcher and line.file:  # of a whole folder some are there already: nothing went wrong
        return where | {"url": source.url, "watched_as": watcher}
    error = f"is watched already, as {watcher}" if watcher else _in_use(source, taken)
    if error:
        return where | {"url": source.url, "error": error}
    watched.add(source)
    taken[source.id] = SourceRow(source, SourceState(source.id))
    if dry_run:
        return where | source_json(taken[source.id])
    parts.sources.add(source, utc_now())
    return where | source_json(parts.sources.get(source.id))


def _in_use(source: Source, taken: dict[str, SourceRow]) -> str:
    """What is wrong with a line's id, "" where nothing is. A list brings back what no file
    declares any more, not what the user removed."""
    row = taken.get(source.id)
    if row is None or (row.state.status == "undeclared" and row.source.url == source.url):
        return ""
    removed = row.state.status == "removed" and row.source.url == source.url
    remedy = "it was removed, bring it back: {}resume {}" if removed else "look at it: {}show {}"
    told = remedy.format("clusterwatch sources ", source.id)
    return f'id: "{source.id}" is in use; {told}'


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
    with door.open(sync=True, looks=True) as parts:
        rows = parts.sources.all()
    listed = [as_chosen(row.source, row.state) for row in rows]
    feeds = {row.source.id: row.state.watch_url for row in rows if row.state.watch_kind == "feed"}
    text = write_toml(listed) if form == "toml" else write_opml(listed, feeds, "Clusterwatch")
    if out is None:
        write_document(text)
    else:
        out.write_text(text, "utf-8")
    for line in _not_kept(rows, listed, form):
        door.warn(line)


def _not_kept(rows: list[SourceRow], listed: list[Source], form: str) -> list[str]:
    """What the written list does not hold of the sources, in sentences."""
    from crawler.sources.lists import declared_values

    kept = ("feed",) if form == "opml" else ()  # as xmlUrl
    lose = [row for row in rows if row.state.watch_kind not in kept]
    chosen = [told for row in lose if (told := lost_choice(row.source, row.state))]
    if form == "toml":
        return chosen
    lost: dict[str, list[str]] = {}
    for source in listed:
        known = _IN_OPML | ({"kind"} if source.kind == "feed" else set())
        for key in declared_values(source).keys() - known:
            lost.setdefault(key, []).append(source.id)
    if not lost:
        return chosen
    told = "; ".join(f"{key} ({', '.join(ids)})" for key, ids in sorted(lost.items()))
    return [
        f"OPML holds names, addresses and which list is watched, not: {told}. A list with all: "
        "clusterwatch sources export --format toml",
        *chosen,
    ]


def _report(
    door: Door, name: str, report: list[dict[str, Any]], *, as_json: bool, dry_run: bool
) -> None:
    added = [entry for entry in report if "id" in entry]
    before = [entry for entry in report if "watched_as" in entry]
    for entry in report:
        if "error" in entry and "id" not in entry:
            door.fail(f"{entry.get('file', name)}, line {entry['line']}: {entry['error']}")
        elif not as_json:
            door.say(_line_of(entry, dry_run))
    if as_json:
        door.json(report)
        return
    known = f", {len(before)} watched already" if before else ""
    did = "would be added (nothing was stored)" if dry_run else "added"
    door.say(f"{len(added)} of {len(report)} sources {did}{known}.")


def _line_of(entry: dict[str, Any], dry_run: bool) -> str:
    where = entry.get("file", f"line {entry['line']}")
    if "watched_as" in entry:
        return f"{where}: watched already, as {entry['watched_as']}"
    if dry_run:
        return f"{where}: would add {entry['id']}  {entry['url']}  {entry['name']}"
    return f"{where}: added {entry['id']}"
