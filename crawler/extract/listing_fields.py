"""What a record says: its title, date, teaser and image, and where each was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_links import Link
from crawler.extract.listing_records import Record
from crawler.extract.listing_text import date_like, find_date, undated_title, yearless_date
from crawler.extract.listing_words import is_more, name_words, vocabulary
from crawler.extract.listing_zones import SILENT
from crawler.model.item import Published

_TITLE_NAMES = vocabulary("title titel headline heading titre titolo titulo ueberschrift")
_DATE_NAMES = vocabulary(
    "date datum dato datetime time published posted pubdate publish created fecha data posttime "
    "timestamp day meta byline kicker info"
)
_BESIDE_TITLE = re.compile(
    r"(?<![a-z])(sr-?only|visually-?hidden|screen-?reader|hide-accessible|invisible|aural|"
    r"kicker|topline|overline|eyebrow|dachzeile|roofline|spitzmarke|badge|label|rubrik)",
    re.I,
)
_BLOCKS = vocabulary(
    "p div li h1 h2 h3 h4 h5 h6 section article header footer figcaption dd dt td time ul"
)
_CHANGED = re.compile(r"updated|modified", re.I)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-])")
_MIN_TEASER = 25
MAX_SUMMARY = 600  # characters
MAX_TITLE = 300


@dataclass(frozen=True, slots=True)
class When:
    """The reader's frame for dates: zone, language and, where known, the present."""

    zone: tzinfo
    language: str = ""
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One record read. ``title_from``: heading (linked), caption (a heading that is
    not linked), link, block, attribute, image or nothing."""

    record: Record
    title: str
    title_from: str
    published: Published | None
    date_from: str  # "time", "name", "text", "url", ""
    date_text: str  # as written
    summary: str
    image: str

    @property
    def url(self) -> str:
        return self.record.link.url

    @property
    def key(self) -> str:
        return self.record.link.key


def read_record(
    document: Document, record: Record, links_of: Mapping[str, Sequence[Link]], when: When
) -> Entry:
    """Title, date, teaser and image of one record."""
    spans = record.spans(document)
    own = [
        link for link in links_of.get(record.link.key, ()) if any(link.node in s for s in spans)
    ] or [record.link]
    title, title_from, title_node = _title(document, spans, own)
    title, beside = undated_title(title)
    dated = _published(document, spans, record.link.url, when, (title, beside))
    summary = _summary(document, spans, title, title_node)
    return Entry(record, title, title_from, *dated, summary, _image(document, spans))


# --- title -------------------------------------------------------------------------------


def _title(document: Document, spans: Sequence[range], own: Sequence[Link]) -> tuple[str, str, int]:
    headings = [n for n in _nodes(document, spans) if _is_heading(n) and _names(document, n)]
    named = [n for n in _nodes(document, spans) if _named_title(n) and _names(document, n)]
    for nodes in (headings, named):
        best = _best_heading(document, [n for n in nodes if _linked(document, n, own)])
        if best is not None:
            return _heading_text(document, best, own), "heading", best.index
    telling = [k for k in own if k.text and not is_more(k.text) and not date_like(k.text)]
    caption = _best_heading(document, headings) or (named[0] if named else None)
    if caption is not None and not any(link.node < caption.index for link in telling):
        return _shown(document, caption.index), "caption", caption.index
    if telling:
        return _from_link(document, max(telling, key=lambda link: len(link.text)))
    return _from_words(document, spans, own) or _from_attributes(document, own)


def _is_heading(node: Node) -> bool:
    return (
        node.tag in HEADINGS
        or node.attrs.get("role") == "heading"
        or ("headline" in node.attrs.get("itemprop", ""))
    )


def _named_title(node: Node) -> bool:
    if node.tag in ("img", "ul", "ol", "table", "article", "li") or "class" not in node.attrs:
        return False
    return any(
        name_words(name) & _TITLE_NAMES and not name_words(name) & {"sub", "subtitle", "wrapper"}
        for name in node.attrs["class"].split()
    )


def _names(document: Document, node: Node) -> bool:
    """Whether a heading's words name an item: not empty, a date or "read more"."""
    text = document.text(node.index)
    return 1 < len(text) <= MAX_TITLE and not date_like(text) and not is_more(text)


