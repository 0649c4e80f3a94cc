"""Scores grouping on labelled items, in the shape that ``stories eval`` prints."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from urllib.parse import urlsplit

from crawler.errors import ConfigError, ExtractError
from crawler.model.story import StoryLink
from crawler.stories.fingerprint import fingerprint
from crawler.stories.grouping import Grouping, GroupingDecision
from crawler.stories.index import MemoryIndex
from crawler.stories.items import StoryItem
from crawler.urls import canonical_url

_START = datetime(2000, 1, 1, tzinfo=UTC)  # arrival is the order of the rows, not a clock


def evaluate(rows: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Groups labelled rows online and compares the groups with their labels.

    A row has ``id url published lang title text story`` and may have ``relation`` (to the
    first telling). Returns ``n``, ``pairwise`` and ``bcubed`` (Bagga and Baldwin 1998) with
    precision, recall and f1, ``relations`` (recall per relation), ``stories`` (the groups
    that were found) and ``errors`` (pairs that were missed or wrongly joined).
    Raises ConfigError for a row without id or story.
    """
    labelled = [_labelled(row, number) for number, row in enumerate(rows, 1)]
    gold = {_text(row, "id"): _text(row, "story") for row in labelled}
    found, links = group(_items(labelled))
    story_of = {item: story for story, items in found.items() for item in items}
    relations = {_text(row, "id"): _text(row, "relation") for row in labelled}
    return {
        "n": len(gold),
        "pairwise": _pairwise(gold, story_of),
        "bcubed": _bcubed(gold, story_of),
        "relations": _relations(gold, story_of, relations),
        "stories": found,
        "errors": _errors(gold, story_of, links),
    }


def story_items(rows: Iterable[Mapping[str, object]]) -> list[StoryItem]:
    """Rows as items, each seen a minute after the one before."""
    return list(_items(rows))


def group(
    items: Iterable[StoryItem],
) -> tuple[dict[str, list[str]], dict[frozenset[str], StoryLink]]:
    """Groups items as they come: the stories, and every link and near miss by its pair."""
    index = MemoryIndex()
    links: dict[frozenset[str], StoryLink] = {}
    for item in items:
        rarity = index.rarity(item.fingerprint.anchors)
        decision = _decided(index, Grouping(item, index.candidates(item, rarity=rarity), rarity))
        story = decision.story or item.id
        for merged in decision.merges:
            index.merge(merged, story)
        for leaving in decision.leaves:
            into = leaving.story or f"{leaving.items[0]}+{item.id}"
            for key in leaving.items:
                index.move(key, into)
        for moved in decision.moves:
            index.move(moved, story)
        index.add(replace(item, story=story))
        for link in (*decision.links, *decision.near_misses):
            links[frozenset((link.item, link.other))] = link
        for miss in decision.near_misses:
            if not miss.veto:
                index.missed(miss.item, miss.other)
    return index.stories(), links


def _decided(index: MemoryIndex, grouping: Grouping) -> GroupingDecision:
    if not grouping.reached:
        return grouping.decide()
    around = index.around(grouping.items)
    if grouping.is_clear and not around:
        return grouping.decide()
    return grouping.decide(around, index.rarity(grouping.anchors(around)))


def _items(rows: Iterable[Mapping[str, object]]) -> Iterator[StoryItem]:
    """One by one: each is grouped while what was read of its text is still at hand."""
    return (_item(row, number) for number, row in enumerate(rows))


def _item(row: Mapping[str, object], number: int) -> StoryItem:
    url = _text(row, "url")
    try:
        url = canonical_url(url)
    except ExtractError:
        url = url or f"urn:{number}"
    title, text, language = _text(row, "title"), _text(row, "text"), _text(row, "lang")
    return StoryItem(
        id=_text(row, "id"),
        source=urlsplit(url).netloc,
        host=urlsplit(url).netloc,
        url=url,
        title=title,
        text=text,
        language=language,
        published=_moment(_text(row, "published")),
        first_seen=_START + timedelta(minutes=number),
        fingerprint=fingerprint(title, text, language=language, url=url),
    )


def _labelled(row: Mapping[str, object], number: int) -> dict[str, object]:
    """The row, if it says which item and story it is."""
    if not isinstance(row, Mapping):
        raise ConfigError(f"row {number} is no object")
    for key in ("id", "story"):
        if not _text(row, key):
            raise ConfigError(f"row {number}: {key} is missing or empty")
    return dict(row)


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return "" if value is None else str(value)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _scores(precision: float, recall: float) -> dict[str, float]:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _pairs(labels: Mapping[str, str]) -> set[tuple[str, str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for item, label in labels.items():
        groups[label].append(item)
    return {pair for items in groups.values() for pair in combinations(sorted(items), 2)}


def _pairwise(gold: Mapping[str, str], found: Mapping[str, str]) -> dict[str, float]:
    right, made = _pairs(gold), _pairs(found)
    both = len(right & made)
    return _scores(both / len(made) if made else 1.0, both / len(right) if right else 1.0)


def _bcubed(gold: Mapping[str, str], found: Mapping[str, str]) -> dict[str, float]:
    both = Counter((gold[item], found[item]) for item in gold)
    right, made = Counter(gold.values()), Counter(found.values())
    if not gold:  # as for pairs: nothing is wrong where nothing was asked
        return _scores(1.0, 1.0)
    precision = sum(count * count / made[f] for (_, f), count in both.items()) / len(gold)
    recall = sum(count * count / right[g] for (g, _), count in both.items()) / len(gold)
    return _scores(precision, recall)


def _relations(
    gold: Mapping[str, str], found: Mapping[str, str], relations: Mapping[str, str]
) -> dict[str, dict[str, float]]:
    """Recall of the pairs in which an item of that relation stands with another telling."""
    totals: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for one, other in _pairs(gold):
        for name in {relations[one], relations[other]} - {""}:
            totals[name] += 1
            hits[name] += found[one] == found[other]
    return {
        name: {"pairs": totals[name], "recall": round(hits[name] / totals[name], 4)}
        for name in sorted(totals)
    }


def _errors(
    gold: Mapping[str, str],
    found: Mapping[str, str],
    links: Mapping[frozenset[str], StoryLink],
) -> list[dict[str, object]]:
    right, made = _pairs(gold), _pairs(found)
    wrong = [("missed", pair) for pair in sorted(right - made)]
    wrong += [("joined", pair) for pair in sorted(made - right)]
    return [_error(kind, pair, gold, links.get(frozenset(pair))) for kind, pair in wrong]


def _error(
    kind: str, pair: tuple[str, str], gold: Mapping[str, str], link: StoryLink | None
) -> dict[str, object]:
    return {
        "kind": kind,
        "ids": list(pair),
        "stories": [gold[pair[0]], gold[pair[1]]],
        "score": link.score if link else None,
        "anchors": list(link.anchors) if link else [],
        "veto": link.veto if link else "",
    }
