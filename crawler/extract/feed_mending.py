"""What feedparser gets wrong or cannot know, put right in one place.

Before it: charset labels, characters and entities XML does not know, floods of entries.
After it: dates it cannot read, markup in titles, addresses nobody should follow.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from crawler.errors import ExtractError
from crawler.extract.dates import parse_date
from crawler.extract.dates_declared import declared_date
from crawler.extract.dates_words import WEEKDAYS
from crawler.extract.feed_addresses import unescaped
from crawler.extract.feed_torn import ENTRY, ENTRY_END
from crawler.extract.markup import check_markup, folded, plain_text, without_controls
from crawler.model.item import Published

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_FEED_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_HTML_ROOT = re.compile(r"^\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
_NUMERIC_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|(\d{1,12}));")
# Some writers know 16-bit characters alone: an emoji as two references.
_TWO_HALVES = re.compile(
    r"&#(?:[xX][dD][89abAB]\w\w|5[56]\d{3});&#(?:[xX][dD][c-fC-F]\w\w|5[67]\d{3});"
)
_OPENING = re.compile(r"<(?!(?:br|hr|img|p|li|input|meta|link)\b)[a-zA-Z]")
# feedparser's tolerant parser takes quadratic time over what is never closed.
_MAX_UNCLOSED = 20_000
_MAX_TITLE_MARKUP = 20_000
MAX_TITLE = 1_000  # characters; what is longer is a text in the wrong place
_ENTITY_DECLARATION = re.compile(r"<!ENTITY\s+(\w{1,40})")
_ENTRY_DATE = re.compile(
    r"<(?:\w{1,20}:)?(?:pubdate|published|issued|date|updated|modified)[^>]{0,80}>([^<]{4,60})<",
    re.I,
)
_SKIP_HOURS = re.compile(r"<skiphours>(.{0,1500}?)</skiphours>", re.IGNORECASE | re.DOTALL)
_SKIP_DAYS = re.compile(r"<skipdays>(.{0,1500}?)</skipdays>", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"<day>\s*([a-z]{2,12})\s*</day>", re.IGNORECASE)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
# Markup that authors put into titles; anything else in angle brackets is what they wrote about.
_TITLE_MARKUP = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|br|cite|code|del|dfn|div|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|"
    r"s|script|small|span|strike|strong|style|sub|sup|time|tt|u|var|wbr)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
# An element opened and closed: markup that was escaped twice.
_MARKED_UP = re.compile(
    r"<(a|abbr|b|code|div|em|h[1-6]|i|li|p|pre|q|span|strong|sub|sup|td|u)(?:\s[^<>]{0,500})?>"
    r"[^<>]{0,5000}</\1>|<(?:br|hr|p)\s?/?>|<img\s[^<>]{0,500}>",
    re.I,
)
_LANGUAGE = re.compile(r"^([a-z]{2})(?:[-_][a-z0-9]{2,8}){0,3}$", re.IGNORECASE)


def refuse_html(text: str, url: str) -> None:
    """Raises ExtractError where the document is a web page instead of a feed."""
    if not text:
        raise ExtractError("The feed is empty.", url=url)
    if _HTML_ROOT.match(text[:4_000]) and not _FEED_ROOT.search(text[:4_000]):
        raise ExtractError("The address gives an HTML page instead of a feed.", url=url)


def well_formed(text: str) -> str:
    """``text`` with one declaration (UTF-8) and without what strict XML parsers stumble over.

    Named HTML entities nobody declared become characters, bare ampersands are escaped,
    control characters and references to them are dropped. CDATA sections are left alone.
    """
    text = _DECLARATION.sub("", without_controls(text), count=1).lstrip()
    declared = frozenset(_ENTITY_DECLARATION.findall(text[:20_000]))
    pieces: list[str] = []
    for is_cdata, piece in _sections(text):
        pieces.append(piece if is_cdata else _mended(piece, declared))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + "".join(pieces)


def check_feed(text: str, url: str) -> None:
    """Refuse what would cost the parser minutes. Raises ExtractError, as ``check_markup``."""
    check_markup(text, url)
    if text.count("<") <= _MAX_UNCLOSED:
        return
    outside = "".join(piece for is_cdata, piece in _sections(text) if not is_cdata)
    opened = sum(1 for _ in _OPENING.finditer(outside)) + outside.count("<!")
    closed = outside.count("</") + outside.count("/>") + outside.count("-->")
    if opened - closed > _MAX_UNCLOSED:
        raise ExtractError("The feed has thousands of elements that are never closed.", url=url)


def newest_entries(text: str, limit: int, zone: tzinfo) -> tuple[str, int]:
    """``text`` with at most ``limit`` entries, and how many were cut.

    They are cut from the end whose outermost entry is older; undated feeds keep the first.
    """
    starts = [match.start() for match in ENTRY.finditer(text)]
    if len(starts) <= limit:
        return text, 0
    ends = [match.end() for match in ENTRY_END.finditer(text)]
    if not ends:
        return text[: starts[limit]], len(starts) - limit
    first, last = text[starts[0] : ends[0]], text[starts[-1] : ends[-1]]
    cut = len(starts) - limit
    if _entry_moment(last, zone) > _entry_moment(first, zone):
        return text[: starts[0]] + text[starts[cut] :], cut
    return text[: starts[limit]] + text[ends[-1] :], cut


def skip_hours(text: str) -> tuple[int, ...]:
    """The hours (UTC) of ``<skipHours>``; feedparser keeps only the last of them."""
    hours = {int(hour) % 24 for hour in _HOUR.findall(_block(_SKIP_HOURS, text))}
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def skip_days(text: str) -> tuple[int, ...]:
    """The days (UTC, Monday is 0) of ``<skipDays>``; feedparser keeps only the last of them."""
    names = (name.casefold() for name in _DAY.findall(_block(_SKIP_DAYS, text)))
    days = {WEEKDAYS[name] for name in names if name in WEEKDAYS}
    return tuple(sorted(days)) if len(days) < 7 else ()


def _block(pattern: re.Pattern[str], text: str) -> str:
    """The element stands before the entries or, seldom, behind them."""
    found = pattern.search(text[:100_000]) or pattern.search(text[-10_000:])
    return found[1] if found else ""


def entry_date(
    written: str, parsed: object, zone: tzinfo, language: str, now: datetime | None
) -> Published | None:
    """The date as written, keeping its own offset; feedparser's reading where ours has none."""
    if found := declared_date(written, zone=zone, language=language, now=now):
        return found
    if not isinstance(parsed, tuple) or _has_impossible_offset(written):
        return None
    year, month, day, hour, minute, second = parsed[:6]
    # Back through the grammar, which knows what is plausible.
    moment = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
    return declared_date(moment, zone=UTC, now=now)


