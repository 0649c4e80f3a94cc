"""Scoring: from finds to one number for one topic, and the finds that made it.

Each find is a clue whose weight is the strength of its concept, times where it stands
(title, lead, body, later, tail), times its context. Clues add up as independent ones do:
``1 - (1 - w1)(1 - w2)…``; further finds of the same wording count less each time. A rule
(a conjunction such as cooperation × South Korea) makes a clue of finds that stand together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.topics.article import Article
from crawler.topics.damping import damping
from crawler.topics.finding import Find
from crawler.topics.parts import NONE, USER_STRENGTH, CompiledTopic, Role, Rule

MAX_PARTNERS = 20  # of one clue in one link: a bound for hostile texts
LEAST_PLAIN = 0.5  # a user's own word counts wherever it stands, save in the tail
TITLE = -1  # the number of the title among the sentences
REPEATED = 0.7  # each further find of the same wording
WORN = 0.2  # each further link of the same company
NEXT = 0.55  # what is left of a link between neighbouring sentences
HEADED = 0.6  # … between the title and the lead
HEADLINE = 0.8  # the least context of a headline: what it lists, the item is about
TITLE_ALONE = 0.75  # a title whose text does not come back to the subject
_TEXT = 200  # characters of text that could have come back to it
_WORD = 7  # characters a word takes with its space, for distances in words


class Clue:
    """One find in its role: where it stands and what it weighs."""

    __slots__ = ("_article", "_place", "_weight", "field", "find", "part", "role", "sentence")

    def __init__(self, topic: CompiledTopic, article: Article, field: str, find: Find, role: Role):
        self.field = field  # "title" or "text"
        self.find = find
        self.role = role
        if field == "title":
            self.sentence, self.part = TITLE, "title"
        else:
            self.sentence, self.part = article.layouts[field].place(find.start)
        self._place = role.strength * topic.weights[self.part]
        self._article = article
        self._weight = -1.0

    @property
    def weight(self) -> float:
        """Strength × place × context; worked out when first asked for."""
        if self._weight < 0:
            context = self._context() if self._place else 0.0
            if 0 < context < HEADLINE and self._is_headline():
                context = HEADLINE
            self._weight = self._place * context
            if self.role.strength == USER_STRENGTH and self.part != "tail":
                self._weight = max(self._weight, LEAST_PLAIN)
        return self._weight

    def _context(self) -> float:
        return self._article.context(self.field, self.find, listed=self.role.listed)

    def _is_headline(self) -> bool:
        layout = self._article.layouts[self.field]
        return self.part == "title" or (self.part == "lead" and layout.is_heading(self.sentence))


@dataclass(slots=True)
class Verdict:
    """What a topic's finds came to."""

    score: float = 0.0
    evidence: set[Clue] = field(default_factory=set)
    clues: list[Clue] = field(default_factory=list)  # all that could count
    blocked: str = ""  # why the topic is out of the question
    denied: list[Clue] = field(default_factory=list)  # "without AI"


Link = tuple[float, tuple[Clue, ...]]  # weight and members
Groups = Mapping[str, Sequence[Clue]]  # clues by group and by concept
Places = Mapping[int, Sequence[Clue]]  # clues by sentence


def may_match(topic: CompiledTopic, article: Article) -> bool:
    """A quick look, without contexts: whether the finds could reach the threshold at all."""
    if topic.triggers.isdisjoint(article.concepts):
        return False
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
    clues = _unhidden(_clues(topic, article))
    present = {name for clue in clues for name in (clue.role.id, clue.role.group)}
    if NONE in present:
        word = next(clue.find.surface for clue in clues if clue.role.group == NONE)
        result.blocked = f"excluded by {word!r}"
        return result
    clues = [clue for clue in clues if not present.intersection(clue.role.unless)]
    result.denied = [clue for clue in clues if _is_denied(clue, article)]
    if result.denied:
        clues = [clue for clue in clues if clue not in result.denied]
    company = _in_company(clues)
    result.clues = _disjoint(list(company))
    if missing := [group for group in topic.every if group not in present]:
        result.blocked = f"{len(missing)} of the terms that must all be there were not found"
        return result
    weights = _alone(topic, article, result, company)
    groups = _by_name(result.clues)
    for rule in topic.rules:
        if rule.speaks(article.language):
            weights += _linked(rule, groups, result)
    lowered = damping(topic.dampers, groups, lambda name: _wordings(groups, name), article.language)
    result.score = _together(weights) * lowered
    result.evidence.update(clue for name in topic.every for clue in groups.get(name, ()))
    return result


# --- clues ------------------------------------------------------------------------------


def _clues(topic: CompiledTopic, article: Article) -> list[Clue]:
    """A clue of each find, save of those whose company is nowhere in the item."""
    present = article.concepts
    roles = [
        role
        for role, company in topic.companies
        if role.concept in present and not (company and company.isdisjoint(present))
    ]
    return [
        Clue(topic, article, field, find, role)
        for field, scan in article.scans.items()
        for role in roles
        if role.concept in scan.concepts
        for find in scan.of(role.concept)
    ]


def _unhidden(clues: list[Clue]) -> list[Clue]:
    """Without the finds that overlap a find of a concept that hides theirs."""
    covered: dict[tuple[str, str], set[int]] = defaultdict(set)
    for clue in clues:
        for name in clue.role.hides:
            covered[clue.field, name].update(range(clue.find.start, clue.find.end))
    if not covered:
        return clues
    return [clue for clue in clues if not _is_covered(clue, covered)]


def _is_covered(clue: Clue, covered: dict[tuple[str, str], set[int]]) -> bool:
    return any(
        not places.isdisjoint(range(clue.find.start, clue.find.end))
        for name in {clue.role.id, clue.role.group}
        if (places := covered.get((clue.field, name)))
    )


