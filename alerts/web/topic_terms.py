"""A topic's definition for people: its plain terms, and its concepts' terms by language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from alerts.digests.words import Words
from crawler.model.topic import TopicDefinition
from crawler.topics.checks import as_list, as_mapping, as_names, as_strings, as_tables
from crawler.topics.withdrawing import said

PLAIN = ("any", "all", "none", "near")
_GRAMMAR = frozenset("()|*+~?[]")  # what makes of a term more than words


@dataclass(frozen=True, slots=True)
class Spoken:
    """Terms of a concept in one language."""

    code: str  # "" for all languages
    language: str  # its name, "" for all
    alone: bool  # looked for in items of this language alone
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept that a topic defines."""

    id: str
    name: str
    spoken: tuple[Spoken, ...]

    @property
    def terms(self) -> int:
        return sum(len(one.terms) for one in self.spoken)


def plain_terms(topic: TopicDefinition) -> list[tuple[str, tuple[str, ...]]]:
    """What stands under ``any``, ``all``, ``none`` and ``near``, where there is anything."""
    found = [(key, _entries(topic.definition, key)) for key in PLAIN]
    return [(key, terms) for key, terms in found if terms]


def borrowed_concepts(topic: TopicDefinition) -> tuple[str, ...]:
    """Ids of the shipped concepts that a topic borrows; each goes as a whole."""
    return tuple(one for one in as_list(topic.definition.get("concepts")) if isinstance(one, str))


def concepts(topic: TopicDefinition, words: Words) -> list[Concept]:
    """The concepts that a topic defines, in its order; of two with one name, each is told by a
    term of its own."""
    found = [_concept(one, words) for one in as_tables(topic.definition.get("concepts"))]
    names = Counter(one.name for one in found)
    return [
        one
        if names[one.name] == 1
        else replace(one, name=f"{one.name} ({_told(one, words.language)})")
        for one in found
    ]


def _entries(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    entries = as_list(table.get(key))
    if key != "all":
        return tuple(said(one) for one in entries)
    return tuple(
        word
        for one in entries
        for word in (as_strings(one) if isinstance(one, list | tuple) else (str(one),))
    )


def _concept(table: Mapping[str, object], words: Words) -> Concept:
    names = as_names(table.get("names"))
    identity = str(table["id"])
    spoken = [
        Spoken("" if code == "*" else code, "" if code == "*" else words.language_name(code),
               key == "only", as_strings(listed))
        for key in ("terms", "only")
        for code, listed in as_mapping(table.get(key)).items()
        if as_strings(listed)
    ]  # fmt: skip
    spoken.sort(key=lambda one: (one.alone, bool(one.code), one.language.casefold()))
    concept = Concept(identity, names.get(words.language) or names.get("en") or "", tuple(spoken))
    return concept if concept.name else replace(concept, name=_told(concept, words.language))


def _told(concept: Concept, language: str) -> str:
    """A term of it, which says more than an id: a plain one in the reader's language, else in
    English or any other; the id where it has none."""
    spoken = sorted(concept.spoken, key=lambda one: (one.code != language, one.code != "en"))
    terms = [term for one in spoken for term in one.terms]
    plain = [term for term in terms if not _GRAMMAR & set(term)]
    return f"“{(plain or terms)[0]}”" if terms else concept.id
