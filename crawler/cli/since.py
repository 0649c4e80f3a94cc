"""``--since``: a duration back from now, or a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from crawler.cli.moments import WITHIN_REACH, is_within_reach
from crawler.errors import UsageError


def since_moment(since: str, zone: tzinfo = UTC, *, now: datetime | None = None) -> datetime:
    """``"7d"`` as the moment that long ago, ``"2026-01-31"`` as that day's beginning in ``zone``.

    Raises UsageError for anything else, the future included.
    """
    from crawler.storage.database import utc_now

    now = now or utc_now()
    moment = _moment(since.strip(), zone, now)
    if not is_within_reach(moment):
        raise UsageError(f'--since "{since}" is too far away.', remedy=f"Allowed: {WITHIN_REACH}.")
    if moment > now:
        raise UsageError(f'--since "{since}": this day has not come yet.')
    return moment


def _moment(since: str, zone: tzinfo, now: datetime) -> datetime:
    from crawler.config import duration

    try:
        if since[4:5] == "-":
            return datetime.combine(date.fromisoformat(since), time(), zone)
        return now - duration(since)
    except (ValueError, OverflowError):
        raise UsageError(
            f'--since "{since}": a duration such as "90d" or "1y", or a day such as '
            '"2026-01-31" is needed.'
        ) from None