def _linked(document: Document, node: Node, own: Sequence[Link]) -> bool:
    """Whether a heading lies in the item's link, or holds it as the larger part of its words."""
    for link in own:
        if document.inside(node.index, link.node):
            return True
        if document.inside(link.node, node.index):
            return not link.text or 2 * len(link.text) >= len(document.text(node.index))
    return False


def _heading_text(document: Document, node: Node, own: Sequence[Link]) -> str:
    """A heading's words; only the item's link's where the heading holds further links."""
    inside = [n for n in document.within(node.index) if document.nodes[n].tag == "a"]
    if len(inside) > 1:
        for link in own:
            if link.node in inside and link.text and not is_more(link.text):
                return _shown(document, link.node)
    return _shown(document, node.index)


def _shown(document: Document, index: int) -> str:
    """A node's words without kickers, badges and what only screen readers say."""
    node = document.nodes[index]
    kept = [
        document.texts[position]
        for position in range(node.first_word, node.last_word)
        if not _beside_title(document, document.owners[position], index)
    ]
    return _clean(" ".join(kept)) or _clean(document.text(index))


def _beside_title(document: Document, index: int, top: int) -> bool:
    while index != top:
        if _BESIDE_TITLE.search(document.nodes[index].attrs.get("class", "")):
            return True
        index = document.nodes[index].parent
    return False


def _best_heading(document: Document, headings: Sequence[Node]) -> Node | None:
    """The first of the highest rank; one of few words above a longer one is a kicker."""
    if not headings:
        return None
    long = [n for n in headings if len(document.text(n.index).split()) > 3] or headings
    return min(long, key=lambda n: (n.tag if n.tag in HEADINGS else "h4", n.index))


def _from_link(document: Document, link: Link) -> tuple[str, str, int]:
    blocks = _lines(document, link.node)
    if len(blocks) < 2:
        return _shown(document, link.node), "link", link.node
    for index in document.within(link.node):
        node = document.nodes[index]
        if node.tag in ("strong", "b") and _names(document, node):
            return _shown(document, index), "block", index
    for text, index in blocks:
        if not date_like(text) and (len(text) > 24 or len(text.split()) > 2) and not is_more(text):
            return _clean(text), "block", index
    return _clean(link.text), "link", link.node


def _lines(document: Document, index: int) -> list[tuple[str, int]]:
    """The lines a node's words stand in: texts joined by their nearest block."""
    node = document.nodes[index]
    lines: list[tuple[int, list[str]]] = []
    for position in range(node.first_word, node.last_word):
        owner = _block_of(document, document.owners[position], index)
        if not lines or lines[-1][0] != owner:
            lines.append((owner, []))
        lines[-1][1].append(document.texts[position])
    return [(" ".join(texts), owner) for owner, texts in lines]


def _block_of(document: Document, index: int, top: int) -> int:
    while index != top and document.nodes[index].tag not in _BLOCKS:
        if document.nodes[index].tag == "span" and document.nodes[index].parent == top:
            return index  # cards wrapped in one link set their lines in spans
        index = document.nodes[index].parent
    return index


def _from_words(
    document: Document, spans: Sequence[range], own: Sequence[Link]
) -> tuple[str, str, int] | None:
    """The title of a record whose link only says "more": its first bold text or line."""
    for node in _nodes(document, spans):
        if node.tag in ("strong", "b") and _names(document, node) and _wordy(document, node):
            return _clean(document.text(node.index)), "caption", node.index
    links = {link.node for link in own}
    for span in spans:
        for text, owner in _lines(document, span.start):
            if owner not in links and owner != span.start and _is_line(text):
                return _clean(text), "line", owner
    return None


def _is_line(text: str) -> bool:
    return 12 <= len(text) <= 200 and not date_like(text) and not is_more(text)


def _wordy(document: Document, node: Node) -> bool:
    return len(document.text(node.index)) > 11


def _from_attributes(document: Document, own: Sequence[Link]) -> tuple[str, str, int]:
    for link in own:
        attrs = document.nodes[link.node].attrs
        for name in ("title", "aria-label"):
            text = " ".join(attrs.get(name, "").split())
            if text and not is_more(text):
                return _clean(text), "attribute", link.node
    for link in own:
        for index in document.within(link.node):
            node = document.nodes[index]
            alt = " ".join(node.attrs.get("alt", "").split()) if node.tag == "img" else ""
            if len(alt) > 2 and not re.search(r"\.(jpe?g|png|gif|webp)$", alt, re.I):
                return _clean(alt), "image", link.node
    return "", "", own[0].node


