"""Subscriptions: who hears about what, where and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """One declared subscription; the states it moves through are in ``status``."""

    id: str
    to: str  # "slack:#c", "slack:C…", "email:a@b", "file:folder/"
    topics: tuple[str, ...] = ("*",)
    sources: tuple[str, ...] = ()  # ids or "tag:x"; () = all
    schedule: str = "daily 08:00"
    timezone: str = "UTC"  # IANA name
    languages: tuple[str, ...] = ()
    digest_language: str = "en"
    quiet_hours: str = ""
    holidays: tuple[str, ...] = ()
    when_empty: str = "silent"  # or "line"
    since: str = ""  # duration
    max_stories: int = 25
    declared_by: str = ""
    status: str = "active"  # pending active paused left bounced
    active_since: datetime | None = None  # UTC; items first seen before it are not pending
    paused_until: datetime | None = None
    # "topic:ai", "source:x" -> when it was added (UTC), where later than ``active_since``:
    # items first seen before do not come for it.
    scope_since: Mapping[str, datetime] = field(default_factory=dict)
    last_window: str = ""  # the latest scheduled window that was closed
    muted: tuple[str, ...] = ()  # ids of sources that are not told here: a state, no declaration

    @property
    def channel(self) -> str:
        """The channel's name: the part of ``to`` before the colon."""
        return self.to.partition(":")[0]

    @property
    def address(self) -> str:
        """The channel's own address: the part of ``to`` after the colon."""
        return self.to.partition(":")[2]
