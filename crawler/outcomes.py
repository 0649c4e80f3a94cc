"""What a poll came to: who may alert, the source's next state and next turn (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.config import duration
from crawler.config.tables import CrawlSettings
from crawler.model.item import Item, Published
from crawler.model.reading import ALLOW_NONE, SAYS_NONE, Reading
from crawler.model.source import PollOutcome, Source, SourceState, Validators
from crawler.preparation import one_line
from crawler.sources.faults import kind_of, remedy_for
from crawler.sources.polling import (
    Pace,
    Rhythm,
    SkipTimes,
    next_due,
    pause_after_failure,
    rhythmic_interval,
)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A poll that ended with its first answer."""

    url: str  # the watched address, which answered itself
    kind: str  # feed listing sitemap page
    validators: Validators | None = None  # that came with the same bytes; None: answered 304
    full: bool = False  # asked unconditionally
    max_age_seconds: int = 0  # how long it says it stays fresh
    notice: str = ""

    def outcome(self, source: str) -> PollOutcome:
        """The poll as ``crawl --json`` reports it."""
        same = int(self.validators is None)
        return PollOutcome(source, "unchanged", kind=self.kind, requests=1, not_modified=same)


def overtaken(source: str, kind: str) -> PollOutcome:
    """What a poll came to whose lease ran out before it was stored: nothing of it counts, and who
    polls the source next finds what it found."""
    return PollOutcome(source, "busy", kind=kind)


OFFLINE = "offline"  # our own network was down: a poll that says nothing about the source
OFFLINE_PAUSE = timedelta(minutes=5)
MAX_ERROR = 500  # characters kept of an error


def first_look(reading: Reading, state: SourceState) -> bool:
    """Whether what this poll brings is a baseline: the first one, or the first along another
    way of watching, which lists old items that the way before did not."""
    if not state.baseline:
        return True
    if not state.watch_kind or reading.unchanged:
        return False
    other_kind = reading.kind != state.watch_kind
    return other_kind or bool(state.watch_url and reading.watch_url != state.watch_url)


def held_back(
    crawl: CrawlSettings, published: Published | None, now: datetime, *, first: bool
) -> str:
    """Why a new item never alerts: "baseline", "max_age", or "" when it may."""
    age = now - published.utc if published else None
    if published is not None and published.whole_day:
        # A date counts as that whole day: its age counts from the day's end.
        age = now - published.utc - timedelta(days=1)
    if first and crawl.first_run != "all":
        recent = timedelta(0) if crawl.first_run == "none" else duration(crawl.first_run)
        if crawl.first_run == "none" or age is None or age > recent:
            return "baseline"
    return "max_age" if age is not None and age > crawl.max_age else ""


def pace_of(crawl: CrawlSettings, every: timedelta | None) -> Pace:
    """The bounds of a source's polls; ``every`` is its own interval where it names one."""
    return Pace(every or crawl.every, crawl.min_every, crawl.max_every, fixed=every is not None)


def outcome_of(reading: Reading, new: Sequence[Item], updated: Sequence[str]) -> PollOutcome:
    """The poll as ``crawl --json`` reports it."""
    error = one_line(f"{reading.error} {reading.remedy}")
    return PollOutcome(
        source=reading.source,
        status=_status(reading),
        kind=reading.kind,
        requests=reading.requests,
        not_modified=reading.not_modified,
        seen=len(reading.listed),
        new=len(new),
        updated=len(updated),
        failed=sum(entry.stage in ("fetch", "extract") for entry in reading.entries),
        error=error,
        items=tuple(new),
    )


def _status(reading: Reading) -> str:
    if reading.error_kind == OFFLINE:
        return OFFLINE
    if reading.error:
        return "failed"
    return "unchanged" if reading.unchanged else "ok"


