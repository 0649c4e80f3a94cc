"""Whether a page writes one given day, in any customary form, visibly or not."""

from __future__ import annotations

import re
from datetime import date

from crawler.extract.dates_words import MONTHS

_ORDERS = ("{y}{s}{m}{s}{d}", "{d}{s}{m}{s}{y}", "{m}{s}{d}{s}{y}")


def is_written(markup: str, day: date) -> bool:
    """Whether ``markup`` has the day with its year, month and day of the month, as numbers or
    with the month's name in any of our languages."""
    return _pattern(day).search(markup) is not None


def _pattern(day: date) -> re.Pattern[str]:
    y, m, d = str(day.year), f"0?{day.month}", f"0?{day.day}"
    numbers = [order.format(y=y, m=m, d=d, s=r"\s?[-./]\s?") for order in _ORDERS]
    numbers += [f"{day:%Y%m%d}", rf"{y}\s?[年년]\s?{m}\s?[月월]\s?{d}"]
    names = "|".join(
        sorted((re.escape(name) for name, number in MONTHS.items() if number == day.month), key=len)
    )
    month = rf"(?:{names})\.?"
    numbers += [
        rf"{d}(?:st|nd|rd|th|er)?\.?\s{{1,3}}(?:de\s)?{month},?\s{{1,3}}(?:del?\s)?{y}",
        rf"{month}\s{{1,3}}{d}(?:st|nd|rd|th)?,?\s{{1,3}}{y}",
    ]
    return re.compile(rf"(?<!\d)(?:{'|'.join(numbers)})(?!\d)", re.IGNORECASE)
