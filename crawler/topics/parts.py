"""Parts: what a topic consists of once its table is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.topics.terms import Term

DEFAULT_THRESHOLD = 0.5
DEFAULT_STRENGTH = 0.6
USER_STRENGTH = 1.0
NONE = "none"  # the concept of a topic's excluding terms


# How much a find counts by where it stands; see layout.Layout.part.
DEFAULT_WEIGHTS = {"title": 1.0, "lead": 1.0, "body": 0.8, "late": 0.5, "tail": 0.15}


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
    listed: bool = True  # counts less as an entry of an enumeration


@dataclass(frozen=True, slots=True)
class Rule:
    """A conjunction: one find of each required group close together."""

    require: tuple[str, ...]
    within: str | int = "sentence"
    anywhere: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    factor: float = 1.0

    def speaks(self, language: str) -> bool:
        """Whether the rule is for items of that language ("" when unknown)."""
        return not self.languages or not language or language in self.languages


@dataclass(frozen=True, slots=True)
class Damper:
    """Lowers the score of an item that has all of ``when`` and none of ``without``."""

    when: tuple[str, ...]
    factor: float
    at_least: int = 1  # different wordings of each
    without: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # of the items; () = all

    def speaks(self, language: str) -> bool:
        """Whether the damper is for items of that language ("" when unknown)."""
        return not self.languages or not language or language in self.languages


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
    # Every role with the concepts of the company it needs; one that needs none has none.
    companies: tuple[tuple[Role, frozenset[int]], ...] = ()
    # Concepts without any of which there is no match.
    triggers: frozenset[int] = frozenset()
    # Of each rule, the concepts of every required group.
    rule_needs: tuple[tuple[frozenset[int], ...], ...] = ()
