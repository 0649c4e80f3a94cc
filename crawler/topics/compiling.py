"""Compiling: from the checked tables of topics to concepts, rules and one list of patterns.

A concept that several topics use is compiled once. A user's term that a shipped concept
knows stands for the whole concept, and so finds items in the other languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from crawler.errors import ConfigError
from crawler.model.topic import TopicDefinition
from crawler.topics.checks import as_list, as_mapping, as_number, as_strings, as_tables
from crawler.topics.context import cues
from crawler.topics.folding import folded
from crawler.topics.lexicon import borrowed, known_terms, shipped_concepts
from crawler.topics.negation import denying_words
from crawler.topics.parts import (
    DEFAULT_STRENGTH,
    DEFAULT_THRESHOLD,
    DEFAULT_WEIGHTS,
    NONE,
    USER_STRENGTH,
    CompiledTopic,
    Concept,
    Damper,
    Role,
    Rule,
)
from crawler.topics.terms import Term, parse_term


class Registry:
    """The concepts of all topics, each once."""

    def __init__(self) -> None:
        self.concepts: list[Concept] = []
        self._numbers: dict[object, int] = {}

    def number(self, concept: Concept) -> int:
        """The number of a concept, new or known."""
        # As written: to hash thousands of parsed terms takes half of the time of compiling.
        written = tuple((term.source, languages) for term, languages in concept.terms)
        key = (concept.id, written, concept.names)
        if key not in self._numbers:
            self._numbers[key] = len(self.concepts)
            self.concepts.append(concept)
        return self._numbers[key]


def compiled(topic: TopicDefinition, registry: Registry) -> CompiledTopic:
    """The topic with its concepts entered in ``registry``.

    Raises ConfigError where it names a concept that nobody knows.
    """
    table = topic.definition
    roles = [*_concept_roles(topic, registry), *_term_roles(table, registry)]
    asks_more = any(role.strength for role in roles) or "near" in table
    every, every_roles = _every(table, registry, 0.0 if asks_more else USER_STRENGTH)
    near_rules, near_roles = _near(table, registry)
    roles += every_roles + near_roles
    rules = [*near_rules, *map(_rule, as_tables(table.get("rules")))]
    dampers = tuple(map(_damper, as_tables(table.get("dampers"))))
    _check_references(topic.id, roles, rules, dampers)
    loose = "rules" not in table
    groups = _grouped(roles)
    companies = tuple((role, _concepts(groups, role.near)) for role in roles)
    alone = tuple(
        (role, company)
        for role, company in companies
        if role.strength and (loose or role.strength == USER_STRENGTH)
    )
    needs = tuple(tuple(_concepts(groups, (name,)) for name in rule.require) for rule in rules)
    return CompiledTopic(
        id=topic.id,
        threshold=as_number(table.get("threshold"), DEFAULT_THRESHOLD),
        weights=_weights(table.get("weights")),
        roles=tuple(roles),
        rules=tuple(rules),
        dampers=dampers,
        every=every,
        loose=loose,
        alone=alone,
        companies=companies,
        rule_needs=needs,
        triggers=frozenset(role.concept for role, _ in alone).union(*(need[0] for need in needs)),
    )


def _concept_roles(topic: TopicDefinition, registry: Registry) -> list[Role]:
    """Roles of the concepts a topic defines or borrows from the shipped lexicons."""
    roles: list[Role] = []
    for entry in as_list(topic.definition.get("concepts")):
        if isinstance(entry, Mapping):
            roles.append(_role(entry, registry))
            continue
        roles += [_role(table, registry) for table in borrowed_tables(str(entry), topic.id)]
    return roles


def borrowed_tables(name: str, topic: str) -> tuple[Mapping[str, object], ...]:
    """The shipped concepts a name stands for. Raises ConfigError with the nearest one."""
    shipped = borrowed(name)
    if not shipped:
        known = sorted(shipped_concepts())
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ConfigError(
            f"topic {topic!r}: concepts: {name!r} is no shipped concept; "
            f"{hint}known: {', '.join(known)}"
        )
    return shipped


def check_borrowed(topic: TopicDefinition) -> None:
    """Raises ConfigError where a topic names a concept that nobody ships."""
    for entry in as_list(topic.definition.get("concepts")):
        if not isinstance(entry, Mapping):
            borrowed_tables(str(entry), topic.id)


def _role(table: Mapping[str, object], registry: Registry) -> Role:
    concept_id = str(table["id"])
    within = table.get("within", "sentence")
    return Role(
        concept=registry.number(_concept(table)),
        id=concept_id,
        group=str(table.get("group", concept_id)),
        strength=as_number(table.get("strength"), DEFAULT_STRENGTH),
        near=as_strings(table.get("near")),
        within=within if isinstance(within, int) else str(within),
        unless=as_strings(table.get("unless")),
        hides=as_strings(table.get("hides")),
        listed=bool(table.get("listed", True)),
    )


def _concept(table: Mapping[str, object]) -> Concept:
    terms: list[tuple[Term, tuple[str, ...]]] = []
    for words in as_mapping(table.get("terms")).values():
        terms += [(parse_term(word), ()) for word in as_strings(words)]
    for language, words in as_mapping(table.get("only")).items():
        terms += [(parse_term(word), (language,)) for word in as_strings(words)]
    names = tuple(sorted((k, str(v)) for k, v in as_mapping(table.get("names")).items()))
    return Concept(str(table["id"]), tuple(terms), names)


def _term_roles(table: Mapping[str, object], registry: Registry) -> list[Role]:
    """Roles of the plain terms under ``any`` and ``none``."""
    roles = [_user_role(term, term, registry) for term in as_strings(table.get("any"))]
    excluded = as_strings(table.get("none"))
    if excluded:
        concept = Concept(NONE, tuple((parse_term(term), ()) for term in excluded))
        roles.append(Role(registry.number(concept), NONE, NONE, 0.0))
    return roles


def _user_role(term: str, group: str, registry: Registry, strength: float = USER_STRENGTH) -> Role:
    """A user's term; where a shipped concept knows it, that concept with all its languages."""
    parsed = parse_term(term)
    shipped = None if parsed.field else known_terms().get(folded(term.strip("=")))
    if shipped is not None:
        concept = _concept(shipped)
    else:
        concept = Concept(_readable(term), ((parsed, ()),))
    return Role(registry.number(concept), concept.id, group, strength)


