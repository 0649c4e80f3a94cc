"""``clusterwatch topics``: what is looked for, and trying it before trusting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import topic_trial
from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.topic_trial import FileOption, TopicArgument, known_topic, topic_table
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.model.topic import TopicDefinition
    from crawler.wiring import Parts

AnyOption = Annotated[list[str] | None, typer.Option("--any", help="A term; repeatable.")]
NoneOption = Annotated[list[str] | None, typer.Option("--none", help="An excluding term.")]


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    topics = group("topics", "What is looked for, and trying it before trusting it.")
    command(topics, "list")(list_topics)
    command(topics, "show")(show)
    command(topics, "add")(add)
    command(topics, "set")(change)
    command(topics, "remove")(remove)
    command(topics, "test")(topic_trial.try_text)
    command(topics, "eval")(topic_trial.evaluate)
    command(topics, "replay")(topic_trial.replay)
    app.add_typer(topics)


def list_topics(door: Door, as_json: JsonOption = False) -> None:
    """List the topics.

    Example: clusterwatch topics list
    """
    with door.open(sync=True) as parts:
        topics = parts.topics
    if as_json:
        door.json([_topic_json(topic) for topic in topics])
        return
    for topic in topics:
        door.say(f"{topic.id:<24} {topic.name:<36} {topic.declared_by or 'database'}")


def show(door: Door, topic_id: TopicArgument, as_json: JsonOption = False) -> None:
    """Show one topic's definition.

    Example: clusterwatch topics show ai
    """

    with door.open(sync=True) as parts:
        topic = known_topic(parts, topic_id)
    if as_json:
        door.json(_topic_json(topic) | {"definition": topic.definition})
        return
    import tomlkit

    door.say(tomlkit.dumps(dict(topic.definition)).strip())


def add(
    door: Door,
    topic_id: TopicArgument,
    name: Annotated[str, typer.Option("--name", help="Name readers see.")] = "",
    any_terms: AnyOption = None,
    none_terms: NoneOption = None,
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a topic that lives in the database.

    Example: clusterwatch topics add quantum --any "quantum comput*" --none "quantum leap"
    """

    with door.open(sync=True) as parts:
        if topic_id in {topic.id for topic in parts.topics}:
            raise UsageError(
                f'The topic "{topic_id}" exists already.',
                remedy=f"Change it: clusterwatch topics set {topic_id} …",
            )
        _save(
            door, parts, topic_id, topic_table(topic_id, name, any_terms, none_terms, file), as_json
        )


def change(
    door: Door,
    topic_id: TopicArgument,
    name: Annotated[str, typer.Option("--name", help="Name readers see.")] = "",
    any_terms: AnyOption = None,
    none_terms: NoneOption = None,
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change a topic that lives in the database, or extend a shipped one.

    Example: clusterwatch topics set ai --any "Sprachassistent*"
    """

    with door.open(sync=True) as parts:
        known_topic(parts, topic_id)
        own = next((one for one in parts.topic_store.own() if one.id == topic_id), None)
        given = topic_table(topic_id, name, any_terms, none_terms, file)
        _save(door, parts, topic_id, (dict(own.definition) if own else {}) | given, as_json)


def remove(door: Door, topic_id: TopicArgument, as_json: JsonOption = False) -> None:
    """Remove a topic, or what was added to a shipped one, from the database.

    Example: clusterwatch topics remove quantum
    """

    with door.open(sync=True) as parts:
        parts.topic_store.remove(topic_id)
    if as_json:
        door.json({"id": topic_id, "removed": True})
    else:
        door.say(f"{topic_id}: removed")


def _save(door: Door, parts: Parts, topic_id: str, table: dict[str, object], as_json: bool) -> None:
    from crawler.storage.database import utc_now
    from crawler.topics.vocabulary import load_topic

    topic = load_topic(table, origin=f'topic "{topic_id}"')
    parts.topic_store.save(topic, utc_now())
    parts.forget_topics()
    saved = known_topic(parts, topic_id)
    if as_json:
        door.json(_topic_json(saved))
    else:
        door.say(f"{topic_id}: saved. Try it: clusterwatch topics replay {topic_id}")


def _topic_json(topic: TopicDefinition) -> dict[str, Any]:
    return {
        "id": topic.id,
        "name": topic.name,
        "names": dict(topic.names),
        "version": topic.version,
        "declared_by": topic.declared_by or None,
    }
