"""Which links of a reading are items: the source's own only_links and skip_links patterns, and
what stands beside its list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.extract.listing import ListingCandidate
from crawler.extract.listing_links import address_key, barred, none_allowed
from crawler.fetch.visit import Visit
from crawler.model.item import RawItem
from crawler.model.reading import NOT_WATCHED, Dropped

MAX_BESIDE = 100
_HEADING = 60  # characters of a list's heading that name it


def kept(items: Sequence[RawItem], visit: Visit) -> tuple[tuple[RawItem, ...], tuple[Dropped, ...]]:
    """(items that the source's patterns keep, those they drop); where they drop all, a notice."""
    assert visit.source is not None
    only, skip = visit.source.only_links, visit.source.skip_links
    wanted, dropped = [], []
    for item in items:
        if reason := barred(item.url, only, skip):
            dropped.append(Dropped(item.url, "list", reason))
        else:
            wanted.append(item)
    if dropped and not wanted:
        visit.notice = f"{none_allowed([one.url for one in dropped])}."
    return tuple(wanted), tuple(dropped)


def beside(
    candidates: Iterable[ListingCandidate], watched: Iterable[RawItem], visit: Visit
) -> tuple[Dropped, ...]:
    """What the page's lists link beside what is watched: none of it is an item of the source. Of
    the watched list itself they hold what the patterns leave out."""
    assert visit.source is not None
    only, skip = visit.source.only_links, visit.source.skip_links
    known = {address_key(item.url) for item in watched}
    found: list[Dropped] = []
    for candidate in candidates:
        if candidate.kind != "listing":
            continue
        heading = candidate.label.partition(": ")[0]  # the rest is size and first title
        under = f" (it stands under “{heading[:_HEADING]}”)" if heading != "list" else ""
        fresh = [item for item in candidate.items if address_key(item.url) not in known]
        known |= {address_key(item.url) for item in fresh}
        found += [
            Dropped(item.url, "list", barred(item.url, only, skip) or NOT_WATCHED + under)
            for item in fresh
        ]
    return tuple(found[:MAX_BESIDE])
