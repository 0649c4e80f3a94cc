"""What status and the status page report: sources, runs, deliveries, subscriptions, incidents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from alerts.dispatch import upcoming
from alerts.silence import quiet_sources
from alerts.undelivered import remedy, undelivered
from alerts.wiring import AlertParts
from crawler.errors import ClusterwatchError
from crawler.model.delivery import Delivery
from crawler.storage.incidents import IncidentStore
from crawler.storage.items import Filter
from crawler.storage.sources import SourceRow

DAY = timedelta(days=1)


def status(parts: AlertParts, now: datetime) -> dict[str, Any]:
    """The state of the installation as one JSON-able object."""
    rows = parts.crawler.sources.all()
    quiet = set(quiet_sources(parts.crawler, now))
    return {
        "at": _moment(now),
        "name": parts.settings.clusterwatch.name,
        "database": "sqlite" if parts.crawler.database.is_sqlite else "postgresql",
        "held": parts.deliveries.held(),
        "coverage": _coverage(parts, rows, quiet, now),
        "sources": [_source(row, quiet, now) for row in rows],
        "deliveries": parts.deliveries.counts(),
        "undelivered": [
            _undelivered(one)
            for one in undelivered(parts.deliveries, parts.subscription_store, now)
        ],
        "subscriptions": [_subscription(parts, row, now) for row in parts.subscription_store.all()],
        "incidents": [
            {"key": one.key, "text": one.text, "opened_at": _moment(one.opened_at)}
            for one in IncidentStore(parts.crawler.database).all_open()
        ],
    }


def _coverage(
    parts: AlertParts, rows: list[SourceRow], quiet: set[str], now: datetime
) -> dict[str, Any]:
    polled = {one.source for one in parts.crawler.sources.polls_since(now - DAY)}
    active = [row for row in rows if row.state.status == "active"]
    return {
        "sources": len(rows),
        "active": len(active),
        "checked_24h": sum(row.source.id in polled for row in active),
        "failing": sum(row.state.failures > 0 for row in active),
        "quiet": len(quiet),
        "items": parts.crawler.items.count(Filter()),
        "new_items_24h": parts.crawler.items.count(Filter(since=now - DAY)),
    }


def _source(row: SourceRow, quiet: set[str], now: datetime) -> dict[str, Any]:
    state = row.state
    health = "ok"
    if state.status != "active":
        health = state.status
    elif state.failures:
        health = "failing"
    elif state.last_ok is None:
        health = "new"
    elif row.source.id in quiet:
        health = "quiet"
    return {
        "id": row.source.id,
        "name": row.source.name,
        "url": row.source.url,
        "kind": state.watch_kind or row.source.kind,
        "health": health,
        "last_polled": _moment(state.last_polled),
        "last_ok": _moment(state.last_ok),
        "last_new": _moment(state.last_new),
        "next_due": _moment(state.next_due),
        "failing_since": _moment(state.failing_since),
        "failures": state.failures,
        "error": state.error or None,
    }


def _undelivered(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "subscription": one.subscription,
        "channel": one.channel,
        "state": one.state,
        "attempts": one.attempts,
        "error": one.error or None,
        "next_attempt": _moment(one.next_attempt) if one.state == "retry" else None,
        "remedy": remedy(one),
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
        "next": times,
        "error": error,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
