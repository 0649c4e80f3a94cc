"""Shares with their uncertainty: how far a proportion of few judged cases can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``value`` is None where nothing was counted."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The proportion itself."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds of the proportion behind the counts; (0, 1) where nothing was counted."""
        return wilson(self.count, self.of)


def wilson(count: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of a proportion, lower and upper bound in 0..1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209–212, without continuity
    correction. Unlike the normal approximation it holds for a handful of cases, and stays
    within 0..1. Raises ValueError unless 0 <= count <= of.
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    if not of:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = count / of
    spread = 1 + z * z / of
    middle = (share + z * z / (2 * of)) / spread
    half = z / spread * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # At the ends the bound is exactly the end; rounding must not say otherwise.
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return low, high
