"""Whether one text repeats another: the relation of two tellings in one language."""

from __future__ import annotations

from crawler.stories.similarity import Overlap

COPY = 0.72  # containment from which a text of about the same length is a copy
EXCERPT = 0.6
EDIT = 0.22  # trigrams shared by chance in one language stay far below
SHORT = 0.62  # length ratio below which the shorter one is an excerpt


def relation(shared: Overlap, same_language: bool) -> str:
    """copy, edit or excerpt by how much text is shared; translation or independent else."""
    if not same_language:
        return "translation"
    if shared.containment >= EXCERPT and shared.length_ratio < SHORT:
        return "excerpt"
    if shared.containment >= COPY:
        return "copy"
    return "edit" if shared.containment >= EDIT else "independent"


def repeats(name: str) -> bool:
    """Whether a relation makes the later item a duplicate of the earlier one."""
    return name in ("copy", "excerpt")
