"""Sources as OPML 2.0, the form feed readers exchange.

Which list of a page is watched stands in attributes of our own, which other readers pass over.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from crawler.errors import SourceError
from crawler.model.source import Source

MAX_BYTES = 5_000_000
MAX_OUTLINES = 20_000
_LISTS = {"only_links": "clusterwatchOnlyLinks", "skip_links": "clusterwatchSkipLinks"}
_SELECTOR = "clusterwatchSelector"
OWN = frozenset(("selector", *_LISTS))  # keys of a source that are kept beside name and address


def read_opml(body: bytes) -> list[dict[str, object]]:
    """The keys of a source for every outline with an address: xmlUrl is a feed, htmlUrl a page.

    What they hold is unchecked. Raises SourceError for what is no OPML.
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
        if said.get("xmlurl") or said.get("htmlurl"):
            found.append(_values(said))
        if len(found) >= MAX_OUTLINES:
            break
    if not found and parser.error_log:
        line = parser.error_log[0].line
        raise SourceError(f"The file is no OPML: line {line} is not well-formed XML.")
    return found


def _values(said: dict[str, str]) -> dict[str, object]:
    """``said``: an outline's attributes, whose names other programs may write in capitals."""
    feed, name = said.get("xmlurl", ""), said.get("title") or said.get("text") or ""
    values: dict[str, object] = {
        "name": " ".join(name.split()),
        "url": feed or said["htmlurl"],
        "kind": "feed" if feed else "auto",
    }
    values |= {key: one.split() for key, name in _LISTS.items() if (one := said.get(name.lower()))}
    if not feed:  # a feed has no blocks to select
        values["selector"] = said.get(_SELECTOR.lower(), "")
    return values


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
        lines.append(f"<outline text={name} title={name}{kind} htmlUrl={page}{_own(source)}/>")
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _own(source: Source) -> str:
    """Our attributes of a source; patterns are parted by spaces, which no address holds."""
    patterns = {name: getattr(source, key) for key, name in _LISTS.items()}
    said = {
        _SELECTOR: source.selector,
        **{
            name: " ".join(one.replace(" ", "%20") for one in all_)
            for name, all_ in patterns.items()
        },
    }
    return "".join(f" {name}={quoteattr(_printable(one))}" for name, one in said.items() if one)


def _text(value: str) -> str:
    return escape(_printable(value))


def _printable(value: str) -> str:
    """Without the characters that XML forbids."""
    return "".join(char if char.isprintable() else " " for char in value)
