"""Which cells of a layout table stand around the article: the site's columns and its footer.

Pages of an older make place everything in one table: a menu, the article, a column of news and
dates, a row of contact data below. No class need tell them apart, but their places do: the
article is the column with the running paragraphs; the cells beside it hold links, and what
follows below spans more columns or comes after the cell of the headline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extract.dates_grammar import readings

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.extract.article_page import Block

REASON = "layout"
_CELLS = frozenset({"td", "th"})
_SECTIONS = frozenset({"tbody", "thead", "tfoot"})
_WIDEST = 40
_MOST_CELLS = 1_000
# Prose are blocks of this length that are not mostly links.
_PROSE = 40
_LINKED = 0.5
# A table whose column holds this share of a page's prose is the page, wherever the headline is.
_WHOLE_PAGE = 0.9
# Cells with this share of links are menus; a column of teasers has at least that one.
_MENU = 0.6
_SIDE = 0.15
# What stands around is shorter than this share of the article.
_AROUND = 0.5
# Lines up to this length may be the article's own date.
_DATE_LINE = 40


@dataclass(slots=True, eq=False)
class _Cell:
    """One cell and what stands in it, nested tables included."""

    element: HtmlElement
    row: int
    column: int
    span: int
    blocks: Sequence[Block] = ()

    @property
    def text(self) -> int:
        return sum(len(block.text) for block in self.blocks)

    @property
    def link_share(self) -> float:
        return sum(block.link_characters for block in self.blocks) / max(1, self.text)

    @property
    def prose(self) -> int:
        return sum(map(_prose, self.blocks))

    @property
    def holds_title(self) -> bool:
        return any(block.tag == "h1" for block in self.blocks)

    @property
    def is_dated_line(self) -> bool:
        is_line = self.text <= _DATE_LINE and self.link_share < _LINKED
        return is_line and any(readings(block.text) for block in self.blocks)


def mark_around(blocks: Sequence[Block]) -> None:
    """Mark as furniture the blocks of cells that stand around the article of a layout table."""
    inside, tables = _contents(blocks)
    total = sum(map(_prose, blocks))
    for table, prose in tables.items():
        if prose <= total / 2:
            continue
        cells = [cell for cell in _grid(table, inside) if cell.blocks]
        main = _main_column(cells, total)
        for cell in _around(cells, main) if main else ():
            for block in cell.blocks:
                block.furniture = block.furniture or REASON


def _prose(block: Block) -> int:
    is_prose = len(block.text) >= _PROSE and block.link_density < _LINKED
    return len(block.text) if is_prose and not block.furniture and not block.is_heading else 0


def _contents(
    blocks: Sequence[Block],
) -> tuple[dict[HtmlElement, list[Block]], dict[HtmlElement, int]]:
    """What every cell holds, and how much prose every table."""
    inside: dict[HtmlElement, list[Block]] = defaultdict(list)
    tables: dict[HtmlElement, int] = defaultdict(int)
    for block in blocks:
        prose = _prose(block)
        for element in (block.element, *block.element.iterancestors()):
            if element.tag in _CELLS:
                inside[element].append(block)
            elif element.tag == "table":
                tables[element] += prose
    return inside, tables


def _grid(table: HtmlElement, inside: dict[HtmlElement, list[Block]]) -> Iterator[_Cell]:
    """The table's cells with their places (HTML standard, section 4.9.12, spans bounded);
    none for tables so large that they hold data."""
    rows = list(_rows(table))
    if sum(map(len, rows)) > _MOST_CELLS:
        return
    taken: dict[int, int] = {}  # column → rows that a cell from above still covers
    for row, element in enumerate(rows):
        column, begun = 0, {}
        for cell in (each for each in element if each.tag in _CELLS):
            while taken.get(column, 0) > 0:
                column += 1
            span = _number(cell, "colspan")
            yield _Cell(cell, row, column, span, inside.get(cell, ()))
            begun.update(dict.fromkeys(range(column, column + span), _number(cell, "rowspan")))
            column += span
        taken = {place: left - 1 for place, left in (taken | begun).items() if left > 1}


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in _SECTIONS:
            yield from (row for row in child if row.tag == "tr")


def _number(cell: HtmlElement, name: str) -> int:
    written = (cell.get(name) or "").strip()[:4]
    return min(_WIDEST, max(1, int(written))) if written.isascii() and written.isdigit() else 1


def _main_column(cells: list[_Cell], total: int) -> list[_Cell]:
    """The cells above each other that hold the article; none where the table lays out no page."""
    columns: dict[tuple[int, int], list[_Cell]] = defaultdict(list)
    if not cells:
        return []
    for cell in cells:
        columns[cell.column, cell.span].append(cell)
    main = max(columns.values(), key=lambda column: sum(cell.prose for cell in column))
    prose = sum(cell.prose for cell in main)
    is_page = any(cell.holds_title for cell in cells) or prose >= _WHOLE_PAGE * total
    own = set(main)
    has_menu = any(cell.link_share >= _MENU for cell in cells if cell not in own)
    return main if is_page and has_menu and prose > total / 2 else []


def _around(cells: list[_Cell], main: list[_Cell]) -> Iterator[_Cell]:
    own, prose = set(main), sum(cell.prose for cell in main)
    first, last = main[0].row, max(cell.row for cell in main if cell.prose)
    headline = next((cell for cell in main if cell.holds_title), None)
    is_in_one = headline is not None and headline.prose > prose / 2
    for cell in cells:
        if cell.holds_title or cell.prose > _AROUND * prose or cell.is_dated_line:
            continue
        if cell in own:
            is_around = is_in_one and headline is not None and cell.row > headline.row
        elif cell.row > last:
            is_around = is_in_one or cell.span > main[0].span
        else:
            is_around = cell.row >= first and cell.link_share >= _SIDE
        if is_around:
            yield cell
