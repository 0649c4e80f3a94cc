"""Linking: what a conjunction such as cooperation × South Korea makes of clues that stand near."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crawler.topics.clues import TITLE, Clue, Groups, closeness
from crawler.topics.parts import Rule

MAX_PARTNERS = 20  # of one clue in one link: a bound for hostile texts
REPEATED = 0.7  # each further find of the same wording
WORN = 0.2  # each further link of the same company

Link = tuple[float, tuple[Clue, ...]]  # weight and members
Places = Mapping[int, Sequence[Clue]]  # clues by sentence


def linked(rule: Rule, groups: Groups) -> tuple[list[float], set[Clue]]:
    """Weights of the places where one find of each required group stands together, and the
    finds that made them.

    Every find of the last group has one weighted link, its best; all finds within reach are
    evidence.
    """
    sides = [groups.get(name, []) for name in rule.require]
    aside = [groups.get(name, []) for name in rule.anywhere]
    if not all(sides) or not all(aside):
        return [], set()
    placed = [_by_place(side) for side in sides[:-1]]
    links = [link for clue in sides[-1] for link in _links(clue, placed, rule.within)]
    if not links:
        return [], set()
    members = {clue for _, company in links for clue in company}
    members.update(group[0] for group in aside)
    return list(_one_each(links, rule.factor)), members


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
    links: list[Link] = [(1.0, (clue,))]
    for places in sides:
        near = [
            (close * _weight(other), other)
            for other in _neighbours(clue, places, within)
            if (close := closeness(clue, other, within)) > 0
        ]
        if not near:
            return []
        near.sort(key=lambda pair: -pair[0])
        links = [
            (weight * more, (*members, other))
            for weight, members in links
            for more, other in near[:MAX_PARTNERS]
        ]
    own = _weight(clue)
    return [(own * weight, members) for weight, members in links]


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
