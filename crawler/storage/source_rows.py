"""A source's row as its nouns: what was declared, and how it is doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column

from crawler.model.source import Source, SourceState
from crawler.storage.database import json_value
from crawler.storage.tables import sources

# Columns that a declaration gives as they stand.
DECLARED = (
    "name", "url", "kind", "language", "render", "enabled", "selector", "excerpt", "headers_file",
)  # fmt: skip
# In the order of the nouns' own fields: hundreds of sources are read for each round of polls, and
# what goes over by position costs half of what goes over by name.
_SOURCE = (
    "id", "name", "url", "kind", "every_seconds", "language", "render", "tags", "enabled",
    "only_links", "skip_links", "selector", "excerpt", "headers_file", "senders", "declared_by",
)  # fmt: skip
_STATE = (
    "watch_kind", "watch_url", "learned", "next_due", "last_polled", "last_ok", "last_new",
    "failures", "error_kind", "error", "failing_since", "interval_seconds", "baseline", "full_at",
    "changed_at", "etag_lied_at", "landed_url", "remedy", "notice", "losses", "watch_why",
)  # fmt: skip
DECLARATION: tuple[Column[Any], ...] = tuple(sources.c[name] for name in _SOURCE)
ROW = (
    *DECLARATION, sources.c.status, sources.c.undeclared, *(sources.c[name] for name in _STATE),
)  # fmt: skip
_STATUS = len(_SOURCE)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with its state."""

    source: Source
    state: SourceState


def source_row(cells: Sequence[Any]) -> SourceRow:
    """The columns ``ROW`` as its nouns; the driver's own cells too, SQLite's keep JSON as text and
    truth as a number."""
    source = declared_source(cells[:_STATUS])
    return SourceRow(source, _state(source, *cells[_STATUS:]))


def declared_source(cells: Sequence[Any]) -> Source:
    """The columns ``DECLARATION`` as a source."""
    (
        id_, name, url, kind, every_seconds, language, render, tags, enabled,
        only_links, skip_links, selector, excerpt, headers_file, senders, declared_by,
    ) = cells  # fmt: skip
    every = timedelta(seconds=every_seconds) if every_seconds else None
    return Source(
        id_, name, url, kind, every, language, render, _listed(tags), bool(enabled),
        _listed(only_links), _listed(skip_links), selector, excerpt, headers_file,
        _listed(senders), declared_by,
    )  # fmt: skip


def _state(source: Source, status: str, undeclared: object, *cells: Any) -> SourceState:
    if status == "active":
        status = "undeclared" if undeclared else "active" if source.enabled else "disabled"
    (
        watch_kind, watch_url, learned, next_due, last_polled, last_ok, last_new,
        failures, error_kind, error, failing_since, interval_seconds, baseline, *more,
    ) = cells  # fmt: skip
    interval = timedelta(seconds=interval_seconds) if interval_seconds else None
    learned = json_value(learned) if isinstance(learned, str) else learned
    return SourceState(
        source.id, status, watch_kind, watch_url, learned, next_due, last_polled, last_ok,
        last_new, failures, error_kind, error, failing_since, interval, bool(baseline), *more,
    )  # fmt: skip


def _listed(value: Any) -> tuple[str, ...]:
    if value == "[]":
        return ()
    return tuple(json_value(value) if isinstance(value, str) else value)
