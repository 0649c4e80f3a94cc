"""``--since`` takes durations and days, and says what is wrong with everything else."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.cli.since import since_moment
from crawler.errors import UsageError

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        ("2d", "2026-11-20T08:00:00+00:00"),
        ("1y", "2025-11-22T08:00:00+00:00"),
        ("2026-07-31", "2026-07-31T00:00:00+02:00"),
        (" 2025-12-01 ", "2025-12-01T00:00:00+01:00"),
        ("2026-11-22", "2026-11-22T00:00:00+01:00"),
    ],
)
def test_a_duration_or_a_local_day(since: str, moment: str) -> None:
    assert since_moment(since, BERLIN, now=NOW).isoformat() == moment


@pytest.mark.parametrize("since", ["", "soon", "2026-13-01", "9999999y", "2026-1-1", "0000-01-01"])
def test_anything_else_is_named_with_what_is_allowed(since: str) -> None:
    with pytest.raises(UsageError, match=r"a duration .* or a day"):
        since_moment(since, BERLIN, now=NOW)


@pytest.mark.parametrize("since", ["0001-01-01", "2020y"])
def test_what_zones_cannot_be_reckoned_around_is_refused(since: str) -> None:
    with pytest.raises(UsageError, match="is too far away"):
        since_moment(since, BERLIN, now=NOW)


def test_a_day_that_has_not_come_is_refused() -> None:
    with pytest.raises(UsageError, match="has not come"):
        since_moment("2026-11-23", BERLIN, now=NOW)
