"""``clusterwatch stories``: grouped items, and scoring the grouping."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.items import (
    LimitOption,
    SinceOption,
    SourceOption,
    TopicOption,
    changed,
    check_filters,
    filter_of,
    line,
)
from crawler.cli.moments import day

if TYPE_CHECKING:
    from crawler.config.tables import Settings
    from crawler.model.story import StoryLink


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    stories = group("stories", "Items that tell the same event.")
    command(stories, "list")(list_stories)
    command(stories, "show")(show)
    command(stories, "split")(split)
    command(stories, "join")(join)
    command(stories, "eval")(evaluate)
    app.add_typer(stories)


def list_stories(
    door: Door,
    since: SinceOption = "",
    topic: TopicOption = "",
    source: SourceOption = "",
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """List stories, newest first, with their tellings, the original before copies and translations.

    Example: clusterwatch stories list --since 7d
    """
    from crawler.export import item_json
    from crawler.stories.face import led

    most = limit or (None if as_json else 50)
    with door.open(looks=True) as parts:
        check_filters(parts, topic, source)
        wanted = filter_of(since, topic, source, "", "", most, door.settings.zone)
        found = parts.stories.find(wanted)
    house = house_language(door.settings)
    shown = [(story.id, led(story.items, house)) for story in found]
    if as_json:
        door.json([{"id": key, "items": [item_json(one) for one in some]} for key, some in shown])
        return
    for key, some in shown:
        door.say(f"{key}  {some[0].title[:90]}{changed(some[0])}")
        for one in some[1:]:
            told = f"{one.source} ({one.language}) {one.title[:70]}{changed(one)}"
            door.say(f"    also: {one.id}  {told}")
    if not shown and any((since, topic, source)):
        door.say("Nothing matches.")
    elif not shown:
        door.say("No stories yet. Poll the sources first: clusterwatch crawl")


def show(
    door: Door,
    wanted: Annotated[str, typer.Argument(metavar="STORY|ITEM")],
    as_json: JsonOption = False,
) -> None:
    """Show a story with all its tellings, and what made them one.

    Example: clusterwatch stories show s3f2a9c0d1b7e4a55
    """
    from crawler.export import item_json, link_json
    from crawler.stories.face import led

    with door.open(looks=True) as parts:
        story = parts.stories.get(wanted)
    tellings = led(story.items, house_language(door.settings))
    inside = {one.id for one in tellings}
    links = [one for one in story.links if not one.veto and {one.item, one.other} <= inside]
    if as_json:
        items, joined = [item_json(one) for one in tellings], [link_json(one) for one in links]
        door.json({"id": story.id, "items": items, "links": joined})
        return
    many = "1 telling" if len(tellings) == 1 else f"{len(tellings)} tellings"
    door.say(f"{story.id}  {many}, first seen {day(story.first_seen, door.settings.zone)}")
    for one in tellings:
        door.say(line(one))
        for link in links:
            if link.item == one.id:
                door.say(f"    {_joined(link)}")


def _joined(link: StoryLink) -> str:
    from crawler.export import shared_words

    if link.relation == "manual":  # nothing was measured
        return f"joined by hand with {link.other}"
    shared = f": {shared_words(link.anchors)}" if link.anchors else ""
    return f"{link.relation} of {link.other} ({link.score:.2f}){shared}"


def house_language(settings: Settings) -> str:
    """The language that all digests of the configuration are written in; "" where they differ or
    there are none."""
    languages = {one.digest_language for one in settings.subscriptions}
    return languages.pop() if len(languages) == 1 else ""


def split(
    door: Door,
    item: Annotated[str, typer.Argument(metavar="ITEM")],
    as_json: JsonOption = False,
) -> None:
    """Take an item out of its story for good.

    Example: clusterwatch stories split 3f2a9c0d1b7e4a55
    """
    from crawler.storage.database import utc_now

    with door.open() as parts:
        before = [item, *(one.story for one in parts.items.by_ids([item]))]
        story = parts.stories.split(item, utc_now())
    if as_json:
        door.json({"story": story, "items": [item]})
    elif story in before:
        door.say(f"{item} stands alone in story {story} already.")
    else:
        door.say(f"{item} stands in story {story} now; remembered.")


def join(
    door: Door,
    items: Annotated[list[str], typer.Argument(metavar="ITEM|STORY ITEM|STORY...")],
    as_json: JsonOption = False,
) -> None:
    """Make the stories of these items one for good; a story's id will do.

    Example: clusterwatch stories join 3f2a9c0d1b7e4a55 7be1d02c9a4f3e10
    """
    from crawler.storage.database import utc_now

    with door.open() as parts:
        story = parts.stories.join(items, utc_now())
    if as_json:
        door.json({"story": story, "items": items})
    else:
        door.say(f"They stand in story {story} now; remembered.")


def evaluate(
    door: Door,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl")],
    as_json: JsonOption = False,
) -> None:
    """Score the grouping on labelled items.

    Example: clusterwatch stories eval labelled.jsonl
    """
    from crawler.cli.topic_trial import scored
    from crawler.stories.evaluate import evaluate as score

    result = scored(file, score)
    if as_json:
        door.json(result)
        return
    for name in ("pairwise", "bcubed"):
        one = result[name]
        door.say(
            f"{name:<9} precision {one['precision']:.3f}  recall {one['recall']:.3f}  "
            f"F1 {one['f1']:.3f}"
        )
    for name, one in result["relations"].items():
        door.say(f"  {name:<14} recall {one['recall']:.3f} of {one['pairs']} pairs")
    wrong = sum(error["kind"] == "joined" for error in result["errors"])
    missed = len(result["errors"]) - wrong
    door.say(f"{result['n']} items; {wrong} pairs joined wrongly, {missed} missed (--json: which)")
