"""How HTML is read safely: what is refused before a parser sees it, and markup as plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from crawler.errors import ExtractError

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser

MAX_CHARACTERS = 10_000_000
# libxml2 compares every new attribute with all before it: 100,000 cost 13 s, 2,000 cost 5 ms.
_MAX_ATTRIBUTES = 2_000
_MAX_TAGS = 400_000
_LONG_TAG = 8_000
# Attributes and tags as the HTML standard's tokenizer cuts them (section 13.2.5.32 and following):
# a quote opens a value only behind "=", so that neither a stray quote hides a tag nor the
# comparisons in a script look like one. Every alternative consumes or ends: linear on any input.
_ATTRIBUTE = re.compile(
    r"""(?:=[^\s/>=]*+|[^\s/>=]++)"""
    r"""(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+"""
)
_REST_OF_TAG = rf"(?:[\s/]++|{_ATTRIBUTE.pattern})*+"
# What stands in these is text to the parser, up to their own end tag.
_RAW = "script|style|title|textarea|xmp|iframe|noembed|noframes"
# A value in quotes that holds ">": elsewhere that ends a tag.
_QUOTED_END = re.compile(r"""=\s*+(?:"[^">]*+>|'[^'>]*+>)""")
_TAG = re.compile(
    r"<!--(?:-?>|(?:(?!--!?>).)*+)"
    rf"|(?P<raw><(?P<name>(?i:{_RAW}))(?=[\s/>]|\Z){_REST_OF_TAG}(?:(?<!/)>|\Z))"
    r"(?:[^<]++|<(?!/(?i:(?P=name))[\s/>]))*+"
    rf"|(?P<tag><[a-zA-Z][^\s/>]*+{_REST_OF_TAG}(?:>|\Z))",
    re.DOTALL,
)
# What XML 1.0 forbids (section 2.2), as characters and as references; parsers differ on them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_BODY = re.compile(r"<body[\s>/]", re.I)
_SECTION = re.compile(r"<(?:header|main|nav|section|article|aside|footer|figure|dialog)[\s>]", re.I)
# Paragraphs without any other markup, as most teasers are: nothing for a parser to decide. The
# references are those that all parsers read alike.
_PLAIN_PARAGRAPHS = re.compile(
    r"(?:\s*+<p>(?:[^<&\x00-\x08\x0b\x0c\x0e-\x1f]|&(?:amp|lt|gt|quot|nbsp|#8[2-9]\d\d|#1[6-9]\d|#2\d\d);)*+</p>)++\s*+"
)
_TAG_OF_PARAGRAPH = re.compile("</?p>")
_INLINE_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_NOT_TEXT = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "svg", "head", "select"}
    | {"button", "form", "audio", "video", "canvas", "map"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog"}
    | {"div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "header", "hr", "html"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "nav", "ol", "p", "pre", "section"}
    | {"summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)


def check_markup(text: str, url: str = "") -> None:
    """Refuse a document that would cost a parser minutes or gigabytes.

    Raises ExtractError for more than ten million characters, 400,000 tags, or 2,000
    attributes in one tag.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExtractError(f"The document has more than {MAX_CHARACTERS:,} characters.", url=url)
    if text.count("<") > _MAX_TAGS:
        raise ExtractError(f"The document has more than {_MAX_TAGS:,} tags.", url=url)
    if _has_short_tags(text):
        return
    for match in _TAG.finditer(text):
        if match.end() - match.start() > _LONG_TAG and _attributes(_tag(match)) > _MAX_ATTRIBUTES:
            raise ExtractError("A tag of the document has thousands of attributes.", url=url)


def with_body(text: str) -> str:
    """``text`` with the ``<body>`` that a page may leave out before its first section.

    libxml2 knows no elements of HTML 5: without the tag it takes them for parts of the head.
    """
    first = None if _BODY.search(text) else _SECTION.search(text)
    return f"{text[: first.start()]}<body>{text[first.start() :]}" if first else text


