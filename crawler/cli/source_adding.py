"""``clusterwatch sources add``: look at a page, show how it would be watched, store it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.cli.reading import RenderOption, print_detection
from crawler.cli.source_views import source_json
from crawler.errors import UsageError
from crawler.source_changes import (
    detected,
    keep_learned,
    new_source,
    refuse_empty,
    refuse_no_addresses,
    refuse_same_list,
    refuse_unlike,
    refuse_watched,
)
from crawler.sources.chosen import chosen, lost_choice
from crawler.typed_addresses import at_address

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.extract.listing import ListingHints
    from crawler.model.source import Source
    from crawler.storage.source_rows import SourceRow
    from crawler.wiring import Parts

OnlyLinks = Annotated[
    list[str] | None, typer.Option("--only-links", help='Only such paths, e.g. "/news/*".')
]
SkipLinks = Annotated[
    list[str] | None, typer.Option("--skip-links", help='Never such paths, e.g. "/jobs/*".')
]
PickOption = Annotated[int | None, typer.Option("--pick", help="Take candidate N.", min=1)]
LikeOption = Annotated[
    list[str] | None, typer.Option("--like", help="An item that must be found.", metavar="URL")
]


def add(
    door: Door,
    url: Annotated[str, typer.Argument(metavar="URL")],
    source_id: Annotated[str, typer.Option("--id", help="Short name.")] = "",
    name: Annotated[str, typer.Option("--name", help="Name readers see.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="feed, listing, sitemap or page.")] = "auto",
    every: Annotated[str, typer.Option("--every", help='How often, e.g. "6h".')] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag; repeatable.")] = None,
    only_links: OnlyLinks = None,
    skip_links: SkipLinks = None,
    selector: Annotated[str, typer.Option("--selector", help="CSS selector, last resort.")] = "",
    render: RenderOption = "",
    pick: PickOption = None,
    like: LikeOption = None,
    write: Annotated[bool, typer.Option("--write", help="Into the configuration file.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at a page, show how it would be watched, and store it as a source.

    Example: clusterwatch sources add https://www.example.org/news --tag rivals
    """
    values = {
        "id": source_id, "name": name, "kind": kind, "every": every,
        "tags": tag or [], "only_links": only_links or [], "skip_links": skip_links or [],
        "selector": selector, "render": render,
    }  # fmt: skip
    with door.open(sync=True, readers=False) as parts:
        source, found = at_address(
            url,
            lambda full: _looked_at(parts, values | {"url": full}, pick, like or []),
            door.warn,
        )
        row = _store(door, parts, source, found, write=write)
    if as_json:
        door.json([source_json(row)])
    else:
        _say_added(door, source, found, write=write)
    if write and (lost := lost_choice(row.source, row.state)):
        door.warn(lost)


def _looked_at(
    parts: Parts, values: dict[str, Any], pick: int | None, like: Sequence[str]
) -> tuple[Source, Detection]:
    """The source that the values make and how its page would be watched.

    Raises UsageError for one that is watched already, or where nothing is found to watch.
    """
    from crawler.extract.site_name import source_name

    pointed = pick or like or any(values[key] for key in ("only_links", "skip_links", "selector"))
    if not pointed:
        refuse_watched(parts.sources, values["url"])
    source = new_source(parts.sources, values)
    found = look(parts, source, pick, like)
    if pointed:
        refuse_same_list(parts.sources, source, found)
    elif found.kind == "feed" and found.feed_url:
        refuse_watched(parts.sources, found.feed_url)
    name = values["name"] or source_name(found, source.url) or source.id
    return replace(source, name=name), found


def look(parts: Parts, source: Source, pick: int | None, like: Sequence[str]) -> Detection:
    """How a source's page would be watched now, as the user points at its list.

    Raises UsageError where nothing is found, or not what was pointed at.
    """
    import asyncio

    from crawler.extract.listing import ListingHints

    refuse_no_addresses(like, source.url)
    hints = ListingHints(source.only_links, source.skip_links, source.selector, tuple(like))
    found = asyncio.run(_detect(parts, source.url, hints, pick, source.render))
    refuse_unlike(found, like, source.url)
    refuse_empty(found, source.url, source.kind)
    return found


def _say_added(door: Door, source: Source, found: Detection, *, write: bool) -> None:
    if source.kind == "page":
        door.say(told_as_page(found))
    else:
        print_detection(door, found, source.url)
    where = door.settings.path.name if write and door.settings.path else "the database"
    door.say(f'Added "{source.id}" to {where}. Poll it now: clusterwatch crawl {source.id}')


def told_as_page(found: Detection) -> str:
    """How a page is watched that was asked for as a page, whatever list it holds."""
    told = "page: as asked, the passages that appear in its text from now on are its items"
    if not found.items:
        return told
    return f"{told}; left to itself it would be watched as a {found.kind} ({found.why})"


async def _detect(
    parts: Parts, url: str, hints: ListingHints, pick: int | None, render: str
) -> Detection:
    async with parts.crawl() as crawl:
        return await detected(crawl, url, hints, pick, render)


def _store(door: Door, parts: Parts, source: Source, found: Detection, *, write: bool) -> SourceRow:
    from crawler.config.editing import append_table
    from crawler.sources.lists import declared_values
    from crawler.storage.database import utc_now

    if write:
        source = chosen(source, found.learned if found.kind == "listing" else {})
        name = door.settings.clusterwatch.name
        declared = [*door.settings.sources, replace(source, declared_by=name)]
        if door.settings.path is None:
            raise UsageError("--write needs a configuration file.", remedy="Run: clusterwatch init")
        parts.sources.sync(declared, name, utc_now())  # before the file has an id that is taken
        append_table(door.settings.path, "sources", declared_values(source))
    else:
        parts.sources.add(source, utc_now())
    return keep_learned(parts.sources, source, found)
