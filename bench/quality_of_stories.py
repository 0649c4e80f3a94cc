"""How well items were grouped: pairwise F1 against the events that they tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def pair_f1(found: Mapping[str, str], meant: Mapping[str, str]) -> float:
    """1.0 where exactly those items share a story (``found``) that tell one event (``meant``);
    both lead from an item's address. An item without a story stands alone."""
    story = {url: found.get(url, f"alone {url}") for url in meant}
    both = _pairs(Counter((story[url], event) for url, event in meant.items()))
    ours, theirs = _pairs(Counter(story.values())), _pairs(Counter(meant.values()))
    return 2 * both / (ours + theirs) if ours + theirs else 1.0


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
