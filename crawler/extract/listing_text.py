"""What a short text on a listing is: a date, a heading, a label."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.extract.listing_document import Document

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MONTHS = (
    r"jan|feb|mar|mrz|apr|mai|maj|may|mei|jun|jul|aou|aug|sep|okt|oct|nov|dez|dec|fev|avr|"
    r"juin|juil|gen|mag|giu|lug|ago|set|ott|dic|ene|abr|led|uno|bre|dub|kve|cer|srp|zar|rij|lis|"
    r"pro|sty|lut|kwi|cze|lip|sie|wrz|paz|gru|tammi|helmi|maalis|huhti|touko|kesa|heina|elo|"
    r"syys|loka|marras|joulu|gener|marc|juny|urt|ots|mart|api|eka|uzt|abu|ira|urr|aza|abe|out|dez"
)
_DATE = re.compile(
    r"(?<!\d)(?:"
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}"
    r"|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)?\d\d(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?[\s,/-]{{0,2}}(?:de |d'|of )?(?:{_MONTHS})[^\W\d_]*"
    r"[\s.,/-]{0,3}(?:de |del |of )?(?:'?\d\d|(?:19|20)\d\d)(?!\d)"
    rf"|(?:19|20)\d\d[\s,.-]{{1,3}}(?:{_MONTHS})[^\W\d_]*[\s.-]{{1,2}}\d{{1,2}}(?!\d)"
    r"|(?:19|20)\d\d년 ?\d{1,2}월 ?\d{1,2}일"
    r")"
    rf"|\b(?:{_MONTHS})[^\W\d_]*\.?\s{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?\s?,?\s{{0,2}}(?:19|20)\d\d"
)
_DIGIT = re.compile(r"\d")
_NORDIC = str.maketrans("øæłđß\xa0", "oalds ")
_RELATIVE = re.compile(
    r"\b(?:vor|il y a|hace|ha)\s(?:\d+|ein\w*|une?|un[ao]?)\s\w+|\b(?:\d+|an?)\s(?:second|minute|"
    r"hour|day|week|month|minut|time|dag|uge|maaned|giorn|or[ae]|sekund)\w*\s(?:ago|siden|fa|sedan)"
    r"|^(?:heute|gestern|vorgestern|today|yesterday|hier|aujourd'hui|oggi|ieri|hoy|ayer|"
    r"i dag|i gaar)\b"
)
_YEARLESS = re.compile(
    rf"(?:^|[\s,|])\d{{1,2}}\.?\s{{0,2}}(?:{_MONTHS})[^\W\d_]{{0,9}}\.?$|"
    rf"^(?:{_MONTHS})[^\W\d_]{{0,9}}\.?\s\d{{1,2}}$"
)


@lru_cache(maxsize=20_000)
def find_date(text: str) -> str:
    """The first thing in a text that looks like a full or relative date, else ""."""
    if len(text) > 2_000:
        text = text[:2_000]
    if not _DIGIT.search(text) and len(text) > 30:
        return ""
    folded = _fold(text)
    found = _DATE.search(folded) or (_RELATIVE.search(folded) if len(folded) < 40 else None)
    return text[found.start() : found.end()] if found else ""


def _fold(text: str) -> str:
    """Lower case without accents, character for character, so that offsets stay."""
    if text.isascii():
        return text.lower()
    return "".join(_bare(character) for character in text)


@lru_cache(maxsize=4_000)
def _bare(character: str) -> str:
    lowered = character.lower()[:1].translate(_NORDIC)
    split = unicodedata.normalize("NFD", lowered)
    # Hangul splits into jamo that are no accents: it stays whole.
    return split[0] if len(split) > 1 and unicodedata.combining(split[1]) else lowered


def date_like(text: str) -> bool:
    """Whether a short text is mostly a date."""
    if not text or len(text) > 60:
        return False
    found = find_date(text)
    return bool(found) and len(found) * 2 + 12 >= len(text)


def yearless_date(text: str) -> bool:
    """A day and a month without the year."""
    return len(text) < 30 and bool(_YEARLESS.search(_fold(text)))


def has_heading(document: Document, index: int) -> bool:
    """Whether a node is a heading or holds one."""
    return any(document.nodes[i].tag in HEADINGS for i in document.within(index))
