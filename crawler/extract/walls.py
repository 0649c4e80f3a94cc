"""Whether an answer is a wall in front of the page that was asked for: bytes in, verdict out.

A wall is a check for robots, a login, a question about cookies, or a page that says that the
page is not there, whatever its status. It is told by signs of several independent kinds (title,
words, markup, address, headers, status) and by what it lacks: a page that carries news is none,
even if its news are about captchas or cookies and its sidebar has a login.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import takewhile
from urllib.parse import urlsplit

from crawler.extract import walls_words as words
from crawler.extract.charset import decode
from crawler.extract.walls_doubt import Doubt
from crawler.extract.walls_page import Glance, glance, title_segments

MAX_BYTES = 400_000
SMALL = 30_000  # bytes; a page this small is always looked at
_HEAD = 20_000  # bytes in which the title stands
_SITE_NAME = 40  # characters
_THIN = 1_500  # characters of text beside links and buttons
_VERY_THIN = 500
_SHORT_TEXT = 3_000
_SHORT_QUESTION = 8_000
_MANY_HEADLINES = 8
_SENTENCE, _PARAGRAPHS = 60, 200  # characters of a paragraph, of those an article begins with
_LINE, _NOTE = 40, 80  # characters of a sentence, of those that are a short note under its title
# In larger pages, one of these must stand somewhere; the rest of the look costs more.
_HINTS = (
    b'"password"', b"captcha", b"/challenge", b"error404", b"error-404", b"not found<",
    b"nicht gefunden", b"introuvable", b"ikke fundet", b"findes ikke", b"niet gevonden",
    b"hittades inte",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands before the page. ``kind``: bot, login, consent or missing."""

    kind: str
    signs: tuple[str, ...]  # what told it: title words markup address header status field …


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered in the end."""

    body: bytes
    url: str  # the address that answered
    requested: str
    status: int = 200
    content_type: str = ""
    headers: Mapping[str, str] | None = None  # lower-case names

    @property
    def led_elsewhere(self) -> bool:
        """Whether another path or host answered than was asked."""
        return self.url != self.requested and _place(self.url) != _place(self.requested)

    @property
    def says_so(self) -> bool:
        """Whether a header says that it is a check for robots."""
        headers = self.headers or {}
        return any(value in headers.get(name, "").lower() for name, value in words.BOT_HEADERS)


def wall_of(answer: Answer) -> Wall | None:
    """The wall that an answer is; None for a page, or for what cannot be told."""
    if answer.says_so:
        return Wall("bot", ("header",))
    if not _is_html(answer) or not _worth_a_look(answer):
        return None
    markup = decode(answer.body[:MAX_BYTES], answer.content_type)
    if not Doubt(markup, answer.led_elsewhere, answer.status in words.BOT_STATUSES).is_left:
        return None
    page = glance(markup)
    return (
        _bot(answer, page)
        or (_consent(answer, page) if answer.status < 400 else None)
        or _login(answer, page)
        or (_missing(answer, page) if answer.status < 400 else None)
    )


# -- the four kinds ---------------------------------------------------------------------------


def _bot(answer: Answer, page: Glance) -> Wall | None:
    signs = _named(
        title=_is_titled(page, words.BOT_TITLES),
        words=_says(page, words.BOT_PHRASES, headings=True),
        markup=any(mark in page.markup for mark in words.BOT_MARKS),
        status=answer.status in words.BOT_STATUSES,
    )
    if len(signs) < 2 or len(page.text) > _SHORT_TEXT:
        return None
    # A comment box with a captcha stands below news; a check stands alone.
    if "title" in signs:
        alone = page.headlines <= 2 and len(page.text) <= _THIN
    else:
        alone = _is_alone(page, words.BOT_PHRASES, words.BOT_SUBJECTS)
    return Wall("bot", signs) if alone or "status" in signs else None


def _login(answer: Answer, page: Glance) -> Wall | None:
    path = urlsplit(answer.url).path.lower().strip("/").split("/")
    signs = _named(
        title=_is_titled(page, words.LOGIN_TITLES),
        words=_says(page, words.LOGIN_PHRASES, headings=True),
        field=page.password,
        address=answer.led_elsewhere and bool(words.LOGIN_PATHS.intersection(path)),
        status=answer.status == 401,
    )
    if len(signs) < 2 or len(page.text) > _THIN or page.headlines > _MANY_HEADLINES:
        return None
    if "field" in signs and len(signs) == 2 and "address" not in signs:
        # A sidebar has as much; then there is a page beside it. A cut article begins above it.
        alone = _is_alone(page, words.LOGIN_PHRASES, words.LOGIN_SUBJECTS)
        return Wall("login", signs) if alone and not _begins(page) else None
    return Wall("login", signs)


def _consent(answer: Answer, page: Glance) -> Wall | None:
    if not any(words.ACCEPTING.search(one) for one in page.controls):
        return None
    about = [one for one in page.blocks if words.CONSENT_SUBJECTS.search(one)]
    said = len(page.text)
    if not about or said > _SHORT_QUESTION or sum(map(len, about)) < 0.5 * said:
        return None
    where = urlsplit(answer.url)
    signs = _named(
        title=_is_titled(page, words.CONSENT_TITLES),
        words=_says(page, words.CONSENT_DEMANDS, headings=True),
        address=answer.led_elsewhere
        and bool(words.CONSENT_PATHS.search(f"{where.netloc}{where.path}".lower())),
    )
    if not signs or page.headlines > 3 or (signs == ("title",) and said > _THIN):
        return None  # a page that tells about the site's cookies asks nothing
    return Wall("consent", (*signs, "buttons"))


def _missing(answer: Answer, page: Glance) -> Wall | None:
    path = urlsplit(answer.url).path.lower()
    signs = _named(
        title=_mentions((*page.title, *page.headings), words.MISSING_HEADINGS),
        words=_says(page, words.MISSING_PHRASES),
        address=answer.led_elsewhere and bool(words.MISSING_PATHS.search(path)),
        markup=bool(words.MISSING_CLASSES & page.classes),
    )
    if len(signs) < 2 or len(page.text) > _SHORT_TEXT:
        return None
    return Wall("missing", signs)


def names_itself_missing(body: bytes, content_type: str = "") -> bool:
    """Whether a page's title or main heading says that the page is not there.

    That is too little to call it a wall: news have such titles too. Where the list that stood at
    the address is gone as well, it is why.
    """
    page = glance(decode(body[:MAX_BYTES], content_type))
    return _mentions((*page.title, *page.headings), words.MISSING_HEADINGS)


# -- signs ------------------------------------------------------------------------------------


def _named(**signs: bool) -> tuple[str, ...]:
    return tuple(name for name, seen in signs.items() if seen)


def _is_titled(page: Glance, titles: frozenset[str]) -> bool:
    """Whether title or heading is one of these; beside it, a title has room for a site's name."""
    if titles.intersection(page.headings):
        return True
    whole = max(map(len, page.title), default=0)
    return any(whole - len(one) <= _SITE_NAME for one in titles.intersection(page.title))