def title_text(written: str, kind: str) -> str:
    """A title as plain text. ``kind`` is its declared type: markup is expected in HTML and
    XHTML titles, and stripped from others where it is plainly meant as markup."""
    written = written[:_MAX_TITLE_MARKUP]
    is_markup = "<" in written and _TITLE_MARKUP.search(written)
    if is_markup or kind in {"text/html", "application/xhtml+xml"}:
        text = _text_of(written)
    else:
        # Doubly escaped: "AT&amp;T", "M&uuml;nchen".
        text = folded(unescaped(written))
    # Escaped twice in markup: "&lt;b&gt;Fett&lt;/b&gt;" in a CDATA section.
    return (_text_of(text) if holds_markup(text) else text)[:MAX_TITLE]


def holds_markup(text: str) -> bool:
    """Whether a plain text is HTML after all: an element opened and closed, a break."""
    return "<" in text and _MARKED_UP.search(text) is not None


def _text_of(markup: str) -> str:
    try:
        return plain_text(markup)
    except ExtractError:
        return ""  # a tag with thousands of attributes


def language_code(declared: str) -> str:
    """ISO 639-1 of a language tag (RFC 5646), "" where it is none."""
    match = _LANGUAGE.match(declared.strip())
    return match[1].lower() if match else ""


def _sections(text: str) -> Iterator[tuple[bool, str]]:
    """``text`` cut into what is CDATA (true) and what is not; an unclosed section is not."""
    last = 0
    while (start := text.find("<![CDATA[", last)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            break
        yield False, text[last:start]
        yield True, text[start : end + 3]
        last = end + 3
    yield False, text[last:]


def _mended(text: str, declared: frozenset[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name in _XML_ENTITIES or name in declared:
            return match[0]
        character = html.unescape(match[0])
        return html.escape(character) if character != match[0] else f"&amp;{name};"

    if "&" not in text:
        return text
    text = _NUMERIC_REFERENCE.sub(_possible, _TWO_HALVES.sub(_joined, text))
    return _BARE_AMPERSAND.sub("&amp;", _ENTITY.sub(replace, text))


def _code(match: re.Match[str]) -> int:
    return int(match[1], 16) if match[1] else int(match[2])


def _possible(match: re.Match[str]) -> str:
    """A reference that XML allows (section 2.2), nothing for any other."""
    code = _code(match)
    is_character = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return match[0] if is_character or code in (9, 10, 13) else ""


def _joined(match: re.Match[str]) -> str:
    high, low = (_code(half) for half in _NUMERIC_REFERENCE.finditer(match[0]))
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return ""
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _entry_moment(entry: str, zone: tzinfo) -> datetime:
    match = _ENTRY_DATE.search(entry[:100_000])
    published = parse_date(match[1], zone=zone) if match else None
    return published.utc if published else datetime.min.replace(tzinfo=UTC)


def _has_impossible_offset(written: str) -> bool:
    match = re.search(r"[+-](\d\d):?(\d\d)\s*$", written)
    return match is not None and (int(match[1]) > 14 or int(match[2]) > 59)
