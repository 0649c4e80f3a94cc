"""Layers: what people added to a topic, laid over what is shipped or declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from crawler.errors import ClusterwatchError, ConfigError
from crawler.model.topic import Addition, TopicDefinition
from crawler.topics.checks import LANGUAGES, Place, as_tables
from crawler.topics.checks import term as checked_term
from crawler.topics.vocabulary import extended, load_topic
from crawler.topics.withdrawing import written

KINDS = ("any", "none", "near", "term", "without", "threshold")


def table_of(addition: Addition) -> dict[str, object]:
    """The topic table that says the same as one addition."""
    table: dict[str, object] = {"id": addition.topic}
    if addition.kind == "term":
        terms = {addition.language or "*": list(addition.terms)}
        return table | {"concepts": [{"id": addition.concept, "terms": terms}]}
    if addition.kind == "near":
        return table | {"near": [list(addition.terms)]}
    if addition.kind == "threshold":
        return table | {"threshold": _number(addition.terms)}
    return table | {addition.kind: list(addition.terms)}


def layered(
    topics: Sequence[TopicDefinition], additions: Sequence[Addition]
) -> tuple[TopicDefinition, ...]:
    """The topics with everything added to them.

    An addition that no longer fits (its topic or concept is gone) is left out: it must not
    stop the others.
    """
    found = {topic.id: topic for topic in topics}
    for one in additions:
        if one.topic in found:
            try:
                found[one.topic] = with_addition(found[one.topic], one)
            except ClusterwatchError:
                continue
    return tuple(found.values())


def with_addition(topic: TopicDefinition, addition: Addition) -> TopicDefinition:
    """The topic extended by one addition.

    Raises ConfigError where the addition is wrong: a kind or concept that does not exist, a
    term that does not parse (with its column), one to take out that the topic does not have,
    a language that is none.
    """
    where = f'topic "{topic.id}": addition'
    if addition.kind not in KINDS:
        raise ConfigError(f"{where} {addition.kind!r} is unknown; allowed: {', '.join(KINDS)}")
    if addition.kind == "term" and addition.concept not in (known := concepts_of(topic)):
        raise ConfigError(
            f"{where}: it has no concept {addition.concept!r}; known: {', '.join(known) or 'none'}"
        )
    if addition.kind == "without":
        _check_there(topic, addition.terms, where)
    elif addition.kind != "threshold":
        _check_written(addition, where)
    more = load_topic(table_of(addition), origin=where, declared_by=topic.declared_by)
    return extended(topic, more)


def _check_written(addition: Addition, where: str) -> None:
    """Terms and language, told as they were written: nobody wrote the table they stand in."""
    if addition.concept and addition.language not in ("", *LANGUAGES):
        allowed = ", ".join(LANGUAGES)
        raise ConfigError(f'{where}: "{addition.language}" is no language; allowed: {allowed}')
    for written_term in addition.terms:
        checked_term(written_term, Place(f"{where}:"))


def _check_there(topic: TopicDefinition, terms: Sequence[str], where: str) -> None:
    there = set(written(topic.definition))
    for term in terms:
        if term not in there:
            near = get_close_matches(term, there, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigError(f"{where}: it has no term {term!r} to take out{hint}")


def _number(terms: Sequence[str]) -> float | str:
    """A threshold as it was written; what is no number is left for the check to refuse."""
    said = ", ".join(terms)
    try:
        return float(said.replace(",", "."))
    except ValueError:
        return said


def concepts_of(topic: TopicDefinition) -> list[str]:
    """Ids of the concepts that the topic defines."""
    return [str(one["id"]) for one in as_tables(topic.definition.get("concepts"))]


def exported(
    topic: str, additions: Sequence[Addition], base: TopicDefinition | None = None
) -> Mapping[str, object]:
    """One ``[[topics]]`` table that says what ``base`` and all additions say together."""
    whole = base or TopicDefinition(topic, topic, {"id": topic})
    for one in additions:
        whole = extended(whole, load_topic(table_of(one), origin=f'topic "{topic}"'))
    return whole.definition
