"""How a source is shown."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.cli.moments import minute

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from crawler.config.tables import CrawlSettings
    from crawler.model.source import SourceState
    from crawler.storage.source_rows import SourceRow

_MOMENTS = ("last_polled", "last_ok", "last_new", "next_due", "failing_since")


def source_json(row: SourceRow) -> dict[str, Any]:
    """One source with its state."""
    from crawler.config import duration_text
    from crawler.extract.listing_why import pattern_of

    source, state = row.source, row.state

    def moment(value: Any) -> str | None:
        return value.isoformat(timespec="seconds") if value else None

    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": state.watch_kind or source.kind,
        "watch_url": state.watch_url or None,
        "why": _why(row) or None,
        "pattern": list(pattern_of(state.learned)),
        "status": state.status,
        "health": health(state),
        "every": duration_text(source.every) if source.every else None,
        "interval": duration_text(state.interval) if state.interval else None,
        "language": source.language or None,
        "tags": list(source.tags),
        "only_links": list(source.only_links),
        "skip_links": list(source.skip_links),
        "selector": source.selector or None,
        "render": source.render or None,
        "excerpt": source.excerpt,
        "declared_by": source.declared_by or None,
        "last_polled": moment(state.last_polled),
        "last_ok": moment(state.last_ok),
        "last_new": moment(state.last_new),
        "next_due": moment(state.next_due),
        "failing_since": moment(state.failing_since),
        "failures": state.failures,
        "cause": state.error_kind or None,
        "error": state.error or None,
        "remedy": state.remedy or None,
        "notice": state.notice or None,
    }


def _why(row: SourceRow) -> str:
    """Why the source is watched in this way."""
    if row.source.kind not in ("auto", "newsletter"):
        return f'kind = "{row.source.kind}" is declared'
    return row.state.watch_why


def health(state: SourceState) -> str:
    """One word: paused, new, failing or ok."""
    if state.status != "active":
        return state.status
    if state.failures:
        return "failing"
    return "ok" if state.last_ok else "new"


def for_people(document: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    """A document of ``source_json`` with its times as people of that zone write them, and what is
    wrong in words."""
    from crawler.sources.faults import told_as

    told = {
        key: minute(datetime.fromisoformat(value), zone) if key in _MOMENTS and value else value
        for key, value in document.items()
    }
    return told | {"cause": told_as(told["cause"])} if told.get("cause") else told


def policy_of(crawl: CrawlSettings, excerpt: int, kept_out: Mapping[str, int]) -> dict[str, Any]:
    """What is kept to with a source, and how many pages that left alone lately."""
    return {
        "robots": "obeyed" if crawl.obey_robots else "not obeyed",
        "robots_pages": kept_out.get("robots", 0),
        "tdm": "obeyed" if crawl.obey_tdm else "not obeyed",
        "tdm_pages": kept_out.get("tdm", 0),
        "excerpt": excerpt,
    }


def policy_line(policy: Mapping[str, Any]) -> str:
    """The same in words."""
    shown = f"{policy['excerpt']} characters shown" if policy["excerpt"] else "title and link alone"
    said = [
        f"{name} {policy[key]}" + (f" ({count} pages)" if (count := policy[f"{key}_pages"]) else "")
        for key, name in (
            ("robots", "robots.txt"),
            ("tdm", "reservations against automatic reading"),
        )
    ]
    return "; ".join([*said, shown])


def source_line(row: SourceRow, zone: tzinfo) -> str:
    """One source as a line for people; times are those of ``zone``."""
    state = row.state
    when = f"polled {minute(state.last_polled, zone)}" if state.last_polled else "not polled yet"
    kind = state.watch_kind or row.source.kind
    error = f"  {state.error}" if state.error else ""
    word = "paused: no longer in the file" if state.status == "undeclared" else health(state)
    return f"{row.source.id:<28} {word:<8} {kind:<8} {when}  {row.source.url}{error}"
