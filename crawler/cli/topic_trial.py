"""``clusterwatch topics test``, ``eval`` and ``replay``: trying topics before trusting them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
from crawler.cli.json_lines import numbered_objects
from crawler.cli.since import since_moment
from crawler.cli.topic_options import (
    AnyOption,
    FileOption,
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
from crawler.counts import counted
from crawler.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from crawler.model.item import Item
    from crawler.model.topic import Match
    from crawler.topics.trial import Replay
    from crawler.wiring import Parts

MAX_LINES = 200_000
MOST_KEPT = 20  # titles shown of items that match already
_FILE_NAME = re.compile(r"[^\s]{1,200}\.(txt|md|html?|json|eml)")


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

    body = given_text(text)
    with door.open(sync=True, looks=True, readers=False) as parts:
        language = detect_language(title, body)
        found = parts.matcher.match(title, body, language)
        nearest = [] if found else _nearest(parts, title, body, language)
    if as_json:
        document = {"title": title, "text": body, "topics": [match_json(one) for one in found]}
        door.json(document)
        return
    for match in found:
        _print_match(door, match)
    if not found:
        door.say("No topic.")
        for line in nearest:
            door.say(f"  {line}")


def evaluate(
    door: Door,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl")],
    as_json: JsonOption = False,
) -> None:
    """Score the topics on labelled items.

    Example: clusterwatch topics eval labelled.jsonl
    """
    from crawler.topics.evaluate import evaluate as score

    with door.open(sync=True, looks=True, readers=False) as parts:
        result = scored(file, lambda rows: score(rows, parts.matcher))
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
    any_terms: AnyOption = None,
    none_terms: NoneOption = None,
    near: NearOption = None,
    terms: TermOption = None,
    gone: WithoutOption = None,
    threshold: ThresholdOption = None,
    file: FileOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a changed topic would bring from the archive, and lose; saves nothing.

    Example: clusterwatch topics replay ai --any "Sprachassistent*" --since 90d
    """
    from crawler.storage.items import Filter
    from crawler.topic_changes import tried_topic
    from crawler.topics.trial import replayed

    with door.open(sync=True, looks=True, readers=False) as parts:
        known = None if file else known_topic(parts, topic_id)
        topic = tried_topic(
            known or topic_table(topic_id, "", None, None, file),
            wanted_additions(topic_id, any_terms, none_terms, near, terms, gone, threshold),
            parts.additions.of(topic_id),
        )
        items = parts.items.find(Filter(since=since_moment(since)))
    _print_replay(door, since, items, topic_id, replayed(topic, items), as_json)


def scored(file: Path, score: Callable[[list[dict[str, Any]]], dict[str, Any]]) -> dict[str, Any]:
    """What ``score`` makes of a file's rows. Raises ConfigError and UsageError naming the file."""
    rows = read_jsonl(file)
    try:
        return score(rows)
    except ConfigError as error:
        raise ConfigError(f"{file.name}, {error.message}", remedy=error.remedy) from error


def read_jsonl(file: Path) -> list[dict[str, Any]]:
    """Objects, one a line. Raises UsageError naming the line."""
    return [row for _, row in numbered_objects(file, MAX_LINES)]


def _print_replay(
    door: Door, since: str, items: list[Item], topic_id: str, done: Replay, as_json: bool
) -> None:
    first = min((item.first_seen for item in items), default=None)
    document = {
        "topic": topic_id,
        "since": since,
        "items": len(items),
        "oldest": first.isoformat(timespec="seconds") if first else None,
        "matched": sorted(done.matched),
        "gained": sorted(done.gained),
        "lost": sorted(done.lost),
    }
    if as_json:
        door.json(document)
        return
    covers = f"the archive reaches back to {first:%Y-%m-%d}" if first else "the archive is empty"
    door.say(f"{counted(len(items), 'item')} within {since}; {covers}.")
    door.say(
        f"{len(done.matched)} match, {len(done.gained)} of them new, {len(done.lost)} no longer."
    )
    changed = done.gained | done.lost
    for item in items:
        if item.id in changed:
            door.say(f"  {'+' if item.id in done.gained else '-'} {item.title[:90]}")
    kept = [item for item in items if item.id in done.matched - changed]
    for item in kept[:MOST_KEPT]:
        door.say(f"    {item.title[:90]}")
    if len(kept) > MOST_KEPT:
        door.say(f"    … and {len(kept) - MOST_KEPT} more that match already")


def _print_match(door: Door, match: Match) -> None:
    door.say(f"{match.topic} ({match.score:.2f})")
    for one in match.evidence[:8]:
        door.say(f"  {one.concept}: “{one.quote}” ({one.field} {one.start}–{one.end})")


def _nearest(parts: Parts, title: str, text: str, language: str) -> list[str]:
    """What was missing for the topics that found something."""
    lines = []
    for topic in parts.matcher.topics:
        one = parts.matcher.diagnose(topic, title, text, language)
        if one.score > 0 or one.evidence or one.denied:
            missing = f": {one.missing[0]}" if one.missing else ""
            lines.append(f"{topic}: {one.score:.2f} of {one.threshold:.2f}{missing}")
    return lines


def given_text(value: str) -> str:
    """The argument itself, or what the file says that it names. Raises UsageError."""
    from crawler.extract.charset import decode

    path = Path(value)
    if len(value) < 500 and _is_file(path):
        body = path.read_bytes()
        try:
            return body.decode("utf-8")  # exactly as it stands: evidence counts its characters
        except UnicodeDecodeError:
            return decode(body)
    if _FILE_NAME.fullmatch(value):
        raise UsageError(f"{value}: no such file.", remedy="Give a file or the text itself.")
    return value


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False
