"""Plain feeds read without feedparser: what nearly all feeds look like, an eighth of its time.

A feed is plain when it is well-formed RSS 2.0 or Atom 1.0 and holds only elements whose meaning
leaves no doubt, each in its usual form. Its entries come out as feedparser would give them, as far
as ``feed_entries`` looks at them; anything else is declined, and feedparser reads the whole feed.
That both agree on all they accept is proved on feedparser's own tests and ours
(tests/quality/test_plain_feeds.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawler.extract.dates_declared import is_usual_and_ahead
from crawler.extract.feed_elements import MAX_GUID, Own
from crawler.extract.feed_plain_atom import plain_atom
from crawler.extract.feed_plain_parts import ATOM, Entry, NotPlain, PlainFeed
from crawler.extract.feed_plain_rss import plain_rss
from crawler.extract.markup import folded

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crawler.model.item import RawItem


def plain_feed(root: Element, base: str) -> PlainFeed | None:
    """The feed whose well-formed document has this root; None where feedparser has to read it.
    ``base`` is what relative addresses belong to."""
    try:
        if root.tag == "rss":
            return plain_rss(root, base)
        if root.tag == f"{ATOM}feed":
            return plain_atom(root, base)
    except NotPlain:
        pass
    return None


def written(entry: Entry) -> Own:
    """An entry's own elements: in a plain feed no module's stand beside them."""
    return Own(guid=folded(entry.get("id", ""))[:MAX_GUID])


def leaves_date(entry: Entry, item: RawItem, now: datetime | None) -> bool:
    """Whether an entry gives a date that our own grammar could not read."""
    published, updated = entry.get("published", ""), entry.get("updated", "")
    if not _is_left(published, updated, item):
        return False
    published = "" if is_usual_and_ahead(published, now) else published
    updated = "" if is_usual_and_ahead(updated, now) else updated
    return _is_left(published, updated, item)


def _is_left(published: str, updated: str, item: RawItem) -> bool:
    if published and updated and published != updated and item.published == item.modified:
        return True  # likely the one in place of the other
    is_lost = bool(published or updated) and item.published is None
    return is_lost or (bool(updated) and item.modified is None)
