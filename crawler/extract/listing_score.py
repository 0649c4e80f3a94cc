"""How much a group of records looks like a list of news, in points, each with its reason.

Weights are set by hand: a full date counts most, then sentence-like titles in headings,
then what headings, class names and addresses call the list; navigation and footers lose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log2
from urllib.parse import unquote

from crawler.extract.listing_addresses import SECTION_PAGE, split_address
from crawler.extract.listing_document import Document, Node
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_lookalikes import by_lookalikes
from crawler.extract.listing_sections import list_heading
from crawler.extract.listing_signs import are_issues, by_titles, share
from crawler.extract.listing_text import is_clock, yearless_date
from crawler.extract.listing_words import ARTICLE_TYPES, name_words, names_further, weigh, words
from crawler.extract.listing_zones import ASIDE, FOOTER, HEADER, HIDDEN, NAV

THRESHOLD = 3.0
_FURNITURE = NAV | FOOTER | HEADER | ASIDE
UNNAMED = "nothing says news"
LABELS = "labels"  # the reason, where titles name sections
_MANY_HEADLINES = 10
_AHEAD = timedelta(days=2)
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff]")
_DOCUMENTS = (".pdf", ".doc", ".docx", ".hwp", ".odt", ".rtf")
_SLUG = re.compile(r"[^/]+-[^/]+-[^/]+|(?<![a-z])\d{3,}(?![a-z])|\.pdf$", re.I)
_NAMED_OTHERWISE = -3.0
_FOR_LABELS = -1.5
_MIN_LABELS = 3
_WORDY_LABELS = 0.2  # of ``sentence_like``, on average
_ISSUES = 3.5
_FEW = 5  # one address in so many tells what a list is
_ZONES = ((NAV, -3.0, "nav"), (FOOTER, -3.0, "footer"), (HEADER, -2.0, "header"),
          (ASIDE, -1.0, "aside"), (HIDDEN, -0.5, "hidden"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one list, read and weighed."""

    entries: tuple[Entry, ...]
    score: float
    reasons: tuple[tuple[str, float], ...]
    heading: str  # what the page calls the list, "" unknown
    dated: float  # share of entries with a date on the page
    context: float  # what names say: above 0 news, below 0 something else
    zone: int

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(entry.key for entry in self.entries)


def weigh_group(document: Document, entries: Sequence[Entry], now: datetime | None = None) -> Group:
    """Score the entries of one group; with ``now``, dates ahead tell events from news."""
    heading = list_heading(document, [entry.record for entry in entries])
    dated = share(entries, lambda e: e.date_from in ("time", "name", "text"))
    context = _context(document, entries, heading)
    zone = _zone(document, entries)
    wordy = sum(sentence_like(entry.title) for entry in entries) / len(entries)
    reasons = [
        ("titles", 1.6 * wordy),
        ("foreign", -0.8 * (1 - wordy) * share(entries, lambda e: _foreign(document, e))),
        *_by_markup(document, entries),
        *by_titles(document, entries),
        *by_lookalikes(document, entries, heading),
        *_by_names(document, entries, heading, context),
        *_by_dates(entries, dated, context, wordy, archived=is_topic(document)),
        ("ahead", -2.0 if _mostly_ahead(entries, now) else 0.0),
        *((name, points) for flag, points, name in _ZONES if zone & flag),
    ]
    score = sum(points for _, points in reasons)
    return Group(tuple(entries), score, tuple(reasons), heading, dated, context, zone)


def _by_markup(document: Document, entries: Sequence[Entry]) -> list[tuple[str, float]]:
    """(reason, points) of where titles stand, of what records hold and where they lead."""
    return [
        ("headings", 1.0 * share(entries, lambda e: e.title_from == "heading")),
        ("captions", 0.7 * share(entries, lambda e: e.title_from == "caption")),
        ("lines", 0.4 * share(entries, lambda e: e.title_from == "line")),
        ("teaser", 0.7 * share(entries, lambda e: len(e.summary) > 40)),
        ("image", 0.3 * share(entries, lambda e: bool(e.image))),
        ("address", 0.6 * share(entries, is_slug)),
        ("below", 0.6 * share(entries, lambda e: below(document, e))),
        ("section", -2.0 * share(entries, lambda e: _section_page(document, e))),
        ("article", 0.5 * share(entries, lambda e: _is_article(document, e))),
        ("size", 0.35 * min(4.0, log2(len(entries))) - (0.8 if len(entries) == 1 else 0.0)),
    ]


def _by_names(
    document: Document, entries: Sequence[Entry], heading: str, context: float
) -> list[tuple[str, float]]:
    """(reason, points) of what the list and its page are called."""
    if are_issues(entries):  # "newsletter" names a form elsewhere
        return [("names", context), ("issues", _ISSUES)]
    return [
        ("names", context),
        ("other", -2.0 if context <= -1.6 else -1.0 if context <= -1.2 else 0.0),
        ("page", _NAMED_OTHERWISE if _page_of_others(document, heading) else 0.0),
    ]


