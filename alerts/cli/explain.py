"""``clusterwatch explain`` (alias ``why``): the evidence behind every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption, command

if TYPE_CHECKING:
    from alerts.explanation import Explanation

NEAR_MISSES = 3  # of other stories that are named, nearest first; the rest is counted


def register(app: typer.Typer) -> None:
    """Add the command and its alias."""
    command(app, "explain")(explain)
    command(app, "why", hidden=True)(explain)


def explain(
    door: Door,
    wanted: Annotated[str, typer.Argument(metavar="ID|URL")],
    topic: Annotated[str, typer.Option("--topic", help="What was missing for this topic.")] = "",
    subscription: Annotated[str, typer.Option("--for", help="For this subscription.")] = "",
    live: Annotated[bool, typer.Option("--live", help="Fetch the address again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Why an item has, or has not, its topics, its story and its place in a digest.

    It is called why, too.

    Example: clusterwatch explain https://www.example.org/news/1 --topic ai
    """
    import asyncio

    from alerts.explain import explain as find_out
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now
    from crawler.typed_addresses import with_scheme

    wanted = with_scheme(wanted)
    with open_alerts(door.looking, sync=True) as parts:
        now = utc_now()
        found = find_out(parts, wanted, topic=topic, subscription=subscription, now=now)
        if live:
            from alerts.explain_live import look_again

            found = asyncio.run(look_again(parts, found, found.url or wanted, topic, now))
    if as_json:
        door.json(_json(found))
    else:
        _print(door, found, topic)


def _json(found: Explanation) -> dict[str, Any]:
    from crawler.export import match_json

    item = found.item
    document: dict[str, Any] = {
        "id": item.id if item else None,
        "url": found.url,
        "title": item.title if item else None,
        "topics": [match_json(match) for match in found.topics],
        "story": found.story,
        "stage": found.stage,
        "reason": found.reason,
        "remedy": found.remedy or None,
        "missing": list(found.lines),
        "change": (item.change or None) if item else None,
        "text": item.text if item else None,
    }
    return document


def _print(door: Door, found: Explanation, topic: str) -> None:
    door.say(f"{found.stage}: {found.reason}")
    if found.remedy:
        door.say(f"  {found.remedy}")
    if found.item is not None:
        door.say(found.item.title)
        door.say(found.item.url)
        if found.item.change:
            door.say(f"  changed since it was first told: {found.item.change}")
    for line in found.lines:
        door.say(f"  {line}")
    _print_topics(door, found, topic)
    _print_story(door, found)


def _print_topics(door: Door, found: Explanation, topic: str) -> None:
    """The matches with their evidence; of all but the one that was asked about the name alone."""
    from crawler.topics.matching import concept_name

    for match in found.topics:
        door.say(f"topic {match.topic} ({match.score:.2f})")
        for one in match.evidence if topic in ("", match.topic) else ():
            name = concept_name(one.concept, "en")
            door.say(f"  {name}: “{one.quote}” in the {one.field}, {one.start}–{one.end}")
    if found.item is not None and not found.topics:
        door.say("no topic")


def _print_story(door: Door, found: Explanation) -> None:
    from crawler.export import shared_words

    if found.story is None:
        return
    others = len(found.story["items"]) - 1
    many = "1 other telling" if others == 1 else f"{others} other tellings"
    door.say(f"story {found.story['id']}" + (f" with {many}" if others else ""))
    links = sorted(found.story["links"], key=lambda link: -link["score"])
    for link in links:
        if not link["veto"]:
            shared = f": {shared_words(link['anchors'])}" if link["anchors"] else ""
            door.say(f"  {_joined(link)}{shared}")
    missed = [link for link in links if link["veto"]]
    for link in missed[:NEAR_MISSES]:
        door.say(f"  not one with “{_title(link)}”: {link['veto']}")
    if len(missed) > NEAR_MISSES:
        door.say(f"  nor with {len(missed) - NEAR_MISSES} more")


def _joined(link: dict[str, Any]) -> str:
    if link["relation"] == "manual":  # nothing was measured
        return f"joined by hand with “{_title(link)}”"
    return f"{link['relation']} of “{_title(link)}” ({link['score']:.2f})"


def _title(link: dict[str, Any]) -> str:
    return str(link["title"] or link["other"])
