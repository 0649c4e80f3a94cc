"""``clusterwatch sources set --pick N`` and ``--like URL``: another list of a watched page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.cli.source_adding import look
from crawler.errors import UsageError
from crawler.source_changes import keep_learned, refuse_same_list
from crawler.sources.faults import how_to_set

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.model.source import Source
    from crawler.wiring import Parts


def choose_anew(parts: Parts, source: Source, pick: int | None, like: Sequence[str]) -> Detection:
    """Watch the list of a source's page that the user points at, from now on as a new source.

    Where a source is declared does not matter: what is declared stays as it is. Raises
    UsageError where the page has no such list, the declared kind or a selector forbids it, or
    another source watches that list.
    """
    if source.selector:
        raise UsageError(
            f'"{source.id}" has a selector, which decides which list is watched.',
            remedy=f"Write another one, or take it out: {how_to_set(source, 'selector', '')}",
        )
    found = look(parts, replace(source, kind="auto"), pick, like)
    if source.kind not in ("auto", found.kind):
        raise UsageError(
            f'"{source.id}" has kind = "{source.kind}"; what you chose is a {found.kind}.',
            remedy=f"Let it be found out first: {how_to_set(source, 'kind', 'auto')}",
        )
    refuse_same_list(parts.sources, source, found)
    parts.sources.forget(source.id)
    keep_learned(parts.sources, source, found)
    return found