def _by_dates(
    entries: Sequence[Entry], dated: float, context: float, wordy: float, *, archived: bool
) -> list[tuple[str, float]]:
    """(reason, points) of dates, and what it costs to have neither dates nor a name; the teasers
    of a topic's archive (``archived``) need none."""
    yearless = share(entries, lambda e: not e.published and yearless_date(e.date_text) is not None)
    clock = share(entries, lambda e: not e.published and is_clock(e.date_text))
    in_url = share(entries, lambda e: e.date_from == "url")
    linked = share(entries, lambda e: e.title_from in ("heading", "link", "block"))
    many = len(entries) >= _MANY_HEADLINES and wordy > 0.7 and linked > 0.7
    teased = share(entries, lambda e: e.title_from == "heading" and bool(e.summary)) > 0.7
    named = context >= 0.3 or (archived and teased)
    told = dated + yearless + in_url + clock >= 0.3 or named or many
    return [
        ("date", 2.2 * dated + 1.5 * yearless + 0.6 * in_url + 0.6 * clock),
        (
            LABELS,
            _FOR_LABELS if _are_labels(entries, dated + yearless + in_url + clock, wordy) else 0.0,
        ),
        (UNNAMED, 0.0 if told or are_issues(entries) else -2.0),
    ]


def _are_labels(entries: Sequence[Entry], dated: float, wordy: float) -> bool:
    """Whether titles are the names of sections or shops: a word or two, no date, no teaser."""
    if len(entries) < _MIN_LABELS or dated >= 0.3 or wordy > _WORDY_LABELS or are_issues(entries):
        return False
    return share(entries, lambda e: len(e.summary) > 40) < 0.3


def relieved(groups: Iterable[Group]) -> list[Group]:
    """Groups without the penalty for having no news word, on a page full of headlines.

    A newspaper's front page need not say that it brings news; a table of contents has no
    linked headings.
    """
    held = list(groups)
    entries = {
        entry.key: entry.title_from == "heading"
        for group in held
        if group.score + 2.5 >= THRESHOLD and not group.zone & _FURNITURE
        for entry in group.entries
        if sentence_like(entry.title) >= 0.4
    }
    if len(entries) < _MANY_HEADLINES or 3 * sum(entries.values()) < len(entries):
        return held
    return [_without_penalty(group) for group in held]


def _without_penalty(group: Group) -> Group:
    if not any(name == UNNAMED and points for name, points in group.reasons):
        return group
    kept = tuple(reason for reason in group.reasons if reason[0] != UNNAMED)
    kept += (("front page", 0.6),)
    return replace(group, reasons=kept, score=sum(points for _, points in kept))


def _page_of_others(document: Document, heading: str) -> bool:
    """Whether the page's address says jobs, events or members, and no heading says news.

    What stands under /category/ or /tag/ is an archive of posts; /categories/ alone is an index.
    """
    address = split_address(document.url).path
    archive = SECTION_PAGE.sub("/", address + "/").strip("/")
    path = unquote(archive or address).replace("-", " ")
    return weigh(name_words(path)) < 0 and weigh(frozenset(words(heading))) <= 0


def is_topic(document: Document) -> bool:
    """Whether a page's address is that of one topic's archive: what is below /tag/ and the like."""
    path = split_address(document.url).path.rstrip("/")
    return any(path[found.end() :] for found in SECTION_PAGE.finditer(path))


def _mostly_ahead(entries: Sequence[Entry], now: datetime | None) -> bool:
    days = [entry.published.utc for entry in entries if entry.published]
    return now is not None and 2 * sum(d > now + _AHEAD for d in days) > max(1, len(days))


def sentence_like(title: str) -> float:
    """0 for a label of one or two words, 1 for a headline of seven or more."""
    if _UNSPACED.search(title):
        return min(1.0, max(0.0, (len(title) - 6) / 10))
    return min(1.0, max(0.0, (len(title.split()) - 2) / 5))


def is_slug(entry: Entry) -> bool:
    """Whether an address names its item: several words, a number, or a document."""
    return bool(_SLUG.search(split_address(entry.url).path))


def below(document: Document, entry: Entry) -> bool:
    """Whether an item's address continues the page's own."""
    path = split_address(document.url).path.rstrip("/")
    path = re.sub(r"(/index)?\.\w{3,4}$", "", path)
    return len(path) > 1 and split_address(entry.url).path.startswith(path + "/")


