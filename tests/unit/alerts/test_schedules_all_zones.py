"""Every IANA zone: exactly one daily digest per local date, whatever the clocks do.

Clocks only change on few days, so the suite looks closely at these; with
CLUSTERWATCH_FULL_ZONES=1 it looks at ten years of them, without at one.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import pytest

from alerts.local_time import moment_of
from alerts.schedules import due_window, parse_schedule

FULL = bool(os.environ.get("CLUSTERWATCH_FULL_ZONES"))
YEARS = range(2020, 2030) if FULL else range(2026, 2027)
TIMES = ("00:00", "00:30", "02:30", "23:30")


def zones() -> list[ZoneInfo]:
    """One zone of each set of rules: many names are links to another."""
    kept: dict[bytes, str] = {}
    for name in sorted(available_timezones()):
        rules = files("tzdata").joinpath("zoneinfo", *name.split("/"))
        if rules.is_file():
            kept.setdefault(rules.read_bytes(), name)
    return [ZoneInfo(name) for name in kept.values()]


def changes(zone: ZoneInfo) -> list[date]:
    """The local dates on which the zone's offset changes, in ``YEARS``."""
    noon = datetime(YEARS[0], 1, 1, 12, tzinfo=UTC)
    found, before = [], noon.astimezone(zone).utcoffset()
    while noon.year in YEARS:
        noon += timedelta(days=1)
        after = noon.astimezone(zone).utcoffset()
        if after != before:
            found.append(noon.astimezone(zone).date())
        before = after
    return found


def digests_around(zone: ZoneInfo, day: date, schedule: str) -> Counter[date]:
    """Local dates of digests when the schedule is looked at every half hour for six days."""
    now = datetime.combine(day - timedelta(days=3), time(6), UTC)
    parsed, last, sent = parse_schedule(schedule), None, Counter[date]()
    start = now
    for _ in range(48 * 6):
        window = due_window(parsed, zone, last, now, since=start)
        if window:
            assert window.day.isoformat() == window.id
            sent[window.due.astimezone(zone).date()] += 1
            last = window.id
        now += timedelta(minutes=30)
    return sent


@pytest.mark.parametrize("at", TIMES if FULL else TIMES[3:])
def test_one_digest_per_local_date_around_every_clock_change(at: str) -> None:
    seen: set[tuple[object, ...]] = set()
    for zone in zones():
        for day in changes(zone):
            shape = (day, *_offsets(zone, day))
            if not FULL and shape in seen:
                continue  # another zone changes its clock at the same moments
            seen.add(shape)
            sent = digests_around(zone, day, f"daily {at}")
            inner = [day + timedelta(days=n) for n in (-1, 0, 1)]
            assert [sent[d] for d in inner] == [1, 1, 1], (zone.key, day, sent)
    assert len(seen) > 20


def test_every_local_date_has_one_moment_of_its_own() -> None:
    for zone in zones():
        for day in changes(zone):
            for near in (day - timedelta(days=1), day, day + timedelta(days=1)):
                for at in TIMES:
                    moments = moment_of(near, time.fromisoformat(at), zone)
                    assert [m.astimezone(zone).date() for m in moments] == [near], (zone.key, near)


def _offsets(zone: ZoneInfo, day: date) -> list[object]:
    start = datetime.combine(day, time(), UTC) - timedelta(days=1)
    return [(start + timedelta(hours=n)).astimezone(zone).utcoffset() for n in range(72)]
