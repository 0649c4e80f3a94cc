"""What one language brings to the farm's prose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Tables of one language; nouns, adjectives and verbs stand in the plural.

    ``patterns`` have the slots actors, others, verb, also (another verb), adj, things, parts (other
    things), phrase, n, and Actors, Phrase, Adj for the beginning of a sentence. ``facts`` and
    ``titles`` have org, partner, person, speaker, place, town, project, topic, Topic, amount, n,
    many, year and day.
    """

    actors: tuple[str, ...]
    verbs: tuple[str, ...]
    adjectives: tuple[str, ...]
    stems: tuple[str, ...]  # what every thing is made more precise with
    things: tuple[str, ...]
    compound: str  # how a stem and a thing are joined, …
    stems_joined: str  # … and one {stem} and an {other}
    phrases: tuple[str, ...]  # where, when and how; each may begin a sentence
    patterns: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]  # wordings of each fact of an event
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    topics: tuple[str, ...]
    months: tuple[str, ...]
    day: str  # how a day is written, of {day} {month} {year}
    comma: str  # of decimal fractions
    about: str  # what a site says of itself below its news, of {name} {place} {n}


def listed(words: str) -> tuple[str, ...]:
    """A table written as a line of words."""
    return tuple(words.split())
