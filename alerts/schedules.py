"""When a subscription is due: pure decisions about local days, given the zone and ``now``.

A schedule that fires at most once a day has one window per local date, named by that date
("2026-11-21"); any other is named by the moment it was due ("2026-11-21T07:00:00Z").
The window's name is its identity: a second digest for it is impossible, whatever the clock does.
Of several missed windows only the latest is due, so that downtime ends in one catch-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.holds import NO_HOLDS, Holds
from alerts.local_time import moments_of
from crawler.errors import ConfigError

if TYPE_CHECKING:
    from cronsim import CronSim

ALLOWED = (
    '"daily 08:00", "weekdays 08:00", "weekly mon 08:00", "hourly", "immediate" '
    'or a cron line like "0 8 * * mon-fri"'
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_NOW = "now:"
_LOOK_BACK = timedelta(days=400)  # a catch-up for anything older is the next digest's matter
_LOOK_AHEAD_DAYS = 366 * 9  # reaches the next 29 February from anywhere


@dataclass(frozen=True, slots=True)
class Schedule:
    """When digests are due, in local time. ``cron`` is "" for ``immediate``."""

    text: str  # as the user wrote it, white space folded
    cron: str = ""  # five fields
    times: tuple[time, ...] = ()  # local times on a day that runs
    by_clock: bool = False  # follows elapsed time ("*" in minute or hour), as cron does
    workdays: bool = False  # runs on Monday to Friday only; so do its catch-ups

    @property
    def immediate(self) -> bool:
        """Whether stories are sent as they come."""
        return not self.cron

    @property
    def once_a_day(self) -> bool:
        """Whether the local date alone names its windows."""
        return len(self.times) == 1 and not self.by_clock


@dataclass(frozen=True, slots=True)
class Window:
    """One digest that is due. ``id`` is its identity within the subscription."""

    id: str
    due: datetime  # UTC
    day: date  # local date it belongs to

    @property
    def extra(self) -> bool:
        """Whether it was asked for by hand (``--now``), outside the schedule."""
        return self.id.startswith(_NOW)


@lru_cache(maxsize=1024)
def parse_schedule(text: str) -> Schedule:
    """The schedule a user wrote; ConfigError says what is allowed."""
    folded = " ".join(text.split())
    if len(folded) > 100:
        raise _refused(folded[:40] + "…")
    if folded.lower() == "immediate":
        return Schedule(text=folded)
    return _from_cron(folded, _as_cron(folded))


def _as_cron(text: str) -> str:
    words = text.lower().split()
    match words:
        case ["hourly"]:
            return "0 * * * *"
        case ["daily", at]:
            return f"{_minute_hour(at, text)} * * *"
        case ["weekdays", at]:
            return f"{_minute_hour(at, text)} * * 1-5"
        case ["weekly", day, at] if day[:3] in _WEEKDAYS:
            return f"{_minute_hour(at, text)} * * {_WEEKDAYS.index(day[:3]) + 1}"
        case [macro] if macro in _MACROS:
            return _MACROS[macro]
        case [_, _, _, _, _]:
            return text
    raise _refused(text)


def _minute_hour(at: str, text: str) -> str:
    found = _TIME.fullmatch(at)
    if not found:
        raise _refused(text)
    return f"{int(found[2])} {int(found[1])}"


def _from_cron(text: str, cron: str) -> Schedule:
    from cronsim import CronSimError

    try:
        sim = _sim(cron)
    except (CronSimError, ValueError) as error:
        raise _refused(text, str(error)) from error
    minute, hour = cron.split()[:2]
    month = [date(2024, 1, n) for n in range(1, 32)]  # "sat#4" runs in one week of it only
    weekend = any(sim.match_dow(day) for day in month if day.weekday() > 4)
    return Schedule(
        text=text,
        cron=cron,
        times=tuple(time(h, m) for h in sorted(sim.hours) for m in sorted(sim.minutes)),
        by_clock=minute.startswith("*") or hour.startswith("*"),
        workdays=sim.day_and and not weekend,
    )


@lru_cache(maxsize=256)
def _sim(cron: str) -> CronSim:
    # Only its parser and its rule of days are used: they read 0 and 7 as Sunday, 1 as Monday,
    # and join the two day fields as cron does. The clock changes are ours, see local_time.
    from cronsim import CronSim

    return CronSim(cron, datetime(2024, 1, 1))  # noqa: DTZ001 - never iterated


def _refused(text: str, why: str = "") -> ConfigError:
    reason = f" ({why})" if why else ""
    return ConfigError(
        f'schedule "{text}" is not understood{reason}.', remedy=f"Allowed: {ALLOWED}."
    )


def due_window(
    schedule: Schedule,
    zone: tzinfo,
    last_window: str | None,
    now: datetime,
    *,
    since: datetime | None = None,
    holds: Holds = NO_HOLDS,
) -> Window | None:
    """The window that is due at ``now``, or None.

    ``last_window`` is the latest scheduled window closed for this subscription, ``since`` the
    moment it became active: what was due before then never comes. Inside quiet hours and on
    holidays nothing is due; what they held is due once, afterwards.
    """
    if holds.holding(now, zone):
        return None
    last = _believable(last_window, now, zone)
    if schedule.immediate:
        window = _moment_window(now, zone)
        return window if _newer(window, last, zone) else None
    for window in _windows_before(schedule, zone, now, since, holds):
        return window if _newer(window, last, zone) else None
    return None


def now_window(now: datetime, zone: tzinfo) -> Window:
    """The extra window of ``digest send --now``, under its own identity."""
    return Window(f"{_NOW}{_stamp(now)}", now.astimezone(UTC), now.astimezone(zone).date())


def window_at(schedule: Schedule, zone: tzinfo, due: datetime) -> Window:
    """The scheduled window that is due at ``due`` (one of ``next_times``)."""
    day = due.astimezone(zone).date()
    if schedule.once_a_day:
        return Window(day.isoformat(), due.astimezone(UTC), day)
    return _moment_window(due, zone)


def next_times(
    schedule: Schedule,
    zone: tzinfo,
    now: datetime,
    count: int = 3,
    *,
    last_window: str | None = None,
    holds: Holds = NO_HOLDS,
) -> tuple[datetime, ...]:
    """The next ``count`` times a digest goes out, in ``zone``; () for ``immediate``."""
    found: list[datetime] = []
    last = _believable(last_window, now, zone)
    start = now.astimezone(zone).date() - timedelta(days=1)
    for offset in range(_LOOK_AHEAD_DAYS if not schedule.immediate else 0):
        for window in _windows_on(schedule, zone, start + timedelta(days=offset), holds):
            goes_out = holds.released(window.due, zone)
            if goes_out > now and goes_out not in found and _newer(window, last, zone):
                found.append(goes_out)
        if len(found) >= count:
            break
    return tuple(moment.astimezone(zone) for moment in sorted(found)[:count])


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone; ConfigError when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(
            f'timezone "{name}" is not known.', remedy='Use an IANA name like "Europe/Berlin".'
        ) from error


def _windows_before(
    schedule: Schedule, zone: tzinfo, now: datetime, since: datetime | None, holds: Holds
) -> Iterator[Window]:
    floor = max(since or now - _LOOK_BACK, now - _LOOK_BACK)
    day = now.astimezone(zone).date() + timedelta(days=1)  # a zone may step back over midnight
    last_day = floor.astimezone(zone).date() - timedelta(days=1)
    while day >= last_day:
        for window in reversed(_windows_on(schedule, zone, day, holds)):
            if floor <= window.due <= now:
                yield window
        day -= timedelta(days=1)


def _windows_on(schedule: Schedule, zone: tzinfo, day: date, holds: Holds) -> list[Window]:
    if not _runs_or_catches_up(schedule, day, holds):
        return []
    moments = moments_of(day, schedule.times, zone, every=schedule.by_clock)
    if schedule.once_a_day:
        return [Window(day.isoformat(), moment, day) for moment in moments]
    return [_moment_window(moment, zone) for moment in moments]


def _runs_or_catches_up(schedule: Schedule, day: date, holds: Holds) -> bool:
    if not _deliverable(schedule, day, holds):
        return False
    while not _runs(schedule, day):
        day -= timedelta(days=1)
        if _deliverable(schedule, day, holds):
            return False
    return True


def _deliverable(schedule: Schedule, day: date, holds: Holds) -> bool:
    return not (schedule.workdays and day.weekday() > 4) and not holds.is_holiday(day)


def _runs(schedule: Schedule, day: date) -> bool:
    sim = _sim(schedule.cron)
    return day.month in sim.months and bool(sim.match_day(day))


def _moment_window(moment: datetime, zone: tzinfo) -> Window:
    return Window(_stamp(moment), moment.astimezone(UTC), moment.astimezone(zone).date())


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _newer(window: Window, last: date | datetime | None, zone: tzinfo) -> bool:
    """Whether ``window`` comes after the last one closed.

    Windows of two kinds meet only when the schedule was changed: the new one then counts
    from the next local day on which none was sent.
    """
    if last is None:
        return True
    if isinstance(last, datetime):
        if "T" in window.id:
            return window.due > last
        return window.day > last.astimezone(zone).date()
    return window.day > last


def _believable(window: str | None, now: datetime, zone: tzinfo) -> date | datetime | None:
    """The day or moment a window's name stands for; None where it lies days in the future.

    A clock that once jumped ahead must not silence a subscription until it is caught up;
    the delivery's own uniqueness still forbids a second digest of one window.
    """
    if not window or window.startswith(_NOW):
        return None
    if "T" not in window:
        day = date.fromisoformat(window)
        return day if day <= now.astimezone(zone).date() + timedelta(days=1) else None
    moment = datetime.fromisoformat(window)
    return moment if moment <= now + timedelta(days=1) else None
