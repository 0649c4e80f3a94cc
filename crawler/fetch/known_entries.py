"""What feeds held when they were last read: entries that came again need no second parse.

Kept in memory alone: it spares work and decides nothing, so a restart parses once more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType

from crawler.model.item import RawItem

MAX_CHARACTERS = 16_000_000
_NONE: Mapping[str, RawItem] = MappingProxyType({})


class KnownEntries:
    """The entries of the feeds read last, by their keys (``extract.feed_slices``).

    Holds at most ``max_characters`` of text; the feeds that were not asked for longest go first.
    """

    def __init__(self, max_characters: int = MAX_CHARACTERS) -> None:
        self._max_characters = max_characters
        self._feeds: OrderedDict[str, Mapping[str, RawItem]] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._characters = 0

    def of(self, feed: str) -> Mapping[str, RawItem]:
        """The entries of the feed at this address when it was last read."""
        if feed not in self._feeds:
            return _NONE
        self._feeds.move_to_end(feed)
        return self._feeds[feed]

    def keep(self, feed: str, entries: Mapping[str, RawItem]) -> None:
        """Remember the feed's entries instead of those from before."""
        self._forget(feed)
        if not entries:
            return
        self._feeds[feed] = MappingProxyType(dict(entries))
        self._sizes[feed] = sum(map(_size, entries.values()))
        self._characters += self._sizes[feed]
        while self._characters > self._max_characters:
            self._forget(next(iter(self._feeds)))

    def _forget(self, feed: str) -> None:
        if self._feeds.pop(feed, None) is not None:
            self._characters -= self._sizes.pop(feed)


def _size(item: RawItem) -> int:
    fields = (item.url, item.title, item.summary, item.text, item.guid, item.image)
    return 200 + sum(map(len, fields))
