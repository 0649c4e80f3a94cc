"""A line as runs of text: plain, marked as evidence, or linked. Every medium renders these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.digests.plain import clipped, link_target


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one appearance."""

    text: str
    marked: bool = False
    url: str = ""


def marked_runs(text: str, marks: Iterable[tuple[int, int]]) -> tuple[Run, ...]:
    """``text`` split at ``marks`` (start, end in code points); overlapping marks merge."""
    runs: list[Run] = []
    at = 0
    for start, end in sorted(marks):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        if start > at:
            runs.append(Run(text[at:start]))
        runs.append(Run(text[start:end], marked=True))
        at = end
    if at < len(text):
        runs.append(Run(text[at:]))
    return tuple(runs)


def linked_runs(text: str, links: Sequence[tuple[str, str]]) -> tuple[Run, ...]:
    """``text`` with each label of ``links`` (label, url) linked where it stands, in order."""
    runs: list[Run] = []
    at = 0
    for label, url in links:
        target, found = link_target(url), text.find(label, at)
        if not label or not target or found < 0:
            continue
        if found > at:
            runs.append(Run(text[at:found]))
        runs.append(Run(label, url=target))
        at = found + len(label)
    if at < len(text):
        runs.append(Run(text[at:]))
    return tuple(runs)


def narrowed(
    text: str, marks: Sequence[tuple[int, int]], length: int
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """``text`` in at most ``length`` code points, with a mark in it if one fits, and the marks
    left. Cut between words; an ellipsis stands where something was left out."""
    if len(text) <= length:
        return text, tuple(marks)
    kept = _window(text, marks, 0, length)
    if kept[1] or not marks:
        return kept
    first, end = marks[0]
    around = text.find(" ", max(end - length // 2, 0), first) + 1
    for start in (around, first):
        shifted = _window(text, marks, start, length)
        if shifted[1]:
            return shifted
    return kept


def _window(
    text: str, marks: Sequence[tuple[int, int]], start: int, length: int
) -> tuple[str, tuple[tuple[int, int], ...]]:
    lead = "…" if start else ""
    kept = lead + clipped(text[start:], length - len(lead))
    shift, limit = len(lead) - start, len(kept) - (start + length < len(text))
    moved = ((s + shift, e + shift) for s, e in marks if s >= start)
    return kept, tuple((s, e) for s, e in moved if e <= limit)
