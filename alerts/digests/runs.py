"""A line as runs of text: plain, marked as evidence, or linked. Every medium renders these."""

from __future__ import annotations

import unicodedata
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
    """``text`` split at ``marks`` (start, end in code points); marks that overlap or that
    only spaces part merge."""
    runs: list[Run] = []
    at = 0
    for start, end in _merged(text, marks):
        if start > at:
            runs.append(Run(text[at:start]))
        runs.append(Run(text[start:end], marked=True))
        at = end
    if at < len(text):
        runs.append(Run(text[at:]))
    return tuple(runs)


def _merged(text: str, marks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(start, 0), min(end, len(text))) for start, end in marks):
        if start >= end:
            continue
        if merged and not text[merged[-1][1] : start].strip():
            start, before = merged.pop()
            end = max(end, before)
        merged.append((start, end))
    return merged


def at_words(text: str, marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """``marks`` widened to where words and numbers begin and end: "40,000", not "000".

    Scripts without spaces between words (Chinese, Korean particles) stay as they are.
    """
    widened: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        while 0 < start < len(text) and _joined(text, start):
            start -= 1
        while 0 < end < len(text) and _joined(text, end):
            end += 1
        if widened and start < widened[-1][1]:
            start, end = widened[-1][0], max(end, widened.pop()[1])
        widened.append((start, end))
    return tuple(widened)


def _joined(text: str, at: int) -> bool:
    """Whether one word or number goes on across the place before ``at``."""
    before, after = text[at - 1], text[at]
    if _in_word(before) and _in_word(after):
        return True
    if after in ".,":  # within a number alone: "40,000" and "3.5", no end of a sentence
        return before.isdecimal() and text[at + 1 : at + 2].isdecimal()
    return before in ".," and after.isdecimal() and at > 1 and text[at - 2].isdecimal()


def _in_word(character: str) -> bool:
    return character.isalnum() and unicodedata.category(character) != "Lo"


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