def _has_short_tags(text: str) -> bool:
    """Whether no tag can have so many attributes, two characters each, as is seen at a glance."""
    longest = max(map(len, text.split(">")))
    return longest <= 2 * _MAX_ATTRIBUTES and _QUOTED_END.search(text) is None


def without_controls(text: str) -> str:
    """``text`` without the control characters that XML forbids and terminals obey."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def folded(text: str) -> str:
    """``text`` on one line: white space of every kind becomes single spaces."""
    if text.isprintable():  # nothing to take out, and no white space but U+0020
        return " ".join(text.split()) if "  " in text else text.strip()
    return " ".join(without_controls(text).replace("\u00ad", "").replace("\u200b", "").split())


def plain_text(markup: str) -> str:
    """The text of an HTML fragment on one line, scripts and styles left out."""
    if "<" not in markup:
        return folded(html.unescape(markup))
    return folded(" ".join(paragraphs(markup)))


def paragraphs(markup: str) -> list[str]:
    """The text blocks of an HTML fragment in order, list items starting with "- ".

    Raises ExtractError where ``check_markup`` does.
    """
    if _PLAIN_PARAGRAPHS.fullmatch(markup):
        told = (folded(html.unescape(one)) for one in _TAG_OF_PARAGRAPH.split(markup))
        return [one for one in told if one and one != "-"]
    from lxml import etree
    from lxml.html import fragment_fromstring

    check_markup(markup)
    try:
        root = fragment_fromstring(
            without_controls(markup), create_parent="div", parser=html_parser()
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return [folded(html.unescape(_INLINE_TAG.sub(" ", markup)))]
    return text_blocks(root)


def text_blocks(root: HtmlElement) -> list[str]:
    """The text blocks below ``root`` in document order; empty ones are left out."""
    blocks: list[str] = []
    current: list[str] = []
    for kind, value in _pieces(root):
        if kind == "text":
            current.append(value)
            continue
        text = folded("".join(current))
        if text and text != "-":
            blocks.append(text)
        current = ["- "] if value == "li" else []
    text = folded("".join(current))
    return [*blocks, text] if text and text != "-" else blocks


def _pieces(root: HtmlElement) -> Iterator[tuple[str, str]]:
    """Texts and block borders in document order, without recursion (nesting is hostile)."""
    from lxml import etree

    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            hidden += tag in _NOT_TEXT
            if tag in _BLOCKS:
                yield "break", "li" if tag == "li" else ""
            elif tag == "br":
                yield "text", "\n"
            if not hidden and element.text:
                yield "text", element.text
            continue
        if event == "end":
            hidden -= tag in _NOT_TEXT
            if tag in _BLOCKS:
                yield "break", ""
        if not hidden and element.tail and element is not root:
            yield "text", element.tail


def _tag(match: re.Match[str]) -> str:
    """The start tag as the parser sees it, without what it holds; "" for a comment."""
    return match["tag"] or match["raw"] or ""


def _attributes(tag: str) -> int:
    """The number of attributes in a tag."""
    name_end = re.search(r"[\s/>]|\Z", tag)
    start = name_end.start() if name_end else 0
    return sum(1 for _ in _ATTRIBUTE.finditer(tag, start))


@cache
def html_parser() -> HTMLParser:
    """The parser for all pages: recovering, without network, comments or instructions."""
    from lxml.etree import ElementDefaultClassLookup
    from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser
    from lxml.html import HtmlProcessingInstruction as Instruction

    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, collect_ids=False
    )
    # Its own look-up asks Python for the class of every element that is looked at, for the sake of
    # forms and their fields alone; elements are looked at again and again.
    parser.set_element_class_lookup(
        ElementDefaultClassLookup(
            element=HtmlElement, comment=HtmlComment, pi=Instruction, entity=HtmlEntity
        )
    )
    return parser
