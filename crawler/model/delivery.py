"""Deliveries: one message to send, and every attempt at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message, unique by subscription, window and part; its payload is frozen with it."""

    id: str
    subscription: str
    window: str  # "2026-11-21" or "now:…"
    part: int  # 0 = the main message, 1… = thread parts
    channel: str
    to: str
    state: str  # pending sending sent retry parked dead
    payload: str  # the rendered message: JSON for Slack, RFC 5322 for mail, HTML for files
    created_at: datetime
    next_attempt: datetime | None = None
    attempts: int = 0
    lease_owner: str = ""
    lease_until: datetime | None = None
    external_id: str = ""  # Slack ts, Message-ID, file path
    error: str = ""
    sent_at: datetime | None = None
    thread_of: str = ""  # delivery id of part 0 for thread parts
    reason: str = ""  # of the last failed attempt, a short code: "connection", "is_archived"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send a delivery."""

    delivery: str
    number: int
    started: datetime
    finished: datetime | None
    outcome: str  # sent temporary permanent ambiguous found
    reason: str = ""
