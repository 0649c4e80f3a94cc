"""The day that an article's address names, alone or together with a line near the title."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import unquote, urlsplit

from crawler.extract.article_page import Block, Page
from crawler.extract.dates import plausible
from crawler.extract.dates_words import MONTHS

# Behind /2018/01/ only a whole segment is the day: "3d-cinema" opens with a number.
_URL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_.-](0?[1-9]|1[0-2])"
    r"(?:[_.-]|/(?=\d{1,2}(?:/|\.[a-z]{3,5}$|$)))(0?[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_COMPACT = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
# /2013/sep/18/ and /18-03-2016-lotsen.
_URL_NAMED = re.compile(
    r"/((?:19|20)\d\d)[/-]([a-z]{3,9})[/-]([0-3]?\d)(?=[/_.-]|$)", re.IGNORECASE
)
_URL_DAY_FIRST = re.compile(r"(?<!\d)([0-3]?\d)([._-])(1[0-2]|0?[1-9])\2((?:19|20)\d\d)(?!\d)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?=[/-])")
_DAY_AND_MONTH = re.compile(
    r"(?<![\d.])(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º)?\.?\s{0,2}(?:de\s)?(?P<month>[^\W\d_]{3,12})"
    r"|(?P<first>[^\W\d_]{3,12})\.?\s{1,2}(?P<second>[0-3]?\d)(?!\d)"
)
_LINE_CHARACTERS = 90
_BEFORE_TITLE = 3
_AFTER_TITLE = 7


def day_in_address(url: str, now: datetime | None) -> date | None:
    """The whole day in the address's path, None where it names none."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return None
    if match := _URL_DATE.search(path) or _URL_COMPACT.search(path):
        return _day(match[1], match[2], match[3], now)
    if match := _URL_NAMED.search(path):
        month = MONTHS.get(match[2].casefold())
        return _day(match[1], str(month), match[3], now) if month else None
    match = _URL_DAY_FIRST.search(path)
    return _day(match[4], match[3], match[1], now) if match else None


def day_beside_address(
    url: str, page: Page, title: Block | None, now: datetime | None
) -> date | None:
    """The day that a line near the title names without its year, in the year and month of the
    address ``url``: "3. Mai" under /2010/05/."""
    month = _URL_MONTH.search(url)
    if title is None or not month:
        return None
    near = page.blocks[max(0, title.index - _BEFORE_TITLE) : title.index + _AFTER_TITLE]
    for line in (block.text for block in near if len(block.text) <= _LINE_CHARACTERS):
        for match in _DAY_AND_MONTH.finditer(line):
            name = (match["month"] or match["first"]).casefold()
            number = match["day"] or match["second"]
            if MONTHS.get(name) == int(month[2]) and (day := _day(month[1], month[2], number, now)):
                return day
    return None


def _day(year: str, month: str, day: str, now: datetime | None) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if plausible(found, now) else None
