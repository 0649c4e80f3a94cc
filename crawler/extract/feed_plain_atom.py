"""Plain Atom 1.0: feed and entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extract.feed_plain_parts import (
    ATOM,
    RELATIONS,
    XML_LANG,
    Entry,
    PlainFeed,
    demand,
    joined,
    once,
    text,
    with_summary,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_FEED_IGNORED = frozenset(
    ATOM + name for name in ("subtitle", "updated", "id", "generator", "icon", "logo", "rights",
                              "category")
)  # fmt: skip
_PAGES = ("text/html", "application/xhtml+xml")
_TYPES = {"text": "text/plain", "html": "text/html", "text/html": "text/html",
          "text/plain": "text/plain"}  # fmt: skip


def plain_atom(root: Element, base: str) -> PlainFeed:
    """The feed below ``<feed>``. Raises NotPlain."""
    language = root.get(XML_LANG, "")
    demand(set(root.attrib) <= {XML_LANG})
    feed: dict[str, Any] = {"language": language.replace("_", "-")} if language else {}
    entries: list[Entry] = []
    for child in root:
        if child.tag == f"{ATOM}entry":
            entries.append(_atom_entry(child, base, language))
        elif child.tag == f"{ATOM}title":
            demand(once(feed, "titles"))
            feed["title"], kind = _typed(child)
            feed["title_detail"] = {"type": kind}
        elif child.tag == f"{ATOM}link":
            link = _link(child, base)
            if link["rel"] == "alternate":
                demand(once(feed, "links") and link["type"] in _PAGES)
                feed["link"] = link["href"]
        elif child.tag == f"{ATOM}author":
            _name(child)
        else:
            demand(child.tag in _FEED_IGNORED and not len(child))
    demand("link" in feed)
    return PlainFeed("atom10", feed, tuple(entries))


def _atom_entry(element: Element, base: str, language: str) -> Entry:
    demand(not element.attrib)
    entry: Entry = {"links": []}
    seen: set[str] = set()
    for child in element:
        demand(child.tag.startswith(ATOM))
        name = child.tag.removeprefix(ATOM)
        demand(name not in seen or name in ("link", "category"))
        seen.add(name)
        _atom_part(entry, name, child, base, language)
    pages = [one for one in entry["links"] if one["rel"] == "alternate"]
    demand(len(pages) == 1 and pages[0]["type"] in _PAGES)
    demand(pages[0]["href"].startswith(("http://", "https://")))
    return with_summary(entry)


def _atom_part(entry: Entry, name: str, child: Element, base: str, language: str) -> None:
    if name == "link":
        entry["links"].append(_link(child, base))
    elif name == "id":
        demand(not len(child) and not child.attrib)
        entry["id"] = (child.text or "").strip()
    elif name in ("published", "updated"):
        entry[name] = text(child)
    elif name == "author":
        entry["author"] = _name(child)
        entry["authors"] = [{"name": entry["author"]}]
    elif name == "title":
        entry["title"], kind = _typed(child)
        entry["title_detail"] = {"type": kind, "language": language.replace("_", "-") or None}
    elif name == "summary":
        entry["description"], entry["description_type"] = _typed(child)
    elif name == "content":
        value, kind = _typed(child)
        told = {"type": kind, "value": value, "language": language.replace("_", "-") or None}
        entry["content"] = [told]
    else:
        demand(name in ("category", "rights") and not len(child) and XML_LANG not in child.attrib)


def _link(child: Element, base: str) -> dict[str, str]:
    known = {"rel", "href", "type", "title", "length", "hreflang"}
    demand(not len(child) and "href" in child.attrib and set(child.attrib) <= known)
    rel = child.get("rel", "alternate").lower()
    demand(rel in RELATIONS)
    usual = "application/atom+xml" if rel == "self" else "text/html"
    href = joined(base, child.get("href", ""))
    return {"rel": rel, "type": child.get("type", usual).lower(), "href": href}


def _name(author: Element) -> str:
    """An author with a name and perhaps an address of a page, no more."""
    parts = {child.tag.removeprefix(ATOM): child for child in author}
    demand(set(parts) <= {"name", "uri"} and "name" in parts and len(parts) == len(author))
    demand(not (author.text or "").strip() and not any(map(len, author)))
    name = text(parts["name"])
    demand("@" not in name and bool(name))
    return name


def _typed(child: Element) -> tuple[str, str]:
    """A text construct that is no XHTML: its value and its media type."""
    demand(set(child.attrib) <= {"type"})
    kind = _TYPES.get(child.get("type", "text"))
    demand(kind is not None)
    return text(child, attributes=True), str(kind)
