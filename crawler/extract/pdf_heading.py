"""The title that a PDF prints in larger letters above its text."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from crawler.extract.markup import folded

if TYPE_CHECKING:
    from pypdf import PdfReader

_LARGER = 1.25  # than the letters of the text
_MIN_TEXT = 80  # characters in which the text's own size shows
_SHORTEST, _LONGEST = 8, 200
_MAX_RUNS = 5_000  # of a page that are looked at


def heading(reader: PdfReader) -> str:
    """The text that opens the first page in clearly larger letters than the rest; "" where none
    does, or where the page cannot be read."""
    runs: list[tuple[float, str]] = []

    def seen(text: str, _: Any, matrix: list[float], __: Any, size: float | None) -> None:
        if text.strip() and len(runs) < _MAX_RUNS:
            runs.append((round((size or 0.0) * abs(matrix[3] or 1.0), 1), text))

    try:
        reader.pages[0].extract_text(visitor_text=seen)
    except Exception:  # pypdf raises whatever its innards run into
        return ""
    return _opening(runs)


def _opening(runs: list[tuple[float, str]]) -> str:
    """The first run of one size, where it is larger than the size of most characters."""
    sizes: Counter[float] = Counter()
    for size, text in runs:
        sizes[size] += len(text.strip())
    if len(sizes) < 2:
        return ""
    usual, characters = sizes.most_common(1)[0]
    first, group = next(groupby(runs, key=lambda run: run[0]))
    title = folded(" ".join(text for _, text in group))
    clear = characters >= _MIN_TEXT and first >= _LARGER * max(usual, 1.0)
    return title if clear and _SHORTEST <= len(title) <= _LONGEST else ""
