"""``clusterwatch items``: the archive."""

from __future__ import annotations

import sys
from datetime import UTC, tzinfo
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.moments import day
from crawler.cli.since import since_moment
from crawler.cli.streams import write_document
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.model.item import Item
    from crawler.storage.items import Filter
    from crawler.wiring import Parts

_MOST_CHANGE = 60  # characters of what changed, in a list
SinceOption = Annotated[
    str,
    typer.Option("--since", help='Seen since, e.g. "7d" or "2026-01-31".', metavar="DURATION"),
]
TopicOption = Annotated[str, typer.Option("--topic", help="About this topic.", metavar="T")]
SourceOption = Annotated[str, typer.Option("--source", help="Listed by this source.", metavar="S")]
LanguageOption = Annotated[
    str, typer.Option("--language", help='In this language, e.g. "de".', metavar="L")
]
QueryOption = Annotated[str, typer.Option("--query", help="Contains these words.", metavar="Q")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", help="At most so many.", min=1, max=10**9)
]


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    items = group("items", "The archive: every item that was found.")
    command(items, "list")(list_items)
    command(items, "show")(show)
    command(items, "export")(export_items)
    command(items, "erase")(erase)
    app.add_typer(items)


def list_items(
    door: Door,
    since: SinceOption = "",
    topic: TopicOption = "",
    source: SourceOption = "",
    language: LanguageOption = "",
    query: QueryOption = "",
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """List items, newest first.

    Example: clusterwatch items list --topic ai --since 7d
    """
    from crawler.export import item_json

    with door.open(looks=True) as parts:
        check_filters(parts, topic, source)
        wanted = filter_of(
            since,
            topic,
            source,
            language,
            query,
            limit or (None if as_json else 50),
            door.settings.zone,
        )
        found = parts.items.find(wanted)
        total = parts.items.count(wanted)
    if as_json:
        door.json([item_json(item) for item in found])
        return
    for item in found:
        door.say(line(item))
    if not found and any((since, topic, source, language, query)):
        door.say("Nothing matches.")
    elif not found:
        door.say("No items. Poll the sources first: clusterwatch crawl")
    elif total > len(found):
        door.say(f"… {total - len(found)} more: --limit {total}")


def show(
    door: Door,
    item_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: JsonOption = False,
) -> None:
    """Show one item with its text and who listed it.

    Example: clusterwatch items show 3f2a9c0d1b7e4a55
    """
    from crawler.export import item_json

    with door.open(looks=True) as parts:
        item = parts.items.get(item_id)
        sightings = parts.items.sightings(item_id)
    if as_json:
        door.json(item_json(item, text=True))
        return
    if item.held_back == "erased":
        door.say("Its words were erased; it is kept so that it is not alerted again.")
        return
    door.say(item.title)
    published = item.published.isoformat() if item.published else "no date on the page"
    door.say(f"{published} · {item.language or 'language unknown'} · {item.source}")
    door.say(item.url)
    for match in item.topics:
        quotes = ", ".join(f"“{one.quote}”" for one in match.evidence[:5])
        door.say(f"topic {match.topic} ({match.score:.2f}): {quotes}")
    zone = door.settings.zone
    listed = ", ".join(f"{one.source} since {day(one.first_seen, zone)}" for one in sightings)
    door.say(f"listed by {listed}")
    if item.change:
        door.say(f"changed since it was first told: {item.change}")
    if item.held_back:
        door.say(f"held back, never alerted: {item.held_back}")
    door.say("")
    door.say(item.text)


def export_items(
    door: Door,
    form: Annotated[str, typer.Option("--format", help="jsonl, csv, rss or atom.")] = "jsonl",
    since: SinceOption = "",
    topic: TopicOption = "",
    source: SourceOption = "",
    language: LanguageOption = "",
    query: QueryOption = "",
    limit: LimitOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
) -> None:
    """Write items as JSON lines, CSV, RSS or Atom.

    Example: clusterwatch items export --format csv --since 30d --out items.csv
    """
    from crawler.export import FORMATS, export
    from crawler.storage.database import utc_now

    if form not in FORMATS:
        raise UsageError(
            f'--format "{form}" is not known.', remedy=f"Allowed: {', '.join(FORMATS)}."
        )
    with door.open(looks=True) as parts:
        found = parts.items.find(
            filter_of(since, topic, source, language, query, limit, door.settings.zone)
        )
        excerpts = {row.source.id: row.source.excerpt for row in parts.sources.all()}
    link = door.settings.clusterwatch.public_url or "urn:clusterwatch:archive"
    text = export(found, form, title="Clusterwatch", link=link, now=utc_now(), excerpts=excerpts)
    if out is None:
        write_document(text)
    else:
        out.write_text(text, "utf-8", newline="")


def erase(
    door: Door,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...")] = None,
    source: Annotated[str, typer.Option("--source", help="All that this source brought.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove the words of items for good; what prevents that they are alerted again stays.

    Example: clusterwatch items erase 3f2a9c0d1b7e4a55
    """
    from crawler.storage.erasure import ErasureStore

    if bool(ids) == bool(source):
        raise UsageError("Name items or a --source.", remedy="clusterwatch items erase ID")
    with door.open() as parts:
        if source:
            parts.sources.get(source)
        store = ErasureStore(parts.database)
        chosen = ids or store.of_source(source)
        if source and not yes and sys.stdin.isatty():
            typer.confirm(f"Erase {len(chosen)} items of {source} for good?", abort=True)
        erased = store.erase(chosen)
    if as_json:
        door.json({"erased": erased, "items": chosen})
    else:
        door.say(f"{erased} erased. Backups made before still hold them.")


def check_filters(parts: Parts, topic: str, source: str) -> None:
    """Raises UsageError for a topic or source that does not exist."""
    if source:
        parts.sources.get(source)
    if topic:
        from crawler.cli.topic_options import known_topic

        known_topic(parts, topic)


def filter_of(
    since: str, topic: str, source: str, language: str, query: str, limit: int | None,
    zone: tzinfo = UTC,
) -> Filter:  # fmt: skip
    """The options as a filter; days begin in ``zone``. Raises UsageError for a wrong moment."""
    from crawler.storage.items import Filter

    moment = since_moment(since, zone) if since else None
    return Filter(moment, topic, source, language, query, limit)


def line(item: Item) -> str:
    """An item as lists show it."""
    day = item.published.day.isoformat() if item.published else "no date   "
    topics = ", ".join(match.topic for match in item.topics)
    tail = f"  [{topics}]" if topics else ""
    told = f"{item.title[:80]}{tail}{changed(item)}"
    return f"{item.id}  {day}  {item.language:<2}  {item.source:<24} {told}"


def changed(item: Item) -> str:
    """What changed of an item since it was first told, as the end of a line; "" where nothing
    did. A title that says so itself is not repeated."""
    if not item.change:
        return ""
    said = (
        ""
        if item.change in item.title
        else f": {shorten(item.change, _MOST_CHANGE, placeholder=' …')}"
    )
    return f"  (changed{said})"
