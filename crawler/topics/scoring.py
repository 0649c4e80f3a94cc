"""Scoring: from finds to one number for one topic, and the finds that made it.

Each find is a clue whose weight is the strength of its concept, times where it stands
(title, lead, body, later, tail), times its context. Clues add up as independent ones do:
``1 - (1 - w1)(1 - w2)…``; further finds of the same wording count less each time. A rule
(a conjunction such as cooperation × South Korea) makes a clue of finds that stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from crawler.topics.abbreviations import explained
from crawler.topics.article import Article
from crawler.topics.clues import Clue, Groups, by_name, clues_of, denied, disjoint, in_company
from crawler.topics.damping import damping
from crawler.topics.linking import REPEATED, linked
from crawler.topics.parts import NONE, USER_STRENGTH, CompiledTopic, Damper

TITLE_ALONE = 0.75  # a title whose text does not come back to the subject
_TEXT = 200  # characters of text that could have come back to it


@dataclass(slots=True)
class Verdict:
    """What a topic's finds came to."""

    score: float = 0.0
    evidence: set[Clue] = field(default_factory=set)
    clues: list[Clue] = field(default_factory=list)  # all that could count
    blocked: str = ""  # why the topic is out of the question
    denied: list[Clue] = field(default_factory=list)  # "without AI"
    # Abbreviations that the item explains otherwise, with their words: "Klinische Infektiologie".
    meant: Mapping[str, str] = field(default_factory=dict)
    lowered: list[Damper] = field(default_factory=list)  # what lowered the score as a whole


def may_match(topic: CompiledTopic, article: Article) -> bool:
    """A quick look, without contexts: whether the finds could reach the threshold at all."""
    count, present = article.count, article.concepts
    for rule, needs in zip(topic.rules, topic.rule_needs, strict=True):
        if rule.speaks(article.language) and all(
            any(map(count, present & group)) for group in needs
        ):
            return True
    most = 0.0
    for role, company in topic.alone:
        if role.concept not in present:
            continue
        found = count(role.concept)
        if found and (not company or any(map(count, present & company))):
            most += found * role.strength
    return most >= topic.threshold


def verdict(topic: CompiledTopic, article: Article) -> Verdict:
    """The topic's score in 0..1 for the article, and the clues that made it."""
    result = Verdict()
    clues = clues_of(topic, article)
    if meant := explained(clues, article):
        result.meant = meant
        clues = [clue for clue in clues if clue.quote not in meant]
    present = {name for clue in clues for name in (clue.role.id, clue.role.group)}
    if NONE in present:
        word = next(clue.find.surface for clue in clues if clue.role.group == NONE)
        result.blocked = f"excluded by {word!r}"
        return result
    clues = [clue for clue in clues if not present.intersection(clue.role.unless)]
    result.denied = denied(clues, article)
    if result.denied:
        clues = [clue for clue in clues if clue not in result.denied]
    company = in_company(clues)
    result.clues = disjoint(company)
    if missing := [group for group in topic.every if group not in present]:
        result.blocked = _not_all(topic, missing)
        return result
    weights = _alone(topic, article, result, company)
    groups = by_name(result.clues)
    for rule in topic.rules:
        if rule.speaks(article.language):
            more, members = linked(rule, groups)
            weights += more
            result.evidence |= members
    result.lowered = damping(
        topic.dampers, groups, lambda name: _wordings(groups, name), article.language
    )
    result.score = _together(weights) * prod(damper.factor for damper in result.lowered)
    result.evidence.update(clue for name in topic.every for clue in groups.get(name, ()))
    return result


def _not_all(topic: CompiledTopic, missing: Sequence[str]) -> str:
    """The terms of ``all`` that are not there; those of a choice are joined by "or"."""
    choices = [[role.id for role in topic.roles if role.group == group] for group in missing]
    told = (" or ".join(f"“{term}”" for term in dict.fromkeys(terms)) for terms in choices)
    return f"of all, not found: {'; '.join(told)}"


def _alone(
    topic: CompiledTopic,
    article: Article,
    result: Verdict,
    company: Mapping[Clue, Sequence[Clue]],
) -> list[float]:
    """Weights of the clues that count on their own."""
    counting = [
        clue
        for clue in result.clues
        if (topic.loose or clue.role.strength == USER_STRENGTH) and clue.weight > 0
    ]
    counting.sort(key=lambda clue: (-clue.weight, clue.field, clue.find.start))
    unsupported = _only_title(counting) and len(article.sources["text"]) >= _TEXT
    weights: list[float] = []
    seen: Counter[str] = Counter()
    for clue in counting:
        weight = clue.weight * REPEATED ** seen[clue.find.surface]
        weights.append(weight * TITLE_ALONE if unsupported else weight)
        seen[clue.find.surface] += 1
        result.evidence.add(clue)
        result.evidence.update(company[clue])
    return weights


def _only_title(clues: Sequence[Clue]) -> bool:
    """Whether one weak find in the title is all there is."""
    return len(clues) == 1 and clues[0].part == "title" and clues[0].role.strength < USER_STRENGTH


def _wordings(groups: Groups, name: str) -> set[str]:
    return {clue.find.surface for clue in groups.get(name, ())}


def _together(weights: Iterable[float]) -> float:
    left = 1.0
    for weight in weights:
        left *= 1.0 - min(weight, 0.99)
    return 1.0 - left