def _readable(term: str) -> str:
    return term.partition(": ")[2] if term.startswith(("title: ", "text: ")) else term.lstrip("=")


def _every(
    table: Mapping[str, object], registry: Registry, strength: float
) -> tuple[tuple[str, ...], list[Role]]:
    """The groups of ``all`` and their roles; they count only where nothing else does."""
    groups: list[str] = []
    roles: list[Role] = []
    for index, entry in enumerate(as_list(table.get("all"))):
        group = f"all-{index + 1}"
        words = as_strings(entry) if isinstance(entry, list | tuple) else (str(entry),)
        roles += [_user_role(word, group, registry, strength) for word in words]
        groups.append(group)
    return tuple(groups), roles


def _near(table: Mapping[str, object], registry: Registry) -> tuple[list[Rule], list[Role]]:
    rules: list[Rule] = []
    roles: list[Role] = []
    for index, entry in enumerate(as_tables(table.get("near"))):
        groups: list[str] = []
        for position, words in enumerate(as_list(entry.get("terms"))):
            group = f"near-{index + 1}-{position + 1}"
            listed = as_strings(words) if isinstance(words, list | tuple) else (str(words),)
            roles += [_user_role(word, group, registry, 0.0) for word in listed]
            groups.append(group)
        within = entry.get("within", "sentence")
        rules.append(Rule(tuple(groups), within if isinstance(within, int) else str(within)))
    return rules, roles


def _rule(table: Mapping[str, object]) -> Rule:
    within = table.get("within", "sentence")
    return Rule(
        require=as_strings(table.get("require")),
        within=within if isinstance(within, int) else str(within),
        anywhere=as_strings(table.get("anywhere")),
        languages=as_strings(table.get("languages")),
        factor=as_number(table.get("factor"), 1.0),
    )


def _damper(table: Mapping[str, object]) -> Damper:
    return Damper(
        when=as_strings(table.get("when")),
        factor=as_number(table.get("factor"), 1.0),
        at_least=int(as_number(table.get("at_least"), 1)),
        without=as_strings(table.get("without")),
        languages=as_strings(table.get("languages")),
    )


def _weights(value: object) -> dict[str, float]:
    given = {key: as_number(weight, 1.0) for key, weight in as_mapping(value).items()}
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
    """The cue words of contexts, and those that deny, as concepts: found in the same pass."""
    spoken = {
        kind: {language: tuple(words) for language, words in cues()[kind].items()}
        for kind in ("example", "aside", "career", "mention", "roster")
    }
    spoken["denial"] = denying_words()
    return tuple(_cue(kind, words) for kind, words in spoken.items())


def _cue(kind: str, words_of: Mapping[str, Sequence[str]]) -> Concept:
    return Concept(
        kind,
        tuple(
            (parse_term(word), (language,))
            for language, words in words_of.items()
            for word in words
        ),
    )
