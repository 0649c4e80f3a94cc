"""Vocabulary: what a topic file or ``[[topics]]`` table may say, checked and canonical.

The grammar of the tables is described in ``docs/topics.md``; that of one term in
``crawler.topics.terms``. ``TopicDefinition.definition`` is the checked table: plain strings,
numbers, lists and mappings, so that it can be stored as JSON.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from crawler.errors import ConfigError
from crawler.model.topic import TopicDefinition
from crawler.topics import checks
from crawler.topics.checks import Place
from crawler.topics.withdrawing import without

ENGINE = 5  # raise it when the same table starts to decide otherwise
SHIPPED = "shipped"  # who declares the topics that borrow from nobody
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_WITHIN = ("sentence", "item")
_FINDING = ("any", "all", "near", "concepts")  # without one of these a topic finds nothing

Check = Callable[[object, Place], object]


def load_topic(
    table: Mapping[str, object], *, origin: str, declared_by: str = ""
) -> TopicDefinition:
    """The topic a table declares; ``origin`` is what errors call its place (file, table).

    Raises ConfigError naming origin, key, what is wrong and what is allowed; for a term that
    does not parse, its column.
    """
    checked = checks.table(table, Place(origin), _TOPIC_KEYS, required=("id",))
    topic_id = str(checked["id"])
    names = checks.as_names(checked.get("names", {}))
    name = str(checked.get("name") or names.get("en") or topic_id)
    return TopicDefinition(
        id=topic_id,
        name=name,
        definition=checked,
        version=_version(checked, borrows=declared_by != SHIPPED),
        names=names,
        declared_by=declared_by,
    )


@cache
def shipped_topics() -> tuple[TopicDefinition, ...]:
    """The topics of ``seeds/topics``, by id."""
    return tuple(
        load_topic(
            tomllib.loads(file.read_text(encoding="utf-8")),
            origin=f"seeds/topics/{file.name}",
            declared_by=SHIPPED,
        )
        for file in _shipped_files()
    )


def _shipped_files() -> list[Traversable]:
    folder = resources.files("seeds") / "topics"
    return sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


@cache
def _shipped_digest() -> str:
    """Of everything that a topic of somebody's own may borrow."""
    digest = hashlib.sha256()
    for file in (*_shipped_files(), resources.files("seeds") / "lexicon.toml"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def combine(
    shipped: Sequence[TopicDefinition], declared: Sequence[TopicDefinition]
) -> tuple[TopicDefinition, ...]:
    """All topics together: a declared one with a shipped id extends it or, with
    ``replace = true``, takes its place.

    Raises ConfigError where two declared topics have the same id, or one has no term at all.
    """
    topics = {topic.id: topic for topic in shipped}
    seen: set[str] = set()
    for topic in declared:
        if topic.id in seen:
            raise ConfigError(f"topic {topic.id!r} is declared twice; ids are unique")
        seen.add(topic.id)
        base = topics.get(topic.id)
        starts_anew = base is None or bool(topic.definition.get("replace", False))
        if starts_anew and not any(topic.definition.get(key) for key in _FINDING):
            raise ConfigError(
                f"topic {topic.id!r} finds nothing: it has no term",
                remedy='Give it terms, e.g. any = ["quantum comput*"].',
            )
        topics[topic.id] = topic if base is None or starts_anew else extended(base, topic)
    return tuple(topics.values())


def extended(base: TopicDefinition, more: TopicDefinition) -> TopicDefinition:
    """``base`` with everything ``more`` says added, after what it takes out is gone; its single
    values win."""
    gone = checks.as_strings(more.definition.get("without"))
    merged: dict[str, object] = without(base.definition, gone)
    for key, value in more.definition.items():
        old = merged.get(key)
        if key == "concepts" and isinstance(old, list) and isinstance(value, list):
            merged[key] = _merged_concepts(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = [*old, *(entry for entry in value if entry not in old)]
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = {**old, **value}
        else:
            merged[key] = value
    return TopicDefinition(
        id=base.id,
        name=str(more.definition.get("name", base.name)),
        definition=merged,
        version=_version(merged, borrows=True),
        names={**base.names, **more.names},
        declared_by=more.declared_by or base.declared_by,
    )


def _merged_concepts(old: list[object], new: list[object]) -> list[object]:
    """Concepts by id: the terms of a known one grow, unknown ones are added."""
    merged = list(old)
    places = {c["id"]: i for i, c in enumerate(old) if isinstance(c, Mapping)}
    for concept in new:
        if not isinstance(concept, Mapping) or concept["id"] not in places:
            merged.append(concept)
            continue
        place = places[concept["id"]]
        merged[place] = _grown(merged[place], concept)
    return merged


def _grown(old: object, new: Mapping[str, object]) -> dict[str, object]:
    grown: dict[str, object] = dict(old) if isinstance(old, Mapping) else {}
    for key, value in new.items():
        if key in {"terms", "only", "names"} and isinstance(value, Mapping):
            before = grown.get(key, {})
            grown[key] = _joined_lists(before if isinstance(before, Mapping) else {}, value)
        else:
            grown[key] = value
    return grown


def _joined_lists(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    joined: dict[str, object] = dict(old)
    for key, value in new.items():
        before = joined.get(key)
        if isinstance(before, list) and isinstance(value, list):
            joined[key] = [*before, *(term for term in value if term not in before)]
        else:
            joined[key] = value
    return joined


def _version(definition: Mapping[str, object], *, borrows: bool) -> str:
    """A digest of what decides; display names do not, but what is borrowed does."""
    decisive = {k: v for k, v in definition.items() if k not in {"name", "names", "short"}}
    basis = [ENGINE, decisive, _shipped_digest()] if borrows else [ENGINE, decisive]
    text = json.dumps(basis, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- what each key may hold -----------------------------------------------------------


def _id(value: object, place: Place) -> str:
    text = checks.text(value, place)
    if not _ID.fullmatch(text):
        better = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:63]
        hint = f", for example {better!r}" if better else ""
        raise place.error(f"is {text!r}; allowed are lower-case letters, digits and '-'{hint}")
    return text


def _within(value: object, place: Place) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return checks.whole_number(value, place, 1, 200)
    if value in _WITHIN:
        return str(value)
    raise place.error(f"is {value!r}; allowed: 'sentence', 'item' or a number of words, 1 to 200")


def _all(value: object, place: Place) -> list[object]:
    return [
        checks.terms(entry, p) if isinstance(entry, list | tuple) else checks.term(entry, p)
        for i, entry in enumerate(checks.listing(value, place))
        for p in (place.entry(i),)
    ]


def _near(value: object, place: Place) -> list[object]:
    return [_near_entry(e, place.entry(i)) for i, e in enumerate(checks.listing(value, place))]


def _near_entry(value: object, place: Place) -> dict[str, object]:
    """``["robot*", "surg*"]`` or ``{ terms = […], within = … }``."""
    entry = {"terms": value} if isinstance(value, list | tuple) else value
    if not isinstance(entry, Mapping):
        raise place.error(
            f"is {checks.kind(value)}; allowed: a list of terms, or a table of terms and within"
        )
    checked = checks.table(entry, place, {"terms": _all, "within": _within}, required=("terms",))
    terms = checked["terms"]
    if not isinstance(terms, list) or len(terms) < 2:
        raise place.error("needs at least two terms that stand near each other")
    return {"terms": terms, "within": checked.get("within", "sentence")}


def _concepts(value: object, place: Place) -> list[object]:
    return [
        _id(entry, place.entry(i)) if isinstance(entry, str) else _concept(entry, place.entry(i))
        for i, entry in enumerate(checks.listing(value, place))
    ]


def _concept(value: object, place: Place) -> dict[str, object]:
    return checks.table(value, place, _CONCEPT_KEYS, required=("id",))


def _rules(value: object, place: Place) -> list[object]:
    return [
        checks.table(entry, place.entry(i), _RULE_KEYS, required=("require",))
        for i, entry in enumerate(checks.listing(value, place))
    ]


def _dampers(value: object, place: Place) -> list[object]:
    return [
        checks.table(entry, place.entry(i), _DAMPER_KEYS, required=("when", "factor"))
        for i, entry in enumerate(checks.listing(value, place))
    ]


def _weights(value: object, place: Place) -> dict[str, object]:
    keys: dict[str, Check] = dict.fromkeys(("title", "lead", "body", "late", "tail"), checks.share)
    return checks.table(value, place, keys)


def _ids(value: object, place: Place) -> list[object]:
    return [_id(entry, place.entry(i)) for i, entry in enumerate(checks.listing(value, place))]


def _some_ids(value: object, place: Place) -> list[object]:
    ids = _ids(value, place)
    if not ids:
        raise place.error("is empty; allowed: at least one concept or group")
    return ids


_CONCEPT_KEYS: dict[str, Check] = {
    "id": _id,
    "group": _id,
    "names": checks.names,
    "strength": checks.share,
    "near": _ids,
    "within": _within,
    "unless": _ids,
    "hides": _ids,
    "listed": checks.truth,
    "terms": checks.terms_by_language,
    "only": checks.terms_by_language,
}
_RULE_KEYS: dict[str, Check] = {
    "require": _some_ids,
    "within": _within,
    "anywhere": _ids,
    "languages": checks.strings,
    "factor": checks.share,
}
_DAMPER_KEYS: dict[str, Check] = {
    "when": _ids,
    "at_least": lambda value, place: checks.whole_number(value, place, 1, 50),
    "without": _ids,
    "languages": checks.strings,
    "factor": checks.share,
}
_TOPIC_KEYS: dict[str, Check] = {
    "id": _id,
    "name": checks.text,
    "names": checks.names,
    "short": checks.names,
    "replace": checks.truth,
    "threshold": checks.share,
    "weights": _weights,
    "any": checks.terms,
    "all": _all,
    "none": checks.terms,
    "near": _near,
    "without": checks.strings,
    "concepts": _concepts,
    "rules": _rules,
    "dampers": _dampers,
}
