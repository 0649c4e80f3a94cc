"""How a moment is shown to people: in the installation's zone, with the zone's name."""

from __future__ import annotations

from datetime import datetime, tzinfo


def minute(moment: datetime, zone: tzinfo) -> str:
    """For example "2026-11-23 08:00 CET"."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def day(moment: datetime, zone: tzinfo) -> str:
    """The day in that zone: "2026-11-23"."""
    return moment.astimezone(zone).date().isoformat()
