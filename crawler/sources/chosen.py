"""Lists that a user pointed at: as what a declaration keeps of the choice (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crawler.commands import in_shell
from crawler.model.source import Source, SourceState

AS_ASKED = "as asked: "  # begins the reason of what the user pointed at


def chosen(source: Source, learned: Mapping[str, Any]) -> Source:
    """A source with the selector of the list that was chosen, where one was seen to find it."""
    return replace(source, selector=source.selector or str(learned.get("selector", "")))


def as_chosen(source: Source, state: SourceState) -> Source:
    """A stored source as a file has to declare it, so that its list is watched elsewhere too."""
    return chosen(source, state.learned if state.watch_kind == "listing" else {})


def lost_choice(source: Source, state: SourceState) -> str:
    """What is said where a list or feed was chosen that no key of a declaration names, and how to
    choose it again; "" where nothing is lost."""
    if not state.watch_why.startswith(AS_ASKED) or as_chosen(source, state).selector:
        return ""
    if state.watch_kind == "feed":
        itself = f'url = "{state.watch_url}"'
        if not source.declared_by:
            itself = f"clusterwatch sources set {source.id} --url {in_shell(state.watch_url)}"
        return (
            f"{source.id}: the file does not keep which feed of {source.url} was chosen; to keep "
            f"it, watch the feed itself: {itself}"
        )
    return (
        f"{source.id}: the file does not keep which list of {source.url} was chosen; wherever "
        "else it is used, point at an item of the list: "
        f"clusterwatch sources set {source.id} --like URL"
    )


def rules(source: Source) -> tuple[object, ...]:
    """By which rules the links of a source's page become its items."""
    return source.only_links, source.skip_links, source.selector
