"""Samples: which unmatched items a person is asked about, the same ones whoever asks.

Each ISO week of first sight gives its own few items, chosen by a hash of topic, week and
item: no memory is needed to know later that an item was asked about, and what the item says
has no part in the choice. So the judged ones stand for all unmatched items of their weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from crawler.model.judgement import Classified

A_WEEK = 5  # items asked about, a topic and week


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week of one topic: what was first seen in it."""

    name: str  # "2026-W47"
    matched: int  # items
    unmatched: int
    sample: tuple[str, ...]  # ids of unmatched items to ask about


def weeks(topic: str, archive: Iterable[Classified]) -> tuple[Week, ...]:
    """The weeks in which anything was first seen, newest first. Copies do not count."""
    matched: dict[str, int] = {}
    unmatched: dict[str, list[str]] = {}
    for item in archive:
        if item.copy:
            continue
        week = iso_week(item.first_seen)
        others = unmatched.setdefault(week, [])
        if item.match is None:
            others.append(item.item)
        else:
            matched[week] = matched.get(week, 0) + 1
    return tuple(
        Week(name, matched.get(name, 0), len(others), chosen(topic, name, others))
        for name, others in sorted(unmatched.items(), reverse=True)
    )


def chosen(topic: str, week: str, items: Sequence[str], count: int = A_WEEK) -> tuple[str, ...]:
    """``count`` of the items, as random as SHA-256 and always the same."""

    def rank(item: str) -> bytes:
        return sha256(f"{topic}\n{week}\n{item}".encode()).digest()

    return tuple(sorted(items, key=rank)[:count])


def iso_week(moment: datetime) -> str:
    """The ISO 8601 week of an aware moment in UTC, e.g. ``"2026-W47"``; sorts by time."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year:04d}-W{week:02d}"
