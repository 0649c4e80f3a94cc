"""How a moment is shown to people: in the installation's zone, with the zone's name."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

WITHIN_REACH = "the years 1000 to 9000"


def is_within_reach(moment: date) -> bool:
    """Whether a moment that a user names lies where zones and days can be reckoned around it."""
    return 1000 <= moment.year <= 9000


def minute(moment: datetime, zone: tzinfo) -> str:
    """For example "2026-11-23 08:00 CET"."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def day(moment: datetime, zone: tzinfo) -> str:
    """The day in that zone: "2026-11-23"."""
    return moment.astimezone(zone).date().isoformat()
