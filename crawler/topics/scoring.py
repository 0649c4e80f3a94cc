"""Scoring: from finds to one number for one topic, and the finds that made it.

Each find is a clue whose weight is the strength of its concept, times where it stands
(title, lead, body, tail), times its context. Clues add up as independent ones do:
``1 - (1 - w1)(1 - w2)…``; further finds of the same wording count half each time. A rule
(a conjunction such as cooperation × South Korea) makes a clue of finds that stand together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.topics.compiling import NONE, CompiledTopic, Damper, Role, Rule
from crawler.topics.context import context_factor
from crawler.topics.finding import Find
from crawler.topics.layout import Layout

TITLE = -1  # the number of the title among the sentences
_NEXT = 0.6  # how much of a clue is left when its parts stand in neighbouring sentences


@dataclass(frozen=True, slots=True, eq=False)
class Clue:
    """One find in its role: where it stands and what it weighs."""

    field: str
    find: Find
    role: Role
    sentence: int  # TITLE for the title
    place: float  # weight of the part it stands in
    context: float  # factor of its sentence

    @property
    def weight(self) -> float:
        return self.role.strength * self.place * self.context


@dataclass(slots=True)
class Verdict:
    """What a topic's finds came to."""

    score: float = 0.0
    evidence: set[Clue] = field(default_factory=set)
    clues: list[Clue] = field(default_factory=list)  # all that were weighed, counting or not
    blocked: str = ""  # why the topic is out of the question


@dataclass(frozen=True, slots=True)
class Article:
    """One item as the scoring sees it."""

    title: str
    layout: Layout
    language: str
    finds: Mapping[int, Sequence[tuple[str, Find]]]  # (field, find) by concept


def verdict(topic: CompiledTopic, article: Article) -> Verdict:
    """The topic's score in 0..1 for the article, and the clues that made it."""
    result = Verdict()
    clues = _unhidden(topic, _clues(topic, article))
    present = {clue.role.id for clue in clues} | {clue.role.group for clue in clues}
    if NONE in present:
        word = next(clue.find.surface for clue in clues if clue.role.group == NONE)
        result.blocked = f"excluded by {word!r}"
        return result
    clues = [clue for clue in clues if not present.intersection(clue.role.unless)]
    clues = _disjoint(clues)
    companions = _in_company(clues)
    result.clues = [clue for clue in clues if clue in companions]
    missing = [group for group in topic.every if group not in present]
    if missing:
        result.blocked = "not all required terms were found"
        return result
    _weigh(topic, article, result, companions)
    return result


def _weigh(
    topic: CompiledTopic,
    article: Article,
    result: Verdict,
    companions: Mapping[Clue, frozenset[Clue]],
) -> None:
    weights: list[float] = []
    if topic.loose:
        weights += _loose(result, companions)
    else:
        plain = {clue for clue in result.clues if clue.role.strength == 1.0}
        weights += _loose(result, {c: companions[c] for c in plain})
    for rule in topic.rules:
        if not rule.languages or not article.language or article.language in rule.languages:
            weights += _linked(topic, rule, result)
    score = _together(weights)
    for damper in topic.dampers:
        if _applies(damper, result.clues):
            score *= damper.factor
    result.score = score


def _clues(topic: CompiledTopic, article: Article) -> list[Clue]:
    contexts: dict[tuple[str, int, int], tuple[int, float, float]] = {}
    clues: list[Clue] = []
    for role in topic.roles:
        for where, find in article.finds.get(role.concept, ()):
            key = (where, find.start, find.end)
            if key not in contexts:
                contexts[key] = _standing(topic, article, where, find)
            clues.append(Clue(where, find, role, *contexts[key]))
    return clues


def _standing(
    topic: CompiledTopic, article: Article, where: str, find: Find
) -> tuple[int, float, float]:
    """Sentence, weight of the place, and factor of the context."""
    if where == "title":
        factor = context_factor(article.title, find.start, find.end)
        return TITLE, topic.weights.title, max(factor, 0.8)
    number = article.layout.sentence(find.start)
    first, last = article.layout.bounds(number)
    sentence = article.layout.text[first:last]
    place: float = getattr(topic.weights, article.layout.part(find.start))
    return number, place, context_factor(sentence, find.start - first, find.end - first)


def _unhidden(topic: CompiledTopic, clues: list[Clue]) -> list[Clue]:
    """Without the finds that lie inside a find of a concept that hides theirs."""
    covers = [clue for clue in clues if clue.role.hides]
    if not covers:
        return clues
    return [c for c in clues if not any(_hidden(c, cover) for cover in covers)]


def _hidden(clue: Clue, cover: Clue) -> bool:
    return (
        clue.field == cover.field
        and (clue.role.group in cover.role.hides or clue.role.id in cover.role.hides)
        and clue.find.start < cover.find.end
        and cover.find.start < clue.find.end
    )


