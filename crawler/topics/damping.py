"""What lowers a topic's score as a whole: who cooperates with whom, and what is home affairs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from crawler.topics.parts import Damper


def damping(
    dampers: Sequence[Damper],
    found: Collection[str],
    wordings: Callable[[str], Collection[str]],
    language: str,
) -> list[Damper]:
    """The dampers that lower the score; each multiplies it by its factor.

    ``found`` are the concepts and groups with a clue, ``wordings`` gives the different words of
    one of them.
    """
    return [
        damper
        for damper in dampers
        if damper.speaks(language)
        and not any(name in found for name in damper.without)
        and all(_different(wordings(name)) >= damper.at_least for name in damper.when)
    ]


def _different(wordings: Collection[str]) -> int:
    """How many of these name something else: an abbreviation and its name are one."""
    return sum(not any(_abbreviates(one, name) for name in wordings) for one in wordings)


def _abbreviates(short: str, name: str) -> bool:
    """Whether ``short`` begins with the initials of ``name``, which may be cut: KIAT, Korea
    Institute (for Advancement of Technology)."""
    initials = "".join(word[0] for word in name.split()).casefold()
    return " " not in short and len(initials) > 1 and short.casefold().startswith(initials)
