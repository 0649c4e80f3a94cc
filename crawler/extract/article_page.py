"""An article page as a sequence of text blocks, each knowing where on the page it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.errors import ExtractError
from crawler.extract.article_layout import mark_around
from crawler.extract.article_unscripted import show_unscripted
from crawler.extract.charset import decode
from crawler.extract.markup import check_markup, folded, html_parser, with_body, without_controls

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog"}
    | {"div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr"}
    | {"html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody"}
    | {"td", "tfoot", "th", "thead", "tr", "ul"}
)
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "svg", "head", "select"}
    | {"button", "audio", "video", "canvas", "map", "textarea", "datalist", "math"}
)
_FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "form", "figcaption", "dialog", "menu"})
# Words of class and id that mark page furniture, as whole tokens split at "-", "_" and case.
_FURNITURE_TOKENS = frozenset(
    re.findall(
        r"\S+",
        """
    nav navi navigation navbar subnav mainnav metanav menu submenu breadcrumb breadcrumbs rootline
    footer foot sidebar side marginal sidecolumn rightcol
    cookie cookies consent gdpr dsgvo borlabs usercentrics
    share sharing social socialmedia shariff addtoany sharedaddy addthis sociable
    related relatedposts similar recommended recommendations yarpp upnext outbrain taboola
    comment comments disqus respond newsletter subscribe subscription signup
    caption captions bildunterschrift credit credits copyright wp-caption-text
    pagination pager pagenav postnav nextprev prevnext
    tags taglist tagcloud skiplink skip-link screen-reader-text sr-only visually-hidden
    advert advertisement ads sponsor promo banner teaser popup modal overlay toolbar
    authorbox author-box author-bio about-author vcard byline toc widget widget-area
    meta metainfo postmeta entry-meta post-meta postinfo article-info articleinfo
    backlink back-link printlink
    """,
    )
)
# Last parts of class words that only say "box": "blog-item-meta-wrapper" is about meta.
_WRAPPER_PARTS = frozenset(
    {"wrapper", "wrap", "container", "inner", "box", "area", "block", "row", "section", "line"}
    | {"holder", "list", "items", "item", "group", "outer", "element", "module"}
)
# Classes and ids that were judged: a source's pages have the same ones. So many characters of them
# are, and no more are remembered.
_REMEMBERED = 4_096
_JUDGED = 400
_TOKEN_SPLIT = re.compile(r"[\s_/.:]+")
_TOKEN_PARTS = re.compile(r"[^a-z0-9]+")
# What servers send instead of pages, by its first bytes.
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "an archive or office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "compressed data",
}
_LINE_BREAK = ("\n", 0)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Words that also name an article's lead or infobox: a sentence without any link is content, and
# so is a long paragraph with some.
_WEAK_TOKENS = frozenset({"teaser", "side", "promo", "banner", "meta", "widget", "overlay"})
_SENTENCE = 60
_PARAGRAPH = 300
_LINKED = 0.2
# Captions with paragraphs of this length, so many of them, may be an article told in pictures.
_CAPTIONS = frozenset({"figcaption", "caption", "captions"})
_LINE = 120
_SERIES = 3
# A "sidebar" that holds most of the page's text is a layout's wrapper, not furniture.
_MOST = 0.5


@dataclass(slots=True)
class Block:
    """One run of text between block borders."""

    index: int
    text: str  # white space folded, without the list marker
    tag: str  # tag of the nearest block element: p, li, h2, td, …
    element: HtmlElement  # that element
    link_characters: int = 0
    furniture: str = ""  # why it is page furniture: the tag or class word; "" = it may be content
    marks: str = ""  # class and id words around it, for dates and bylines

    @property
    def link_density(self) -> float:
        return self.link_characters / max(1, len(self.text))

    @property
    def is_heading(self) -> bool:
        return self.tag in _HEADINGS


@dataclass(slots=True)
class _Zone:
    """An element that may be furniture: decided when all its text is known."""

    element: HtmlElement
    reason: str
    first: int
    last: int = 0
    holds_title: bool = False


@dataclass(slots=True)
class Page:
    """A parsed page."""

    url: str
    markup: str
    root: HtmlElement
    blocks: list[Block] = field(default_factory=list)
    # Indexes of paragraphs known to be about anything but the article's own dates.
    prose: frozenset[int] = frozenset()

    @property
    def headings(self) -> Iterator[Block]:
        return (block for block in self.blocks if block.is_heading)


def read_page(body: bytes, url: str, content_type: str = "") -> Page:
    """The page parsed into blocks. Raises ExtractError where it is too hostile or no HTML."""
    return in_blocks(parse_page(body, url, content_type))


def in_blocks(page: Page, top: HtmlElement | None = None) -> Page:
    """A parsed page with its blocks; of ``top``, an element of it, alone where one is given."""
    root = page.root if top is None else top
    return Page(url=page.url, markup=page.markup, root=root, blocks=_blocks(root))


def parse_page(body: bytes, url: str, content_type: str = "") -> Page:
    """The page parsed, without blocks. Raises ExtractError as ``read_page``."""
    from lxml import etree
    from lxml.html import document_fromstring

    if kind := next((name for magic, name in _MAGIC.items() if body.startswith(magic)), ""):
        raise ExtractError(f"The document is no HTML page but {kind}.", url=url)
    markup = with_body(without_controls(decode(body, content_type)))
    if not markup.strip():
        raise ExtractError("The page is empty.", url=url)
    check_markup(markup, url)
    try:
        root = document_fromstring(
            markup.encode("utf-8", "replace"), parser=html_parser(), ensure_head_body=True
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as cause:
        raise ExtractError(f"The page cannot be parsed as HTML: {cause}", url=url) from cause
    show_unscripted(root, _UNSEEN)
    return Page(url=url, markup=markup, root=root)


def furniture_reason(element: HtmlElement) -> str:
    """Why an element is page furniture by its tag, role, class or id; "" where nothing says so."""
    tag = element.tag
    if tag in _FURNITURE_TAGS:
        return str(tag)
    said = element.attrib
    if not said:
        return ""
    role = (said.get("role") or "").casefold()
    if role in {"navigation", "complementary", "contentinfo", "search", "dialog", "banner"}:
        return role
    if said.get("aria-hidden") == "true" or "hidden" in said:
        return "hidden"
    if _HIDDEN_STYLE.search(said.get("style") or ""):
        return "hidden"
    return _furniture_word((said.get("class") or "")[:_JUDGED], (said.get("id") or "")[:_JUDGED])


@lru_cache(maxsize=_REMEMBERED)
def _furniture_word(classes: str, id_: str) -> str:
    """The first of the marks that says furniture, but for the "widget" inside a page builder's own
    class names."""
    words = [word for word in _marks(classes, id_) if word in _FURNITURE_TOKENS]
    if "widget" in words and "widget" not in classes.casefold().split():
        words = [word for word in words if word != "widget"]
    return words[0] if words else ""


def marks_of(element: HtmlElement) -> list[str]:
    """Words of class and id: each token whole, and its last and first part."""
    return _marks(element.get("class") or "", element.get("id") or "")


def _marks(classes: str, id_: str) -> list[str]:
    written = f"{classes} {id_}"[:_JUDGED]
    words: list[str] = []
    for token in _TOKEN_SPLIT.split(written):
        lowered = token.casefold()
        if not lowered:
            continue
        parts = [part for part in _TOKEN_PARTS.split(lowered) if part]
        while len(parts) > 1 and parts[-1] in _WRAPPER_PARTS:
            parts.pop()
        words += [lowered, *parts] if len(parts) <= 3 else [lowered, parts[0], parts[-1]]
    return words


def _blocks(root: HtmlElement) -> list[Block]:
    reader = _BlockReader()
    reader.read(root)
    _mark_furniture(reader.blocks, reader.zones)
    if next(root.getroottree().iter("table"), None) is not None:  # there is no layout without one
        mark_around(reader.blocks)
    return reader.blocks


class _BlockReader:
    """Collects blocks and furniture zones in one walk without recursion."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.zones: list[_Zone] = []
        self._text: list[tuple[str, int]] = []  # a piece of text, its characters in links
        self._unseen = 0
        self._in_link = 0
        self._open: list[_Zone] = []
        self._containers: list[HtmlElement] = []

    def read(self, root: HtmlElement) -> None:
        from lxml import etree

        body = root.find("body")
        top = body if body is not None else root
        for event, element in etree.iterwalk(top, events=("start", "end")):
            if event == "start":
                self._start(element)
            else:
                self._end(element, is_top=element is top)
        self._flush()

    def _start(self, element: HtmlElement) -> None:
        tag = element.tag
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self._flush()
            self._containers.append(element)
            if tag != "body" and (reason := furniture_reason(element)):
                zone = _Zone(element, reason, len(self.blocks))
                self.zones.append(zone)
                self._open.append(zone)
        elif tag == "br":
            self._text.append(_LINE_BREAK)
        self._in_link += tag == "a"
        self._add(element.text)

    def _end(self, element: HtmlElement, *, is_top: bool) -> None:
        tag = element.tag
        self._unseen -= tag in _UNSEEN
        self._in_link -= tag == "a"
        if tag in _BLOCKS:
            self._flush()
            self._containers.pop()
            if self._open and self._open[-1].element is element:
                self._open.pop().last = len(self.blocks)
        if not is_top:
            self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if not text or self._unseen:
            return
        self._text.append((text, len(text.strip()) if self._in_link else 0))

    def _flush(self) -> None:
        if not self._text:
            return
        pieces, self._text = self._text, []
        if not self._containers or not any(text.strip() for text, _ in pieces):
            return
        element = self._containers[-1]
        for part in _parted(pieces):
            if line := folded("".join(text for text, _ in part)):
                links = min(sum(linked for _, linked in part), len(line))
                self.blocks.append(Block(len(self.blocks), line, str(element.tag), element, links))


