"""The moves between states, and what counts from when after a scope was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.consent import moved, scope_after
from crawler.errors import SubscriptionError
from crawler.model.subscription import Subscription

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
BEGAN = NOW - timedelta(days=9)
TEAM = Subscription("team", "slack:#c", topics=("ai",), active_since=BEGAN)


@pytest.mark.parametrize(
    ("status", "move", "after"),
    [
        ("pending", "confirm", "active"),
        ("active", "confirm", "active"),
        ("left", "confirm", None),
        ("active", "pause", "paused"),
        ("pending", "pause", None),
        ("left", "pause", None),
        ("paused", "resume", "active"),
        ("pending", "resume", None),
        ("left", "resume", None),
        ("bounced", "resume", "active"),
        ("left", "ask", "pending"),
        ("active", "ask", "active"),
        ("paused", "leave", "left"),
        ("left", "leave", "left"),
        ("active", "bounce", "bounced"),
        ("left", "bounce", "left"),
    ],
)
def test_moves(status: str, move: str, after: str | None) -> None:
    if after is not None:
        assert moved(status, move) == after
        return
    with pytest.raises(SubscriptionError):
        moved(status, move)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"topics": ("ai",)}, {"topics": ("ai",)}, {}),
        ({"topics": ("ai",)}, {"topics": ("ai", "korea")}, {"topic:korea": NOW}),
        ({"topics": ("ai", "korea")}, {"topics": ("korea",)}, {}),
        ({"topics": ("ai",)}, {"topics": ("*",)}, {"topic:*": NOW, "topic:ai": BEGAN}),
        ({"topics": ("*",)}, {"topics": ("ai",)}, {}),
        ({"sources": ()}, {"sources": ("a",)}, {}),
        ({"sources": ("a",)}, {"sources": ("a", "tag:b")}, {"source:tag:b": NOW}),
        ({"sources": ("a",)}, {"sources": ()}, {"source:*": NOW, "source:a": BEGAN}),
        ({"languages": ("de",)}, {"languages": ()}, {}),
    ],
)
def test_what_is_added_counts_from_now_and_the_rest_as_before(
    before: dict[str, tuple[str, ...]],
    after: dict[str, tuple[str, ...]],
    expected: dict[str, datetime],
) -> None:
    old, new = replace(TEAM, **before), replace(TEAM, **after)  # type: ignore[arg-type]
    assert scope_after(old, new, NOW) == expected


def test_a_late_topic_stays_late_through_further_changes() -> None:
    later = NOW + timedelta(days=1)
    two = replace(TEAM, topics=("ai", "korea"), scope_since={"topic:korea": NOW})
    three = replace(two, topics=("ai", "korea", "space"))
    assert scope_after(two, three, later) == {"topic:korea": NOW, "topic:space": later}
    every = replace(two, topics=("*",))
    widened = scope_after(two, every, later)
    assert widened == {"topic:*": later, "topic:ai": BEGAN, "topic:korea": NOW}
    narrowed = replace(TEAM, topics=("ai", "space"))
    assert scope_after(replace(every, scope_since=widened), narrowed, later) == {
        "topic:ai": BEGAN,
        "topic:space": later,
    }
