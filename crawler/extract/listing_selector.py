"""A list's place in the page as CSS: a choice that a configuration file can keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST = 500  # characters of a selector, as a declaration may have it
_OR = ", "
_LEVELS = 7  # elements around a link of which one may be the item's block
_COLUMN = re.compile(r":(\d+)$")


def selectors_of(learned: Mapping[str, Any]) -> Iterator[str]:
    """CSS selectors that may find the blocks of a learned list's items, widest block first.

    That one of them finds the same items has to be tried: a place has only some of an element's
    classes, and no headings.
    """
    paths = [path for path in learned.get("paths", ()) if isinstance(path, str)]
    places = [[_step(shape) for shape in reversed(path.split("<"))] for path in paths]
    if not places:
        return
    room = _LONGEST // len(places) - len(_OR)
    for inner in reversed(range(min(_LEVELS, *map(len, places)))):
        blocks = [_joined(steps[: len(steps) - inner], room) for steps in places]
        if all(blocks):
            yield _OR.join(dict.fromkeys(blocks))


def _step(shape: str) -> str:
    """A shape such as "li.news" or "td:2", the third cell of a row, in CSS."""
    column = _COLUMN.search(shape)
    tag, *classes = _COLUMN.sub("", shape).split(".")
    named = "".join("." + re.sub(r"([^\w-])", r"\\\1", one) for one in classes if one)
    return tag + named + (f":nth-child({int(column[1]) + 1})" if column else "")


def _joined(steps: list[str], room: int) -> str:
    """The innermost steps that fit into ``room`` characters; "" where not one does."""
    kept = steps
    while len(" > ".join(kept)) > room:
        kept = kept[1:]
    return " > ".join(kept)
