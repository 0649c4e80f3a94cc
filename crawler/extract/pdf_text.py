"""How the lines of a PDF's pages become paragraphs: words mended, running heads gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from crawler.extract.markup import without_controls

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_BULLET = re.compile(r"^[•·▪▸►‣⁃●■◦\uf0b7\uf0a7–—*-]\s+")
_PAGE_NUMBER = re.compile(
    r"^[-–—|\s]*(?:(?:page|seite|side|sida|pagina|página|p\.|s\.)\s*)?\d{1,4}"
    r"(?:\s*(?:/|of|von|av|af|de|sur|van)\s*\d{1,4})?[-–—|\s]*$",
    re.I,
)
_HYPHENS = ("-", "\u2010", "\u00ad")
# "Vor- und Nachteile": the hyphen stands for a part that both words share.
_JOINING_WORDS = frozenset(
    ("und", "oder", "bzw", "sowie", "and", "or", "og", "eller", "och", "en", "of", "et", "ou")
)
_ENDS = tuple(".!?:;…»\"“”')")
RUNNING = 3  # pages that repeat a line before it counts as a running head
_EDGE_LINES = 3  # running heads and feet stand among the first and last lines of a page
_SHORT = 0.7  # of the usual line length: a line that ends so early ends its paragraph
_TITLE_PARAGRAPHS = 3  # in which a title is set at most
_MANY_LINES = 4  # fewer say nothing about the usual length


def pdf_paragraphs(pages: Sequence[str]) -> list[str]:
    """The paragraphs of a document, given the text of each page line by line.

    Lines are joined, words parted at a line's end mended, page numbers and lines that most
    pages repeat at their edges dropped; list items start with "- ".
    """
    lines = [_lines(page) for page in pages]
    running = _running_heads(lines)
    kept = [_without_edges(page, running) for page in lines]
    usual = _usual_length(kept)
    found: list[str] = []
    for page in kept:
        _continue(found, page, usual)
    return [paragraph for paragraph in map(_finished, found) if paragraph]


def without_title(paragraphs: Sequence[str], title: str) -> list[str]:
    """The paragraphs without the title at their start, be it set as several of them; all of them
    where there is nothing else, or the text opens with a sentence for a title."""
    wanted, said = _letters(title), ""
    for count, paragraph in enumerate(paragraphs[:_TITLE_PARAGRAPHS], 1):
        said += _letters(paragraph)
        if said == wanted and count < len(paragraphs) and not paragraph.endswith("."):
            return list(paragraphs[count:])
    return list(paragraphs)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _lines(page: str) -> list[str]:
    """Clean lines of a page; empty ones stay, they part paragraphs."""
    text = without_controls(page.translate(_LIGATURES)).replace("\u200b", "")
    return [" ".join(line.split()) for line in text.split("\n")]


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", line).casefold()


def _edges(page: list[str]) -> set[int]:
    """Indexes of the first and last lines of a page that hold something."""
    filled = [index for index, line in enumerate(page) if line]
    return {*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]}


def _running_heads(pages: Sequence[list[str]]) -> set[str]:
    counts = Counter(key for page in pages for key in {_key(page[index]) for index in _edges(page)})
    least = max(RUNNING, len(pages) // 2)
    return {key for key, count in counts.items() if count >= least}


def _without_edges(page: list[str], running: set[str]) -> list[str]:
    edges = _edges(page)
    return [
        line
        for index, line in enumerate(page)
        if not (index in edges and (_key(line) in running or _PAGE_NUMBER.match(line)))
    ]


def _usual_length(pages: Sequence[list[str]]) -> int:
    """The length that four of five lines do not exceed; 0 where there are too few to tell."""
    lengths = sorted(len(line) for page in pages for line in page if line)
    return lengths[len(lengths) * 4 // 5] if len(lengths) >= _MANY_LINES else 0


def _continue(found: list[str], page: list[str], usual: int) -> None:
    """Append a page's lines to the paragraphs; a paragraph may go on from the page before."""
    last = ""
    for line in _strip_blank(page):
        if not line:
            last = ""
            if found and found[-1]:
                found.append("")
            continue
        if not found or _begins(found[-1], last, line, usual):
            found.append(_BULLET.sub("- ", line))
        else:
            found[-1] = joined(found[-1], line) if found[-1] else _BULLET.sub("- ", line)
        last = line


def _strip_blank(page: list[str]) -> list[str]:
    filled = [index for index, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _begins(before: str, last: str, line: str, usual: int) -> bool:
    """Whether ``line`` begins a paragraph after ``last`` (empty: first line of a page)."""
    if _BULLET.match(line):
        return True
    if not before or before.endswith(_HYPHENS):
        return False
    if not last:  # over a page's border a sentence goes on
        return before.endswith(_ENDS) or not line[0].islower()
    return len(last) < _SHORT * usual and not (line[0].islower() and not last.endswith(_ENDS))


def joined(text: str, line: str) -> str:
    """``line`` appended to ``text``; a word parted by a hyphen at the line's end is mended."""
    if not text.endswith(_HYPHENS) or len(text) < 2 or not text[-2].isalpha():
        return f"{text} {line}"
    first = re.match(r"\w*", line)
    word = first[0] if first else ""
    if text.endswith("\u00ad"):
        return text[:-1] + line
    if word.lower() in _JOINING_WORDS:
        return f"{text} {line}"
    if word[:1].islower():
        return text[:-1] + line
    return text + line  # "KI-" and "Projekt": the hyphen is the word's own


def _finished(paragraph: str) -> str:
    text = " ".join(paragraph.replace("\u00ad", "").split())
    return text if any(char.isalnum() for char in text) else ""