def after_success(
    reading: Reading,
    state: SourceState,
    outcome: PollOutcome,
    pace: Pace,
    rhythm: Rhythm,
    now: datetime,
) -> dict[str, Any]:
    """Columns of the source after a poll that worked; ``rhythm``: of its items, this poll's
    included."""
    learned = reading.learned if reading.learned is not None else state.learned
    values: dict[str, Any] = {
        "failures": 0, "error": "", "error_kind": "", "failing_since": None,
        "remedy": "", "notice": _noticed(reading.notice, state, reading.unchanged),
        # Items that wait for the next poll belong to the baseline as well; a feed that breaks off
        # every time has it behind it once nothing more comes.
        "baseline": state.baseline or not reading.incomplete or not outcome.new,
    } | _next_turn(reading.source, learned, reading.ttl_seconds, pace, rhythm, now)  # fmt: skip
    if reading.kind and not reading.unchanged:
        values |= {"watch_kind": reading.kind, "watch_url": reading.moved or reading.watch_url}
    if reading.why:
        values["watch_why"] = reading.why
    if reading.learned is not None:
        values["learned"] = dict(reading.learned)
    if reading.landed_url:
        values["landed_url"] = reading.landed_url
    if reading.changed or state.changed_at is None:
        values["changed_at"] = now
    if outcome.new:
        values["last_new"] = now
        if reading.etag_repeated:
            values["etag_lied_at"] = now
    if reading.full:
        values["full_at"] = now
    return values


def after_unchanged(
    one: Unchanged, state: SourceState, pace: Pace, rhythm: Rhythm, now: datetime
) -> dict[str, Any]:
    """What ``after_success`` comes to, as far as it changes, for a source that works and
    answered nothing new."""
    values = _next_turn(state.source, state.learned, one.max_age_seconds, pace, rhythm, now)
    notice = _noticed(one.notice, state, unchanged=True)
    if state.notice != notice:
        values["notice"] = notice
    if state.landed_url != one.url:
        values["landed_url"] = one.url
    if state.changed_at is None:
        values["changed_at"] = now
    if one.full:
        values["full_at"] = now
    return values


def _noticed(said: str, state: SourceState, unchanged: bool) -> str:
    """What is odd about a source that works; that its patterns allow nothing of what it holds, or
    that it holds nothing by its own words, stays true while it holds the same."""
    stays = unchanged and state.notice.startswith((ALLOW_NONE, SAYS_NONE))
    return said or (state.notice if stays else "")


def _next_turn(
    source: str,
    learned: Mapping[str, Any],
    ttl_seconds: int | None,
    pace: Pace,
    rhythm: Rhythm,
    now: datetime,
) -> dict[str, Any]:
    wait = rhythmic_interval(pace, rhythm, now)
    ttl, skip = _asked_for(ttl_seconds, learned)
    due = next_due(now, wait, source, ttl_seconds=ttl, max_every=pace.max_every, skip=skip)
    return {"last_ok": now, "interval_seconds": int(wait.total_seconds()), "next_due": due}


def after_failure(
    reading: Reading, source: Source, state: SourceState, pace: Pace, now: datetime
) -> dict[str, Any]:
    """Columns of the source after a poll that failed."""
    failures = state.failures + 1
    kind = kind_of(reading.error_kind, reading.http_status)
    remedy = reading.remedy or remedy_for(kind, source)
    wait = pause_after_failure(pace, failures, reading.error_kind, reading.http_status)
    due = next_due(now, wait, reading.source, retry_after_seconds=reading.retry_after_seconds)
    return {
        "failures": failures,
        "error": one_line(reading.error)[:MAX_ERROR],
        "error_kind": kind,
        "remedy": one_line(remedy)[:MAX_ERROR],
        "failing_since": state.failing_since or now,
        "next_due": due,
    }


def _asked_for(
    ttl_seconds: int | None, learned: Mapping[str, Any]
) -> tuple[int | None, SkipTimes | None]:
    """How long, and when, a feed asks to be left alone: now, or when it was last read."""
    ttl = learned.get("ttl_seconds")
    known = int(ttl) if isinstance(ttl, int | float) else 0
    hours, days = _numbers(learned.get("skip_hours")), _numbers(learned.get("skip_days"))
    skip = SkipTimes(hours, days) if hours or days else None
    return max(ttl_seconds or 0, known) or None, skip


def _numbers(value: object) -> tuple[int, ...]:
    return tuple(int(one) for one in value) if isinstance(value, list | tuple) else ()
