"""Whether a page writes one given day outside prose, in any customary form, visibly or not."""

from __future__ import annotations

import re
from datetime import date

from crawler.extract.article_page import Page
from crawler.extract.dates_words import MONTHS

_ORDERS = ("{y}{s}{m}{s}{d}", "{d}{s}{m}{s}{y}", "{m}{s}{d}{s}{y}")


# Longer blocks tell of other days: "On February 7, 28 participants met".
_LINE_CHARACTERS = 140
_TAG_OR_COMMENT = re.compile(r"<[^<>]{4,2000}>")
# Software's own stamps: versions of files, times of caches and builds.
_SOFTWARE = re.compile(
    r"<(?:script|link)\b|<!--[^>]*?(?:cache|generat|serve[dr]|render|compil|build|minif|optimi[sz])",
    re.IGNORECASE,
)


def is_written(page: Page, day: date) -> bool:
    """Whether a short line, a tag or a comment has the day with its year, month and day of the
    month, as numbers or with the month's name in any of our languages."""
    pattern = _pattern(day)
    lines = (block.text for block in page.blocks if len(block.text) <= _LINE_CHARACTERS)
    if any(pattern.search(text) for text in lines):
        return True
    compact = re.compile(rf"(?<!\d){day:%Y%m%d}(?!\d)|{pattern.pattern}", re.IGNORECASE)
    tags = (match[0] for match in _TAG_OR_COMMENT.finditer(page.markup))
    return any(compact.search(tag) for tag in tags if not _SOFTWARE.match(tag))


def _pattern(day: date) -> re.Pattern[str]:
    y, m, d = str(day.year), f"0?{day.month}", f"0?{day.day}"
    numbers = [order.format(y=y, m=m, d=d, s=r"\s?[-./]\s?") for order in _ORDERS]
    numbers += [rf"{y}\s?[年년]\s?{m}\s?[月월]\s?{d}"]
    names = "|".join(
        sorted((re.escape(name) for name, number in MONTHS.items() if number == day.month), key=len)
    )
    month = rf"(?:{names})\.?"
    numbers += [
        rf"{d}(?:st|nd|rd|th|er)?\.?\s{{1,3}}(?:de\s)?{month},?\s{{1,3}}(?:del?\s)?{y}",
        rf"{month}\s{{1,3}}{d}(?:st|nd|rd|th)?,?\s{{1,3}}{y}",
    ]
    # A range, as of an event, is no day.
    return re.compile(rf"(?<![\d–—])(?<!\d[.-])(?:{'|'.join(numbers)})(?!\d)", re.IGNORECASE)
