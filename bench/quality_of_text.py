"""How much of an article's text was read: F1 over its words, as often as each occurs."""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"\w+")


def word_f1(found: str, meant: str) -> float:
    """1.0 where exactly the words that were meant were found."""
    ours, theirs = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(meant.lower()))
    common = sum((ours & theirs).values())
    return 2 * common / (sum(ours.values()) + sum(theirs.values())) if common else 0.0
