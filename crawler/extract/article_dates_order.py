"""Which number stands first where an English page writes its days in bare numbers."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from crawler.extract.article_metadata import Metadata
from crawler.extract.dates import AMERICAN

_BARE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:(?:19|20)\d\d|\d\d)(?![\d./-])")
_MOST_READ = 500
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
    r"programmes?|(?:organi|reali|recogni)s(?:e[ds]?|ing|ations?)|licence|whilst)|Ltd|GmbH|"
    r"Europe(?:an)?|EU|UK)\b|[£€]|\+(?:3\d|4\d|27|61|64|91)[\s(]"
)


def language_of_dates(text: str, url: str, metadata: Metadata, language: str) -> str:
    """``language``, or ``AMERICAN`` where an English page writes the month first.

    Numbers above twelve in ``text`` (of the page) tell; without any, a half-day clock beside a
    day, then the domain and the region of the declared language; a page of a generic domain that
    names no region is American unless its spelling or signs say otherwise, or all its numbers
    stand between dots, as hardly anybody writes them there.
    """
    if language != "en":
        return language
    firsts = seconds = 0
    dotted = True
    for match in islice(_BARE.finditer(text), _MOST_READ):
        first, second = int(match[1]), int(match[3])
        firsts += first > 12 >= second
        seconds += second > 12 >= first
        dotted = dotted and match[2] == "."
    if firsts != seconds:
        return AMERICAN if seconds > firsts else language
    if _HALF_DAY.search(text) or _is_american(url, metadata, text, dotted):
        return AMERICAN
    return language


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
    return is_declared or not (dotted or _ELSEWHERE.search(text))