def _clean(text: str) -> str:
    text = " ".join(text.split())
    return re.sub(r"\s+([,;:.!?])(?=\s|$)", r"\1", text)[:MAX_TITLE].strip()


# --- date --------------------------------------------------------------------------------


def _published(
    document: Document, spans: Sequence[range], url: str, when: When, titled: tuple[str, str]
) -> tuple[Published | None, str, str]:
    """The date, where it was found, and its text; a day without a year is text alone."""
    nodes = list(_nodes(document, spans))
    for text, source in (*_date_texts(document, nodes, titled[0]), (titled[1], "text")):
        found = parse(text, when) if text else None
        if found is not None:
            return found, source, text
    day = _URL_DAY.search(url)
    if day:
        found = parse("-".join((day[1], day[2].zfill(2), day[3].zfill(2))), when)
        return found, "url" if found else "", day[0]
    short = (document.text(n.index) for n in nodes if 0 < n.last_word - n.first_word <= 3)
    return None, "", next((text for text in short if yearless_date(text)), "")


def _date_texts(document: Document, nodes: Sequence[Node], title: str) -> Iterator[tuple[str, str]]:
    times = [n for n in nodes if n.tag == "time"]
    first = [n for n in times if not _CHANGED.search(n.attrs.get("class", ""))]
    for node in nodes:
        if node.tag == "time" and (node in first or not first):
            for text in (node.attrs.get("datetime", ""), document.text(node.index)):
                if text and len(text) < 60:
                    yield text, "time"
        elif "datepublished" in node.attrs.get("itemprop", "").lower():
            yield node.attrs.get("content") or document.text(node.index), "time"
    for node in nodes:
        if node.last_word - node.first_word <= 6 and _date_named(node):
            text = document.text(node.index)
            if 5 < len(text) < 80 and find_date(text):
                yield find_date(text), "name"
    yield from _plain_dates(document, nodes, title)


def _date_named(node: Node) -> bool:
    return bool("class" in node.attrs and name_words(node.attrs["class"]) & _DATE_NAMES)


def _plain_dates(
    document: Document, nodes: Sequence[Node], title: str
) -> Iterator[tuple[str, str]]:
    """Dates in short texts, then at the head of longer ones; never inside the title."""
    late: list[tuple[str, str]] = []
    for node in nodes:
        size = node.last_word - node.first_word
        if size == 0 or size > 6:
            continue
        text = document.text(node.index)
        if text == title or len(text) < 5:
            continue
        found = find_date(text[:90])
        if not found:
            continue
        if len(text) < 45:
            yield found, "text"
        elif text.index(found) < 40 and found not in title:
            late.append((found, "text"))
    yield from late


@lru_cache(maxsize=5_000)
def parse(text: str, when: When) -> Published | None:
    """One date string as the page's own zone and language read it."""
    from crawler.extract.dates import parse_date

    return parse_date(text, zone=when.zone, language=when.language, now=when.now)


# --- teaser and image --------------------------------------------------------------------


def _summary(document: Document, spans: Sequence[range], title: str, title_node: int) -> str:
    best = ""
    for span in spans:
        for text, owner in _lines(document, span.start):
            if document.inside(owner, title_node) or text == title or date_like(text):
                continue
            if len(text) >= _MIN_TEASER and len(text) > len(best) and not _in_title(text, title):
                best = text
                if document.nodes[owner].tag == "p" and len(text) > 60:
                    return best[:MAX_SUMMARY]
    return best[:MAX_SUMMARY]


def _in_title(text: str, title: str) -> bool:
    return text in title or (title in text and len(text) < len(title) + 40)


def _image(document: Document, spans: Sequence[range]) -> str:
    for node in _nodes(document, spans):
        if node.tag not in ("img", "source"):
            continue
        for name in ("data-src", "data-lazy-src", "data-original", "src", "srcset", "data-srcset"):
            address = node.attrs.get(name, "").split(",")[0].split(" ")[0]
            if address and not address.startswith("data:"):
                found = document.resolve(address)
                if found and not found.lower().endswith((".svg", ".gif")):
                    return found
    return ""


def _nodes(document: Document, spans: Sequence[range]) -> Iterator[Node]:
    for span in spans:
        for index in span:
            node = document.nodes[index]
            if not node.zone & SILENT or node.tag == "img":
                yield node
