"""Compiling: from the checked tables of topics to concepts, rules and one list of patterns.

A concept that several topics use is compiled once. A user's term that a shipped concept
knows stands for the whole concept, and so finds items in the other languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from crawler.errors import ConfigError
from crawler.model.topic import TopicDefinition
from crawler.topics.context import cues
from crawler.topics.folding import folded
from crawler.topics.terms import Term, parse_term
from crawler.topics.vocabulary import shipped_topics

DEFAULT_THRESHOLD = 0.5
DEFAULT_STRENGTH = 0.6
USER_STRENGTH = 1.0
NONE = "none"  # the concept of a topic's excluding terms


# How much a find counts by where it stands; see layout.Layout.part.
DEFAULT_WEIGHTS = {"title": 1.0, "lead": 1.0, "body": 0.8, "late": 0.45, "tail": 0.15}


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea and every term for it; ``languages`` of a term are () for all."""

    id: str
    terms: tuple[tuple[Term, tuple[str, ...]], ...]
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a concept does in one topic; other concepts by their number."""

    concept: int
    id: str
    group: str
    strength: float
    near: tuple[str, ...] = ()  # counts only in the company of these
    within: str | int = "sentence"
    unless: tuple[str, ...] = ()  # does not count in an item that has one of these
    hides: tuple[str, ...] = ()  # what it covers is not theirs


@dataclass(frozen=True, slots=True)
class Rule:
    """A conjunction: one find of each required group close together."""

    require: tuple[str, ...]
    within: str | int = "sentence"
    anywhere: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Damper:
    """Lowers the score of an item that has all of ``when`` and none of ``without``."""

    when: tuple[str, ...]
    factor: float
    at_least: int = 1  # different wordings of each
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledTopic:
    """One topic, ready to be decided."""

    id: str
    threshold: float
    weights: Mapping[str, float]
    roles: tuple[Role, ...]
    rules: tuple[Rule, ...] = ()
    dampers: tuple[Damper, ...] = ()
    every: tuple[str, ...] = ()  # groups that must all be found (``all``)
    loose: bool = True  # finds count on their own, not only through rules
    # The roles that count on their own, each with the concepts of the company it needs.
    alone: tuple[tuple[Role, frozenset[int]], ...] = ()
    # Of each rule, the concepts of every required group.
    rule_needs: tuple[tuple[frozenset[int], ...], ...] = ()


class Registry:
    """The concepts of all topics, each once."""

    def __init__(self) -> None:
        self.concepts: list[Concept] = []
        self._numbers: dict[Concept, int] = {}

    def number(self, concept: Concept) -> int:
        """The number of a concept, new or known."""
        if concept not in self._numbers:
            self._numbers[concept] = len(self.concepts)
            self.concepts.append(concept)
        return self._numbers[concept]


def compiled(topic: TopicDefinition, registry: Registry) -> CompiledTopic:
    """The topic with its concepts entered in ``registry``.

    Raises ConfigError where it names a concept that nobody knows.
    """
    table = topic.definition
    roles = [*_concept_roles(topic, registry), *_term_roles(table, registry)]
    every, every_roles = _every(table, registry)
    near_rules, near_roles = _near(table, registry)
    roles += every_roles + near_roles
    rules = [*near_rules, *map(_rule, _tables(table.get("rules")))]
    dampers = tuple(map(_damper, _tables(table.get("dampers"))))
    _check_references(topic.id, roles, rules, dampers)
    loose = "rules" not in table
    groups = _grouped(roles)
    return CompiledTopic(
        id=topic.id,
        threshold=_number(table.get("threshold"), DEFAULT_THRESHOLD),
        weights=_weights(table.get("weights")),
        roles=tuple(roles),
        rules=tuple(rules),
        dampers=dampers,
        every=every,
        loose=loose,
        alone=tuple(
            (role, _concepts(groups, role.near))
            for role in roles
            if role.strength and (loose or role.strength == USER_STRENGTH)
        ),
        rule_needs=tuple(
            tuple(_concepts(groups, (name,)) for name in rule.require) for rule in rules
        ),
    )


def _concept_roles(topic: TopicDefinition, registry: Registry) -> list[Role]:
    """Roles of the concepts a topic defines or borrows from the shipped lexicons."""
    roles: list[Role] = []
    for entry in _entries(topic.definition.get("concepts")):
        if isinstance(entry, Mapping):
            roles.append(_role(entry, registry))
            continue
        borrowed = _borrowed(str(entry))
        if not borrowed:
            known = ", ".join(sorted(_lexicon()))
            raise ConfigError(
                f"topic {topic.id!r}: concepts: {entry!r} is no shipped concept; known: {known}"
            )
        roles += [_role(table, registry) for table in borrowed]
    return roles


def _role(table: Mapping[str, object], registry: Registry) -> Role:
    concept_id = str(table["id"])
    within = table.get("within", "sentence")
    return Role(
        concept=registry.number(_concept(table)),
        id=concept_id,
        group=str(table.get("group", concept_id)),
        strength=_number(table.get("strength"), DEFAULT_STRENGTH),
        near=_strings(table.get("near")),
        within=within if isinstance(within, int) else str(within),
        unless=_strings(table.get("unless")),
        hides=_strings(table.get("hides")),
    )


def _concept(table: Mapping[str, object]) -> Concept:
    terms: list[tuple[Term, tuple[str, ...]]] = []
    for words in _mapping(table.get("terms")).values():
        terms += [(parse_term(word), ()) for word in _strings(words)]
    for language, words in _mapping(table.get("only")).items():
        terms += [(parse_term(word), (language,)) for word in _strings(words)]
    names = tuple(sorted((k, str(v)) for k, v in _mapping(table.get("names")).items()))
    return Concept(str(table["id"]), tuple(terms), names)


def _term_roles(table: Mapping[str, object], registry: Registry) -> list[Role]:
    """Roles of the plain terms under ``any`` and ``none``."""
    roles = [_user_role(term, term, registry) for term in _strings(table.get("any"))]
    excluded = _strings(table.get("none"))
    if excluded:
        concept = Concept(NONE, tuple((parse_term(term), ()) for term in excluded))
        roles.append(Role(registry.number(concept), NONE, NONE, 0.0))
    return roles


def _user_role(term: str, group: str, registry: Registry, strength: float = USER_STRENGTH) -> Role:
    """A user's term; where a shipped concept knows it, that concept with all its languages."""
    parsed = parse_term(term)
    shipped = None if parsed.field else _known_terms().get(folded(term.strip("=")))
    if shipped is not None:
        concept = _concept(shipped)
    else:
        concept = Concept(_readable(term), ((parsed, ()),))
    return Role(registry.number(concept), concept.id, group, strength)


