"""Who rests until the next look misses no window: whatever the schedule, the zone and the holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.windows import next_look, window_of
from crawler.model.subscription import Subscription

REST = timedelta(minutes=5)
TICK = timedelta(minutes=15)
SPRING, AUTUMN = datetime(2026, 3, 26, 11, 3, tzinfo=UTC), datetime(2026, 10, 22, 11, 3, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 21, 11, 3, tzinfo=UTC)


def subscribed(**changes: object) -> Subscription:
    plain = Subscription("s", "email:a@example.org", timezone="Europe/Berlin", active_since=SPRING)
    return replace(plain, **changes)  # type: ignore[arg-type]


def windows(one: Subscription, start: datetime, *, rests: bool) -> list[tuple[datetime, str]]:
    """What comes in eight days of ticks, and when; with ``rests`` nobody looks in between."""
    found: list[tuple[datetime, str]] = []
    one, now, look = replace(one, active_since=start), start, start
    while now < start + timedelta(days=8):
        if now >= look:
            window = window_of(one, now)
            if window is not None:
                found.append((now, window.id))
                one = replace(one, last_window=window.id)
            if rests:
                look = next_look(one, now, REST)
        now += TICK
    return found


@pytest.mark.parametrize("start", [SPRING, AUTUMN, CHRISTMAS])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"schedule": "daily 02:30"},
        {"schedule": "hourly", "quiet_hours": "20:00-07:00"},
        {"schedule": "weekdays 08:00", "holidays": ("DE-SN",)},
        {"schedule": "daily 21:00", "quiet_hours": "20:00-02:30"},
        {"schedule": "30 */2 * * *", "timezone": "America/St_Johns"},
        {"schedule": "weekly fri 18:00", "timezone": "Pacific/Apia", "holidays": ("2026-12-25",)},
        {"schedule": "0 8,20 * * *", "quiet_hours": "07:30-08:30", "holidays": ("2026-10-25",)},
    ],
)
def test_resting_until_the_next_look_misses_no_window(
    changes: dict[str, object], start: datetime
) -> None:
    one = subscribed(**changes)
    every = windows(one, start, rests=False)
    assert every
    assert windows(one, start, rests=True) == every


def test_what_downtime_left_is_looked_at_when_the_holiday_ends() -> None:
    one = subscribed(
        holidays=("2026-03-27",), last_window="2026-03-20",
        active_since=SPRING - timedelta(days=30),
    )  # fmt: skip
    holiday = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
    assert window_of(one, holiday) is None
    midnight = datetime(2026, 3, 27, 23, 0, tzinfo=UTC)  # in Berlin
    assert next_look(one, holiday, REST) == midnight
    assert window_of(one, midnight) is not None


def test_an_immediate_one_rests_a_little_and_through_its_quiet_hours() -> None:
    one = subscribed(schedule="immediate", quiet_hours="20:00-07:00")
    assert next_look(one, SPRING, REST) == SPRING + REST
    night = datetime(2026, 3, 26, 22, 0, tzinfo=UTC)
    assert next_look(one, night, REST) == datetime(2026, 3, 27, 6, 0, tzinfo=UTC)


def test_what_hardly_ever_comes_is_looked_at_once_a_year() -> None:
    leap_days = subscribed(schedule="0 8 29 2 *")
    assert next_look(leap_days, SPRING, REST) == SPRING + timedelta(days=366)


def test_what_comes_too_rarely_to_be_foretold_is_looked_at_once_a_year() -> None:
    fifth_mondays_of_february = subscribed(schedule="0 8 * 2 mon#5")
    assert next_look(fifth_mondays_of_february, SPRING, REST) == SPRING + timedelta(days=366)
