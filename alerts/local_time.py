"""Which moments a local day and time stand for where clocks are changed (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


def moments_of(
    day: date, times: Sequence[time], zone: tzinfo, *, every: bool = False
) -> list[datetime]:
    """The UTC moments of ``times`` on the local ``day``, in order, none twice.

    A time that exists twice counts the first time; with ``every`` (schedules that follow
    elapsed time, "every hour") both times. A time that does not exist is moved, see
    ``moment_of``; with ``every`` it is left out.
    """
    found: set[datetime] = set()
    for at in times:
        if not every:
            found.update(moment_of(day, at, zone))
            continue
        for fold in (0, 1):
            moment = _utc(day, at, zone, fold)
            if moment.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at):
                found.add(moment)
    return sorted(found)


def shown(moment: datetime, zone: str) -> str:
    """A moment as a person of that zone reads it, with the zone: "Mon 24 Nov 08:00 CET"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %H:%M %Z}"


def day_shown(moment: datetime, zone: str) -> str:
    """The day of a moment as a person of that zone reads it: "2026-11-24"."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def moment_of(day: date, at: time, zone: tzinfo) -> list[datetime]:
    """The one UTC moment of a local time on ``day``: [] only where the day does not exist.

    A time skipped by the clock becomes the first moment after the gap, as Debian's cron has
    it; where that is tomorrow already (Nuuk skips 23:00 to 24:00), the last minute before the
    gap, so that each local day keeps its own moment.
    """
    early, late = _utc(day, at, zone, 1), _utc(day, at, zone, 0)
    if early >= late:  # exists (once, or twice with the first in ``late``)
        return [late]
    change = _change_between(early, late, zone)
    for moment in (change, change - timedelta(minutes=1)):
        if moment.astimezone(zone).date() == day:
            return [moment]
    return []


def _utc(day: date, at: time, zone: tzinfo, fold: int) -> datetime:
    return datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC)


def _change_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first UTC second with the new offset, by halving (PEP 495 gives the two ends)."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
