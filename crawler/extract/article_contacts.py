"""Which last lines of an article only say how to reach who wrote it.

A sentence that is lost may be an alert that is lost, a line too many costs little: a line goes
only where nothing else can be meant, and never a large part of the article with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from crawler.extract.article_page import Block
from crawler.extract.dates_grammar import readings

# What a page says about an author is no longer; so many lines, so much beside the text above.
_LONGEST = 220
_LINES = 4
_SHARE = 0.15
# Words that may follow the last way to reach somebody: the rest of an address, another network.
_WORDS_AFTER = 8

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.!?]\s+\w")
_PROPER = r"[^\W\d_a-zà-öø-ÿ][\w'’-]{0,24}\.?"
_NAMES = rf"{_PROPER}(?:\s(?:(?:and|und|et|&|de|van|von)\s)?{_PROPER}){{1,4}}"
# "Ann Example" alone in its line, of capitals or of a script without them.
_NAME = re.compile(rf"^{_NAMES}$|^[가-힣]{{2,4}}$")
_NETWORK = r"(?:twitter|facebook|instagram|linkedin|mastodon|bluesky)\b"
_MAIL = r"(?:e-?mail:?\s)?[\w.+-]{1,60}@"
_CONTACT = re.compile(
    rf"(?:^|[.!?]\s)(?:(?:[Ff]ollow|[Ff]ind) (?:him|her|them|me|[^\W\d_][\w.]*(?: [^\W\d_]\w*)?) "
    rf"(?:(?:on|at) )?(?:(?i:{_NETWORK})|@\w)|"
    r"(?:[Cc]ontact|[Ee]-?mail) (?:him|her|them|me|the (?:author|writer|reporter)):? "
    rf"(?:at |via |by )?{_MAIL}|"
    rf"(?:He|She|They|I|{_NAMES}) (?:can|may) be (?:reached|contacted) (?:at|via|by) {_MAIL}|"
    rf"Folgen Sie (?:ihm|ihr) (?:auf|bei)\b|Suivez-l[ea] sur\b)"
)
# A line about an author opens with the name and what the author is or does, or with the contact.
_INTRODUCED = re.compile(
    rf"^(?:{_NAMES}|He|She|They|I)\s(?:(?:is|are|was|ist|est) (?:an?|the|our|freie|une?|\w+in)\b|"
    r"(?:writes?|covers?|reports?|edits|works|schreibt|berichtet|écrit|(?:can|may) be)\b)"
)
_TELEPHONE = re.compile(
    r"^(?:tel(?:efon|efono|eph?one)?|phone|tlf|tél(?:éphone)?|mobile?|fax)\b[.:]{0,2}\s{0,2}"
    r"[+(]{0,2}\d[\d\s()/.–-]{5,24}$",
    re.IGNORECASE,
)
# Without a word before it: a country's prefix or an area's, which amounts do not have.
_DIALLED = re.compile(
    r"^(?:\+\d{1,3}[\s()/.-][\d\s()/.-]{6,22}|\(0\d{1,5}\)[\d\s/-]{5,20}|"
    r"0\d{1,5}[\s/-][\d\s/-]{5,20})$"
)
_MAILED = re.compile(
    r"^(?:e-?mail\b:?\s{0,2})?[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{2,60}$", re.IGNORECASE
)
# "+1 250 000"; a year between separators; a span, as of opening hours.
_AMOUNT = re.compile(r"^\+?\d{1,3}(?:[\s.]\d{3})+$|(?<!\d)(?:19|20)\d\d(?!\d)|\s-\s")
_FEWEST_DIGITS = 8


def without_contacts(blocks: list[Block]) -> list[Block]:
    """The blocks without the lines at the end that say how to reach the article's author: notes
    and numbers in a row, with the name above numbers. All blocks where those lines are many or
    long beside the text above them."""
    texts = [block.text for block in blocks]
    start = len(texts) - sum(1 for _ in takewhile(_is_contact, reversed(texts)))
    if start < len(texts) and _is_number(texts[start]):
        start = _with_name(texts, start)
    told, said = (sum(map(len, part)) for part in (texts[:start], texts[start:]))
    is_small = len(texts) - start <= _LINES and said <= _SHARE * told
    return blocks[:start] if is_small else blocks


def _with_name(texts: Sequence[str], start: int) -> int:
    """Where the name stands whose numbers begin at ``start``. Numbers without one stay: they
    belong to the sentence above, the notes below them too."""
    return start - 1 if start and _NAME.match(texts[start - 1]) else len(texts)


def _is_contact(text: str) -> bool:
    return _is_number(text) or _is_note(text)


def _is_note(text: str) -> bool:
    """Whether a short text without a date opens with an author and ends with the way there."""
    if len(text) > _LONGEST or readings(text):
        return False
    last = max((found.end() for found in _CONTACT.finditer(text)), default=0)
    opens = _INTRODUCED.match(text) or _CONTACT.match(text)
    rest = text[last:]
    is_short = len(_WORD.findall(rest)) <= _WORDS_AFTER and not _SENTENCE.search(rest)
    return bool(last and opens) and is_short


def _is_number(text: str) -> bool:
    """Whether a line is a telephone number or mail address alone; no date, amount or span."""
    if _MAILED.match(text):
        return True
    return bool(_TELEPHONE.match(text) or _is_dialled(text)) and not readings(text)


def _is_dialled(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return bool(_DIALLED.match(text)) and digits >= _FEWEST_DIGITS and not _AMOUNT.search(text)
