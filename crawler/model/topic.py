"""Topics: what a user wants to hear about, and the evidence that an item is about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quoted passage that speaks for a topic.

    Offsets count Unicode code points in exactly the string of ``field``:
    ``text[start:end] == quote``.
    """

    field: str  # "title" or "text"
    start: int
    end: int
    quote: str
    concept: str  # id of the concept it stands for


@dataclass(frozen=True, slots=True)
class Match:
    """An item is about a topic."""

    topic: str
    score: float  # 0..1
    evidence: tuple[Evidence, ...]
    quiet: bool = False  # found when a definition changed: in the archive, alerts nobody


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing that somebody added to a topic: a layer of its own, removed by its number."""

    number: int
    topic: str
    kind: str  # "any", "none", "near", "term", "without" (takes out) or "threshold"
    terms: tuple[str, ...]  # one; of "near" those that stand together; of "threshold" its number
    concept: str = ""  # of a "term": the concept it is entered under …
    language: str = ""  # … and its language, "*" for all
    by: str = ""  # "command", or who did it by Slack or web
    at: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True)
class TopicDefinition:
    """One topic as declared: the parsed content of a topic file or ``[[topics]]`` table.

    ``definition`` is the checked table (its grammar is ``crawler.topics.vocabulary``'s);
    ``version`` is a digest of it, stored with every classification.
    """

    id: str
    name: str
    definition: Mapping[str, object] = field(default_factory=dict)
    version: str = ""
    names: Mapping[str, str] = field(default_factory=dict)  # display name per language
    declared_by: str = ""  # configuration name, "shipped", or "" for the database alone
