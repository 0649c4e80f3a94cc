"""When an article page was published: several witnesses, weighed.

Every witness names a day with a confidence; witnesses that agree add up. Not believed are
days in the future, copyright years, dates of events, and what stands in a site's header,
sidebar or footer. Where nobody testifies, the answer is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from crawler.extract.article_dates_address import day_beside_address, day_in_address
from crawler.extract.article_dates_htmldate import htmldate_day
from crawler.extract.article_dates_order import language_of_dates
from crawler.extract.article_dates_scripts import scripted_days
from crawler.extract.article_dates_visible import VisibleDates, visible_dates
from crawler.extract.article_dates_written import is_written
from crawler.extract.article_metadata import Metadata
from crawler.extract.article_page import Block, Page
from crawler.extract.dates import parse_date
from crawler.extract.dates_declared import declared_date
from crawler.model.item import Published, RawItem

# Confidence: how often the witness is right when it speaks. Measured on the pages of
# tests/quality: address, scripts, labels, microdata and JSON-LD 0.98 to 1, meta elements 0.94,
# a date beside the title 0.87, a dateline 0.72, a line anywhere 0.6; the rest is own judgement.
_META_PUBLISHED = {
    "article:published_time": 0.88,
    "og:article:published_time": 0.88,
    "article:published": 0.85,
    "datepublished": 0.88,
    "og:published_time": 0.85,
    "parsely-pub-date": 0.88,
    "sailthru.date": 0.85,
    "cxenseparse:recs:publishtime": 0.85,
    "citation_publication_date": 0.8,
    "citation_date": 0.75,
    "citation_online_date": 0.8,
    "dcterms.issued": 0.8,
    "dc.date.issued": 0.8,
    "dcterms.created": 0.75,
    "dc.date.created": 0.75,
    "dc.created": 0.75,
    "publishdate": 0.8,
    "publish_date": 0.8,
    "publish-date": 0.8,
    "published": 0.8,
    "published_at": 0.8,
    "pubdate": 0.8,
    "publication_date": 0.8,
    "release_date": 0.7,
    "article.created": 0.75,
    "article.published": 0.8,
    "displaydate": 0.7,
    "datecreated": 0.7,
    "creation_date": 0.65,
    "dcterms.date": 0.7,
    "dc.date": 0.7,
    "date": 0.72,
    "created": 0.72,
    "last-published": 0.5,
}
_META_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "dcterms.modified",
    "dc.date.modified",
    "dc.modified",
    "last-modified",
    "lastmod",
    "revised",
)
_STAMPS = frozenset({"meta:date", "meta:dc.date", "meta:dcterms.date"})
_JSON_LD_PUBLISHED = {"article": 0.9, "page": 0.75}
_JSON_LD_CREATED = {"article": 0.65, "page": 0.5}
_HINT = 0.8
_URL_DAY = 0.75
_MODIFIED_ALONE = 0.35
_HTMLDATE = 0.4
_META_OTHER = 0.55
_LISTED = 0.5
_BELIEVED = 0.3
# From here on a visible day can say what day a UTC stamp means.
_SHOWN = 0.5
# Below this htmldate is asked as well.
CERTAIN = 0.6
# So many different days in lines of their own are a list of entries, dated by the newest.
_LIST_DAYS = 3
_LIST_LINES = frozenset({"visible:line", "visible:marked", "time"})


_DATE_NAME = re.compile(r"date|publi[sc]h|pubd|issued|created|available|posted")
_OTHER_DATE_NAME = re.compile(
    r"modif|updat|expir|valid|event|birth|start|end|copyright|revis|last|generat|crawl|cache"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIX = re.compile(r"^\s*\d{10}(?:\d{3})?\s*$")
# "20100503030646": the day is enough.
_STAMP = re.compile(r"^\s*((?:19|20)\d{6})\d{6}\s*$")


@dataclass(frozen=True, slots=True)
class Witness:
    """One testimony: a date, how much it is believed, and who says it."""

    published: Published
    confidence: float  # 0..1
    name: str


@dataclass(frozen=True, slots=True)
class ArticleDates:
    """What the witnesses came to."""

    published: Published | None
    modified: Published | None
    confidence: float  # of ``published``, 0..1
    witnesses: tuple[Witness, ...] = ()


def article_dates(
    page: Page,
    metadata: Metadata,
    title: Block | None,
    *,
    zone: tzinfo,
    language: str = "",
    now: datetime | None = None,
    hint: RawItem | None = None,
    thorough: bool = True,
) -> ArticleDates:
    """Publication and modification date of a page.

    ``title`` is the heading that is the article's title; ``zone``, ``language`` and ``now``
    as in ``dates.parse_date``; ``hint`` is what a feed or listing said about the page;
    ``thorough``: htmldate is asked where the other witnesses leave doubt.
    """
    language = language_of_dates(page, metadata, language)
    court = _Court(zone, language, now)
    court.hear(_from_metadata(metadata, court))
    visible = visible_dates(page, title, metadata, zone=zone, language=language, now=now)
    court.hear(_from_visible(visible, court))
    court.hear(_from_address(page, metadata, title, court))
    court.hear(_from_scripts(page, court))
    if hint and hint.published:
        court.hear([Witness(hint.published, _HINT, "hint")])
    court.doubt_stamps(visible.modified)
    modified = _modified(metadata, court) or visible.modified
    if not court.witnesses and visible.modified:
        court.hear([Witness(visible.modified, 0.55, "visible:modified")])
    if not court.witnesses and title is None:
        court.hear(_from_list(visible, zone))
    if thorough and court.verdict()[1] < CERTAIN:
        court.hear(_from_htmldate(page, visible, court))
    if not court.witnesses and modified:
        court.hear([Witness(modified, _MODIFIED_ALONE, "modified")])
    published, confidence = court.verdict()
    if modified and published and modified.utc < published.utc and not modified.whole_day:
        modified = None if modified.day < published.day else modified
    return ArticleDates(published, modified, confidence, tuple(court.witnesses))


class _Court:
    """Collects witnesses and decides for the day they believe in most."""

    def __init__(self, zone: tzinfo, language: str, now: datetime | None) -> None:
        self.zone, self.language, self.now = zone, language, now
        self.witnesses: list[Witness] = []

    def hear(self, witnesses: Iterable[Witness]) -> None:
        """Take testimonies, future ones not."""
        self.witnesses += [each for each in witnesses if not self.is_future(each.published)]

    def doubt_stamps(self, modified: Published | None) -> None:
        """A field that just says "date" may mean the day that the page calls its last change."""
        self.witnesses = [
            replace(each, confidence=_MODIFIED_ALONE)
            if modified and each.name in _STAMPS and each.published.day == modified.day
            else each
            for each in self.witnesses
        ]

    def read(self, written: str) -> Published | None:
        """A date from a machine-readable field, Unix times among them."""
        if _UNIX.match(written):
            return declared_date(written, zone=self.zone, now=self.now)
        return parse_date(written, zone=self.zone, language=self.language, now=self.now)

    def verdict(self) -> tuple[Published | None, float]:
        """The most believed date and its confidence; None below what is worth believing."""
        doubts: dict[date, float] = {}
        for witness in self.witnesses:
            day = self._shown_day(witness.published)
            doubts[day] = doubts.get(day, 1.0) * (1.0 - witness.confidence)
        if not doubts:
            return None, 0.0
        best = min(doubts, key=lambda day: doubts[day])  # of equals the first heard
        confidence = 1.0 - doubts[best]
        if confidence < _BELIEVED:
            return None, confidence
        return self._best_form(best), confidence

    def _shown_day(self, published: Published) -> date:
        """The day a witness means: a UTC stamp means the day that the page shows."""
        if published.whole_day:
            return published.day
        shown = self._visible_days()
        if published.day in shown:
            return published.day
        local = published.moment.astimezone(self.zone).date()
        if local in shown or published.moment.utcoffset():
            return local if local in shown else published.day
        return next((day for day in shown if _is_somewhere(published.moment, day)), published.day)

    def _visible_days(self) -> list[date]:
        """Days without a time, the most believed first."""
        seen = [
            each
            for each in self.witnesses
            if each.published.whole_day or each.name.startswith("visible:")
        ]
        seen.sort(key=lambda each: -each.confidence)
        return [each.published.day for each in seen if each.confidence >= _SHOWN]

    def _best_form(self, day: date) -> Published:
        """The fullest statement of the decided day: the one with a time, from the best witness."""
        agreeing = [each for each in self.witnesses if self._shown_day(each.published) == day]
        timed = [each for each in agreeing if not each.published.whole_day]
        best = max(timed or agreeing, key=lambda each: each.confidence).published
        if best.whole_day or best.day == day:
            return best
        local = Published(best.moment.astimezone(self.zone))
        return local if local.day == day else Published.on(day, self.zone)

    def is_future(self, published: Published) -> bool:
        """Whether nothing can have been published then: later than tomorrow."""
        if self.now is None:
            return False
        return published.utc > self.now + timedelta(days=1)


def _is_somewhere(moment: datetime, day: date) -> bool:
    """Whether it was ``day`` in an inhabited zone at a UTC ``moment``."""
    return day in {(moment - timedelta(hours=10)).date(), (moment + timedelta(hours=13)).date()}


def _from_metadata(metadata: Metadata, court: _Court) -> Iterator[Witness]:
    article = metadata.article
    things = [article, *(thing for thing in metadata.things if thing.kind == "page")]
    for thing in things:
        if found := court.read(thing.published):
            yield Witness(found, _JSON_LD_PUBLISHED[thing.kind], f"json-ld:{thing.kind}")
        elif created := court.read(thing.created):
            yield Witness(created, _JSON_LD_CREATED[thing.kind], f"json-ld:{thing.kind}:created")
    for name, confidence in _META_PUBLISHED.items():
        for content in metadata.meta.get(name, ())[:1]:
            if found := court.read(content):
                yield Witness(found, confidence, f"meta:{name}")
    yield from _from_other_meta(metadata, court)


def _from_other_meta(metadata: Metadata, court: _Court) -> Iterator[Witness]:
    """Fields nobody documented whose name speaks of a date, and Twitter's labelled values."""
    for name, contents in metadata.meta.items():
        is_named = _DATE_NAME.search(name) and not _OTHER_DATE_NAME.search(name)
        if name in _META_PUBLISHED or not (is_named or name.startswith("twitter:data")):
            continue
        written = _STAMP.sub(r"\1", contents[0][:200])
        if (_YEAR.search(written) or _UNIX.match(written)) and (found := court.read(written)):
            yield Witness(found, _META_OTHER, f"meta:{name}")


