"""One story as a page: every telling with its evidence marked, and why each topic matched.

Of each telling a sentence is shown, as long as its source's excerpt allows; with 0 the page
quotes from titles alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.digests.plain import clipped, one_line, same_length, web_address
from alerts.digests.runs import at_words
from alerts.digests.story import Reader, item_link, story_title
from alerts.web.access import feed_key, hidden, refused
from alerts.web.archive_telling import changed_line, reader_of
from alerts.web.archive_views import IDENTITY
from alerts.web.calendars import once
from alerts.web.rendering import render
from alerts.web.security import is_reader
from alerts.web.site import Site, site_of
from crawler.model.item import Item
from crawler.model.occasion import DEADLINE, Occasion
from crawler.model.topic import Evidence
from crawler.storage.item_rows import ERASED
from crawler.storage.occasions import OccasionStore
from crawler.stories.face import excerpt, lead

_MOST_TELLINGS = 100
_MOST_QUOTES, _QUOTE_LENGTH, _MOST_CONCEPTS = 4, 80, 8


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling as the page shows it."""

    title: str
    title_marks: tuple[tuple[int, int], ...]
    url: str
    source: str
    date: str
    language: str  # ISO 639-1, "" where unknown
    language_name: str
    sentence: str
    marks: tuple[tuple[int, int], ...]
    repeats: bool  # its text is another telling's
    changed: str  # that it changed since it was first told, and what


@dataclass(frozen=True, slots=True)
class Reason:
    """A concept that was found, and the words that said it, each with their language."""

    concept: str
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A topic and the reasons for it."""

    id: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Announced:
    """An event or a deadline that a telling announces."""

    is_deadline: bool
    days: str  # "14 Jan 2027", "6–7 May 2027"; a moment says the rest
    day: str  # the first, ISO 8601
    start: datetime | None  # None: whole days
    place: str
    quote: str  # "" where the source's excerpts forbid it
    language: str


def routes() -> list[Route]:
    """``/stories/ID``."""
    return [Route("/stories/{story}", page, methods=["GET"])]


def page(request: Request) -> Response:
    """A story; one that was merged away leads to the one it went into."""
    if not is_reader(request):
        return refused(request)
    site, wanted = site_of(request), str(request.path_params["story"])
    if not IDENTITY.fullmatch(wanted):
        raise HTTPException(404)
    story = site.parts.crawler.stories.get(wanted)
    if story.id != wanted:
        return RedirectResponse(f"{site.path}/stories/{story.id}", status_code=301)
    items = [item for item in story.items if item.held_back != ERASED]
    if not items:
        raise HTTPException(404)
    reader = reader_of(request)
    first = lead(items, reader.words.language)
    others = sorted((one for one in items if one is not first), key=_told, reverse=True)
    shown = [first, *others][:_MOST_TELLINGS]
    answer = render(
        request, "story_page.html", first_seen=min(one.first_seen for one in items),
        tellings=[telling(one, reader) for one in shown], topics=why(shown, reader),
        dates=announced(site, shown, reader), more=len(items) - len(shown), key=feed_key(request),
    )  # fmt: skip
    return hidden(site, answer)


def telling(item: Item, reader: Reader) -> Telling:
    """One telling in the reader's words."""
    evidence = [one for match in item.topics for one in match.evidence]
    found = excerpt(item.title, item.text or item.summary, evidence, _allowed(item, reader))
    title, marks = _marked_title(item, evidence)
    return Telling(
        title=title,
        title_marks=marks,
        url=web_address(item_link(item)),
        source=reader.source_name(item),
        date=_date(item, reader),
        language=item.language,
        language_name=reader.words.language_name(item.language) if item.language else "",
        sentence=same_length(found.text),
        marks=at_words(found.text, found.marks),
        repeats=item.duplicate_of is not None,
        changed=changed_line(item, reader),
    )


def announced(site: Site, items: Sequence[Item], reader: Reader) -> list[Announced]:
    """The dates that tellings announce, by day, each once."""
    told = {item.id: item for item in items}
    kept = OccasionStore(site.parts.crawler.database).of_items(list(told))
    return [_announced(one.occasion, told[one.item], reader) for one in once(kept)]


def _announced(one: Occasion, item: Item, reader: Reader) -> Announced:
    allowed = len(one.quote) if one.field == "title" else _allowed(item, reader)
    return Announced(
        is_deadline=one.kind == DEADLINE,
        days=reader.words.days(one.first, one.last),
        day=one.first.isoformat(),
        start=None if one.all_day else one.start,
        place=one_line(one.place),
        quote=clipped(one_line(one.quote), allowed),
        language=item.language,
    )


def why(items: Sequence[Item], reader: Reader) -> list[Why]:
    """Why each topic matched, over all tellings; the topic with the strongest match first."""
    scores: dict[str, float] = {}
    for item in items:
        for match in item.topics:
            scores[match.topic] = max(match.score, scores.get(match.topic, 0.0))
    ordered = sorted(scores, key=lambda topic: (-scores[topic], topic))
    return [Why(one, reader.topic_name(one), _reasons(one, items, reader)) for one in ordered]


def _reasons(topic: str, items: Sequence[Item], reader: Reader) -> tuple[Reason, ...]:
    """What said it, without words that count in company alone: they have no name."""
    found: dict[str, dict[str, str]] = {}  # concept -> quote -> language
    for item in items:
        allowed = _allowed(item, reader) > 0
        for one in _evidence(item, topic):
            quotes = found.setdefault(one.concept, {})
            if allowed or one.field == "title":
                quotes.setdefault(clipped(one_line(one.quote), _QUOTE_LENGTH), item.language)
    named = {one: one_line(reader.concept_name(one, reader.words.language)) for one in found}
    return tuple(
        Reason(
            named[concept],
            tuple((language, quote) for quote, language in quotes.items())[:_MOST_QUOTES],
        )
        for concept, quotes in [(one, found[one]) for one in found if named[one]][:_MOST_CONCEPTS]
    )


def _evidence(item: Item, topic: str) -> Iterable[Evidence]:
    return (one for match in item.topics if match.topic == topic for one in match.evidence)


def _marked_title(
    item: Item, evidence: Iterable[Evidence]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The whole title with its evidence; what stands in for it where there is none."""
    if not item.title.strip():
        return story_title(item), ()
    title, marks, end = same_length(item.title), [], 0
    spans = sorted((one.start, one.end) for one in evidence if one.field == "title")
    for start, stop in spans:
        if end <= start < stop <= len(title):
            marks.append((start, stop))
            end = stop
    return title, tuple(marks)


def _allowed(item: Item, reader: Reader) -> int:
    source = reader.sources.get(item.source)
    return source.excerpt if source else 0


def _date(item: Item, reader: Reader) -> str:
    if item.published is not None:
        return reader.words.short_date(item.published.day, reader.today)
    seen = item.first_seen.astimezone(reader.zone).date()
    return reader.words.say("seen {date}", date=reader.words.short_date(seen, reader.today))


def _told(item: Item) -> tuple[object, str]:
    return (item.published.utc if item.published else item.first_seen, item.id)
