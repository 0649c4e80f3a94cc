"""``clusterwatch topics add``, ``set``, ``remove``, ``export`` and ``reclassify``."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.cli.topic_options import (
    AnyOption,
    FileOption,
    NameOption,
    NearOption,
    NoneOption,
    TermOption,
    ThresholdOption,
    TopicArgument,
    WithoutOption,
    known_topic,
    topic_table,
    wanted_additions,
)
from crawler.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from crawler.model.topic import Addition, TopicDefinition
    from crawler.wiring import Parts

BY = "command"  # who adds; Slack and web name their own users
DropOption = Annotated[
    list[int] | None, typer.Option("--drop", help="Remove that addition.", metavar="N")
]
AlertOption = Annotated[
    bool, typer.Option("--alert", help="Stored items that match now may be alerted.")
]


def add(
    door: Door,
    topic_id: TopicArgument,
    name: NameOption = "",
    any_terms: AnyOption = None,
    none_terms: NoneOption = None,
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a topic that lives in the database.

    Example: clusterwatch topics add quantum --any "quantum comput*" --none "quantum leap"
    """
    with door.open(sync=True, readers=False) as parts:
        if topic_id in {topic.id for topic in parts.topics}:
            raise UsageError(
                f'The topic "{topic_id}" exists already.',
                remedy=f"Change it: clusterwatch topics set {topic_id} …",
            )
        _save(parts, topic_table(topic_id, name, any_terms, none_terms, file))
        classify_anew(door, parts)
        _tell(door, parts, topic_id, [], as_json)


def change(
    door: Door,
    topic_id: TopicArgument,
    name: NameOption = "",
    any_terms: AnyOption = None,
    none_terms: NoneOption = None,
    near: NearOption = None,
    terms: TermOption = None,
    gone: WithoutOption = None,
    threshold: ThresholdOption = None,
    drop: DropOption = None,
    file: FileOption = None,
    alert: AlertOption = False,
    as_json: JsonOption = False,
) -> None:
    """Add to any topic, take terms out of it, or take such a change back; --file and --name
    change a topic of the database itself. Stored items are decided anew; old ones alert nobody
    without --alert.

    Example: clusterwatch topics set ai --any "Sprachassistent*" --term chatbot.de=Plauderkasten
    """
    from crawler.storage.database import utc_now
    from crawler.topic_changes import add_to_topic

    with door.open(sync=True) as parts:
        known_topic(parts, topic_id)
        wanted = wanted_additions(topic_id, any_terms, none_terms, near, terms, gone, threshold)
        if not (wanted or drop or name or file):
            raise UsageError(
                "Nothing to change.",
                remedy="Give --any, --none, --near, --term, --without, --threshold, --drop, "
                "--name or --file.",
            )
        if name or file:
            own = next((one for one in parts.topic_store.own() if one.id == topic_id), None)
            given = topic_table(topic_id, name, None, None, file)
            _save(parts, (dict(own.definition) if own else {}) | given)
        for number in drop or []:
            parts.additions.drop(topic_id, number)
        parts.forget_topics()
        made = add_to_topic(parts.additions, parts.topics, wanted, by=BY, now=utc_now())
        parts.forget_topics()
        classify_anew(door, parts, [topic_id] if alert else [])
        _tell(door, parts, topic_id, made, as_json)


def remove(door: Door, topic_id: TopicArgument, as_json: JsonOption = False) -> None:
    """Remove a topic of the database, or everything that was added to another one.

    Example: clusterwatch topics remove quantum
    """
    from crawler.storage.database import utc_now
    from crawler.topic_changes import remove_topic
    from crawler.wiring import sync_watched

    with door.open() as parts:
        with suppress(ConfigError):  # of an id in file and database: its remedy is this command
            sync_watched(parts, utc_now())
        gone = remove_topic(parts.topic_store, parts.additions, topic_id)
        sync_watched(parts, utc_now())
        parts.forget_topics()
        classify_anew(door, parts)
        stays = any(topic.id == topic_id for topic in parts.topics)
    added = f"{gone} addition{'' if gone == 1 else 's'}"
    if as_json:
        door.json({"id": topic_id, "removed": not stays, "additions": gone})
    elif stays:
        taken = f"{added} taken back" if gone else "removed from the database"
        door.say(f"{topic_id}: {taken}; the topic itself stays as it was declared")
    else:
        door.say(f"{topic_id}: removed" + (f", with {added}" if gone else ""))


