"""Slack's mrkdwn: how plain text, marks and links are written so that nothing else is parsed.

Escaping is ``&``, ``<`` and ``>`` alone; there is none for ``*``, ``_``, ``~`` and the
backtick, which format only at the edge of a word, so there they are replaced by look-alikes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from alerts.digests.plain import link_target
from alerts.digests.runs import Run

_LOOK_ALIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_AT_WORD_EDGE = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
_ALTERNATE_BAR = "¦"  # a bar would end the address in <url|label>


def escaped(text: str) -> str:
    """``text`` so that Slack shows exactly it: no mention, no link, no formatting."""
    tame = _AT_WORD_EDGE.sub(lambda found: _LOOK_ALIKE[found[0]], text)
    return tame.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(label: str, url: str) -> str:
    """``label`` linked to ``url``; the label alone where the address cannot be linked."""
    target = link_target(url)
    shown = escaped(" ".join(label.split()).replace("|", _ALTERNATE_BAR))
    if not target:
        return shown
    return f"<{target.replace('&', '&amp;')}|{shown}>"


def written(runs: Iterable[Run]) -> str:
    """Runs as mrkdwn: linked, bold where marked."""
    return "".join(_written(run) for run in runs)


def _written(run: Run) -> str:
    if run.url:
        return link(run.text, run.url)
    return f"*{escaped(run.text)}*" if run.marked else escaped(run.text)


def whole_words(text: str, marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """``marks`` widened to whole words, without space at their edges: Slack sets bold only
    between word boundaries, so a mark inside a compound would show its asterisks."""
    widened = []
    for start, end in marks:
        while start > 0 and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and not text[end - 1].isalnum():
            end -= 1
        if start < end:
            widened.append((start, end))
    return tuple(widened)