def _readable(term: str) -> str:
    return term.partition(": ")[2] if term.startswith(("title: ", "text: ")) else term.lstrip("=")


def _every(table: Mapping[str, object], registry: Registry) -> tuple[tuple[str, ...], list[Role]]:
    groups: list[str] = []
    roles: list[Role] = []
    for index, entry in enumerate(_entries(table.get("all"))):
        group = f"all-{index + 1}"
        words = _strings(entry) if isinstance(entry, list | tuple) else (str(entry),)
        roles += [_user_role(word, group, registry) for word in words]
        groups.append(group)
    return tuple(groups), roles


def _near(table: Mapping[str, object], registry: Registry) -> tuple[list[Rule], list[Role]]:
    rules: list[Rule] = []
    roles: list[Role] = []
    for index, entry in enumerate(_tables(table.get("near"))):
        groups: list[str] = []
        for position, words in enumerate(_entries(entry.get("terms"))):
            group = f"near-{index + 1}-{position + 1}"
            listed = _strings(words) if isinstance(words, list | tuple) else (str(words),)
            roles += [_user_role(word, group, registry, 0.0) for word in listed]
            groups.append(group)
        within = entry.get("within", "sentence")
        rules.append(Rule(tuple(groups), within if isinstance(within, int) else str(within)))
    return rules, roles


