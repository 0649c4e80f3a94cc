"""How fresh an answer is: when to ask unconditionally, and what speaks of a stale copy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.model.source import SourceState, Validators
from crawler.sources.polling import LEAST_FULL_LOOK, full_look_after

STALE_AFTER = timedelta(days=3)
_OLDEST = timedelta(days=3650)  # a clock further back is not set at all
LIE_REMEMBERED = timedelta(days=60)
_NONE = timedelta(0)


def asks_in_full(state: SourceState, now: datetime) -> bool:
    """Whether a poll asks unconditionally: its turn has come, the server's ETags lie, or what is
    watched was chosen anew and nothing was read of it yet."""
    if not state.baseline:
        return True
    if state.etag_lied_at is not None and now - state.etag_lied_at < LIE_REMEMBERED:
        return True
    since = now - state.full_at if state.full_at is not None else _NONE
    return since > LEAST_FULL_LOOK and since > full_look_after(state.interval)


def repeats_etag(before: Validators | None, now: Validators) -> bool:
    """Whether other bytes came with the validators of the last time."""
    if before is None or before.body_hash == now.body_hash:
        return False
    if before.etag or now.etag:
        return before.etag == now.etag
    return bool(before.last_modified) and before.last_modified == now.last_modified


def stale_notice(headers: Mapping[str, str], now: datetime) -> str:
    """A sentence where the server hands out an old copy, by ``Age`` or ``Date`` (RFC 9110)."""
    made = _made_at(headers, now)
    if made is None or not STALE_AFTER < now - made < _OLDEST:
        return ""
    return f"The server hands out a copy of {made:%Y-%m-%d}: a cache in front of it is stuck."


def _made_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    age = headers.get("age", "").strip()
    if age.isascii() and age.isdigit() and len(age) < 10 and int(age) > 0:
        return now - timedelta(seconds=int(age))
    try:
        moment = parsedate_to_datetime(headers.get("date", ""))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def conditions(known: Validators | None) -> dict[str, str]:
    """The header fields that ask for a page only where it is another than the known one."""
    said: dict[str, str] = {}
    if known is not None and known.etag:
        said["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        said["If-Modified-Since"] = known.last_modified
    return said
