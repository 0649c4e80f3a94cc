"""Which other lists of a page are its news too: sections of the very same dated cards.

An overview keeps releases, speeches and interviews in sections of their own, each with its
folder of addresses. What makes them one list is their record: the same elements, a date on
each, under a heading that names news or nothing else in particular.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from crawler.extract.listing_addresses import split_address
from crawler.extract.listing_clippings import names_clippings
from crawler.extract.listing_document import HEADINGS, Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_learned import path_of
from crawler.extract.listing_score import THRESHOLD, Group
from crawler.extract.listing_words import name_words, names_apart, weigh, words
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, HIDDEN, MAIN, NAV

_ELSEWHERE = NAV | FOOTER | HEADER | ASIDE | HIDDEN
_DATED = 0.8  # share of a section's items that have a date on the page
_MIN_CARDS = 2  # one card says too little about its kind
_AHEAD = timedelta(days=2)  # behind the newest of the news: dates of events
_NAME_WORDS = 4  # of a heading that names a list; longer ones are titles
_PAGE_ALONE = -0.3  # context where the page's own name says something else, the section nothing
_USUAL = 0.5  # share of records that have the same form or place
_ROWS = frozenset(("li", "tr", "dd", "article"))
_ROW_SCORE = 1.0  # of rows at the place of a list's rows, be it a single one


def is_sister(document: Document, best: Group, group: Group) -> bool:
    """Whether a list elsewhere on the page holds news of the same kind of record as ``best``."""
    return (
        _is_section(best)
        and _is_section(group)
        and group.zone & MAIN == best.zone & MAIN
        and not called_otherwise(group)
        and not is_ahead(best, group)
        and bool(form := _form(document, best))
        and form == _form(document, group)
    )


def stands_alike(document: Document, best: Group, group: Group) -> bool:
    """Whether a list's dated rows stand at the very places where those of ``best`` do: an editor
    sets bold what is bold in one row around its link, in another inside it."""
    return (
        min(best.dated, group.dated) >= _DATED
        and group.score >= _ROW_SCORE
        and group.context >= min(best.context, _PAGE_ALONE)
        and group.zone == best.zone
        and not called_otherwise(group)
        and not is_ahead(best, group)
        and bool(place := _place(document, best))
        and place == _place(document, group)
    )


def _place(document: Document, group: Group) -> str:
    """The place of most of a list's rows in the page's structure; "" if they are no rows."""
    roots = [entry.record.root for entry in group.entries]
    rows = [root for root in roots if document.nodes[root].tag in _ROWS]
    places = Counter(path_of(document, root) for root in rows)
    place, count = places.most_common(1)[0] if places else ("", 0)
    return place if count > _USUAL * len(roots) else ""


def _is_section(group: Group) -> bool:
    return (
        len(group.entries) >= _MIN_CARDS
        and group.dated >= _DATED
        and group.score >= THRESHOLD - 1
        and group.context >= _PAGE_ALONE
        and weigh(frozenset(words(group.heading))) >= 0
        and not group.zone & _ELSEWHERE
    )


def called_otherwise(group: Group) -> bool:
    """Whether a list's heading, or else its addresses, say publications, tenders, reports, or what
    others write about the house."""
    if names_clippings(group.heading) or _mostly(_lies_among_clippings, group):
        return True
    if weigh(frozenset(words(group.heading))) > 0:
        return False
    if len(group.heading.split()) <= _NAME_WORDS and names_apart(group.heading):
        return True
    return _mostly(_lies_apart, group)


def lateness(group: Group) -> int:
    """How far a list comes behind others that could be a page's news: reports and clippings behind
    what may be news, lists that a heading calls something else (events, members) behind them."""
    return 2 * (weigh(frozenset(words(group.heading))) < 0) + called_otherwise(group)


def is_named_apart(best: Group, group: Group) -> bool:
    """Whether a heading or the addresses call a list another one than ``best``: events beside
    news, in the same column and of the same make."""
    named, told = (weigh(frozenset(words(one.heading))) for one in (best, group))
    return told < 0 <= named or (called_otherwise(group) and not called_otherwise(best))


def _mostly(test: Callable[[Entry], bool], group: Group) -> bool:
    return 2 * sum(map(test, group.entries)) > len(group.entries)


def _lies_apart(entry: Entry) -> bool:
    return names_apart(" ".join(name_words(" ".join(_folder_names(entry)))))


def _lies_among_clippings(entry: Entry) -> bool:
    return any(map(names_clippings, _folder_names(entry)))


def _folder_names(entry: Entry) -> list[str]:
    return split_address(entry.url).path.replace("-", " ").split("/")[:-1]


def is_ahead(best: Group, group: Group) -> bool:
    """Whether a section's dates are those of events: to come or, where nothing calls it news
    as the best list is called, later than all news."""
    if any(name == "ahead" and points < 0 for name, points in group.reasons):
        return True
    if not group.context <= 0 < best.context:
        return False
    newest = max((e.published.utc for e in best.entries if e.published), default=None)
    oldest = min((e.published.utc for e in group.entries if e.published), default=None)
    return newest is not None and oldest is not None and oldest > newest + _AHEAD


def _form(document: Document, group: Group) -> tuple[str, ...]:
    """The elements from a record's root to its link, and where its title stands; () if mixed."""
    forms = Counter(_form_of(document, entry) for entry in group.entries)
    form, count = forms.most_common(1)[0]
    return form if count > _USUAL * len(group.entries) else ()


def _form_of(document: Document, entry: Entry) -> tuple[str, ...]:
    link, root = entry.record.link.node, entry.record.root
    nodes = [document.nodes[link], *document.ancestors(link)]
    inside = (node.tag for node in nodes if node.index >= root)
    return (entry.title_from, *("h" if tag in HEADINGS else tag for tag in inside))
