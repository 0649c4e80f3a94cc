"""Which of a page's groups are its news: the best list and what continues it elsewhere.

A dated list, or one that outweighs all others, stands alone with the parts of itself that
have other markup (featured, sticky, other columns). A portal page without one big list
gives all its groups of headlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.extract.listing_document import Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_score import THRESHOLD, Group, common_folder
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, HIDDEN, NAV

_ELSEWHERE = NAV | FOOTER | HEADER | ASIDE
_PORTAL_SHARE = 0.6


def choose(document: Document, groups: Sequence[Group]) -> tuple[list[Entry], str]:
    """The page's news entries in page order, and why these."""
    eligible = [group for group in groups if group.score >= THRESHOLD]
    if not eligible:
        nearest = groups[0].why() if groups else "no links"
        return [], f"no list of news: best is {nearest}"
    best = eligible[0]
    chosen = [best]
    portal = is_portal(document, best, eligible)
    folder = common_folder(best.entries)
    rest = sorted(groups[1:], key=lambda g: (common_folder(g.entries) != folder, -g.score))
    for group in rest:
        if group.keys <= best.keys or by_links(document, chosen, group):
            continue
        if same_list(document, best, group) or (portal and _portal_part(best, group)):
            chosen.append(group)
    return _in_page_order(chosen), best.why()


def by_links(document: Document, chosen: Sequence[Group], group: Group) -> bool:
    """Whether a group is by-links of records already chosen: authors, files, tags.

    A strong group of linked headlines is a list of its own that other records grew around.
    """
    spans = [s for g in chosen for e in g.entries for s in e.record.spans(document)]
    hit = [span for e in group.entries for span in spans if e.record.link.node in span]
    if 2 * len(hit) <= len(group.entries):
        return False
    linked = sum(entry.title_from == "heading" for entry in group.entries)
    return not (2 * linked > len(group.entries) and group.score > 0.7 * chosen[0].score)


def is_portal(document: Document, best: Group, eligible: Sequence[Group]) -> bool:
    if best.dated > 0.5 and len(best.entries) > 3:
        return False
    home = urlsplit(document.url).path.strip("/") in ("", "index.html", "index.php", "de", "en")
    others = [g for g in eligible[1:] if not g.keys <= best.keys]
    return home or sum(len(g.entries) for g in others) > len(best.entries)


def _portal_part(best: Group, group: Group) -> bool:
    return (
        group.score >= max(THRESHOLD, _PORTAL_SHARE * best.score)
        and group.context >= 0
        and not group.zone & (_ELSEWHERE | HIDDEN)
    )


def same_list(document: Document, best: Group, group: Group) -> bool:
    """Whether a group continues the best list in other markup."""
    if group.zone & _ELSEWHERE or group.score < 1.5 or group.context < min(0.0, best.context):
        return False
    if best.dated > 0.7 and group.dated < 0.5:
        return False
    if _siblings(document, best, group):
        return True
    folder = common_folder(best.entries)
    return bool(folder) and folder == common_folder(group.entries) and group.score >= THRESHOLD - 1


def _siblings(document: Document, best: Group, group: Group) -> bool:
    """Whether records of both stand side by side in one container."""
    nodes = document.nodes
    parents = {nodes[e.record.root].parent for e in best.entries}
    return all(nodes[e.record.root].parent in parents for e in group.entries)


def _in_page_order(groups: Sequence[Group]) -> list[Entry]:
    entries: dict[str, Entry] = {}
    for entry in sorted((e for g in groups for e in g.entries), key=lambda e: e.record.link.node):
        held = entries.get(entry.key)
        if held is None:
            entries[entry.key] = entry
        elif not held.published and entry.published:
            entries[entry.key] = entry  # a repetition that says more
    return list(entries.values())
