"""Lists that a page shows to readers without scripts alone: in ``noscript``."""

from __future__ import annotations

import re

_START = re.compile(r"<noscript\b[^>]{0,500}>", re.I)
_END = re.compile(r"</noscript\b[^>]{0,500}>", re.I)
_LINK = re.compile(r"<a\s[^<>]{0,500}href", re.I)
_MIN_LINKS = 2  # one leads to a help about scripts or counts the visitor


def unscripted(markup: str) -> str:
    """Markup in which those of its ``noscript`` elements that hold several links are boxes like
    others; "" where there is none such."""
    parts: list[str] = []
    kept = position = 0
    while start := _START.search(markup, position):
        end = _END.search(markup, start.end())
        if end is None:
            break
        inside = markup[start.end() : end.start()]
        position = end.end()
        if len(_LINK.findall(inside)) >= _MIN_LINKS:
            parts += [markup[kept : start.start()], "<div>", inside, "</div>"]
            kept = position
    return "".join([*parts, markup[kept:]]) if parts else ""
