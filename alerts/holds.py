"""What holds a digest back for a while: quiet hours and holidays (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from alerts.local_time import moment_of
from crawler.errors import ConfigError

if TYPE_CHECKING:
    from holidays import HolidayBase

_QUIET = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_REGION = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Holds:
    """Quiet hours (local, may run over midnight) and days on which nothing is sent."""

    quiet: tuple[time, time] | None = None  # from, until (exclusive)
    dates: frozenset[date] = frozenset()
    regions: tuple[str, ...] = ()  # ISO 3166, "DE" or "DE-SN"

    def is_holiday(self, day: date) -> bool:
        """Whether nothing is sent on that local date."""
        return day in self.dates or any(day in _calendar(region) for region in self.regions)

    def is_quiet(self, at: time) -> bool:
        """Whether a local time lies in the quiet hours."""
        if self.quiet is None:
            return False
        start, end = self.quiet
        return start <= at < end if start < end else at >= start or at < end

    def holding(self, now: datetime, zone: tzinfo) -> bool:
        """Whether nothing may be sent at ``now``."""
        local = now.astimezone(zone)
        return self.is_quiet(local.time()) or self.is_holiday(local.date())

    def released(self, moment: datetime, zone: tzinfo) -> datetime:
        """The first moment (UTC) from ``moment`` on at which sending is allowed."""
        for _ in range(400):
            local = moment.astimezone(zone)
            if self.is_holiday(local.date()):
                moment = _at(local.date() + timedelta(days=1), time(), zone)
            elif self.quiet and self.is_quiet(local.time()):
                end = self.quiet[1]
                later = timedelta(days=1 if local.time() >= end else 0)
                moment = _at(local.date() + later, end, zone)
            else:
                break
        return moment.astimezone(UTC)


NO_HOLDS = Holds()


def parse_holds(quiet_hours: str, holidays: Iterable[str]) -> Holds:
    """Quiet hours "20:00-07:00" ("" = none) and holidays: regions ("DE-SN") or ISO dates.

    An entry of ``holidays`` may hold several, separated by commas. ConfigError says what is
    allowed.
    """
    entries = [part.strip() for entry in holidays for part in entry.split(",") if part.strip()]
    dates = frozenset(day for day in map(_as_date, entries) if day is not None)
    regions = tuple(_region(entry) for entry in entries if _as_date(entry) is None)
    return Holds(_parse_quiet(quiet_hours), dates, regions)


def _parse_quiet(text: str) -> tuple[time, time] | None:
    if not text.strip():
        return None
    found = _QUIET.fullmatch(text.strip())
    if found:
        start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if start != end:
            return start, end
    raise ConfigError(
        f'quiet_hours "{text}" is not understood.',
        remedy='Allowed: "20:00-07:00" (two different local times) or "".',
    )


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _region(text: str) -> str:
    found = _REGION.fullmatch(text.upper())
    if found:
        try:
            _calendar(found[0])
        except NotImplementedError:
            pass
        else:
            return found[0]
    raise ConfigError(
        f'holidays entry "{text}" is not known.',
        remedy='Allowed: a country ("DE"), a region ("DE-SN") or dates ("2026-12-24").',
    )


@lru_cache(maxsize=64)
def _calendar(region: str) -> HolidayBase:
    import holidays  # 0.15 s to load: only for those who use it

    country, _, subdivision = region.partition("-")
    return holidays.country_holidays(country, subdiv=subdivision or None)


def _at(day: date, at: time, zone: tzinfo) -> datetime:
    while not (moments := moment_of(day, at, zone)):  # a day the zone left out
        day += timedelta(days=1)
    return moments[0]
