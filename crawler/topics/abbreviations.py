"""Abbreviations: which ones an item explains itself, and then not as a topic takes them.

"Klinische Infektiologie (KI)" says what KI means in that item. The initials of the words beside
the bracket have to spell the abbreviation: the strict case of Schwartz & Hearst (2003), whose match
of letters inside words would explain too much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.topics.article import Article
from crawler.topics.clues import Clue
from crawler.topics.parts import USER_STRENGTH

_LONGEST = 5  # letters of an abbreviation
_REACH = 90  # characters of the words that explain it
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = 3  # letters of a word that lends no initial: of, der, für


def explained(clues: Sequence[Clue], article: Article) -> dict[str, str]:
    """What the abbreviations among the clues mean where the item says so: words by abbreviation.

    Those whose words the topic itself finds ("künstliche Intelligenz (KI)") mean what it takes
    them for, and a user's own words mean what the user says. Nothing is explained in a language
    the lexicons do not know.
    """
    meant: dict[str, str] = {}
    if not article.language:
        return meant
    for clue in clues:
        start, end = clue.find.start, clue.find.end
        if end - start > _LONGEST or clue.role.strength == USER_STRENGTH:
            continue
        source = article.sources[clue.field]
        words = _words_beside(source, start, end)
        if words and not _is_found(words, clue, clues):
            meant[source[start:end]] = " ".join(source[slice(*words)].split())
    return meant


def _words_beside(source: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the words stand that a bracket ties to the abbreviation; None where there are none."""
    short = source[start:end]
    if not short.isupper():
        return None
    if source[start - 1 : start] == "(" and source[end : end + 1] == ")":
        first = max(0, start - _REACH)
        words = list(_WORD.finditer(source, first, start - 1))
        return _spelling(short, words, last=True)
    if source[end : end + 2] == " (":
        close = source.find(")", end, end + _REACH)
        return _spelling(short, list(_WORD.finditer(source, end, max(close, end))), last=False)
    return None


def _spelling(short: str, words: Sequence[re.Match[str]], *, last: bool) -> tuple[int, int] | None:
    """The words, last or first in the line, whose initials spell the abbreviation."""
    for counted in (words, [word for word in words if len(word[0]) > _SMALL]):
        chosen = counted[-len(short) :] if last else counted[: len(short)]
        initials = "".join(word[0][0] for word in chosen)
        if initials.casefold() == short.casefold():
            return chosen[0].start(), chosen[-1].end()
    return None


def _is_found(words: tuple[int, int], clue: Clue, clues: Sequence[Clue]) -> bool:
    """Whether another clue that counts lies in the words."""
    return any(
        other.field == clue.field
        and other.role.strength > 0
        and other.find.start < words[1]
        and words[0] < other.find.end
        for other in clues
    )
