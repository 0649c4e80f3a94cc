"""Changing topics: the same steps for the command line, Slack and the web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from crawler.errors import UsageError
from crawler.model.topic import Addition, TopicDefinition
from crawler.storage.topic_additions import AdditionStore
from crawler.storage.topics import TopicStore
from crawler.topics.checks import as_mapping, as_strings, as_tables
from crawler.topics.layers import exported as exported
from crawler.topics.layers import layered, with_addition
from crawler.topics.matching import TopicMatcher
from crawler.topics.vocabulary import combine, load_topic, shipped_topics


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a topic, the lowest first."""

    kind: str  # "shipped", "file", "database" or "added"
    by: str  # installation that declared it, or who added it
    table: Mapping[str, object]  # what it says; of a shipped topic the whole of it
    addition: Addition | None = None


def known_topic(topics: Sequence[TopicDefinition], topic_id: str) -> TopicDefinition:
    """Raises UsageError naming the nearest topic there is."""
    for topic in topics:
        if topic.id == topic_id:
            return topic
    known = [topic.id for topic in topics]
    near = get_close_matches(topic_id, known, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(known)}."
    raise UsageError(f'There is no topic "{topic_id}".', remedy=hint)


def add_to_topic(
    store: AdditionStore,
    topics: Sequence[TopicDefinition],
    wanted: Sequence[Addition],
    *,
    by: str,
    now: datetime,
) -> list[Addition]:
    """Check additions against their topics and store them, all or nothing; with their numbers.

    ``topics``: as they stand, additions included. Raises UsageError for an unknown topic and
    ConfigError naming what is wrong, for a term with its column.
    """
    changed = {one.topic: known_topic(topics, one.topic) for one in wanted}
    for one in wanted:
        changed[one.topic] = with_addition(changed[one.topic], one)
    TopicMatcher(list(changed.values()))  # raises where they do not fit together
    return store.add([replace(one, by=by) for one in wanted], now)


def tried_topic(
    base: TopicDefinition | Mapping[str, object],
    wanted: Sequence[Addition],
    additions: Sequence[Addition],
) -> TopicDefinition:
    """A topic as it would be, for a trial: nothing is saved.

    ``base``: the topic as it stands, or a table that a file would declare. A table with a
    shipped id extends that topic, as it would in the file, and keeps its ``additions``.
    Raises ConfigError naming what is wrong, for a term with its column.
    """
    if isinstance(base, TopicDefinition):
        topic = base
    else:
        declared = load_topic(base, origin=f'topic "{base.get("id")}"')
        both = combine(shipped_topics(), [declared])
        (topic,) = layered([one for one in both if one.id == declared.id], additions)
    for one in wanted:
        topic = with_addition(topic, one)
    return topic


def layers_of(
    topic_id: str,
    declared: Sequence[TopicDefinition],
    stored: Sequence[TopicDefinition],
    additions: Sequence[Addition],
) -> list[Layer]:
    """What a topic is made of. ``declared``: of the file; ``stored``: of the database alone."""
    kinds = (("shipped", shipped_topics()), ("file", declared), ("database", stored))
    layers = [
        Layer(kind, topic.declared_by, topic.definition)
        for kind, topics in kinds
        for topic in topics
        if topic.id == topic_id
    ]
    mine = [one for one in additions if one.topic == topic_id]
    return layers + [Layer("added", one.by, exported(topic_id, [one]), one) for one in mine]


def sizes(table: Mapping[str, object]) -> tuple[int, int, int]:
    """How many concepts, terms and languages a topic's table has; ``"*"`` is no language."""
    concepts = as_tables(table.get("concepts"))
    terms = 0
    languages: set[str] = set()
    for concept in concepts:
        for words in (as_mapping(concept.get(key)) for key in ("terms", "only")):
            terms += sum(len(as_strings(listed)) for listed in words.values())
            languages.update(words)
    return len(concepts), terms, len(languages - {"*"})


def save_topic(store: TopicStore, table: Mapping[str, object], now: datetime) -> TopicDefinition:
    """Add or replace a topic of the database, told by its table (with its ``id``).

    Raises ConfigError naming what is wrong, UsageError for one that a file declares.
    """
    topic = load_topic(table, origin=f'topic "{table.get("id")}"')
    TopicMatcher([topic])  # raises where it names concepts that do not exist
    store.save(topic, now)
    return topic


def remove_topic(store: TopicStore, additions: AdditionStore, topic_id: str) -> int:
    """Remove a topic of the database with everything added to it, or all that was added to
    another one; how many additions went. Raises UsageError where there is neither."""
    own = {topic.id for topic in store.own()}
    gone = additions.drop_all(topic_id)
    if not gone and topic_id not in own and topic_id in {one.id for one in shipped_topics()}:
        raise UsageError(
            f'"{topic_id}" is shipped and stays: a subscription that does not name it hears '
            "nothing of it.",
            remedy="clusterwatch subscriptions set ID --topic OTHER; or give it another meaning "
            'in the configuration file: [[topics]] with its id and "replace = true". Without that '
            "table it is the shipped topic again.",
        )
    if topic_id in own or not gone:
        store.remove(topic_id)
    return gone
