"""What it costs to find the blocks of a CSS selector.

Every step that looks further than from an element to its children may look at all pairs of a
page's elements.
"""

from __future__ import annotations

from functools import lru_cache

MOST_SEARCHES = 8
_PLAIN_SEARCHES = 2  # for the start, and one "a b": they cost little on a light page


def searches(selector: str) -> int:
    """How many such steps the longest of a selector's alternatives takes, the first included.

    Raises cssselect.SelectorError or ValueError for what is no CSS selector.
    """
    return max(path.count("::") for path in _path(selector).split(" | "))


def is_plain(selector: str) -> bool:
    """Whether it may be sought in the loop: "ul.news > li", "main article", or none at all."""
    if not selector:
        return True
    from cssselect import SelectorError

    try:
        path = _path(selector)
    except (SelectorError, SyntaxError, ValueError):
        return False
    return path.count("::") <= _PLAIN_SEARCHES and "-sibling::" not in path


@lru_cache(maxsize=1024)
def _path(selector: str) -> str:
    """The selector as XPath, whose long steps name their axis."""
    from lxml.cssselect import LxmlTranslator

    path: str = LxmlTranslator().css_to_xpath(selector)
    return path
