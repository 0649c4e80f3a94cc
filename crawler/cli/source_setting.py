"""``clusterwatch sources set``: a source with other values; another page is looked at first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.cli.reading import print_detection
from crawler.cli.source_adding import LikeOption, OnlyLinks, PickOption, SkipLinks, look
from crawler.cli.source_correcting import choose_anew
from crawler.cli.source_views import source_json, source_line
from crawler.source_changes import (
    checked_source,
    keep_learned,
    refuse_declared,
    refuse_watched,
)
from crawler.typed_addresses import at_address

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.model.source import Source
    from crawler.wiring import Parts

_LOOKED_AT = ("url", "kind", "selector")  # another page, or another way to read it
IdArgument = Annotated[str, typer.Argument(metavar="ID")]


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
    render: Annotated[
        str, typer.Option("--render", help='"browser" runs the page\'s scripts, "no" does not.')
    ] = "",
    pick: PickOption = None,
    like: LikeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a source that lives in the database, or which list of its page is watched.

    Example: clusterwatch sources set biosaxony --like https://www.biosaxony.com/news/a-story
    """
    given = {
        "name": name, "kind": kind, "every": every, "tags": tag,
        "only_links": only_links, "skip_links": skip_links, "selector": selector,
        "excerpt": excerpt, "render": render,
    }  # fmt: skip
    with door.open(sync=True) as parts:
        source = parts.sources.get(source_id).source
        found = at_address(
            url,
            lambda full: change_source(
                parts, source, _told(given | {"url": full}), pick, like or []
            ),
            door.warn,
        )
        row = parts.sources.get(source_id)
    if as_json:
        door.json([source_json(row)])
        return
    if found:
        print_detection(door, found, row.source.url)
    door.say(source_line(row, door.settings.zone))


def _told(given: dict[str, Any]) -> dict[str, Any]:
    """What the user gave; an empty pattern or selector clears it."""
    return {
        key: [one for one in value if one] if isinstance(value, list) else value
        for key, value in given.items()
        if value is not None and (value or key == "selector")
    }


def change_source(
    parts: Parts, before: Source, given: dict[str, Any], pick: int | None, like: Sequence[str]
) -> Detection | None:
    """Store what is given and what was found on the page, where it had to be looked at.

    Raises UsageError before anything is stored: for a declared source, a page that another
    source watches, that cannot be watched like this, or has not what was pointed at.
    """
    if not given and (pick or like):
        return choose_anew(parts, before, pick, like)
    refuse_declared(before)
    source = _with(before, given)
    found = None
    if source.kind != "newsletter" and ("url" in given or _is_other(before, source)):
        if source.url != before.url:
            refuse_watched(parts.sources, source.url, apart_from=source.id)
        found = look(parts, source, pick, like)
    _store(parts, source, found)
    if found is None and (pick or like):
        return choose_anew(parts, source, pick, like)
    return found


def _with(before: Source, given: dict[str, Any]) -> Source:
    from crawler.sources.lists import declared_values

    values = declared_values(before) | given
    if given.get("render") == "no":
        del values["render"]
    return checked_source(values)


def _is_other(before: Source, source: Source) -> bool:
    differs = any(getattr(before, key) != getattr(source, key) for key in _LOOKED_AT)
    return differs or bool(source.render and not before.render)


def _store(parts: Parts, source: Source, found: Detection | None) -> None:
    from crawler.storage.database import utc_now

    parts.sources.change(source, utc_now())
    if found is not None:
        keep_learned(parts.sources, source, found)