def _says(page: Glance, phrases: Iterable[str], *, headings: bool = False) -> bool:
    """Whether one of the phrases stands in the text, as whole words."""
    return _named_in(f"{page.text} {' '.join(page.headings) if headings else ''}", phrases)


def _named_in(text: str, phrases: Iterable[str]) -> bool:
    return any(f" {phrase} " in f" {text} " for phrase in phrases)


def _begins(page: Glance) -> bool:
    """Whether paragraphs stand above what asks for a login."""
    above = takewhile(lambda block: not _named_in(block, words.LOGIN_PHRASES), page.blocks)
    return sum(len(block) for block in above if len(block) >= _SENTENCE) >= _PARAGRAPHS


def _is_alone(page: Glance, phrases: Iterable[str], subjects: re.Pattern[str]) -> bool:
    """Whether a page has neither headlines nor sentences under its title that are about something
    else than these: a wall, not a short note with a box below it."""
    if page.headlines > 2 or len(page.text) > _VERY_THIN:
        return False
    told, is_telling, titles = 0, False, frozenset(page.title)
    for line in page.lines:
        if line in titles:
            is_telling = True
        elif subjects.search(line) or _named_in(line, phrases):
            is_telling = False  # what follows may be an address, or whom to ask
        elif is_telling and len(line) >= _LINE:
            told += len(line)
    return told < _NOTE


def _mentions(headings: Iterable[str], fragments: Iterable[str]) -> bool:
    short = [f" {one} " for one in headings if len(one) <= 60]
    return any(f" {fragment} " in one for one in short for fragment in fragments)


def _is_html(answer: Answer) -> bool:
    kind = answer.content_type.lower()
    if "html" in kind or not kind:
        return True
    return "text/plain" in kind and b"<html" in answer.body[:2000].lower()


def _worth_a_look(answer: Answer) -> bool:
    if answer.status != 200 or len(answer.body) <= SMALL:
        return True
    if answer.led_elsewhere:
        return True
    start = answer.body[:_HEAD].lower()
    _, _, behind = start.partition(b"<title")
    title = behind.partition(b">")[2].partition(b"<")[0].decode("utf-8", "replace")
    known = words.BOT_TITLES | words.LOGIN_TITLES | words.CONSENT_TITLES
    segments = title_segments(unescape(title))
    if known.intersection(segments) or _mentions(segments, words.MISSING_HEADINGS):
        return True
    lowered = answer.body[: MAX_BYTES // 2].lower()
    return any(hint in lowered for hint in _HINTS)


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