def _from_visible(visible: VisibleDates, court: _Court) -> Iterator[Witness]:
    """The visible dates; of a page that lists dated entries only the newest entry's."""
    entries = [
        each
        for each in visible.published
        if each.name in _LIST_LINES and not court.is_future(each.published)
    ]
    dropped: set[date] = set()
    if len(entries) >= _LIST_DAYS:
        dropped = {each.published.day for each in entries}
        dropped.discard(max(dropped))
    for each in visible.published:
        if each.name not in _LIST_LINES or each.published.day not in dropped:
            yield Witness(each.published, each.confidence, each.name)


def _modified(metadata: Metadata, court: _Court) -> Published | None:
    written = [metadata.article.modified]
    written += [thing.modified for thing in metadata.things if thing.kind == "page"]
    written += [metadata.first(name) for name in _META_MODIFIED]
    for each in written:
        found = court.read(each) if each else None
        if found and not court.is_future(found):
            return found
    return None


def _from_address(
    page: Page, metadata: Metadata, title: Block | None, court: _Court
) -> Iterator[Witness]:
    written = (page.url, metadata.canonical, metadata.first("og:url"))
    addresses = [url for url in written if url]
    named = (day for url in addresses if (day := day_in_address(url, court.now)))
    beside = (day for url in addresses if (day := day_beside_address(url, page, title, court.now)))
    if day := next(named, None):
        yield Witness(Published.on(day, court.zone), _URL_DAY, "url")
    elif day := next(beside, None):
        yield Witness(Published.on(day, court.zone), _URL_DAY, "url+line")


def _from_scripts(page: Page, court: _Court) -> Iterator[Witness]:
    for found, confidence in scripted_days(page, court.read):
        yield Witness(found, confidence, "script")


def _from_list(visible: VisibleDates, zone: tzinfo) -> Iterator[Witness]:
    """The newest entry's day of a page that is nothing but a list of entries."""
    if visible.listed:
        yield Witness(Published.on(max(visible.listed), zone), _LISTED, "list")


def _from_htmldate(page: Page, visible: VisibleDates, court: _Court) -> Iterator[Witness]:
    """htmldate's opinion, believed only where the page writes that very day outside traps:
    of a bare year or month it makes the first day."""
    day = htmldate_day(page.markup, page.url, court.language, court.now)
    if day is None:
        return
    if day in visible.everywhere or (day not in visible.refused and is_written(page, day)):
        yield Witness(Published.on(day, court.zone), _HTMLDATE, "htmldate")
