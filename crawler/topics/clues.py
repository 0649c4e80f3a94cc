"""Clues: the finds of a topic's concepts in their roles, and which of them may count.

A find that another concept hides, that its clause denies, that lacks the company it needs or
that lies inside a longer one of its group does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crawler.topics.article import Article
from crawler.topics.finding import Find
from crawler.topics.parts import USER_STRENGTH, CompiledTopic, Role

LEAST_PLAIN = 0.5  # a user's own word counts wherever it stands, save in the tail
TITLE = -1  # the number of the title among the sentences
NEXT = 0.55  # what is left of a link between neighbouring sentences
HEADED = 0.6  # … between the title and the lead
BRIEF = 0.75  # … of either kind in an item of a few sentences
HEADLINE = 0.8  # the least context of a headline: what it lists, the item is about
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
        self._weight = -1.0 if self._place else 0.0

    @property
    def is_in_brief(self) -> bool:
        """Whether the item it stands in is a few sentences long."""
        return self._article.layouts["text"].is_brief

    @property
    def quote(self) -> str:
        """The find as it is written."""
        return self._article.sources[self.field][self.find.start : self.find.end]

    @property
    def weight(self) -> float:
        """Strength × place × context; worked out when first asked for."""
        if self._weight < 0:
            context = self._article.context(self.field, self.find, listed=self.role.listed)
            if 0 < context < HEADLINE and self._is_headline():
                context = HEADLINE
            self._weight = self._place * context
            if self.role.strength == USER_STRENGTH and self.part != "tail":
                self._weight = max(self._weight, LEAST_PLAIN)
        return self._weight

    def _is_headline(self) -> bool:
        layout = self._article.layouts[self.field]
        return self.part == "title" or (self.part == "lead" and layout.is_heading(self.sentence))


Groups = Mapping[str, Sequence[Clue]]  # clues by group and by concept


def clues_of(topic: CompiledTopic, article: Article) -> list[Clue]:
    """A clue of each find that no other one hides, save of those whose company is nowhere in the
    item."""
    present = article.concepts
    roles = [
        role
        for role, company in topic.companies
        if role.concept in present and not (company and company.isdisjoint(present))
    ]
    return _unhidden(
        [
            Clue(topic, article, field, find, role)
            for field, scan in article.scans.items()
            for role in roles
            if role.concept in scan.concepts
            for find in scan.of(role.concept)
        ]
    )


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


def denied(clues: Iterable[Clue], article: Article) -> list[Clue]:
    """Those whose clause says that there is none of what they name.

    Words that count in company alone name nothing ("no mould" even hints at printing), and a
    user's own word counts wherever it stands.
    """
    return [
        clue
        for clue in clues
        if 0 < clue.role.strength < USER_STRENGTH
        and not clue.role.near
        and article.denied(clue.field, clue.find) is not None
    ]


def disjoint(clues: Iterable[Clue]) -> list[Clue]:
    """Of overlapping clues of one group the longest, so that nothing counts twice."""
    kept: list[Clue] = []
    ends: dict[tuple[str, str], int] = {}
    for clue in sorted(clues, key=lambda c: (c.find.start, -c.find.end, -c.role.strength)):
        key = (clue.field, clue.role.group)
        if clue.find.start >= ends.get(key, 0):
            kept.append(clue)
            ends[key] = clue.find.end
    return kept


def in_company(clues: Sequence[Clue]) -> dict[Clue, list[Clue]]:
    """The clues that count, each with the company it needs."""
    if not any(clue.role.near for clue in clues):
        return {clue: [] for clue in clues}
    groups = by_name(clues)
    company: dict[Clue, list[Clue]] = {}
    for clue in clues:
        near = _near(clue, groups) if clue.role.near else []
        if near or not clue.role.near:
            company[clue] = near
    return company


def _near(clue: Clue, groups: Groups) -> list[Clue]:
    """The company of a clue that stands as near as it has to."""
    within = clue.role.within
    others = [other for name in clue.role.near for other in groups.get(name, ())]
    return [
        other
        for other in others
        if other is not clue and (within == "item" or closeness(clue, other, within) == 1)
    ]


def by_name(clues: Iterable[Clue]) -> dict[str, list[Clue]]:
    """The clues of each group and of each concept."""
    groups: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues:
        role = clue.role
        groups[role.group].append(clue)
        if role.id != role.group:
            groups[role.id].append(clue)
    return groups


def closeness(one: Clue, other: Clue, within: str | int) -> float:
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
        if apart == 1:
            return BRIEF if one.is_in_brief else NEXT
        return 0.0 if apart else 1.0
    if isinstance(within, int) or not {"lead", "body"} & {one.part, other.part}:
        return 0.0
    return BRIEF if one.is_in_brief else HEADED
