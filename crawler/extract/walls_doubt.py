"""Whether a page may be a wall at all, told from its words as they stand: most are surely none.

Nothing here decides that a page is a wall. It counts the signs that a look (``walls_page``) could
find, at a tenth of its price: every word of the page is there, whatever it stands in, so a sign
that needs a word it lacks is out of the question. Where fewer signs are left than a wall needs, no
look is taken.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from crawler.extract import walls_words as words

# A script ends for a look where its name stands behind a slash, so its text is left out up to
# there; what is left of it costs a look, never a sign.
_SCRIPT = re.compile(r"<(script|style)\b[^>]*(?<!/)>.*?(?:/\1|\Z)", re.I | re.S)
_TAG = re.compile(r"<[^<>]*>")
_INPUT = re.compile(r"<input\b[^>]*", re.I)
_NEEDED = 2  # signs that make a wall


_Sayings = tuple[frozenset[str], ...]  # the words of each


def _told(sayings: Iterable[str]) -> _Sayings:
    return tuple(words.words_of(saying) for saying in sayings)


_BOT = _told(words.BOT_TITLES), _told(words.BOT_PHRASES)
_LOGIN = _told(words.LOGIN_TITLES), _told(words.LOGIN_PHRASES)
_CONSENT = _told(words.CONSENT_TITLES), _told(words.CONSENT_DEMANDS)
_MISSING = _told(words.MISSING_HEADINGS), _told(words.MISSING_PHRASES)


@dataclass(frozen=True)
class Doubt:
    """What a page's markup leaves open. ``elsewhere``: another address answered than was asked;
    ``status``: the answer's status speaks for a check, or for a login."""

    markup: str
    elsewhere: bool = False
    status: bool = False

    @property
    def is_left(self) -> bool:
        """Whether the page may be a wall of any kind."""
        return self._may_check() or self._may_log_in() or self._may_miss() or self._may_ask()

    @cached_property
    def _lowered(self) -> str:
        return self.markup.lower()

    @cached_property
    def _seen(self) -> str:
        return html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", self.markup)))

    @cached_property
    def _words(self) -> frozenset[str]:
        each_once = " ".join(set(self._seen.split()))
        return words.words_of(words.bare(each_once))

    def _may_check(self) -> bool:
        said = (*self._said(_BOT), self.status)
        return _enough(said, lambda: self._holds(words.BOT_MARKS))

    def _may_log_in(self) -> bool:
        said = (*self._said(_LOGIN), self.status, self.elsewhere)
        return _enough(said, lambda: self._holds(["password"]))

    def _may_miss(self) -> bool:
        said = (*self._said(_MISSING), self.elsewhere)
        return _enough(said, lambda: self._holds(words.MISSING_CLASSES))

    def _may_ask(self) -> bool:
        if not (self.elsewhere or any(self._said(_CONSENT))):
            return False
        text, fields = words.bare(self._seen), html.unescape(" ".join(_INPUT.findall(self.markup)))
        accepting = any(words.ACCEPTING.search(one) for one in (text, words.bare(fields)))
        return accepting and bool(words.CONSENT_SUBJECTS.search(text))

    def _said(self, sayings: Iterable[_Sayings]) -> Iterator[bool]:
        """Whether a title, and whether a phrase, could stand on the page."""
        return (any(one <= self._words for one in each) for each in sayings)

    def _holds(self, marks: Iterable[str]) -> bool:
        return any(mark in self._lowered for mark in marks)


def _enough(signs: Iterable[bool], last: Callable[[], bool]) -> bool:
    """Whether so many signs may be there as a wall needs; ``last`` is looked for where it
    decides."""
    found = sum(signs)
    return found >= _NEEDED or (found == _NEEDED - 1 and last())