def _section_page(document: Document, entry: Entry) -> bool:
    """Whether an address is that of a tag, category or author, not below the page's own; one of
    a document only lies in a folder called so."""
    path = split_address(entry.url).path
    named = SECTION_PAGE.search(path) and not path.lower().endswith(_DOCUMENTS)
    return bool(named) and not below(document, entry)


def _foreign(document: Document, entry: Entry) -> bool:
    own = (split_address(document.url).hostname or "").removeprefix("www.")
    host = (split_address(entry.url).hostname or "").removeprefix("www.")
    return own.split(".")[-2:] != host.split(".")[-2:]


def _is_article(document: Document, entry: Entry) -> bool:
    root = entry.record.root
    chain = [document.nodes[root], *document.ancestors(root)][:3]
    inside = [document.nodes[i] for i in list(document.within(root))[:4]]
    return any(_article_node(node) for node in chain + inside)


def _article_node(node: Node) -> bool:
    kind = node.attrs.get("itemtype", "").lower()
    return (
        node.tag == "article"
        or "hentry" in node.attrs.get("class", "")
        or any(name in kind for name in ARTICLE_TYPES)
    )


def _zone(document: Document, entries: Sequence[Entry]) -> int:
    """Zone flags that most records share."""
    zones = [document.nodes[entry.record.link.node].zone for entry in entries]
    flags = 0
    for bit in (1, 2, 4, 8, 16, 64):
        if sum(1 for zone in zones if zone & bit) * 2 > len(zones):
            flags |= bit
    return flags


def _context(document: Document, entries: Sequence[Entry], heading: str) -> float:
    """What heading, class names and addresses call the list, from -2.5 to 2.5."""
    by_heading = _sign(weigh(frozenset(words(heading))))
    if by_heading < 0 and is_topic(document):
        by_heading = 0  # it names the topic
    if by_heading == 0 and names_further(heading):
        by_heading = 1
    by_names = _sign(sum(_names_weight(document, e) for e in entries[:5]))
    by_address = _by_address(entries, split_address(document.url).hostname or "")
    page = frozenset(words(unquote(split_address(document.url).path))) | frozenset(
        words(document.title)
    )
    by_page = 0.3 * _sign(weigh(page))
    return 1.0 * by_heading + 0.6 * by_names + 0.7 * by_address + by_page


def _by_address(entries: Sequence[Entry], own: str) -> int:
    """What most addresses say. Folders that speak against news need be no share of them: of a
    shop's departments few are called like events."""
    against = sum(_folder_weight(split_address(entry.url).path) for entry in entries) < 0
    return -1 if against else _most([_address_weight(entry, own) for entry in entries])


def _most(weights: Sequence[float]) -> int:
    """The sign of weights, 0 where all but a few of many say nothing."""
    total = sum(weights)
    return _sign(total) if abs(total) * _FEW >= len(weights) else 0


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _names_weight(document: Document, entry: Entry) -> int:
    """What the classes of the record and its nearest ancestors say; the nearest decides."""
    root = document.nodes[entry.record.root]
    for node in [
        document.nodes[entry.record.link.node],
        root,
        *list(document.ancestors(root.index))[:4],
    ]:
        if node.tag in ("body", "html", "main"):
            break
        weight = weigh(name_words(node.names))
        if weight:
            return _sign(weight)
    return 0


def _address_weight(entry: Entry, own: str) -> int:
    """What the folders of an item's address say, and its host where it is not the page's ``own``:
    "news.example.org"."""
    parts = split_address(entry.url)
    host = parts.hostname or ""
    labels = host.split(".")[:-2] if host != own else []
    return _folder_weight("/".join([*labels, parts.path.lstrip("/")]))


def _folder_weight(path: str) -> int:
    folders = path.rstrip("/").split("/")[:-1]
    return _sign(weigh(name_words(" ".join(folders).replace("-", " "))))


def common_folder(entries: Sequence[Entry]) -> str:
    """What most addresses of a list begin with: host and folder, or page and parameter names
    where a query tells the items apart; "" where they share none."""
    folders: Counter[str] = Counter(folder_of(key) for key in telling_keys(entries))
    folder, count = folders.most_common(1)[0]
    return folder if count * 2 > len(entries) and folder.partition("/")[2] else ""


def telling_keys(entries: Sequence[Entry]) -> list[str]:
    """The address keys of entries, without queries where the pages alone tell them apart."""
    keys = [entry.key for entry in entries]
    pages = [key.partition("?")[0] for key in keys]
    return pages if len(set(pages)) == len(set(keys)) else keys


def folder_of(key: str) -> str:
    """Host and folder of an address key, or its page and the names of its parameters."""
    page, _, query = key.partition("?")
    if query:
        return page + "?" + "&".join(pair.partition("=")[0] for pair in query.split("&"))
    host, _, path = page.partition("/")
    return host + "/" + path.rpartition("/")[0]
