"""Options of the topic commands: how a topic, its terms and additions are written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.model.topic import Addition, TopicDefinition
    from crawler.wiring import Parts

TopicArgument = Annotated[str, typer.Argument(metavar="TOPIC")]
FileOption = Annotated[
    Path | None, typer.Option("--file", help="TOML file with one topic's table.", metavar="FILE")
]
NameOption = Annotated[str, typer.Option("--name", help="Name readers see.")]
AnyOption = Annotated[list[str] | None, typer.Option("--any", help="A term; repeatable.")]
NoneOption = Annotated[list[str] | None, typer.Option("--none", help="An excluding term.")]
NearOption = Annotated[
    list[str] | None,
    typer.Option("--near", help='Terms of one sentence: "robot* + surg*".', metavar="A + B"),
]
TermOption = Annotated[
    list[str] | None,
    typer.Option("--term", help="A term of a concept.", metavar="CONCEPT.LANG=TERM"),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option("--without", help="A term to take out, as --full shows it.", metavar="TERM"),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option("--threshold", help="The score from which an item matches, 0 to 1."),
]


def known_topic(parts: Parts, topic_id: str) -> TopicDefinition:
    """Raises UsageError naming the nearest topic there is."""
    from crawler.topic_changes import known_topic as found

    return found(parts.topics, topic_id)


def topic_table(
    topic_id: str,
    name: str,
    any_terms: list[str] | None,
    none_terms: list[str] | None,
    file: Path | None,
) -> dict[str, object]:
    """The table that the options and the file say together.

    Raises UsageError where they say nothing or the file holds no TOML.
    """
    table = _table_of(file, topic_id) if file is not None else {}
    if name:
        table["name"] = name
    if any_terms:
        table["any"] = any_terms
    if none_terms:
        table["none"] = none_terms
    if not table:
        raise UsageError("Nothing to save.", remedy="Give --any TERM or --file FILE.")
    return table | {"id": topic_id}


def _table_of(file: Path, topic_id: str) -> dict[str, object]:
    """The file's keys, or those of its ``[[topics]]`` table with that id."""
    try:
        table: dict[str, object] = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file}: cannot be read as TOML: {error}.") from error
    tables = table.get("topics")
    if not isinstance(tables, list):
        return table
    for one in tables:
        if isinstance(one, dict) and one.get("id") == topic_id:
            return one
    raise UsageError(f'{file}: no [[topics]] table with id = "{topic_id}".')


def wanted_additions(
    topic_id: str,
    any_terms: list[str] | None,
    none_terms: list[str] | None,
    near: list[str] | None,
    terms: list[str] | None,
    gone: list[str] | None = None,
    threshold: float | None = None,
) -> list[Addition]:
    """What the options change, one addition a term; ``gone``: terms to take out.

    Raises UsageError for an option that names nothing.
    """
    from crawler.model.topic import Addition

    found = [Addition(0, topic_id, "any", (term,)) for term in any_terms or []]
    found += [Addition(0, topic_id, "none", (term,)) for term in none_terms or []]
    for group in near or []:
        parts = tuple(part.strip() for part in group.split(" + "))
        found.append(Addition(0, topic_id, "near", parts))
    found += [_term(topic_id, one) for one in terms or []]
    found += [Addition(0, topic_id, "without", (term,)) for term in gone or []]
    if threshold is not None:
        found.append(Addition(0, topic_id, "threshold", (f"{threshold:g}",)))
    return found


def _term(topic_id: str, written: str) -> Addition:
    """``chatbot.de=Plauderkasten``; without a language for all of them."""
    from crawler.model.topic import Addition

    place, equals, term = written.partition("=")
    concept, _, language = place.partition(".")
    if not (equals and concept.strip() and term.strip()):
        raise UsageError(
            f'--term "{written}" names no concept and term.',
            remedy="Write it so: --term chatbot.de=Plauderkasten",
        )
    return Addition(0, topic_id, "term", (term.strip(),), concept.strip(), language.strip() or "*")