def _disjoint(clues: list[Clue]) -> list[Clue]:
    """Of overlapping clues of one group the longest, so that nothing counts twice."""
    kept: list[Clue] = []
    last: dict[tuple[str, str], int] = {}
    order = sorted(
        clues, key=lambda c: (c.field, c.role.group, c.find.start, -c.find.end, -c.role.strength)
    )
    for clue in order:
        key = (clue.field, clue.role.group)
        if clue.find.start >= last.get(key, -1):
            kept.append(clue)
            last[key] = clue.find.end
    return kept


def _in_company(clues: list[Clue]) -> dict[Clue, frozenset[Clue]]:
    """The clues that count, each with the company it needs."""
    groups: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues:
        for name in {clue.role.group, clue.role.id}:
            groups[name].append(clue)
    counted: dict[Clue, frozenset[Clue]] = {}
    for clue in clues:
        if not clue.role.near:
            counted[clue] = frozenset()
            continue
        others = [o for name in clue.role.near for o in groups[name] if _apart(o, clue)]
        near = [o for o in others if _distance(clue, o, clue.role.within) > 0]
        if near:
            counted[clue] = frozenset(near[:8])
    return counted


def _apart(one: Clue, other: Clue) -> bool:
    return one.field != other.field or (
        one.find.end <= other.find.start or other.find.end <= one.find.start
    )


def _distance(one: Clue, other: Clue, within: str | int) -> float:
    """How close two clues stand: 1 together, a fraction next to each other, 0 too far."""
    if within == "item":
        return 1.0
    if isinstance(within, int):
        if one.field != other.field:
            return 0.0
        gap = max(one.find.start - other.find.end, other.find.start - one.find.end)
        return 1.0 if gap <= 7 * within else 0.0
    steps = abs(one.sentence - other.sentence)
    if steps == 0:
        return 1.0
    return 0.0


def _loose(result: Verdict, companions: Mapping[Clue, frozenset[Clue]]) -> list[float]:
    """Weights of the clues that count on their own."""
    weights: list[float] = []
    seen: Counter[str] = Counter()
    counting = [c for c in result.clues if c in companions and c.weight > 0]
    for clue in sorted(counting, key=lambda c: (-c.weight, c.field, c.find.start)):
        weights.append(clue.weight * 0.5 ** seen[clue.find.surface])
        seen[clue.find.surface] += 1
        result.evidence.add(clue)
        result.evidence |= companions[clue]
    return weights


def _linked(topic: CompiledTopic, rule: Rule, result: Verdict) -> list[float]:
    """Weights of the places where one find of each required group stands together."""
    groups = [_members(result.clues, name) for name in rule.require]
    aside = [_members(result.clues, name) for name in rule.anywhere]
    if not all(groups) or not all(aside):
        return []
    weights: list[float] = []
    seen: Counter[str] = Counter()
    links = [(link, clue) for clue in groups[-1] if (link := _link(clue, groups[:-1], rule))[0] > 0]
    for (weight, partners), clue in sorted(links, key=lambda pair: -pair[0][0]):
        weights.append(weight * rule.factor * 0.5 ** seen[clue.find.surface])
        seen[clue.find.surface] += 1
        result.evidence |= {clue, *partners}
    if weights:
        result.evidence |= {clue for group in aside for clue in group}
    return weights


def _link(clue: Clue, groups: Sequence[Sequence[Clue]], rule: Rule) -> tuple[float, set[Clue]]:
    """Weight of the best company for ``clue``, and all of the company within reach."""
    weight = clue.role.strength or 1.0
    weight *= clue.place * clue.context
    partners: set[Clue] = set()
    for group in groups:
        near = [(_reach(clue, other, rule.within), other) for other in group]
        near = [(reach, other) for reach, other in near if reach > 0]
        if not near:
            return 0.0, set()
        best = max(reach * (o.role.strength or 1.0) * o.context for reach, o in near)
        weight *= best
        partners |= {other for _, other in near}
    return weight, partners


def _reach(one: Clue, other: Clue, within: str | int) -> float:
    """As distance, but neighbouring sentences, and the title with the lead, still count."""
    if not _apart(one, other):
        return 1.0 if one.find != other.find else 0.0
    close = _distance(one, other, within)
    if close or within != "sentence":
        return close
    if TITLE in (one.sentence, other.sentence):
        return _NEXT
    return _NEXT if abs(one.sentence - other.sentence) == 1 else 0.0


def _members(clues: Iterable[Clue], name: str) -> list[Clue]:
    return [clue for clue in clues if name in (clue.role.group, clue.role.id)]


def _applies(damper: Damper, clues: Sequence[Clue]) -> bool:
    if any(_members(clues, name) for name in damper.without):
        return False
    return all(
        len({clue.find.surface for clue in _members(clues, name)}) >= damper.at_least
        for name in damper.when
    )


def _together(weights: Iterable[float]) -> float:
    left = 1.0
    for weight in weights:
        left *= 1.0 - min(weight, 0.99)
    return 1.0 - left
