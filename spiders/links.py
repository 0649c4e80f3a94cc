"""Which links of a reading are items: the source's own only_links and skip_links patterns."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from crawler.fetch.visit import Visit
from crawler.model.item import RawItem
from crawler.model.reading import Dropped


def kept(items: Sequence[RawItem], visit: Visit) -> tuple[tuple[RawItem, ...], tuple[Dropped, ...]]:
    """(items that the source's patterns keep, those they drop)."""
    assert visit.source is not None
    only, skip = visit.source.only_links, visit.source.skip_links
    wanted, dropped = [], []
    for item in items:
        path = urlsplit(item.url).path or "/"
        if only and not any(fnmatchcase(path, pattern) for pattern in only):
            dropped.append(Dropped(item.url, "list", "matches no pattern of only_links"))
        elif any(fnmatchcase(path, pattern) for pattern in skip):
            dropped.append(Dropped(item.url, "list", "matches a pattern of skip_links"))
        else:
            wanted.append(item)
    return tuple(wanted), tuple(dropped)
