"""When a subscription is due, day by day, around clock changes, downtime and holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.holds import NO_HOLDS, Holds, parse_holds
from alerts.schedules import (
    Window,
    due_window,
    next_times,
    now_window,
    parse_schedule,
    zone_of,
)
from crawler.errors import ConfigError

BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due(
    schedule: str,
    now: str,
    last: str | None = None,
    *,
    zone: ZoneInfo = BERLIN,
    since: datetime = LONG_AGO,
    holds: Holds = NO_HOLDS,
) -> str | None:
    window = due_window(
        parse_schedule(schedule), zone, last, at(now, zone), since=since, holds=holds
    )
    return window.id if window else None


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("daily 08:00", "0 8 * * *"),
        ("Daily  8:05", "5 8 * * *"),
        ("weekdays 08:00", "0 8 * * 1-5"),
        ("weekly mon 08:00", "0 8 * * 1"),
        ("weekly Sunday 08:00", "0 8 * * 7"),
        ("hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("0 8 * * mon-fri", "0 8 * * mon-fri"),
    ],
)
def test_every_form_becomes_a_cron_line(text: str, cron: str) -> None:
    assert parse_schedule(text).cron == cron


@pytest.mark.parametrize(
    "text",
    [
        "",
        "daily",
        "daily 25:00",
        "daily 08:60",
        "daily 08:00 sharp",
        "weekly 08:00",
        "weekly xyz 08:00",
        "0 8 * *",
        "* 0 8 * * *",
        "99 8 * * *",
        "0 8 31 2 *",
        "0 8 * * fri-sun",
        "0 8 * * 8",
        "0 " + "9" * 90 + " * * *",
        "x" * 10_000,
        "@reboot",
    ],
)
def test_a_schedule_that_is_not_understood_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_schedule(text)
    assert "weekly mon 08:00" in caught.value.line()
    assert len(caught.value.line()) < 400


@pytest.mark.parametrize(
    ("field", "weekday"), [("0", 6), ("7", 6), ("sun", 6), ("1", 0), ("mon", 0), ("5", 4)]
)
def test_cron_counts_weekdays_as_crontab_does(field: str, weekday: int) -> None:
    times = next_times(parse_schedule(f"0 8 * * {field}"), BERLIN, at("2026-11-21T12:00"))
    assert [moment.weekday() for moment in times] == [weekday] * 3


def test_two_restricted_day_fields_of_cron_are_joined_by_or() -> None:
    times = next_times(parse_schedule("0 8 1 * 1"), BERLIN, at("2026-11-21T12:00"), 3)
    assert [moment.date().isoformat() for moment in times] == [
        "2026-11-23",
        "2026-11-30",
        "2026-12-01",
    ]


def test_a_daily_digest_is_due_from_its_time_on_and_named_by_its_local_date() -> None:
    assert due("daily 08:00", "2026-11-21T07:59", "2026-11-20") is None
    assert due("daily 08:00", "2026-11-21T08:00", "2026-11-20") == "2026-11-21"
    assert due("daily 08:00", "2026-11-21T23:59", "2026-11-20") == "2026-11-21"
    assert due("daily 08:00", "2026-11-21T23:59", "2026-11-21") is None


def test_after_downtime_one_catch_up_is_due_not_five() -> None:
    assert due("daily 08:00", "2026-11-21T07:00", "2026-11-15") == "2026-11-20"
    assert due("daily 08:00", "2026-11-21T07:00", "2026-11-20") is None
    assert due("daily 08:00", "2026-11-21T08:00", "2026-11-20") == "2026-11-21"


def test_a_missed_weekly_digest_keeps_the_name_of_its_day() -> None:
    assert due("weekly mon 08:00", "2026-11-19T12:00", "2026-11-09") == "2026-11-16"
    assert due("weekly mon 08:00", "2026-11-19T12:00", "2026-11-16") is None


def test_what_was_due_before_a_subscription_became_active_never_comes() -> None:
    since = at("2026-11-21T12:00")
    assert due("daily 08:00", "2026-11-21T12:01", since=since) is None
    assert due("daily 08:00", "2026-11-22T08:00", since=since) == "2026-11-22"


def test_weekdays_leave_out_the_weekend() -> None:
    assert due("weekdays 08:00", "2026-11-21T12:00", "2026-11-20") is None
    assert due("weekdays 08:00", "2026-11-23T08:00", "2026-11-20") == "2026-11-23"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2026-11-21", "daily 18:00", None),  # today's was sent: from tomorrow on
        ("2026-11-21", "hourly", None),
        ("2026-11-21", "immediate", None),
        ("2026-11-21T07:00:00Z", "daily 18:00", None),
        ("2026-11-20", "daily 18:00", "2026-11-21"),  # none today: today
        ("2026-11-20T07:00:00Z", "daily 18:00", "2026-11-21"),
        ("2026-11-20", "hourly", "2026-11-21T18:00:00Z"),
    ],
)
def test_a_changed_schedule_counts_from_the_next_day_on_which_none_was_sent(
    old: str, new: str, expected: str | None
) -> None:
    assert due(new, "2026-11-21T19:30", old) == expected


def test_an_extra_window_leaves_the_days_own_digest_alone() -> None:
    extra = now_window(at("2026-11-21T07:00"), BERLIN)
    assert extra == Window("now:2026-11-21T06:00:00Z", at("2026-11-21T07:00"), date(2026, 11, 21))
    assert extra.extra
    assert due("daily 08:00", "2026-11-21T08:00", extra.id) == "2026-11-21"


def test_a_clock_that_once_jumped_ahead_does_not_silence_a_subscription() -> None:
    assert due("daily 08:00", "2026-11-21T08:00", "2027-11-21") == "2026-11-21"
    assert due("hourly", "2026-11-21T08:00", "2027-11-21T07:00:00Z") == "2026-11-21T07:00:00Z"


def test_a_clock_that_goes_back_over_a_digest_repeats_nothing() -> None:
    assert due("daily 08:00", "2026-11-20T09:00", "2026-11-21") is None


def test_hourly_windows_are_told_apart_in_the_repeated_hour() -> None:
    first = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    ids = [
        window.id
        for hours in range(3)
        if (
            window := due_window(
                parse_schedule("hourly"), BERLIN, None, first + timedelta(0, 3600 * hours)
            )
        )
    ]
    assert ids == ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"]


def test_a_time_that_exists_twice_is_due_once() -> None:
    times = next_times(parse_schedule("daily 02:30"), BERLIN, at("2026-10-24T12:00"), 2)
    assert [moment.isoformat() for moment in times] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-26T02:30:00+01:00",
    ]
    assert due("daily 02:30", "2026-10-25T02:45", "2026-10-25") is None


def test_a_time_that_does_not_exist_is_due_right_after_the_gap() -> None:
    times = next_times(parse_schedule("daily 02:30"), BERLIN, at("2026-03-28T12:00"), 2)
    assert [moment.isoformat() for moment in times] == [
        "2026-03-29T03:00:00+02:00",
        "2026-03-30T02:30:00+02:00",
    ]


def test_a_time_skipped_into_the_next_day_stays_on_its_own_day() -> None:
    nuuk = ZoneInfo("America/Nuuk")  # 2024-03-30 has no 23:00 to 24:00
    times = next_times(parse_schedule("daily 23:30"), nuuk, at("2024-03-30T12:00", nuuk), 2)
    assert [moment.isoformat() for moment in times] == [
        "2024-03-30T22:59:00-02:00",
        "2024-03-31T23:30:00-01:00",
    ]


def test_a_day_a_zone_left_out_has_no_digest() -> None:
    apia = ZoneInfo("Pacific/Apia")  # there was no 2011-12-30
    times = next_times(parse_schedule("daily 08:00"), apia, at("2011-12-29T12:00", apia), 2)
    assert [moment.date().isoformat() for moment in times] == ["2011-12-31", "2012-01-01"]


def test_quiet_hours_hold_and_then_deliver_once() -> None:
    holds = parse_holds("20:00-07:00", ())
    assert due("daily 23:00", "2026-11-20T23:30", "2026-11-19", holds=holds) is None
    assert due("daily 23:00", "2026-11-21T06:59", "2026-11-19", holds=holds) is None
    assert due("daily 23:00", "2026-11-21T07:00", "2026-11-19", holds=holds) == "2026-11-20"
    assert due("daily 23:00", "2026-11-21T07:01", "2026-11-20", holds=holds) is None
    assert due("hourly", "2026-11-21T07:00", "2026-11-20T18:00:00Z", holds=holds) == (
        "2026-11-21T06:00:00Z"
    )
    assert due("immediate", "2026-11-21T06:00", holds=holds) is None


def test_a_holiday_holds_and_the_next_day_brings_one_digest() -> None:
    holds = parse_holds("", ("DE-SN",))
    assert due("daily 08:00", "2026-12-25T12:00", "2026-12-24", holds=holds) is None
    assert due("daily 08:00", "2026-12-27T00:00", "2026-12-24", holds=holds) is None
    assert due("daily 08:00", "2026-12-27T08:00", "2026-12-24", holds=holds) == "2026-12-27"


@pytest.mark.parametrize(
    ("schedule", "day"),
    [
        ("weekly mon 08:00", "2026-04-07"),  # Easter Monday: on Tuesday
        ("weekly fri 08:00", "2026-04-07"),  # Good Friday: not on the weekend, not on Monday
        ("weekly sun 08:00", "2026-04-12"),  # Easter Sunday is no holiday there, 5 April is past
        ("weekdays 08:00", "2026-04-07"),
    ],
)
def test_a_weekly_digest_on_a_holiday_comes_on_the_next_day_that_fits(
    schedule: str, day: str
) -> None:
    holds = parse_holds("", ("DE-SN",))
    start = "2026-04-03T00:00" if "sun" not in schedule else "2026-04-05T12:00"
    times = next_times(parse_schedule(schedule), BERLIN, at(start), 1, holds=holds)
    assert times[0].isoformat() == f"{day}T08:00:00+02:00"


def test_holidays_may_be_dates_and_be_mixed_with_regions() -> None:
    holds = parse_holds("", ("DE-SN, 2026-12-24", "2026-12-31"))
    assert [holds.is_holiday(date(2026, 12, day)) for day in (24, 25, 28, 31)] == [
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("quiet", "holidays"),
    [
        ("20:00", ()),
        ("07:00-07:00", ()),
        ("24:00-07:00", ()),
        ("", ("XX",)),
        ("", ("DE-QQ",)),
        ("", ("christmas",)),
    ],
)
def test_holds_that_are_not_understood_are_refused(quiet: str, holidays: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_holds(quiet, holidays)
    assert "Allowed" in caught.value.line()


def test_next_times_are_shown_when_quiet_hours_end() -> None:
    holds = parse_holds("06:00-10:00", ())
    times = next_times(parse_schedule("hourly"), BERLIN, at("2026-11-21T04:30"), 3, holds=holds)
    assert [moment.strftime("%H:%M") for moment in times] == ["05:00", "10:00", "11:00"]


def test_next_times_leave_out_a_day_already_sent() -> None:
    now = at("2026-11-21T09:00")
    times = next_times(parse_schedule("daily 18:00"), BERLIN, now, 1, last_window="2026-11-21")
    assert times[0].date() == date(2026, 11, 22)


def test_immediate_has_no_times_and_a_window_at_every_look() -> None:
    assert next_times(parse_schedule("immediate"), BERLIN, at("2026-11-21T09:00")) == ()
    assert due("immediate", "2026-11-21T09:00") == "2026-11-21T08:00:00Z"
    assert due("immediate", "2026-11-21T09:00", "2026-11-21T08:00:00Z") is None


def test_an_unknown_zone_is_refused() -> None:
    for name in ("Europe/Atlantis", "../etc/passwd", "", "x\0y"):
        with pytest.raises(ConfigError, match="timezone"):
            zone_of(name)
