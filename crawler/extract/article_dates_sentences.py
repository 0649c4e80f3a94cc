"""What the words around a written date say about it: an event, a range, a sentence of prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.article_dates_words import EVENT_LABEL, WEEKDAY
from crawler.extract.dates_words import WEEKDAYS
from crawler.model.item import Published

_PER_BLOCK = 4
_LETTERS = re.compile(r"[^\W\d_]+")
_RANGE_BEFORE = re.compile(
    r"(?:(?<!\w)\d{1,2}\.?|[^\W\d_]{3,10})\s{0,2}(?:[-–—/]|bis|und|to|until|and|au|til|till|t/m|al|do|a)\s{0,2}$",
    re.IGNORECASE,
)
_RANGE_AFTER = re.compile(
    r"^\s{0,2}(?:Uhr\s{0,2})?(?:[-–—]|bis|to|until|au|til|till|t/m|al|do)\s{0,2}\d", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Written:
    """One date in a block's text, with the words around it."""

    published: Published
    before: str  # since the date before it
    after: str
    length: int
    is_first: bool


def written_dates(text: str, found: tuple[tuple[int, int, Published], ...]) -> Iterator[Written]:
    """The first dates of a block, each with what stands between it and its neighbours."""
    begin = 0
    for position, (start, end, published) in enumerate(found[:_PER_BLOCK]):
        before = text[begin:start]
        published = _ordered(published, before)
        yield Written(published, before, text[end:], end - start, position == 0)
        begin = end


def _ordered(published: Published, before: str) -> Published:
    """ "Monday, 05/03/2010" is the third of May: the weekday tells which number is the month."""
    day, words = published.day, _LETTERS.findall(before[-20:].casefold())
    weekday = WEEKDAYS.get(words[-1]) if words else None
    if weekday is None or day.weekday() == weekday or day.day > 12:
        return published
    turned = published.moment.replace(month=day.day, day=day.month)
    return Published(turned, published.whole_day) if turned.weekday() == weekday else published


def is_event(before: str, after: str) -> bool:
    """Whether the words around a date say that something happens then."""
    if EVENT_LABEL.search(before[-40:]) or EVENT_LABEL.search(after[:30]):
        return True
    if _RANGE_AFTER.match(after):
        return True
    bare = _NUMBERED.sub("", WEEKDAY.sub("", before)).rstrip(" ,")
    return bool(_RANGE_BEFORE.search(bare)) and any(each.isdigit() for each in bare[-12:])


_SENTENCE_END = re.compile(r"[.!?…]['\")»”]?\s*$")
_FEWEST_WORDS = 3
# "Vecka 16 – 2016-04-18" is no range of days.
_NUMBERED = re.compile(
    r"\b(?:kw|weeks?|woche|vecka|uge|uke|semaine|semana|settimana|nr|no|n°)\.?\s?\d{1,3}",
    re.IGNORECASE,
)
# "Posted by taco on Monday … from the sawdust dept." is a byline all the same.
_BYLINE = re.compile(
    r"^\W{0,3}(?:posted|published|written|submitted|by|von|par|por|di|door|av|autor|author)\b",
    re.IGNORECASE,
)
_SOFTWARE = re.compile(r"\b(?:version|template|build|v)\.?\s?$", re.IGNORECASE)


def is_prose(before: str, after: str) -> bool:
    """Whether the date stands inside a sentence: words lead to it, and a full stop ends it; or
    is no date but software's version."""
    if _SOFTWARE.search(before):
        return True
    if _BYLINE.match(before):
        return False
    words = _LETTERS.findall(before)
    return (
        len(words) >= _FEWEST_WORDS
        and len(_LETTERS.findall(after)) >= 1
        and bool(_SENTENCE_END.search(after))
    )