def _rule(table: Mapping[str, object]) -> Rule:
    within = table.get("within", "sentence")
    return Rule(
        require=_strings(table.get("require")),
        within=within if isinstance(within, int) else str(within),
        anywhere=_strings(table.get("anywhere")),
        languages=_strings(table.get("languages")),
        factor=_number(table.get("factor"), 1.0),
    )


def _damper(table: Mapping[str, object]) -> Damper:
    return Damper(
        when=_strings(table.get("when")),
        factor=_number(table.get("factor"), 1.0),
        at_least=int(_number(table.get("at_least"), 1)),
        without=_strings(table.get("without")),
    )


def _weights(value: object) -> dict[str, float]:
    given = {key: _number(weight, 1.0) for key, weight in _mapping(value).items()}
    return {**DEFAULT_WEIGHTS, **given}


def _concepts(groups: Mapping[str, Sequence[Role]], names: Iterable[str]) -> frozenset[int]:
    return frozenset(role.concept for name in names for role in groups[name])


def _grouped(roles: Iterable[Role]) -> dict[str, tuple[Role, ...]]:
    """Roles by group and by their own id."""
    groups: dict[str, list[Role]] = {}
    for role in roles:
        for name in {role.group, role.id}:
            groups.setdefault(name, []).append(role)
    return {name: tuple(members) for name, members in groups.items()}


def _check_references(
    topic: str, roles: Sequence[Role], rules: Sequence[Rule], dampers: Sequence[Damper]
) -> None:
    groups = _grouped(roles)
    named = [n for role in roles for n in (*role.near, *role.unless, *role.hides)]
    named += [n for rule in rules for n in (*rule.require, *rule.anywhere)]
    named += [n for damper in dampers for n in (*damper.when, *damper.without)]
    for name in named:
        if name not in groups:
            known = ", ".join(sorted(groups))
            raise ConfigError(
                f"topic {topic!r}: {name!r} is no concept or group of it; known: {known}"
            )


def cue_concepts() -> tuple[Concept, ...]:
    """The cue words of contexts as concepts, to be found in the same pass."""
    return tuple(
        Concept(
            kind,
            tuple(
                (parse_term(word), (language,))
                for language, words in cues()[kind].items()
                for word in words
            ),
        )
        for kind in ("example", "aside", "career")
    )


# --- the shipped lexicons ---------------------------------------------------------------


@cache
def _lexicon() -> dict[str, tuple[Mapping[str, object], ...]]:
    """Shipped concepts by id; a topic's id stands for all its concepts."""
    lexicon: dict[str, tuple[Mapping[str, object], ...]] = {}
    for topic in shipped_topics():
        tables = tuple(_tables(topic.definition.get("concepts")))
        lexicon |= {str(table["id"]): (table,) for table in tables}
        if "rules" not in topic.definition:
            lexicon[topic.id] = tables
    return lexicon


def _borrowed(name: str) -> tuple[Mapping[str, object], ...]:
    return _lexicon().get(name, ())


@cache
def _known_terms() -> dict[str, Mapping[str, object]]:
    """Shipped terms that alone stand for their concept, in folded form."""
    known: dict[str, Mapping[str, object]] = {}
    for tables in _lexicon().values():
        for table in tables:
            alone = not table.get("near") and not table.get("unless")
            if alone and _number(table.get("strength"), DEFAULT_STRENGTH) >= DEFAULT_THRESHOLD:
                for words in _mapping(table.get("terms")).values():
                    known |= {folded(word.strip("=")): table for word in _strings(words)}
    return known


def concept_names() -> dict[str, Mapping[str, str]]:
    """Display names of the shipped concepts by id and language."""
    return {
        str(table["id"]): {k: str(v) for k, v in _mapping(table.get("names")).items()}
        for tables in _lexicon().values()
        for table in tables
    }


# --- reading checked tables ---------------------------------------------------------------


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _entries(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _tables(value: object) -> list[Mapping[str, object]]:
    return [entry for entry in _entries(value) if isinstance(entry, Mapping)]


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in _entries(value))


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
