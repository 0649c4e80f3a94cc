"""The links of a page that could lead to an item, each with its place in the structure.

Fragments, mail, scripts, pagination, tag and category pages, share buttons, the page itself and
its site's home page never qualify.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, unquote, urlencode

from crawler.extract.dates_words import MONTHS
from crawler.extract.listing_addresses import is_file_or_action, is_social, split_address
from crawler.extract.listing_document import Document, Node
from crawler.extract.listing_text import date_like
from crawler.extract.listing_words import is_more
from crawler.extract.listing_zones import SILENT
from crawler.extract.remembering import remembering
from crawler.model.reading import ALLOW_NONE

_TRACKING = re.compile(
    r"^(utm_|mtm_|pk_|wt_|at_)|^(fbclid|gclid|msclkid|mc_cid|mc_eid|chash)$", re.I
)
_INDEX = re.compile(r"/(index|default|home)\.(html?|php|aspx?)$", re.I)
_PAGING = re.compile(
    r"/(page|seite|p|pagina|side|sivu|strona)/\d+/?$|"
    r"[?&](page|paged|seite|p|pg|offset|start|pagenr|currentpage|[a-z_%\d\[\]]*currentpage[^=]*|"
    r"tx_[^=]*page[^=]*|page_n\d+|pageno|pagina)=\d+",
    re.I,
)
_MONTH = re.compile(r"/(19|20)\d\d(/\d{1,2}){0,2}/?$")
_SORTING = re.compile(
    r"[?&](sst|sod|sort|sortby|sort_by|order|orderby|order_by|dir|direction|filter[^=]*|f%5b0%5d|"
    r"year|jahr|month|monat|category|cat|kategorie|tag|topic|author)=",
    re.I,
)
_NO_ITEM_RELATIONS = frozenset(
    ("tag", "category", "next", "prev", "author", "license", "search", "sponsored")
)
_SHOWN = 3  # patterns that are told of many
_LONGEST_SHOWN = 80  # characters of one
_HEADLINE_WORDS = 4  # of a link to another house; fewer are its name


@dataclass(frozen=True, slots=True)
class Link:
    """One link. ``signature`` is equal for links at the same place of like records."""

    node: int
    url: str
    key: str  # address without scheme, www, index page, fragment and tracking
    text: str
    signature: int


def address_key(url: str) -> str:
    """What two spellings of one address have in common."""
    parts = split_address(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = unquote(_INDEX.sub("/", parts.path)).rstrip("/")
    pairs = [
        p for p in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.search(p[0])
    ]
    query = f"?{urlencode(sorted(pairs))}" if pairs else ""
    bang = f"#{parts.fragment}" if parts.fragment[:1] in ("!", "/") else ""
    return f"{host}{path}{query}{bang}".lower() if not query else f"{host}{path}".lower() + query


def collect_links(document: Document) -> list[Link]:
    """All links that could be items, in document order."""
    signatures = _signatures(document)
    own = {address_key(document.url), address_key(document.base)}
    links: list[Link] = []
    for node in document.nodes:
        if not node.leads or node.zone & SILENT:
            continue
        if len(links) >= MAX_LINKS:
            break
        url = item_address(document, node)
        if not url:
            continue
        key = address_key(url)
        if key in own or not _is_item_like(node, url, document):
            continue
        text = document.text(node.index)
        links.append(Link(node.index, url, key, text, signatures[node.index]))
    return links


def item_address(document: Document, node: Node) -> str:
    """The absolute address of a link, without its fragment; "" where it can be no item's."""
    url = document.resolve(node.attrs.get("href", ""))
    if not url:
        return ""
    bare, _, fragment = url.partition("#")
    return url if fragment[:1] in ("!", "/") and len(fragment) > 2 else bare


def _is_item_like(node: Node, url: str, document: Document) -> bool:
    parts = split_address(url)
    if leads_home(url) and (is_own_house(url, document) or not _is_headline(document, node)):
        return False
    rel = node.attrs.get("rel", "").split()
    if _NO_ITEM_RELATIONS & set(rel):
        return False
    if is_social(url) and not _is_long(document.text(node.index)):
        return False
    if is_file_or_action(url):
        return False
    if parts.path == split_address(document.url).path and _SORTING.search(url):
        return False
    return not is_paging(node, url, document)


def leads_home(url: str) -> bool:
    """Whether an address is a site's home page."""
    parts = split_address(url)
    bare = not parts.query and not parts.fragment
    return bare and _INDEX.sub("/", parts.path) in ("", "/")


def is_own_house(url: str, document: Document) -> bool:
    """Whether an address lies at the page's own domain or one beside it: shop.a.eu, www.a.eu."""
    one, other = ((split_address(u).hostname or "").split(".")[-2:] for u in (url, document.url))
    return one == other


def _is_headline(document: Document, node: Node) -> bool:
    """Whether a link has several words, or invites to read on about what stands beside it."""
    text = document.text(node.index)
    return len(text.split()) >= _HEADLINE_WORDS or (bool(text) and is_more(text))


def _is_long(text: str) -> bool:
    return len(text) > 60 and not is_more(text)


def is_paging(node: Node, url: str, document: Document) -> bool:
    """Whether a link leads to another page of the list or to a month of its archive."""
    text = document.text(node.index)
    bare = text.strip(" «»‹›<>…·.,|[]()→←")
    if bare.isdigit() and len(bare) <= 4:
        return True
    if _MONTH.search(split_address(url).path) and len(text) < 30 and _names_month(text):
        return True
    return bool(_PAGING.search(url)) and len(text) < 25


def _names_month(text: str) -> bool:
    """Whether a text is a year or a month, with or without a count behind."""
    return bool(re.search(r"(?<!\d)(19|20)\d\d(?!\d)", text)) or text.lower().strip(" .") in MONTHS


