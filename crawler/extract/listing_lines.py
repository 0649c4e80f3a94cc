"""Lines that breaks alone part, each with a link that says too little, as elements.

"18.03.2026: The new hall is open <a>more</a><br>": the title stands in no element of its own and
the link names nothing, so nothing but the line itself can be the record. Without a date the link
says "more" or "PDF" and no word else; it may stand in a line below its title.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from crawler.extract.listing_document import Document, flattened
from crawler.extract.listing_text import find_date
from crawler.extract.listing_words import is_more, vocabulary
from crawler.extract.listing_zones import mark_zones
from crawler.extract.markup import folded

_MIN_LINES = 3
_MAX_LINES = 2_000  # of one element; no page lists more
_MAX_PIECES = 60  # of an element of a line; there it has a few
_MAX_PIECE = 300  # characters of such a piece, and of a line in which a date is looked for
_LABEL_SHARE = 0.4  # of a line's characters that a label takes at most
_PARTING = ("br", "hr")
_INLINE = vocabulary("a abbr b big cite em font i img mark nobr s small span strong sub sup time u")


@dataclass
class _Line:
    after: Any  # the element that ends the line before; None for the first line
    text: str | None  # what stands before its first element
    inside: list[Any] = field(default_factory=list)

    @property
    def said(self) -> str:
        told = [self.text or ""]
        for element in self.inside:
            told += [*islice(element.itertext(), _MAX_PIECES), element.tail or ""]
        return _shortened(told, " ")

    @property
    def links(self) -> list[Any]:
        parts = (part for one in self.inside for part in islice(one.iter(), _MAX_PIECES))
        return [part for part in parts if part.tag == "a" and part.get("href")]

    @property
    def is_labelled(self) -> bool:
        """Whether the line's one link says little of it, and that it is dated or the link a mere
        invitation."""
        label, said = self._label, self.said
        if not label or len(label) >= _LABEL_SHARE * len(said):
            return False
        return is_more(label) or bool(find_date(said[:_MAX_PIECE]))

    @property
    def is_invitation(self) -> bool:
        """Whether the line is nothing but a link that says "more"."""
        label = self._label
        return bool(label) and is_more(label) and is_more(self.said)

    @property
    def _label(self) -> str:
        """What the line's link says, "" where it has none or several."""
        links = self.links
        if len({link.get("href") for link in links}) != 1:
            return ""
        return _shortened(islice(links[0].itertext(), _MAX_PIECES), "")


def _shortened(pieces: Iterable[str], between: str) -> str:
    """Pieces of text as one, each by its beginning: elements inside others are read with each."""
    return folded(between.join(piece.lstrip()[:_MAX_PIECE] for piece in pieces))


def with_lines(document: Document) -> Document:
    """The page with each such line in an element of its own; as it is where it has none.

    Changes ``document.tree``, out of which the new page is made.
    """
    broken: dict[int, int] = {}
    for node in document.nodes:
        if node.tag in _PARTING:
            broken[node.parent] = broken.get(node.parent, 0) + 1
    found = [
        document.elements[index]
        for index, breaks in broken.items()
        if _MIN_LINES - 1 <= breaks <= _MAX_LINES and _holds_records(document.elements[index])
    ]
    if not found:
        return document
    for element in found:
        for line in list(_lines(element)):
            _wrap(element, line)
    anew = flattened(document.tree, document.url)
    mark_zones(anew)
    return anew


def _holds_records(element: Any) -> bool:
    """Whether most of the lines of an element are such records."""
    told = [line for line in _lines(element) if line.said]
    labelled = sum(line.is_labelled for line in told)
    return labelled >= _MIN_LINES and 2 * labelled > len(told)


def _lines(element: Any) -> Iterator[_Line]:
    """The lines of an element; an invitation below words without a link belongs to them."""
    above: _Line | None = None
    for line in _broken(element):
        if above and above.said and not above.links and line.is_invitation:
            above.inside += [line.after, *line.inside]
            continue
        if above:
            yield above
        above = line
    if above:
        yield above


def _broken(element: Any) -> Iterator[_Line]:
    line = _Line(None, element.text)
    for child in element:
        if child.tag in _INLINE:
            line.inside.append(child)
        else:
            yield line
            line = _Line(child, child.tail)
    yield line


def _wrap(parent: Any, line: _Line) -> None:
    if not line.said:
        return
    wrapped = parent.makeelement("p")
    wrapped.text = line.text
    if line.after is None:
        parent.text = None
        parent.insert(0, wrapped)
    else:
        line.after.tail = None
        line.after.addnext(wrapped)
    wrapped.extend(line.inside)
