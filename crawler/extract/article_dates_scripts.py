"""The day of publication that inline scripts hand to counters, applications and advertisers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from crawler.extract.article_page import Page
from crawler.model.item import Published

# "datePublished": "2010-05-03", publishedAt = 1536739200000, firstPub = new Date('…').
_VALUE = (
    r"\w{0,12}\\?[\"']?\s{0,3}[:=]\s{0,3}(?:new Date\()?"
    r"(?:\\?[\"']([^\"'\\<>]{6,40})|(\d{10}(?:\d{3})?)(?!\d))"
)
_PUBLISHED = re.compile(
    r"(?<!un)(?<!latest)(?<!last)(?<!last[_-])(?<!latest[_-])"
    r"(?:first_?pub|date_?publ|publ(?:ish(?:ed)?|ication)_?(?:date|time|at|on)|pub_?date)" + _VALUE,
    re.IGNORECASE,
)
_CREATED = re.compile(
    r"(?:upload_?date|date_?created|created_?(?:date|time|at|on)|post_?date|display_?date)"
    + _VALUE,
    re.IGNORECASE,
)
_MOST = 20
_SAME_DAY = 0.58
# Of several the first is the page's own more often than not.
_FIRST = 0.36
_CREATED_CONFIDENCE = 0.34


def scripted_days(
    page: Page, read: Callable[[str], Published | None]
) -> Iterator[tuple[Published, float]]:
    """The published day of the scripts with a confidence of 0 to 1; the day of creation where
    they give no other."""
    if found := _dates(_PUBLISHED, page, read):
        is_one = len({each.day for each in found}) == 1
        yield found[0], _SAME_DAY if is_one else _FIRST
    elif found := _dates(_CREATED, page, read):
        yield found[0], _CREATED_CONFIDENCE


def _dates(
    pattern: re.Pattern[str], page: Page, read: Callable[[str], Published | None]
) -> list[Published]:
    written = (match[1] or match[2] for match in islice(pattern.finditer(page.markup), _MOST))
    return [found for each in written if (found := read(each))]
