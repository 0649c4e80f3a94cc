"""Sources as OPML 2.0, the form feed readers exchange."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from crawler.errors import SourceError
from crawler.model.source import Source

MAX_BYTES = 5_000_000
MAX_OUTLINES = 20_000


def read_opml(body: bytes) -> list[tuple[str, str, str]]:
    """(name, address, kind) of every outline with an address: xmlUrl is a feed, htmlUrl a page.

    Raises SourceError for what is no OPML.
    """
    from lxml import etree

    if len(body) > MAX_BYTES:
        raise SourceError(f"The OPML file is larger than {MAX_BYTES} bytes.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError("The file is no OPML.") from error
    if root is None or str(root.tag).lower() != "opml":
        raise SourceError("The file is no OPML.")
    found = []
    for outline in root.iter("outline"):
        said = {name.lower(): value.strip() for name, value in outline.items()}
        feed, page = said.get("xmlurl", ""), said.get("htmlurl", "")
        name = said.get("title") or said.get("text") or ""
        if feed or page:
            found.append((" ".join(name.split()), feed or page, "feed" if feed else "auto"))
        if len(found) >= MAX_OUTLINES:
            break
    if not found and parser.error_log:
        line = parser.error_log[0].line
        raise SourceError(f"The file is no OPML: line {line} is not well-formed XML.")
    return found


def write_opml(sources: Iterable[Source], feeds: dict[str, str], title: str) -> str:
    """OPML of sources; ``feeds`` names the feed that was found for a source's id."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<opml version="2.0">',
        f"<head><title>{_text(title)}</title></head>",
        "<body>",
    ]
    for source in sources:
        feed = source.url if source.kind == "feed" else feeds.get(source.id, "")
        kind = ' type="rss" xmlUrl=' + quoteattr(feed) if feed else ""
        name = quoteattr(_printable(source.name))
        page = quoteattr(source.url)
        lines.append(f"<outline text={name} title={name}{kind} htmlUrl={page}/>")
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _text(value: str) -> str:
    return escape(_printable(value))


def _printable(value: str) -> str:
    """Without the characters that XML forbids."""
    return "".join(char if char.isprintable() else " " for char in value)
