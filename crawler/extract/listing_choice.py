"""Which of a page's groups are its news: the best list and what continues it elsewhere.

A dated list, or one that outweighs all others, stands alone with the parts of itself that
have other markup (featured, sticky, other columns). A portal page without one big list
gives all its groups of headlines, also beside a small dated box that nothing calls news.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from crawler.extract.listing_addresses import SECTION_PAGE
from crawler.extract.listing_article import is_article, told_as_article
from crawler.extract.listing_clippings import is_of_clippings
from crawler.extract.listing_document import Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_leads import leads
from crawler.extract.listing_links import Link
from crawler.extract.listing_portals import (
    NAMED,
    is_home,
    is_list_of_its_own,
    is_portal,
    portal_part,
    side_parts,
)
from crawler.extract.listing_records import Record, grow_records
from crawler.extract.listing_score import (
    THRESHOLD,
    Group,
    common_folder,
    folder_of,
    is_slug,
    sentence_like,
    telling_keys,
)
from crawler.extract.listing_sisters import (
    called_otherwise,
    is_named_apart,
    is_sister,
    lateness,
    stands_alike,
)
from crawler.extract.listing_why import declined, described
from crawler.extract.listing_words import names_apart, names_news, news_words
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, NAV

ReadRecords = Callable[[Sequence[Record]], list[Entry]]
_ELSEWHERE = NAV | FOOTER | HEADER | ASIDE
_MAX_NEIGHBOURS = 40
_MAX_FOLDERS = 12
_BOX_OF_NEWS = 1.7  # the score that makes a list of a side column's box
_SENTENCE = 0.4  # of ``sentence_like``: a title of four words
_DATED = 0.8  # share of dated items in a list whose items all have a date
_LABEL = 12  # characters; a shorter title in another place than the list's names a section
_BARE_SECTION = re.compile(r"(?:[a-z]{2}/)?[a-z]{3,20}")


def choose(
    document: Document, groups: Sequence[Group], read: ReadRecords
) -> tuple[list[Entry], str]:
    """The page's news entries in page order, and why these. ``groups`` come best first."""
    eligible = [group for group in groups if group.score >= _required(group)]
    if not eligible:
        return [], told_as_article(document) if is_article(document) else declined(groups)
    if not _is_page_apart(document):
        eligible.sort(key=lateness)  # news first, however well reports are kept
    parts = _continuations(document, eligible[0], groups, eligible)
    entries = completed(document, [eligible[0], *parts], groups, read)
    return entries, described(entries)


def _is_page_apart(document: Document) -> bool:
    """Whether a page says of itself that it keeps papers or clippings."""
    told = f"{document.title} {unquote(urlsplit(document.url).path)}"
    return names_apart(told) or is_of_clippings(document)


def _required(group: Group) -> float:
    """The score that makes a list of news; a single record needs a date and more besides.

    A lone link below a heading that it does not repeat is a link in somebody's text. In a side
    column each box has a heading of its own: called news and nothing else, it need say little more.
    """
    if len(group.entries) > 1:
        return _BOX_OF_NEWS if group.zone == ASIDE and names_news(group.heading) else THRESHOLD
    only = group.entries[0]
    if only.title_from == "above" or not group.dated:
        return THRESHOLD + 2.5
    labelled = only.title_from in ("link", "line") and sentence_like(only.title) < _SENTENCE
    return THRESHOLD + (2.0 if labelled else 1.0)


def led_by(
    document: Document,
    best: Group,
    groups: Sequence[Group],
    read: ReadRecords,
    *,
    alone: bool = False,
) -> list[Entry]:
    """The entries of the list that ``best`` belongs to, whatever its score.

    ``alone``: other lists of a portal page stay out.
    """
    parts = _continuations(document, best, groups, [best], alone)
    return completed(document, [best, *parts], groups, read)