def _is_denied(clue: Clue, article: Article) -> bool:
    """Whether the clause says that there is none of what the clue names.

    Words that count in company alone name nothing ("no mould" even hints at printing), and a
    user's own word counts wherever it stands.
    """
    if clue.role.near or not 0 < clue.role.strength < USER_STRENGTH:
        return False
    return article.denied(clue.field, clue.find) is not None


def _disjoint(clues: list[Clue]) -> list[Clue]:
    """Of overlapping clues of one group the longest, so that nothing counts twice."""
    kept: list[Clue] = []
    ends: dict[tuple[str, str], int] = {}
    for clue in sorted(clues, key=lambda c: (c.find.start, -c.find.end, -c.role.strength)):
        key = (clue.field, clue.role.group)
        if clue.find.start >= ends.get(key, 0):
            kept.append(clue)
            ends[key] = clue.find.end
    return kept


def _in_company(clues: list[Clue]) -> dict[Clue, list[Clue]]:
    """The clues that count, each with the company it needs."""
    groups = _by_name(clues)
    company: dict[Clue, list[Clue]] = {}
    for clue in clues:
        if not clue.role.near:
            company[clue] = []
            continue
        others = [other for name in clue.role.near for other in groups.get(name, ())]
        near = [o for o in others if o is not clue]
        if clue.role.within != "item":
            near = [other for other in near if _closeness(clue, other, clue.role.within) == 1]
        if near:
            company[clue] = near
    return company


def _by_name(clues: Iterable[Clue]) -> dict[str, list[Clue]]:
    groups: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues:
        role = clue.role
        groups[role.group].append(clue)
        if role.id != role.group:
            groups[role.id].append(clue)
    return groups


def _closeness(one: Clue, other: Clue, within: str | int) -> float:
    """1 when two clues stand together as ``within`` asks, a fraction when nearly, else 0."""
    if within == "item":
        return 1.0
    if one.field == other.field:
        gap = max(one.find.start - other.find.end, other.find.start - one.find.end)
        if gap < 0:
            return 0.0
        if isinstance(within, int):
            return 1.0 if gap <= _WORD * within else 0.0
        apart = abs(one.sentence - other.sentence)
        return (1.0, NEXT)[apart] if apart < 2 else 0.0
    if isinstance(within, int):
        return 0.0
    return HEADED if {"lead", "body"} & {one.part, other.part} else 0.0


# --- weights ----------------------------------------------------------------------------


def _alone(
    topic: CompiledTopic, article: Article, result: Verdict, company: dict[Clue, list[Clue]]
) -> list[float]:
    """Weights of the clues that count on their own."""
    counting = [
        clue
        for clue in result.clues
        if clue.weight > 0 and (topic.loose or clue.role.strength == USER_STRENGTH)
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


def _linked(rule: Rule, groups: Groups, result: Verdict) -> list[float]:
    """Weights of the places where one find of each required group stands together.

    Every find of the last group has one weighted link, its best; all finds within reach are
    evidence.
    """
    sides = [groups.get(name, []) for name in rule.require]
    aside = [groups.get(name, []) for name in rule.anywhere]
    if not all(sides) or not all(aside):
        return []
    placed = [_by_place(side) for side in sides[:-1]]
    links = [link for clue in sides[-1] for link in _links(clue, placed, rule.within)]
    if not links:
        return []
    for _, members in links:
        result.evidence.update(members)
    result.evidence.update(group[0] for group in aside)
    return list(_one_each(links, rule.factor))


def _by_place(clues: Iterable[Clue]) -> Places:
    places: dict[int, list[Clue]] = defaultdict(list)
    for clue in clues:
        places[clue.sentence].append(clue)
    return places


def _neighbours(clue: Clue, places: Places, within: str | int) -> Iterable[Clue]:
    """The clues that may lie within reach."""
    if within != "sentence" or clue.sentence == TITLE:
        return (other for group in places.values() for other in group)
    near = (clue.sentence - 1, clue.sentence, clue.sentence + 1, TITLE)
    return (other for place in {*near} for other in places.get(place, ()))


def _links(clue: Clue, sides: Sequence[Places], within: str | int) -> list[Link]:
    """Every company of one clue with one clue of each other side, and its weight."""
    links: list[Link] = [(_weight(clue), (clue,))]
    for places in sides:
        near = [
            (close * _weight(other), other)
            for other in _neighbours(clue, places, within)
            if (close := _closeness(clue, other, within)) > 0
        ]
        near.sort(key=lambda pair: -pair[0])
        links = [
            (weight * more, (*members, other))
            for weight, members in links
            for more, other in near[:MAX_PARTNERS]
        ]
    return links


def _weight(clue: Clue) -> float:
    """A clue's weight in a link; concepts without a strength of their own are neutral there."""
    return clue.weight if clue.role.strength else 1.0


def _one_each(links: list[Link], factor: float) -> Iterable[float]:
    """The weight of each clue's best link; company that was used before counts less."""
    used: Counter[Clue] = Counter()
    seen: Counter[str] = Counter()
    for weight, (clue, *company) in sorted(links, key=lambda link: -link[0]):
        if used[clue]:
            continue
        worn = max((used[other] for other in company), default=0)
        used.update((clue, *company))
        wording = clue.find.surface
        yield weight * factor * WORN**worn * REPEATED ** seen[wording]
        seen[wording] += 1


def _wordings(groups: Groups, name: str) -> set[str]:
    return {clue.find.surface for clue in groups.get(name, ())}


def _together(weights: Iterable[float]) -> float:
    left = 1.0
    for weight in weights:
        left *= 1.0 - min(weight, 0.99)
    return 1.0 - left
