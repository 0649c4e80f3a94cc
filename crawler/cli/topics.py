"""``clusterwatch topics``: what is looked for, and trying it before trusting it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.items import since_moment
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.model.item import Item
    from crawler.model.topic import Match, TopicDefinition
    from crawler.wiring import Parts

MAX_LINES = 200_000
TopicArgument = Annotated[str, typer.Argument(metavar="TOPIC")]
FileOption = Annotated[
    Path | None, typer.Option("--file", help="TOML file with one topic's table.", metavar="FILE")
]
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
    command(topics, "test")(try_text)
    command(topics, "eval")(evaluate)
    command(topics, "replay")(replay)
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
        _save(door, parts, topic_id, _given(topic_id, name, any_terms, none_terms, file), as_json)


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
        given = _given(topic_id, name, any_terms, none_terms, file)
        _save(door, parts, topic_id, (dict(own.definition) if own else {}) | given, as_json)


def remove(door: Door, topic_id: TopicArgument) -> None:
    """Remove a topic, or what was added to a shipped one, from the database.

    Example: clusterwatch topics remove quantum
    """

    with door.open(sync=True) as parts:
        parts.topic_store.remove(topic_id)
    door.say(f"{topic_id}: removed")


def try_text(
    door: Door,
    text: Annotated[str, typer.Argument(metavar="TEXT|FILE")],
    title: Annotated[str, typer.Option("--title", help="The item's title.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Which topics a text has, and the evidence.

    Example: clusterwatch topics test --title "KI in der Pflege" "Ein neues Projekt …"
    """
    from crawler.export import match_json
    from crawler.language import detect_language

    body = _text(text)
    with door.open(sync=True) as parts:
        found = parts.matcher.match(title, body, detect_language(title, body))
    if as_json:
        document = {"title": title, "text": body, "topics": [match_json(one) for one in found]}
        door.json(document)
        return
    for match in found:
        _print_match(door, match)
    if not found:
        door.say("No topic. What was missing: clusterwatch explain ID --topic TOPIC")


def evaluate(
    door: Door,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl")],
    as_json: JsonOption = False,
) -> None:
    """Score the topics on labelled items.

    Example: clusterwatch topics eval labelled.jsonl
    """
    from crawler.topics.evaluate import evaluate as score

    with door.open(sync=True) as parts:
        result: dict[str, Any] = score(read_jsonl(file), parts.matcher)
    if as_json:
        door.json(result)
        return
    micro = result["micro"]
    door.say(
        f"{result['n']} items: precision {micro['precision']:.3f}, recall {micro['recall']:.3f}, "
        f"F1 {micro['f1']:.3f}"
    )
    for topic, one in result["topics"].items():
        door.say(f"  {topic:<24} P {one['precision']:.3f}  R {one['recall']:.3f}  "
                 f"F1 {one['f1']:.3f}  ({one['fp']} wrong, {one['fn']} missed)")  # fmt: skip
    for miss in result["misses"][:20]:
        door.say(f"  {miss['id']}: expected {miss['expected']}, got {miss['got']}")


def replay(
    door: Door,
    topic_id: TopicArgument,
    since: Annotated[str, typer.Option("--since", help='How far back, e.g. "90d".')] = "90d",
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a definition would have brought from the archive; saves nothing.

    Example: clusterwatch topics replay ai --since 90d
    """
    from crawler.storage.items import Filter

    with door.open(sync=True) as parts:
        matcher = _matcher_with(parts, topic_id, file)
        items = parts.items.find(Filter(since=since_moment(since)))
    had: set[str] = set()
    has: set[str] = set()
    for item in items:
        if any(match.topic == topic_id for match in item.topics):
            had.add(item.id)
        found = matcher.match(item.title, item.text, item.language)
        if any(match.topic == topic_id for match in found):
            has.add(item.id)
    _print_replay(door, topic_id, since, items, had, has, as_json)


def read_jsonl(file: Path) -> list[dict[str, Any]]:
    """Objects, one a line. Raises UsageError naming the line."""
    if not file.is_file():
        raise UsageError(f"{file}: no such file.")
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(file.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        if number > MAX_LINES:
            raise UsageError(f"{file.name}: more than {MAX_LINES} lines.")
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{file.name}, line {number}: not JSON ({error}).") from error
        if not isinstance(row, dict):
            raise UsageError(f"{file.name}, line {number}: an object is needed.")
        rows.append(row)
    return rows


def _given(
    topic_id: str,
    name: str,
    any_terms: list[str] | None,
    none_terms: list[str] | None,
    file: Path | None,
) -> dict[str, object]:
    table: dict[str, object] = {}
    if file is not None:
        try:
            table = tomllib.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(f"{file}: cannot be read as TOML: {error}.") from error
    if name:
        table["name"] = name
    if any_terms:
        table["any"] = any_terms
    if none_terms:
        table["none"] = none_terms
    if not table:
        raise UsageError("Nothing to save.", remedy="Give --any TERM or --file FILE.")
    return table | {"id": topic_id}


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


def _matcher_with(parts: Parts, topic_id: str, file: Path | None) -> Any:
    from crawler.topics.matching import TopicMatcher
    from crawler.topics.vocabulary import load_topic

    if file is None:
        return TopicMatcher([known_topic(parts, topic_id)])
    table = _given(topic_id, "", None, None, file)
    return TopicMatcher([load_topic(table, origin=file.name)])


def _print_replay(
    door: Door,
    topic_id: str,
    since: str,
    items: list[Item],
    had: set[str],
    has: set[str],
    as_json: bool,
) -> None:
    first = min((item.first_seen for item in items), default=None)
    document = {
        "topic": topic_id,
        "since": since,
        "items": len(items),
        "oldest": first.isoformat(timespec="seconds") if first else None,
        "matched": sorted(has),
        "gained": sorted(has - had),
        "lost": sorted(had - has),
    }
    if as_json:
        door.json(document)
        return
    covers = f"the archive reaches back to {first:%Y-%m-%d}" if first else "the archive is empty"
    door.say(f"{len(items)} items within {since}; {covers}.")
    door.say(f"{len(has)} match, {len(has - had)} of them new, {len(had - has)} no longer.")
    for item in items:
        mark = "+" if item.id in has - had else "-" if item.id in had - has else ""
        if mark:
            door.say(f"  {mark} {item.title[:90]}")


def known_topic(parts: Parts, topic_id: str) -> TopicDefinition:
    """Raises UsageError naming the nearest topic there is."""
    from difflib import get_close_matches

    for topic in parts.topics:
        if topic.id == topic_id:
            return topic
    known = [topic.id for topic in parts.topics]
    near = get_close_matches(topic_id, known, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(known)}."
    raise UsageError(f'There is no topic "{topic_id}".', remedy=hint)


def _topic_json(topic: TopicDefinition) -> dict[str, Any]:
    return {
        "id": topic.id,
        "name": topic.name,
        "names": dict(topic.names),
        "version": topic.version,
        "declared_by": topic.declared_by or None,
    }


def _print_match(door: Door, match: Match) -> None:
    door.say(f"{match.topic} ({match.score:.2f})")
    for one in match.evidence[:8]:
        door.say(f"  {one.concept}: “{one.quote}” ({one.field} {one.start}–{one.end})")


def _text(value: str) -> str:
    """The argument itself, or the file it names."""
    try:
        path = Path(value)
        if len(value) < 500 and path.is_file():
            return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        return value
    return value
