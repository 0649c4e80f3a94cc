"""Which number stands first where an English page writes its days in bare numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import urlsplit

from crawler.extract.article_metadata import Metadata
from crawler.extract.article_page import Page
from crawler.extract.dates import AMERICAN
from crawler.extract.dates_words import MONTHS

_BARE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d./-])")
_MOST_READ = 500
# So much of a page tells how it writes its days.
_MOST_TEXT = 40_000
# The months of stamps and of folders of pictures: "2016-12-09T…", "/uploads/2016/12/".
_STAMPED_MONTH = re.compile(r"(?<!\d)(20\d\d)[/-](0[1-9]|1[0-2])(?=[/-])")
_NAMED = re.compile(
    r"(?<![\d.:-])\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?P<after>[A-Z][a-z]{2,8})\.?,?\s(?:19|20)\d\d"
    r"|\b(?P<before>[A-Z][a-z]{2,8})\.?\s\d{1,2}(?:st|nd|rd|th)?,\s(?:19|20)\d\d"
)
# Fewer days by name may be a quotation's.
_FEWEST_NAMED = 2
_HALF_DAY = re.compile(
    r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4},?\s{1,3}(?:at\s)?\d{1,2}:\d\d\s?[ap]\.?m", re.IGNORECASE
)
_HALF_DAY_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d\d\s?[ap]\.?m\b", re.IGNORECASE)
# Where English is written and the day stands first.
_DAY_FIRST_DOMAINS = frozenset(
    {"uk", "ie", "au", "nz", "in", "za", "sg", "hk", "my", "ng", "ke", "pk", "bd", "lk", "ca"}
)
_AMERICAN_DOMAINS = frozenset({"us", "gov", "edu", "mil"})
_GENERIC_DOMAINS = frozenset({"com", "org", "net", "info", "biz"})
# Spellings, signs and telephone codes of English that is not written in America.
_ELSEWHERE = re.compile(
    r"\b(?:(?i:(?:colour|favour|behaviour|labour|neighbour|honour)(?:s|ed|able|ite)?|centres?|"
    r"programmes?|(?:organi|reali|recogni)s(?:e[ds]?|ing|ations?)|licence|whilst)|Ltd|GmbH)\b|"
    r"[£€]|\+(?:3\d|4\d|27|61|64|91)[\s(]"
)
# Americans name these as well, mostly beside prices of their own.
_ABROAD = re.compile(r"\b(?:Europe(?:an)?|EU|UK)\b")
_DOLLARS = re.compile(r"(?<![A-Z])\$\s?\d")


def language_of_dates(page: Page, metadata: Metadata, language: str) -> str:
    """``language``, or ``AMERICAN`` where an English page writes the month first.

    Numbers above twelve in the page's text tell; without any, the months that its stamps and
    folders name; then a half-day clock beside a day, then the domain and the region of the
    declared language; a page of a generic domain that names no region is American unless its
    spelling, its signs or its days by name say otherwise, or all its numbers stand between
    dots, as hardly anybody writes them there.
    """
    if language != "en":
        return language
    text = "\n".join(block.text for block in page.blocks)[:_MOST_TEXT]
    written = list(islice(_BARE.finditer(text), _MOST_READ))
    numbers = {(int(match[1]), int(match[3]), match[4]) for match in written}
    firsts = sum(first > 12 >= second for first, second, _ in numbers)
    seconds = sum(second > 12 >= first for first, second, _ in numbers)
    if firsts == seconds:
        firsts, seconds = _stamped(numbers, page.markup)
    if firsts != seconds:
        return AMERICAN if seconds > firsts else language
    dotted = all(match[2] == "." for match in written)
    if _HALF_DAY.search(text) or _is_american(page.url, metadata, text, dotted):
        return AMERICAN
    return language


def _stamped(numbers: Iterable[tuple[int, int, str]], markup: str) -> tuple[int, int]:
    """How many days of bare numbers fall into a month of the page's stamps only with the day
    first, and how many only with the month first."""
    doubtful = [each for each in numbers if each[0] != each[1] and max(each[:2]) <= 12]
    if not doubtful:
        return 0, 0
    months = {(int(match[1]), int(match[2])) for match in _STAMPED_MONTH.finditer(markup)}
    firsts = seconds = 0
    for first, second, digits in doubtful:
        year = int(digits) if len(digits) == 4 else 2000 + int(digits)
        firsts += (year, second) in months and (year, first) not in months
        seconds += (year, first) in months and (year, second) not in months
    return firsts, seconds


def _names_days_first(text: str) -> bool:
    """Whether days with their month's name stand before it, all of them."""
    named = [match for match in _NAMED.finditer(text) if _month(match)]
    return len(named) >= _FEWEST_NAMED and all(match["after"] for match in named)


def _month(match: re.Match[str]) -> int | None:
    return MONTHS.get((match["after"] or match["before"]).casefold())


def _is_american(url: str, metadata: Metadata, text: str, dotted: bool) -> bool:
    """By domain and declared language, else by default; ``dotted``: no slash or hyphen parts
    the page's numbers."""
    try:
        host = urlsplit(url).hostname or urlsplit(metadata.canonical).hostname or ""
        domain = host.rpartition(".")[2]
    except ValueError:
        domain = ""
    if domain in _AMERICAN_DOMAINS:
        return True
    if domain in _DAY_FIRST_DOMAINS:
        return False
    declared = (metadata.language, metadata.first("og:locale"), metadata.first("content-language"))
    tags = [tag.replace("_", "-").casefold() for tag in declared if tag]
    # An English text on a site that is set up in another language is no American one either.
    if any(tag[:2] != "en" or (tag[:3] == "en-" and tag != "en-us") for tag in tags):
        return False
    if domain and domain not in _GENERIC_DOMAINS:
        return False
    is_declared = "en-us" in tags or bool(_HALF_DAY_CLOCK.search(text))
    return is_declared or not (dotted or _is_from_elsewhere(text))


def _is_from_elsewhere(text: str) -> bool:
    """Whether spelling, signs or days by name show English that is not written in America."""
    if _ELSEWHERE.search(text) or _names_days_first(text):
        return True
    return bool(_ABROAD.search(text)) and not _DOLLARS.search(text)