def allowed(url: str, only: tuple[str, ...], skip: tuple[str, ...]) -> bool:
    """Whether the user's patterns (fnmatch) let an address be an item."""
    return barring(url, only, skip) is None


def barred(url: str, only: tuple[str, ...], skip: tuple[str, ...]) -> str:
    """Which of the user's patterns leaves an address out, in words; "" where none does."""
    by = barring(url, only, skip)
    if by is None:
        return ""
    if by.key == "only_links":
        return f"matches no pattern of only_links: {by.patterns}"
    return f"matches the pattern {by.patterns} of skip_links"


@dataclass(frozen=True, slots=True)
class Barring:
    """What leaves an address out."""

    key: str  # "only_links", none of whose patterns it matches, or "skip_links"
    patterns: str  # of only_links the first ones, of skip_links the one that it matches


def barring(url: str, only: tuple[str, ...], skip: tuple[str, ...]) -> Barring | None:
    """Which of the user's patterns (fnmatch) leaves an address out; None where none does.

    A pattern is one of the path; with "?" or "=" in it also of path and query, with "://" also of
    the whole address: "*news*" must not mean every page of news.example.org.
    """
    if only and not any(_matches(url, pattern) for pattern in only):
        more = f" and {len(only) - _SHOWN} more" if len(only) > _SHOWN else ""
        return Barring("only_links", ", ".join(map(_shortened, only[:_SHOWN])) + more)
    hit = next((pattern for pattern in skip if _matches(url, pattern)), None)
    return None if hit is None else Barring("skip_links", _shortened(hit))


def none_allowed(urls: Sequence[str]) -> str:
    """What is said of a source whose patterns leave all its addresses out, without a full stop."""
    return f"{ALLOW_NONE} {len(urls)} items, such as {urls[0]}"


def _matches(url: str, pattern: str) -> bool:
    parts = split_address(url)
    path = parts.path or "/"
    if fnmatchcase(path, pattern):
        return True
    if "://" in pattern and fnmatchcase(url, pattern):
        return True
    asks = bool(parts.query) and ("?" in pattern or "=" in pattern)
    return asks and fnmatchcase(f"{path}?{parts.query}", pattern)


def _shortened(pattern: str) -> str:
    return pattern if len(pattern) <= _LONGEST_SHOWN else f"{pattern[: _LONGEST_SHOWN - 1]}…"


_UNSTABLE = re.compile(
    r"\d|^(odd|even|first|last|active|current|sticky|is-|has-|status-|format-|category-|tag-|"
    r"type-|hentry|alt|selected|open|hidden|visible|clearfix|wow|animat|fade|aos|lazy|col|"
    r"left|right|start|end|big|small|large|medium|highlight|featured|top|row$)|"
    r"[-_](left|right|odd|even|first|last|alt|reverse|inverted)$",
    re.I,
)


MAX_LINKS = 5_000
_MAX_COLUMNS = 20
_MAX_ROWS = 40  # of a table that are looked at for cards
_CARD = 60  # elements of one, at most


def shape(node: Node) -> str:
    """A node's tag with those of its classes that siblings of one list share."""
    classes = node.attrs.get("class", "")
    return node.tag + _form(classes) if classes else node.tag


@remembering(8_192)
def _form(classes: str) -> str:
    kept = [c for c in classes.split() if not _UNSTABLE.search(c)]
    return "".join(f".{name}" for name in sorted(set(kept[:3])))


def kind(document: Document, node: Node) -> str:
    """A node's shape; of a table cell its column too: links of columns are of different kinds,
    unless the cells are cards."""
    if node.tag in ("td", "th") and node.parent >= 0:
        row = document.children[node.parent]
        if 1 < len(row) < _MAX_COLUMNS and not _holds_cards(document, node.parent):
            return f"{shape(node)}:{row.index(node.index)}"
    return shape(node)


def _holds_cards(document: Document, row: int) -> bool:
    """Whether most rows of a row's table, two at least, are cards side by side."""
    table = document.nodes[row].parent
    if table not in document.grids:
        rows = [i for i in document.children[table][:_MAX_ROWS] if len(document.children[i]) > 1]
        alike = sum(_is_of_cards(document, i) for i in rows)
        document.grids[table] = alike > 1 and 2 * alike > len(rows)
    return document.grids[table]


def _is_of_cards(document: Document, row: int) -> bool:
    """Whether the cells of a row, empty ones aside, have a link each and are built alike."""
    nodes = [document.nodes[cell] for cell in document.children[row]]
    cells = [node.index for node in nodes if node.last_word > node.first_word]
    makes = {_make(document, cell) for cell in cells}
    return len(cells) > 1 and len(makes) == 1 and len(makes.pop()) > 2


def _make(document: Document, cell: int) -> tuple[str, ...]:
    """The tags that a cell with a link is made of, without what wraps them all, and whether it
    has a date; () without a link and where there is more than a card."""
    inside = document.within(cell)
    if len(inside) > _CARD or not any(document.nodes[i].attrs.get("href") for i in inside):
        return ()
    parts = document.children[cell]
    while len(parts) == 1:
        parts = document.children[parts[0]]
    node = document.nodes[cell]
    dated = any(map(date_like, document.texts[node.first_word : node.last_word]))
    return ("dated" if dated else "", *(document.nodes[part].tag for part in parts))


def _signatures(document: Document) -> list[int]:
    """For each node the number of its path of shapes from the root."""
    numbers: dict[tuple[int, str], int] = {}
    found: list[int] = []
    for node in document.nodes:
        above = found[node.parent] if node.parent >= 0 else -1
        found.append(numbers.setdefault((above, kind(document, node)), len(numbers)))
    return found