def export(
    door: Door,
    topic_ids: Annotated[list[str] | None, typer.Argument(metavar="[TOPIC]...")] = None,
) -> None:
    """Write what lives in the database as [[topics]] tables for a configuration file.

    Example: clusterwatch topics export > topics.toml
    """
    import tomlkit

    from crawler.topic_changes import exported

    with door.open(sync=True) as parts:
        own = {topic.id: topic for topic in parts.topic_store.own()}
        additions = parts.additions.all()
        for topic_id in topic_ids or []:
            known_topic(parts, topic_id)
    stored = sorted({*own, *(one.topic for one in additions)})
    tables = tomlkit.aot()
    for topic_id in stored:
        if not topic_ids or topic_id in topic_ids:
            base = own.get(topic_id)
            mine = [one for one in additions if one.topic == topic_id]
            tables.append(tomlkit.item(dict(exported(topic_id, mine, base))))
    if not tables:
        door.warn("No topic lives in the database, and nothing was added to one.")
        return
    document = tomlkit.document()
    document.append("topics", tables)
    door.say(tomlkit.dumps(document).strip())


def reclassify(
    door: Door,
    alert: Annotated[
        list[str] | None,
        typer.Option("--alert", help="Topic whose new matches may be alerted.", metavar="TOPIC"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Decide stored items anew by the topics as they are; the daemon does it by itself.

    Example: clusterwatch topics reclassify --alert ai
    """
    with door.open(sync=True) as parts:
        for topic_id in alert or []:
            known_topic(parts, topic_id)
        done = classify_anew(door, parts, alert or [])
    if as_json:
        door.json(done)
    elif not done["items"]:
        door.say("Every stored item was decided by the topics as they are.")


def classify_anew(door: Door, parts: Parts, alert: Collection[str] = ()) -> dict[str, int]:
    """Bring the archive up to the topics where they changed; progress goes to stderr."""
    from crawler.storage.database import utc_now

    work = parts.reclassification
    done = {"items": 0, "gained": 0, "lost": 0}
    if not work.is_due:
        return done
    told = 0
    for step in work.run(utc_now(), alert=alert):
        done["items"] += step.items
        done["gained"] += step.gained
        done["lost"] += step.lost
        if step.left and done["items"] - told >= _TELL_EVERY:
            told = done["items"]
            door.warn(f"Deciding anew: {done['items']} items, {step.left} left.")
    if done["items"] and door.verbosity >= 0:
        more = "1 more match" if done["gained"] == 1 else f"{done['gained']} more matches"
        silent = "" if alert else "; none of them is alerted for it"
        door.warn(
            f"{done['items']} stored items decided anew: {more}, {done['lost']} fewer{silent}."
        )
    return done


_TELL_EVERY = 2_000  # items


def _save(parts: Parts, table: dict[str, object]) -> None:
    from crawler.storage.database import utc_now
    from crawler.topic_changes import save_topic

    save_topic(parts.topic_store, table, utc_now())
    parts.forget_topics()


def _tell(door: Door, parts: Parts, topic_id: str, made: list[Addition], as_json: bool) -> None:
    saved = known_topic(parts, topic_id)
    if as_json:
        door.json(topic_json(saved) | {"added": [addition_json(one) for one in made]})
        return
    for one in made:
        door.say(f"{topic_id}: added {addition_line(one)}")
    door.say(f"{topic_id}: saved. What it is made of: clusterwatch topics show {topic_id}")


def topic_json(topic: TopicDefinition) -> dict[str, Any]:
    """A topic without its definition."""
    return {
        "id": topic.id,
        "name": topic.name,
        "names": dict(topic.names),
        "version": topic.version,
        "declared_by": topic.declared_by or None,
    }


def addition_json(one: Addition) -> dict[str, Any]:
    """An addition with its number."""
    return {
        "number": one.number,
        "kind": one.kind,
        "terms": list(one.terms),
        "concept": one.concept or None,
        "language": one.language or None,
        "by": one.by or None,
        "at": one.at.isoformat(timespec="seconds") if one.at else None,
    }


def addition_line(one: Addition) -> str:
    """``3  any "Sprachassistent*"``."""
    said = " + ".join(f'"{term}"' for term in one.terms)
    where = f" {one.concept}.{one.language}" if one.concept else ""
    return f"{one.number}  {one.kind}{where} {said}"