def completed(
    document: Document, chosen: Sequence[Group], groups: Sequence[Group], read: ReadRecords
) -> list[Entry]:
    """The entries of the chosen groups and what stands among their records, in page order."""
    held = frozenset[str]().union(*(group.keys for group in chosen))
    above = [
        group
        for group in leads(document, chosen[0], groups)
        if not group.keys <= held and not by_links(document, chosen, group)
    ]
    entries = _apart(document, [group.entries for group in (*chosen, *above)], read)
    entries += _beside(document, chosen, groups, entries, read)
    return in_page_order(entries)


def _continuations(
    document: Document,
    best: Group,
    groups: Sequence[Group],
    eligible: Sequence[Group],
    alone: bool = False,
) -> list[Group]:
    """Other groups that belong to the same list, or, unless ``alone``, to the same portal."""
    portal = not alone and is_portal(document, best, eligible) and not is_article(document)
    named = not (alone or portal) and is_home(document)
    folder = common_folder(best.entries)
    chosen = [best]
    rest = sorted(groups, key=lambda g: (common_folder(g.entries) != folder, -g.score))
    for group in rest:
        if group.keys <= best.keys or by_links(document, chosen, group, portal):
            continue
        if (
            same_list(best, group)
            or (portal_part(best, group) and (portal or (named and group.context >= NAMED)))
            or (not alone and is_sister(document, best, group))
            or (
                stands_alike(document, best, group)
                and not (alone and _is_headed_apart(best, group))
            )
        ):
            chosen.append(group)
    if portal:
        chosen += side_parts(chosen, rest)
    return chosen[1:]


def _is_headed_apart(best: Group, group: Group) -> bool:
    """Whether each of two lists has a heading of its own: who asks for one does not mean both."""
    return bool(best.heading and group.heading) and best.heading != group.heading


def by_links(
    document: Document, chosen: Sequence[Group], group: Group, portal: bool = False
) -> bool:
    """Whether a group is by-links of records already chosen: authors, files, tags.

    A strong group of linked headlines is a list of its own that other records grew around; so
    is one of headlines without headings on a ``portal`` page.
    """
    spans = [s for g in chosen for e in g.entries for s in e.record.spans(document)]
    hit = sum(any(e.record.link.node in span for span in spans) for e in group.entries)
    if 2 * hit <= len(group.entries) or (portal and is_list_of_its_own(chosen[0], group)):
        return False
    linked = sum(entry.title_from == "heading" for entry in group.entries)
    return not (2 * linked > len(group.entries) and group.score > 0.7 * chosen[0].score)


def same_list(best: Group, group: Group) -> bool:
    """Whether a group elsewhere on the page continues the best list in other markup."""
    if group.zone & _ELSEWHERE or group.context < min(0.0, best.context):
        return False
    if len(group.entries) == 1 and news_words(group.entries[0].title) < 0:
        return False  # "all events"
    if called_otherwise(group) and not called_otherwise(best):
        return False
    return group.score >= THRESHOLD - 1 and _lies_with(best, group)


def _lies_with(best: Group, group: Group) -> bool:
    """Whether the addresses of a group lie in the folder of the best list, or in its folders
    where it has several: /news/country/, /news/world/."""
    folder = common_folder(best.entries)
    if folder:
        return folder == common_folder(group.entries)
    counts = Counter(folder_of(key) for key in telling_keys(best.entries))
    told = {f for f, count in counts.items() if count > 1 and f.partition("/")[2]}
    held = [folder_of(key) in told for part in (best, group) for key in telling_keys(part.entries)]
    first = len(best.entries)
    return 2 * sum(held[:first]) > first and 2 * sum(held[first:]) > len(held) - first


def _apart(document: Document, chosen: Sequence[Sequence[Entry]], read: ReadRecords) -> list[Entry]:
    """Entries of several groups, their blocks grown anew where one took in another's link."""
    links = [entry.record.link for entries in chosen for entry in entries]
    if len(chosen) == 1:
        return list(chosen[0])
    result: list[Entry] = []
    for entries in chosen:
        own = [entry.record.link for entry in entries]
        result += read(grow_records(document, own, links))
    return result