def _parted(pieces: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """The pieces between two line breaks in a row: on pages without other markup for them these
    part paragraphs."""
    part: list[tuple[str, int]] = []
    broken = False
    for piece in pieces:
        is_break = piece is _LINE_BREAK
        if is_break and broken:
            yield part
            part, broken = [], False
            continue
        broken = is_break or (broken and not piece[0].strip())
        part.append(piece)
    yield part


def _mark_furniture(blocks: list[Block], zones: list[_Zone]) -> None:
    zones = _without_told_pictures(blocks, zones)
    total = sum(len(block.text) - block.link_characters for block in blocks) or 1
    for zone in zones:
        inside = blocks[zone.first : zone.last]
        own = sum(len(block.text) - block.link_characters for block in inside)
        holds_title = any(block.tag == "h1" for block in inside)
        if zone.reason != "hidden" and (
            own / total > _MOST or (holds_title and zone.reason != "dialog")
        ):
            continue
        links = sum(block.link_characters for block in inside)
        if zone.reason in _WEAK_TOKENS and own >= (_PARAGRAPH if links else _SENTENCE):
            is_listed = links > _LINKED * own or any(block.is_heading for block in inside)
            if not (links and is_listed):
                continue
        for block in inside:
            block.furniture = block.furniture or zone.reason


def _without_told_pictures(blocks: list[Block], zones: list[_Zone]) -> list[_Zone]:
    """The zones but for captions that are the article: a series of pictures has its paragraphs
    below them, and hardly any prose elsewhere."""
    others = [
        zone
        for zone in zones
        if zone.reason not in _CAPTIONS or not _prose(blocks[zone.first : zone.last])
    ]
    if len(zones) - len(others) < _SERIES:
        return zones
    outside = _prose(blocks) - sum(_prose(blocks[zone.first : zone.last]) for zone in zones)
    told = sum(_prose(blocks[zone.first : zone.last]) for zone in zones if zone.reason in _CAPTIONS)
    return others if told > outside else zones


def _prose(blocks: list[Block]) -> int:
    prose = (b for b in blocks if len(b.text) >= _LINE and b.link_density < _LINKED)
    return sum(len(block.text) for block in prose)
