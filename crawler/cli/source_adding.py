"""``clusterwatch sources add``: look at a page, show how it would be watched, store it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.cli.reading import RenderOption, print_detection
from crawler.cli.source_views import checked_source, source_json
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.extract.listing import ListingHints
    from crawler.model.source import Source
    from crawler.storage.sources import SourceRow
    from crawler.wiring import Parts

OnlyLinks = Annotated[
    list[str] | None, typer.Option("--only-links", help='Only such paths, e.g. "/news/*".')
]
SkipLinks = Annotated[
    list[str] | None, typer.Option("--skip-links", help='Never such paths, e.g. "/jobs/*".')
]


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
    render: RenderOption = "",
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
    )
    url = url if "://" in url else f"https://{url}"
    with door.open(sync=True) as parts:
        refuse_watched(parts, url)
        values = {
            "url": url, "id": source_id, "name": name, "kind": kind, "every": every,
            "tags": tag or [], "only_links": only_links or [], "skip_links": skip_links or [],
            "selector": selector, "render": render,
        }  # fmt: skip
        source = _declared(values, parts)
        found = asyncio.run(_detect(parts, url, hints, pick, source.render))
        _check_liked(found, like or [], url)
        if not found.items and kind != "page":
            raise _nothing_found(found, url)
        if found.kind == "feed" and found.feed_url:
            refuse_watched(parts, found.feed_url)
        source = replace(source, name=name or found.title or source.id)
        row = _store(door, parts, source, found, write=write)
    if as_json:
        door.json([source_json(row)])
        return
    print_detection(door, found, url)
    where = door.settings.path.name if write and door.settings.path else "the database"
    door.say(f'Added "{source.id}" to {where}. Poll it now: clusterwatch crawl {source.id}')


def _nothing_found(found: Detection, url: str) -> UsageError:
    from crawler.fetch.chromium import browser_remedy

    remedy = (
        "Give the address of its news list or feed, name an item with --like URL, "
        "or add it with --kind page to watch the page itself."
    )
    return UsageError(
        f"No news items were found on {url} ({found.why}).",
        remedy=browser_remedy("", url) if found.needs_browser else remedy,
    )


def refuse_watched(parts: Parts, *urls: str) -> None:
    """Raises UsageError where a source watches one of the addresses already."""
    from crawler.urls import canonical_url, url_key

    wanted = {url_key(canonical_url(url)) for url in urls}
    for row in parts.sources.all():
        watched = [one for one in (row.source.url, row.state.watch_url) if one]
        if wanted & {url_key(canonical_url(one)) for one in watched}:
            raise UsageError(
                f'The source "{row.source.id}" watches {urls[0]} already.',
                remedy=f"Look at it: clusterwatch sources show {row.source.id}",
            )


def _check_liked(found: Detection, like: list[str], url: str) -> None:
    from crawler.urls import canonical_url, url_key

    seen = {url_key(canonical_url(item.url)) for item in found.items}
    for wanted in like:
        if url_key(canonical_url(wanted, base=url)) not in seen:
            raise UsageError(
                f"--like {wanted}: no list on {url} holds this item.",
                remedy=f"See what the page lists with: clusterwatch detect {url}",
            )


async def _detect(
    parts: Parts, url: str, hints: ListingHints, pick: int | None, render: str
) -> Detection:
    """The page as it would be watched; ``pick`` chooses among the numbered candidates."""
    async with parts.crawl() as crawl:
        found: Detection = await crawl.detect(url, hints, render)
        if pick is None:
            return found
        if not 1 <= pick <= len(found.candidates):
            raise UsageError(
                f"--pick {pick}: the page has {len(found.candidates)} candidates.",
                remedy=f"See them with: clusterwatch detect {url}",
            )
        chosen = found.candidates[pick - 1]
        if chosen.kind == "feed":
            return replace(found, kind="feed", feed_url=chosen.url, items=chosen.items)
        # Candidates are numbered as they were seen: without what sibling pages share.
        shared = frozenset(found.learned.get("furniture", ()))
        hints = replace(hints, pick=chosen.pick, furniture=shared)
        picked: Detection = await crawl.detect(url, hints, render)
        return picked


def _declared(values: dict[str, Any], parts: Parts) -> Source:
    from crawler.sources.lists import new_id

    if not values["id"]:
        taken = [row.source.id for row in parts.sources.all(everything=True)]
        values["id"] = new_id(str(values["name"]), str(values["url"]), taken)
    return checked_source(values)


def _store(door: Door, parts: Parts, source: Source, found: Detection, *, write: bool) -> SourceRow:
    from crawler.model.source import SourceState
    from crawler.storage.database import utc_now

    if write:
        _write(door, source)
        name = door.settings.clusterwatch.name
        declared = [*door.settings.sources, replace(source, declared_by=name)]
        parts.sources.sync(declared, name, utc_now())
    else:
        parts.sources.add(source, utc_now())
    if source.kind == "auto" and found.kind in ("listing", "feed"):
        url = found.feed_url if found.kind == "feed" else ""
        learned = found.learned if found.kind == "listing" else {}
        state = SourceState(source.id, "active", found.kind, url or source.url, learned)
        parts.sources.learn(source.id, state)
    return parts.sources.get(source.id)


def _write(door: Door, source: Source) -> None:
    from crawler.config.editing import append_table
    from crawler.sources.lists import declared_values

    if door.settings.path is None:
        raise UsageError("--write needs a configuration file.", remedy="Run: clusterwatch init")
    append_table(door.settings.path, "sources", declared_values(source))
