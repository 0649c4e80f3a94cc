"""``clusterwatch topics``: what is looked for, and trying it before trusting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import topic_changes, topic_trial
from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.topic_changes import addition_json, addition_line, topic_json
from crawler.cli.topic_options import TopicArgument, known_topic

if TYPE_CHECKING:
    from crawler.topic_changes import Layer
    from crawler.wiring import Parts


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    topics = group("topics", "What is looked for, and trying it before trusting it.")
    command(topics, "list")(list_topics)
    command(topics, "show")(show)
    command(topics, "add")(topic_changes.add)
    command(topics, "set")(topic_changes.change)
    command(topics, "remove")(topic_changes.remove)
    command(topics, "export")(topic_changes.export)
    command(topics, "reclassify")(topic_changes.reclassify)
    command(topics, "test")(topic_trial.try_text)
    command(topics, "eval")(topic_trial.evaluate)
    command(topics, "replay")(topic_trial.replay)
    app.add_typer(topics)


def list_topics(door: Door, as_json: JsonOption = False) -> None:
    """List the topics.

    Example: clusterwatch topics list
    """
    with door.open(sync=True, looks=True, readers=False) as parts:
        topics = parts.topics
    if as_json:
        door.json([topic_json(topic) for topic in topics])
        return
    for topic in topics:
        door.say(f"{topic.id:<24} {topic.name:<36} {topic.declared_by or 'database'}")


def show(
    door: Door,
    topic_id: TopicArgument,
    full: Annotated[bool, typer.Option("--full", help="The whole definition as TOML.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a topic is made of: shipped, of the file, added, each addition with its number.

    Example: clusterwatch topics show ai
    """
    with door.open(sync=True, looks=True, readers=False) as parts:
        topic = known_topic(parts, topic_id)
        layers = _layers(parts, topic_id)
    if as_json:
        door.json(
            topic_json(topic)
            | {"definition": topic.definition, "layers": [_layer_json(one) for one in layers]}
        )
        return
    if full:
        import tomlkit

        door.say(tomlkit.dumps(dict(topic.definition)).strip())
        return
    door.say(f"{topic.id}: {topic.name} (version {topic.version})")
    for layer in layers:
        door.say(_layer_line(layer))
    if any(layer.addition for layer in layers):
        door.say(f"Take one back: clusterwatch topics set {topic_id} --drop NUMBER")
    door.say(f"Every term: clusterwatch topics show {topic_id} --full")


def _layers(parts: Parts, topic_id: str) -> list[Layer]:
    from crawler.topic_changes import layers_of
    from crawler.wiring import declared_topics

    declared = declared_topics(parts.settings)
    return layers_of(topic_id, declared, parts.topic_store.own(), parts.additions.of(topic_id))


def _layer_json(layer: Layer) -> dict[str, Any]:
    document: dict[str, Any] = {"layer": layer.kind, "by": layer.by or None}
    if layer.addition is not None:
        return document | addition_json(layer.addition)
    return document | ({} if layer.kind == "shipped" else {"definition": layer.table})


def _layer_line(layer: Layer) -> str:
    from crawler.topic_changes import sizes
    from crawler.topics.withdrawing import said

    if layer.addition is not None:
        at = f" on {layer.addition.at:%Y-%m-%d}" if layer.addition.at else ""
        return f"  added {addition_line(layer.addition)} (by {layer.by or 'unknown'}{at})"
    concepts, terms, languages = sizes(layer.table)
    plain = [
        f"{key} = {', '.join(map(said, listed))}"
        for key in ("any", "all", "none", "near", "without")
        if isinstance(listed := layer.table.get(key), list) and listed
    ]
    if concepts:
        plain.insert(0, f"{concepts} concepts, {terms} terms, {languages} languages")
    whose = {"file": f"file ({layer.by})"}.get(layer.kind, layer.kind)
    return f"  {whose}: {'; '.join(plain) or 'names only'}"