def _beside(
    document: Document,
    chosen: Sequence[Group],
    groups: Sequence[Group],
    entries: Sequence[Entry],
    read: ReadRecords,
) -> list[Entry]:
    """Items that stand among the chosen records in other markup: sticky, featured, notices.

    Each remaining element beside the records may hold one; the link of the best group wins.
    """
    best = chosen[0]
    taken = {entry.key for entry in entries}
    spans = [span for entry in entries for span in entry.record.spans(document)]
    found: list[Entry] = []
    folder = common_folder(best.entries)
    others = [group for group in groups if not is_named_apart(best, group)]
    beside = chosen if best.dated > _DATED else [best]  # dates tell a card from a section's name
    for element in _neighbours(document, beside, spans):
        link = _main_link(document, element, folder, others, taken)
        if link is None:
            continue
        entry = read([Record(link, element)])[0]
        if _alike(best, entry):
            found.append(entry)
            taken.add(entry.key)
    return found


def _neighbours(document: Document, chosen: Sequence[Group], spans: Sequence[range]) -> list[int]:
    """Elements in the containers of the chosen lists that no record has taken."""
    roots = [entry.record.root for group in chosen for entry in group.entries]
    parents = [document.nodes[root].parent for root in roots]
    kinds = {document.nodes[root].tag for root in roots}
    containers = {p for p, count in Counter(parents).items() if p >= 0 and count > 1}
    starts = sorted(span.start for span in spans)
    free: list[int] = []
    for container in sorted(containers):
        for child in document.children[container]:
            node = document.nodes[child]
            held = bisect_left(starts, node.end) - bisect_left(starts, child)
            if node.tag in kinds and not held:
                free.append(child)
    return free[:_MAX_NEIGHBOURS]


def _main_link(
    document: Document, element: int, folder: str, groups: Sequence[Group], taken: set[str]
) -> Link | None:
    candidates = [
        (common_folder([entry]) != folder, -group.score, entry.record.link.node, entry.record.link)
        for group in groups
        for entry in group.entries
        if document.inside(entry.record.link.node, element)
        and entry.key not in taken
        and not group.zone & _ELSEWHERE
    ]
    return min(candidates, key=lambda c: c[:3])[3] if candidates else None


def _alike(best: Group, entry: Entry) -> bool:
    """Whether a neighbour looks like the list's records: titled, and dated where they are."""
    if len(entry.title) < 4 or entry.title_from in ("line", "borrowed", ""):
        return False
    usual = entry.title_from in {other.title_from for other in best.entries}
    if best.dated > _DATED:
        dated = entry.date_from in ("time", "name", "text")
        return dated and (usual or len(entry.title) >= _LABEL)
    return usual and len(entry.title.split()) > 2 and not SECTION_PAGE.search(entry.url + "/")


def in_page_order(entries: Sequence[Entry]) -> list[Entry]:
    """Entries by position; of repeated addresses the first, or the first that has a date."""
    kept: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda e: e.record.link.node):
        held = kept.get(entry.key)
        if held is None or (not held.published and entry.published):
            kept[entry.key] = entry
    folders = Counter(folder for key in kept for folder in _folders(key))
    # An address that is the folder of two or more of the items: "all news".
    items = [entry for entry in kept.values() if folders[entry.key] < 2]
    items = [entry for entry in items if not _is_bare_section(entry, items)]
    return sorted(items, key=lambda e: e.record.link.node)


def _is_bare_section(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether an undated address is one plain word ("/press") where most name their item."""
    if entry.published or not _BARE_SECTION.fullmatch(entry.key.partition("/")[2]):
        return False
    named = sum(is_slug(other) for other in entries)
    return named > 0.7 * len(entries)


def _folders(key: str) -> Iterator[str]:
    """The folders that an address lies in, innermost first."""
    folder, slash, _ = key.partition("?")[0].rpartition("/")
    for _ in range(_MAX_FOLDERS):
        if not slash:
            return
        yield folder
        folder, slash, _ = folder.rpartition("/")
