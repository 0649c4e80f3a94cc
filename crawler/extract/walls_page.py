"""How little of a page is looked at to tell a wall from news: its words, controls and links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.walls_beside import Box, box_of
from crawler.extract.walls_words import bare, words_of

MAX_CHARACTERS = 300_000
HEADLINE_CHARACTERS = 25  # a link as long as this reads like a headline
_HEADINGS = words_of("h1")
_CONTROLS = words_of("button label option")
_BREAKS = words_of(
    "p div li td th tr br h1 h2 h3 h4 h5 h6 section article header footer nav main form ul ol "
    "table dl dt dd aside fieldset body blockquote"
)
_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]*")
_ATTRIBUTE = re.compile(r"""\b(class|type|value|id)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)


@dataclass(frozen=True, slots=True)
class Glance:
    """A page as a passer-by sees it. All texts are bare words (``walls_words.bare``)."""

    title: tuple[str, ...]  # the title's segments: page, section, site
    headings: tuple[str, ...]
    blocks: tuple[str, ...]  # text outside links, controls and headings, by block
    controls: tuple[str, ...]  # words of buttons, links and submitting inputs
    lines: tuple[str, ...]  # headings and blocks in order, but for those beside the page
    headlines: int  # links long enough to be one, but for those of sidebars, menus and footers
    password: bool  # a field for a password
    classes: frozenset[str]  # of the body element
    markup: str  # lower case, scripts included

    @property
    def text(self) -> str:
        return " ".join(self.blocks)


def glance(text: str) -> Glance:
    """A page's markup as a Glance; linear in its length, which is cut to MAX_CHARACTERS."""
    look = _Look()
    for tag, attributes, words in _pieces(text[:MAX_CHARACTERS]):
        look.see(tag, attributes, words)
    return look.done(text[:MAX_CHARACTERS].lower())


def title_segments(title: str) -> tuple[str, ...]:
    """ "Not found | Cluster" as ("not found", "cluster"), and the whole."""
    segments = re.split(r"\s+[-–—|·:»«/•]+\s+|\s*[|»•]\s*|:\s+", title)
    found = [bare(one) for one in (*segments, title)]
    return tuple(dict.fromkeys(one for one in found if one))


def _pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """(tag name with "/" where it closes, its attributes, the text behind it), in order."""
    first, *rest = text.split("<")
    yield "", "", first
    skipping = ""  # what ends the part that nobody sees
    for piece in rest:
        inside, _, words = piece.partition(">")
        if skipping:
            if skipping not in (piece if skipping == "-->" else inside.lower()):
                continue
            words = piece.partition("-->")[2] if skipping == "-->" else words
            skipping = ""
            yield "", "", words
        elif piece.startswith("!--"):
            skipping = "" if "-->" in piece else "-->"
            yield "", "", piece.partition("-->")[2]
        elif name := _NAME.match(inside):
            tag = name[0].lower()
            if tag in ("script", "style", "svg", "template") and not inside.endswith("/"):
                skipping = "/" + tag
                yield tag, inside, ""
            else:
                yield tag, inside, words


class _Look:
    """What was seen so far."""

    def __init__(self) -> None:
        self._open: list[str] = []  # elements that change what text means
        self._title = ""
        self._parts: dict[str, list[str]] = {"heading": [], "control": [], "link": [], "text": []}
        self._blocks: list[str] = []
        self._controls: list[str] = []
        self._headings: list[str] = []
        self._box: Box | None = None  # the box that may stand beside the page and is open
        self._lines: list[tuple[str, Box | None]] = []  # headings and blocks, and their boxes
        self._headlines: list[Box | None] = []  # the box of each
        self._password = False
        self._classes: frozenset[str] = frozenset()

    def see(self, tag: str, attributes: str, words: str) -> None:
        name = tag.lstrip("/")
        if name in _BREAKS:
            self._end("text")
            self._step_aside(tag, attributes)
        if tag in ("input", "body"):
            self._note(tag, attributes)
        if name in _HEADINGS or name in _CONTROLS or name in ("a", "title", "select"):
            if tag.startswith("/"):
                self._close(name)
            else:
                self._open.append(name)
        if words.strip():
            self._take(html.unescape(words))

    def done(self, markup: str) -> Glance:
        for kind in ("heading", "control", "link", "text"):
            self._end(kind)
        said = sum(map(len, self._blocks))
        lines = [line for line, box in self._lines if not (box and box.stands_beside(said))]
        return Glance(
            title=title_segments(self._title),
            headings=tuple(self._headings),
            blocks=tuple(self._blocks),
            controls=tuple(self._controls),
            lines=tuple(lines),
            headlines=sum(not (box and box.stands_beside(said)) for box in self._headlines),
            password=self._password,
            classes=self._classes,
            markup=markup,
        )

    def _step_aside(self, tag: str, attributes: str) -> None:
        if self._box is not None:
            self._box.see(tag)
            if self._box.is_closed:
                self._box = None
        if self._box is None:
            self._box = box_of(tag, attributes)

    def _note(self, tag: str, attributes: str) -> None:
        given = {
            key.lower(): html.unescape(value.strip("\"'"))
            for key, value in _ATTRIBUTE.findall(attributes[:3000])
        }
        if tag == "body":
            self._classes = frozenset(given.get("class", "").lower().split())
            return
        kind = given.get("type", "").lower()
        self._password = self._password or kind == "password"
        if kind in ("submit", "button") and given.get("value"):
            self._controls.append(bare(given["value"]))

    def _close(self, name: str) -> None:
        if name not in self._open[-8:]:
            return
        while self._open and self._open.pop() != name:
            continue
        if name in _HEADINGS:
            self._end("heading")
        elif name == "a":
            self._end("link")
        elif name in _CONTROLS:
            self._end("control")

    def _take(self, words: str) -> None:
        inside = self._open[-8:]
        if "title" in inside:
            self._title += words
        elif "select" in inside:
            return
        elif any(name in _CONTROLS for name in inside):
            self._parts["control"].append(words)
        elif "a" in inside:
            self._parts["link"].append(words)
        elif any(name in _HEADINGS for name in inside):
            self._parts["heading"].append(words)
        else:
            self._parts["text"].append(words)

    def _end(self, kind: str) -> None:
        parts = self._parts[kind]
        if not parts:
            return
        said = bare(" ".join(parts))
        self._parts[kind] = []
        if not said:
            return
        if kind == "heading":
            self._headings.append(said)
            self._lines.append((said, self._box))
        elif kind == "text":
            self._blocks.append(said)
            self._lines.append((said, self._box))
            if self._box is not None:
                self._box.said += len(said)
        else:
            self._controls.append(said)
            if kind == "link" and len(said) >= HEADLINE_CHARACTERS:
                self._headlines.append(self._box)
