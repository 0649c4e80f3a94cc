"""A source's row as its nouns: what was declared, and how it is doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crawler.model.source import Source, SourceState
from crawler.storage.database import json_value
from crawler.storage.tables import sources

# Columns that a declaration gives as they stand.
DECLARED = (
    "name", "url", "kind", "language", "render", "enabled", "selector", "excerpt", "headers_file",
)  # fmt: skip
_STATES = (
    "watch_kind", "watch_url", "learned", "next_due", "last_polled", "last_ok", "last_new",
    "failures", "error_kind", "error", "failing_since", "baseline", "full_at", "changed_at",
    "etag_lied_at", "landed_url", "remedy", "notice", "losses", "watch_why",
)  # fmt: skip
_NAMES = tuple(sources.c.keys())
_BOOLEANS = tuple(map(_NAMES.index, ("enabled", "undeclared", "baseline")))
_JSON = tuple(map(_NAMES.index, ("tags", "only_links", "skip_links", "senders", "learned")))


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with its state."""

    source: Source
    state: SourceState


def source_row(row: Any) -> SourceRow:
    """A row of the whole table as its nouns."""
    # A row answers by name far more slowly than a dictionary does.
    told = dict(zip(_NAMES, row, strict=True))
    return SourceRow(declared_source(told), _state(told))


def stored_row(cells: Sequence[Any]) -> SourceRow:
    """The same for a row of the driver's: SQLite's keeps JSON as text and truth as a number."""
    told = list(cells)
    for place in _BOOLEANS:
        told[place] = bool(told[place])
    for place in _JSON:
        if isinstance(told[place], str):
            told[place] = json_value(told[place])
    return source_row(told)


def declared_source(told: Mapping[str, Any]) -> Source:
    """A source by the columns of its declaration."""
    return Source(
        id=told["id"],
        every=timedelta(seconds=told["every_seconds"]) if told["every_seconds"] else None,
        tags=tuple(told["tags"]),
        only_links=tuple(told["only_links"]),
        skip_links=tuple(told["skip_links"]),
        senders=tuple(told["senders"]),
        declared_by=told["declared_by"],
        **{key: told[key] for key in DECLARED},
    )


def _state(told: Mapping[str, Any]) -> SourceState:
    status, seconds = told["status"], told["interval_seconds"]
    status = "undeclared" if told["undeclared"] and status == "active" else status
    return SourceState(
        source=told["id"],
        status=status if told["enabled"] or status != "active" else "disabled",
        interval=timedelta(seconds=seconds) if seconds else None,
        **{key: told[key] for key in _STATES},
    )
