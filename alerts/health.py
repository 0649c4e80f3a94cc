"""What status and the status page report: sources, runs, deliveries, subscriptions, incidents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from alerts.silence import Silence
from alerts.undelivered import remedy, undelivered
from alerts.windows import upcoming
from alerts.wiring import AlertParts
from crawler.commands import in_shell
from crawler.errors import ClusterwatchError
from crawler.model.delivery import Delivery
from crawler.model.source import SourceState
from crawler.sources.faults import OUR_NETWORK, nothing_reached, remedy_for
from crawler.storage.incidents import IncidentStore
from crawler.storage.items import Filter
from crawler.storage.network import NetworkStore
from crawler.storage.source_history import NewestItem, SourceHistory
from crawler.storage.source_rows import SourceRow

DAY = timedelta(days=1)


def status(parts: AlertParts, now: datetime) -> dict[str, Any]:
    """The state of the installation as one JSON-able object."""
    return {
        "at": _moment(now),
        "name": parts.settings.clusterwatch.name,
        "timezone": parts.settings.clusterwatch.timezone,
        "database": "sqlite" if parts.crawler.database.is_sqlite else "postgresql",
        "held": parts.deliveries.held(),
        **watching(parts, now),
        "deliveries": parts.deliveries.counts(),
        "undelivered": [
            _undelivered(one, parts.settings.clusterwatch.timezone)
            for one in undelivered(parts.deliveries, parts.subscription_store, now)
        ],
        "subscriptions": [_subscription(parts, row, now) for row in parts.subscription_store.all()],
        "incidents": open_incidents(parts),
    }


def watching(parts: AlertParts, now: datetime) -> dict[str, Any]:
    """Its part about sources: how each is doing, and what was covered. Names no recipient."""
    rows = parts.crawler.sources.all()
    quiet = parts.silences.among(rows, now)
    down = NetworkStore(parts.crawler.database).down_since()
    trouble = [row.source.id for row in rows if row.state.failures or row.source.id in quiet]
    newest = SourceHistory(parts.crawler.database).newest_items(trouble)
    usual = parts.settings.crawl.every
    nowhere = down is None and nothing_reached([row.state for row in rows])
    return {
        "coverage": _coverage(parts, rows, quiet, now),
        "network_down_since": _moment(down),
        "nothing_reached": nowhere,
        "sources": [
            _source(row, quiet.get(row.source.id), newest.get(row.source.id), usual)
            | ({"remedy": OUR_NETWORK} if nowhere and row.state.failures else {})
            for row in rows
        ],
    }


def open_incidents(parts: AlertParts) -> list[dict[str, Any]]:
    """What is out of order now; a key may name a recipient."""
    return [
        {"key": one.key, "text": one.text, "opened_at": _moment(one.opened_at)}
        for one in IncidentStore(parts.crawler.database).all_open()
    ]


def _coverage(
    parts: AlertParts, rows: list[SourceRow], quiet: Collection[str], now: datetime
) -> dict[str, Any]:
    polled = {one.source: one for one in parts.crawler.sources.polls_since(now - DAY)}
    counts = SourceHistory(parts.crawler.database).counts(now - DAY)
    active = [row for row in rows if row.state.status == "active"]
    return {
        "sources": len(rows),
        "active": len(active),
        "checked_24h": sum(row.source.id in polled for row in active),
        "failing": sum(row.state.failures > 0 for row in active),
        "quiet": len(quiet),
        "items": parts.crawler.items.count(Filter()),
        # What its fullest poll listed; several of them may have brought more than one shows.
        "seen_24h": sum(max(int(one.seen or 0), int(one.new or 0)) for one in polled.values()),
        "new_items_24h": counts.new,
        "matched_24h": counts.matched,
        "held_back_24h": counts.held_back,
        "backfilled_24h": counts.backfilled,
    }


def _source(
    row: SourceRow, silence: Silence | None, newest: NewestItem | None, usual: timedelta
) -> dict[str, Any]:
    source, state = row.source, row.state
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": state.watch_kind or source.kind,
        "health": _health(state, silence),
        "interval_seconds": int((state.interval or source.every or usual).total_seconds()),
        "last_polled": _moment(state.last_polled),
        "last_ok": _moment(state.last_ok),
        "last_new": _moment(state.last_new),
        "next_due": _moment(state.next_due),
        "failing_since": _moment(state.failing_since),
        "failures": state.failures,
        "cause": state.error_kind or None,
        "error": state.error or None,
        "remedy": _remedy(row, silence),
        "notice": state.notice or None,
        "silence": _silence(silence),
        "last_item": _item(newest),
    }


def _health(state: SourceState, silence: Silence | None) -> str:
    """One word: paused and the like, failing, new, frozen, quiet or ok."""
    if state.status != "active":
        return state.status
    if state.failures:
        return "failing"
    if state.last_ok is None:
        return "new"
    if silence is not None:
        return "frozen" if silence.frozen else "quiet"
    return "ok"


def _remedy(row: SourceRow, silence: Silence | None) -> str | None:
    if row.state.failures:
        return row.state.remedy or remedy_for(row.state.error_kind, row.source)
    if silence is None:
        return None
    url = row.source.url
    return f"See whether {url} shows newer items: clusterwatch detect {in_shell(url)}"


def _silence(silence: Silence | None) -> dict[str, Any] | None:
    if silence is None:
        return None
    return {
        "since": silence.since.isoformat(),
        "days": silence.days,
        "usual_days": round(silence.usual_days, 1),
    }


def _item(newest: NewestItem | None) -> dict[str, Any] | None:
    if newest is None:
        return None
    return {
        "id": newest.id,
        "title": newest.title,
        "url": newest.url,
        "at": newest.published or _moment(newest.at),
    }


def _undelivered(one: Delivery, zone: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "subscription": one.subscription,
        "channel": one.channel,
        "state": one.state,
        "attempts": one.attempts,
        "error": one.error or None,
        "next_attempt": _moment(one.next_attempt) if one.state == "retry" else None,
        "remedy": remedy(one, zone),
    }


def _subscription(parts: AlertParts, row: Any, now: datetime) -> dict[str, Any]:
    subscription = row.subscription
    try:
        times = [_moment(one) for one in upcoming(subscription, now)] if row.delivering else []
        error = None
    except ClusterwatchError as wrong:
        times, error = [], wrong.line()
    return {
        "id": subscription.id,
        "to": subscription.channel,
        "status": "undeclared" if row.undeclared else subscription.status,
        "schedule": subscription.schedule,
        "timezone": subscription.timezone,
        "next": times,
        "error": error,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
