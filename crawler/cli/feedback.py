"""``clusterwatch feedback``: a person says whether a topic was right for an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption, command

if TYPE_CHECKING:
    from crawler.model.judgement import Judgement

BY = "command"  # who judges; Slack and web name their own users


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    command(app, "feedback")(feedback)


def feedback(
    door: Door,
    item_id: Annotated[str, typer.Argument(metavar="ID")],
    judgement: Annotated[str, typer.Argument(metavar="relevant|wrong|missed")],
    topic_id: Annotated[str, typer.Option("--topic", help="The topic it is about.", metavar="T")],
    as_json: JsonOption = False,
) -> None:
    """Remember whether a topic was right for an item; changes no decision.

    relevant: it is about the topic; wrong: it is not; missed: it is, and was not found.

    Example: clusterwatch feedback 3f2a9c0d1b7e4a55 --topic ai wrong
    """
    from crawler.judging import judge
    from crawler.storage.database import utc_now

    with door.open() as parts:
        item, kept = judge(
            parts.database, parts.topics, item_id, topic_id, judgement, by=BY, now=utc_now()
        )
    if as_json:
        door.json(judgement_json(kept))
        return
    door.say(item.title[:90])
    door.say(f"{_line(kept)}; remembered.")
    door.say(f"What was learned: clusterwatch topics review {kept.topic}")


def judgement_json(one: Judgement) -> dict[str, Any]:
    """A judgement and the classification it judges; ``score`` is null where nothing matched."""
    return {
        "id": one.item,
        "topic": one.topic,
        "judgement": one.judgement,
        "score": None if one.score is None else round(one.score, 4),
        "version": one.version,
        "by": one.by,
        "at": one.at.isoformat(timespec="seconds"),
    }


def _line(one: Judgement) -> str:
    """What was understood, also where the word does not fit the classification."""
    said = f"{one.topic}: {one.judgement}"
    if one.score is None:
        known = {"relevant": "though it was not found", "wrong": "and rightly not found"}
        return ", ".join(filter(None, (said, known.get(one.judgement))))
    if one.judgement == "missed":
        return f"{said}, though it was found ({one.score:.2f}): counts as relevant"
    return f"{said}, found with {one.score:.2f}"
