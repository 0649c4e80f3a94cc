"""What a poll of a source looks at: the task and the address, by what is known of it."""

from __future__ import annotations

from crawler.extract.listing import ListingHints
from crawler.fetch.chromium import find_chromium
from crawler.fetch.freshness import asks_in_full
from crawler.fetch.ports import Ports
from crawler.fetch.visit import Visit
from crawler.model.source import Source, SourceState
from crawler.storage.source_rows import SourceRow

LOST_AFTER = 3  # failures in a row
_LOST = ("http", "missing", "gone", "extract", "empty", "redirect", "moved")


def poll_visit(row: SourceRow, ports: Ports, *, full: bool, dry_run: bool, articles: bool) -> Visit:
    """The visit of a source's poll."""
    source, state = row.source, row.state
    task = source.kind
    if task == "auto":
        task = "detect" if _look_again(state) else (state.watch_kind or "detect")
    url = (state.watch_url or source.url) if task != "detect" else source.url
    visit = Visit(
        task, url, ports, source=source, state=state, full=full,
        unconditional=asks_in_full(state, ports.clock()), dry_run=dry_run,
    )  # fmt: skip
    visit.hints = hints_of(source, state)
    visit.articles = articles
    return visit


def hints_of(source: Source, state: SourceState) -> ListingHints:
    return ListingHints(
        only_links=source.only_links,
        skip_links=source.skip_links,
        selector=source.selector,
        learned=state.learned,
    )


def _look_again(state: SourceState) -> bool:
    """Whether a feed that was found once is gone for so long that the page it was found on
    should be looked at anew. (A listing that changed is searched by what was learned of it.)"""
    gone = state.error_kind in _LOST and state.failures >= LOST_AFTER
    return gone and state.watch_kind == "feed" and state.failures % LOST_AFTER == 0


def check_machine(source: Source) -> None:
    """Raises ConfigError for what a source needs and this machine lacks."""
    if source.render:
        find_chromium()
