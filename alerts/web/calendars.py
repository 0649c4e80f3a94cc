"""What items announce as calendars (RFC 5545), one for each topic and one for all.

An entry keeps its UID for as long as its item announces it, wherever its day moves; a change
raises its SEQUENCE, and what is no longer announced is CANCELLED. Days are days, times are UTC:
no calendar has to know our zones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerts.digests.plain import clipped, one_line
from alerts.digests.story import Reader, story_title
from alerts.digests.words import DEFAULT_LANGUAGE, languages
from alerts.web.access import hidden
from alerts.web.archive_telling import site_reader
from alerts.web.archive_views import IDENTITY
from alerts.web.conditional import conditional
from alerts.web.known import UnknownFilter, refuse_unknown
from alerts.web.security import is_reader
from alerts.web.site import Site, site_of
from crawler.model.item import Item
from crawler.model.occasion import DEADLINE
from crawler.storage.occasions import KeptOccasion, OccasionStore

if TYPE_CHECKING:
    from icalendar import Event

CALENDAR = "text/calendar"
_OVER = timedelta(days=30)  # how long what is over stays in a calendar
_MOST = 1_000  # entries
_REFRESH = timedelta(hours=6)
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar, in the reader's words."""

    kept: KeptOccasion
    uid: str
    title: str
    place: str
    description: str
    page: str  # address of the story, or of the archive
    topics: tuple[str, ...]


def routes() -> list[Route]:
    """``/calendar.ics`` and ``/calendar/TOPIC.ics``."""
    return [
        Route("/calendar.ics", calendar, methods=["GET"]),
        Route("/calendar/{topic}.ics", calendar, methods=["GET"]),
    ]


def calendar(request: Request) -> Response:
    """The calendar of a topic, or of all; 404 for one of a topic that is gone."""
    site = site_of(request)
    topic = str(request.path_params.get("topic", ""))
    if topic and not IDENTITY.fullmatch(topic):
        raise HTTPException(404)
    if not is_reader(request, request.query_params.get("key", "")):
        said = {"error": "This calendar needs its key.", "remedy": site.url("/access")}
        return hidden(site, JSONResponse(said, status_code=403))
    try:
        refuse_unknown(site.parts.crawler, topic=topic)
    except UnknownFilter as unknown:
        return hidden(site, JSONResponse({"error": unknown.line()}, status_code=404))
    asked = request.query_params.get("lang", "")
    reader = site_reader(site, asked if asked in languages() else DEFAULT_LANGUAGE)
    found = entries(site, topic, reader)
    body = document(_name(site, topic, reader), found, reader)
    updated = max((one.kept.changed_at.replace(microsecond=0) for one in found), default=_NEVER)
    return hidden(site, conditional(request, body, CALENDAR, updated))


def entries(site: Site, topic: str, reader: Reader) -> list[Entry]:
    """What a calendar holds, by day; what several tellings of a story announce stands once."""
    crawler = site.parts.crawler
    today = datetime.combine(site.clock().date(), time(), UTC)
    kept = once(OccasionStore(crawler.database).calendar(topic, today - _OVER, _MOST))
    items = {one.id: one for one in crawler.items.by_ids([each.item for each in kept])}
    return [_entry(site, one, items[one.item], reader) for one in kept if one.item in items]


def once(kept: Iterable[KeptOccasion]) -> list[KeptOccasion]:
    """One of those that tell the same kind of occasion for the same day of a story: the one that
    has been known longest, so that its UID stays."""
    found: dict[tuple[str, str, date], KeptOccasion] = {}
    for one in kept:
        key = (one.story or one.item, one.occasion.kind, one.occasion.first)
        other = found.get(key)
        if other is None or _age(one) < _age(other):
            found[key] = one
    return sorted(found.values(), key=lambda one: (one.occasion.first, *_age(one)))


def _age(one: KeptOccasion) -> tuple[bool, datetime, str, int]:
    return (one.withdrawn, one.added_at, one.item, one.number)


def _entry(site: Site, kept: KeptOccasion, item: Item, reader: Reader) -> Entry:
    title = one_line(story_title(item))
    if kept.occasion.kind == DEADLINE:
        title = reader.words.say("Deadline: {title}", title=title)
    source = reader.sources.get(item.source)
    quote = clipped(one_line(kept.occasion.quote), source.excerpt if source else 0)
    return Entry(
        kept=kept,
        uid=_uid(site, kept),
        title=title,
        place=one_line(kept.occasion.place),
        description="\n".join(one for one in (quote, one_line(reader.source_name(item))) if one),
        page=site.url(f"/stories/{kept.story}" if kept.story else "/archive"),
        topics=tuple(reader.topic_name(one.topic) for one in item.topics),
    )


def _uid(site: Site, kept: KeptOccasion) -> str:
    """The same wherever the installation stands."""
    name = f"clusterwatch:{site.parts.payloads.instance}:occasion:{kept.item}:{kept.number}"
    return str(uuid5(NAMESPACE_URL, name))


def _name(site: Site, topic: str, reader: Reader) -> str:
    dates = reader.words.say("Dates")
    return " · ".join([site.name, reader.topic_name(topic), dates] if topic else [site.name, dates])


def document(name: str, found: Sequence[Entry], reader: Reader) -> bytes:
    """The calendar as iCalendar (RFC 5545), its name and rhythm as RFC 7986 writes them."""
    from icalendar import Calendar

    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", f"-//Clusterwatch//Dates//{reader.words.language.upper()}")
    whole.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        whole.add(key, one_line(name))
    whole.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT6H")
    for one in found:
        whole.add_component(_event(one))
    return bytes(whole.to_ical())


def _event(one: Entry) -> Event:
    from icalendar import Event

    kept, event = one.kept, Event()
    event.add("uid", one.uid)
    event.add("dtstamp", kept.changed_at)
    event.add("created", kept.added_at)
    event.add("last-modified", kept.changed_at)
    event.add("sequence", kept.sequence)
    for key, value in _times(kept):
        event.add(key, value)
    event.add("summary", one.title)
    event.add("status", "CANCELLED" if kept.withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # news fills nobody's day
    event.add("url", one.page)
    for key, text in (("location", one.place), ("description", one.description)):
        if text:
            event.add(key, text)
    if one.topics:
        event.add("categories", list(one.topics))
    return event


def _times(kept: KeptOccasion) -> list[tuple[str, date | datetime]]:
    """DTSTART and DTEND, which names the first day that is no longer part of it."""
    one = kept.occasion
    if one.all_day:
        return [("dtstart", one.first), ("dtend", one.last + timedelta(days=1))]
    start: list[tuple[str, date | datetime]] = [("dtstart", one.start.astimezone(UTC))]
    return [*start, ("dtend", one.end.astimezone(UTC))] if one.end else start
