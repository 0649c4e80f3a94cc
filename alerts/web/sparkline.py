"""Sparklines: a row of counts as the path of a small SVG picture (pure)."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 84, 24  # of the picture, in its own units
_GAP = 2
_LEAST = 2.0  # a bar that stands for anything at all is seen


def bars(counts: Sequence[int]) -> str:
    """The ``d`` of a path with a bar for each count, the highest as high as the picture; a
    count of 0 is a hairline."""
    step = WIDTH / max(1, len(counts))
    most = max(counts, default=0)
    return "".join(
        f"M{_short(number * step)} {HEIGHT}v-{_short(_height(count, most))}"
        f"h{_short(step - _GAP)}V{HEIGHT}z"
        for number, count in enumerate(counts)
    )


def _height(count: int, most: int) -> float:
    return max(_LEAST, HEIGHT * count / most) if count > 0 else 0.6


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
