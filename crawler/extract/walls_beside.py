"""Boxes beside a page's own text, told from its tags in order: sidebars, menus, footers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.walls_words import words_of

_NAMED = words_of("aside nav footer")
_BOXES = words_of("div section td ul")
_MARKS = words_of("sidebar side-bar complementary navigation")
_CELLS = words_of("td th tr")
# Elements that are closed where they end: what ends and was not opened inside the box ends it too.
_CLOSED = (
    _NAMED | _BOXES | _CELLS | words_of("article header main form ol table fieldset blockquote")
)
_PAGE = words_of("h1 main")
_DEEPEST = 60  # elements in each other; a box that holds more is no sidebar
_LOOKED_AT = 3_000  # characters of a tag
_MARKED = re.compile(r"""(?<![\w-])(?:class|id|role)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)


@dataclass(eq=False, slots=True)
class Box:
    """A box that may stand beside the page, while it is open and behind it."""

    inside: list[str]  # its tag, and those of the elements open in it
    is_named: bool  # by its tag; else by class, id or role alone
    is_closed: bool = False
    holds_page: bool = False  # the main heading or element
    said: int = 0  # characters of its text beside links and controls

    def stands_beside(self, said: int) -> bool:
        """Whether it does, on a page of so many characters of text. Boxes that hold the page or
        never end do not, nor what is called a sidebar and holds most of the text."""
        is_most = not self.is_named and 2 * self.said > said
        return self.is_closed and not self.holds_page and not is_most

    def see(self, tag: str) -> None:
        """A tag behind the box's own; "/" before the name where it closes an element."""
        name = tag.lstrip("/")
        self.holds_page = self.holds_page or name in _PAGE
        if name not in _CLOSED:
            return
        if tag.startswith("/"):
            self._end(name)
        elif name in _CELLS and "table" not in self.inside:
            self.is_closed = True
        else:
            self.inside.append(name)
            if len(self.inside) > _DEEPEST:
                self.is_closed = self.holds_page = True

    def _end(self, name: str) -> None:
        if name not in self.inside:
            self.is_closed = True  # what holds the box ends
            return
        while self.inside.pop() != name:
            continue
        self.is_closed = not self.inside


def box_of(tag: str, attributes: str) -> Box | None:
    """The box that a tag opens; None for other tags."""
    if tag in _NAMED:
        return Box([tag], is_named=True)
    if tag in _BOXES:
        marks = _MARKED.findall(attributes[:_LOOKED_AT])
        if any(not _MARKS.isdisjoint(mark.strip("\"'").lower().split()) for mark in marks):
            return Box([tag], is_named=False)
    return None
