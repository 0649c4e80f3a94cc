"""The status page: how each source is doing, what was covered and delivered, what is broken.

Public, so that readers know what silence means: it names no person, recipient or secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.digests.words import Words
from alerts.health import open_incidents, watching
from alerts.undelivered import lost, undelivered
from alerts.web.health_words import TROUBLE, Told, incident, rhythm, told
from alerts.web.rendering import render
from alerts.web.site import Site, site_of
from alerts.web.sparkline import bars
from alerts.web.words import language_of, page_words
from crawler.sources.letter import beside_letter
from crawler.storage.figures import Figures, NewsDay

WEEKS = 12
DELIVERIES = timedelta(days=7)
_FRESH = timedelta(seconds=20)  # so long one look at the database serves everybody
_WAITING = ("pending", "sending", "retry")


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the database found."""

    at: datetime
    watching: Mapping[str, Any]
    incidents: list[dict[str, Any]]
    weeks: Mapping[str, tuple[int, ...]]
    deliveries: Mapping[str, int]
    news: Mapping[str, NewsDay]
    lost: int  # messages that did not arrive


@dataclass(frozen=True, slots=True)
class Shown:
    """One source as the page shows it."""

    one: Mapping[str, Any]
    told: Told
    rhythm: str
    weeks: tuple[int, ...]
    picture: str  # path of the sparkline
    news: date | None  # the day of its newest item

    @property
    def remedy(self) -> str:
        """What to do; a closer look offers the letter that it may name."""
        return beside_letter(self.one["remedy"] or "")

    @property
    def in_trouble(self) -> bool:
        return self.one["health"] in TROUBLE


def routes() -> list[Route]:
    """``/status``."""
    return [Route("/status", page, methods=["GET"])]


def page(request: Request) -> Response:
    """How everything is doing, in the reader's language."""
    site, words = site_of(request), page_words(language_of(request))
    look = _look(request, site)
    sources = [_shown(one, look, words, site.settings.zone) for one in look.watching["sources"]]
    names = {one["id"]: one["name"] for one in look.watching["sources"]}
    return render(
        request, "status.html", at=look.at, coverage=look.watching["coverage"],
        down=when(look.watching["network_down_since"]),
        trouble=[one for one in sources if one.in_trouble],
        sources=sources,
        incidents=[(incident(one["key"], names, words), when(one["opened_at"]))
                   for one in look.incidents],
        sent=look.deliveries.get("sent", 0),
        waiting=sum(look.deliveries.get(one, 0) for one in _WAITING),
        lost=look.lost,
        when=when,
    )  # fmt: skip


def when(written: str | None) -> datetime | None:
    """A moment of a status document."""
    return datetime.fromisoformat(written) if written else None


def _look(request: Request, site: Site) -> Look:
    """One look at the database, kept for a moment: whoever reloads costs next to nothing."""
    kept, now = getattr(request.app.state, "status_look", None), site.clock()
    if isinstance(kept, Look) and timedelta(0) <= now - kept.at < _FRESH:
        return kept
    figures, seen = Figures(site.parts.crawler.database), watching(site.parts, now)
    look = Look(
        now,
        seen,
        open_incidents(site.parts),
        figures.items_per_week(now, WEEKS),
        figures.deliveries_since(now - DELIVERIES),
        figures.last_news([one["id"] for one in seen["sources"]], now),
        len(lost(undelivered(site.parts.deliveries, site.parts.subscription_store, now))),
    )
    request.app.state.status_look = look
    return look


def _shown(one: Mapping[str, Any], look: Look, words: Words, zone: tzinfo) -> Shown:
    weeks, news = look.weeks.get(one["id"], (0,) * WEEKS), look.news.get(one["id"])
    return Shown(
        one, told(one, words), rhythm(one["interval_seconds"], words), weeks, bars(weeks),
        news.day(zone) if news else None,
    )  # fmt: skip
