"""``clusterwatch topics test``, ``eval`` and ``replay``: trying topics before trusting them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption
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

    body = _text(text)
    with door.open(sync=True, looks=True) as parts:
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

    with door.open(sync=True, looks=True) as parts:
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

    with door.open(sync=True, looks=True) as parts:
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
    for item in items:
        mark = "+" if item.id in done.gained else "-" if item.id in done.lost else ""
        if mark:
            door.say(f"  {mark} {item.title[:90]}")


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


def _text(value: str) -> str:
    """The argument itself, or the file it names. Raises UsageError for a missing file."""
    if _FILE_NAME.fullmatch(value) and not Path(value).is_file():
        raise UsageError(f"{value}: no such file.", remedy="Give a file or the text itself.")
    try:
        path = Path(value)
        if len(value) < 500 and path.is_file():
            return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        return value
    return value
