"""Faults of the Slack double: how Slack, or the way to it, goes wrong for one call.

A fault is told to the double beforehand (``slack.fail("chat.postMessage", invalid_auth())``)
and used up by the calls it meets, so a test's failures are as deterministic as its calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FaultKind(Enum):
    """What happens to the call."""

    ERROR = "error"  # HTTP 200 with ok = false
    RATE_LIMITED = "ratelimited"  # HTTP 429 with Retry-After
    DROP_BEFORE = "drop_before"  # the connection breaks, nothing was taken
    DROP_AFTER = "drop_after"  # Slack did it, then the connection breaks without an answer
    BROKEN_JSON = "broken_json"  # Slack did it, the answer is cut off
    DELAY = "delay"  # Slack did it, the answer comes late
    HTTP = "http"  # an error page of something in between, nothing was taken


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned failure; make it with the functions below."""

    kind: FaultKind
    error: str = ""
    seconds: float = 0.0
    status: int = 200


def slack_error(error: str) -> Fault:
    """Slack refuses with this code: ``invalid_auth``, ``channel_not_found``, ``is_archived`` …"""
    return Fault(FaultKind.ERROR, error=error)


def rate_limited(retry_after_seconds: int = 30) -> Fault:
    """HTTP 429 with ``Retry-After``."""
    return Fault(FaultKind.RATE_LIMITED, seconds=retry_after_seconds)


def drop_before() -> Fault:
    """The connection breaks before Slack takes anything."""
    return Fault(FaultKind.DROP_BEFORE)


def drop_after() -> Fault:
    """Slack takes the message, then the connection breaks: the ambiguous case."""
    return Fault(FaultKind.DROP_AFTER)


def broken_json() -> Fault:
    """Slack takes the message, but its answer is no JSON."""
    return Fault(FaultKind.BROKEN_JSON)


def delay(seconds: float) -> Fault:
    """Slack takes the message, but answers only after ``seconds``."""
    return Fault(FaultKind.DELAY, seconds=seconds)


def http_error(status: int = 503) -> Fault:
    """A gateway answers with an HTML error page; Slack takes nothing."""
    return Fault(FaultKind.HTTP, status=status)
