"""A cache of what was found out about short texts: long ones are looked at anew each time.

A cache that counts its entries alone grows with what a page writes into its attributes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

R = TypeVar("R")

LONGEST = 500  # characters


def remembering(maxsize: int) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """Remember a function's answers for the last ``maxsize`` texts that are short."""

    def decorate(function: Callable[[str], R]) -> Callable[[str], R]:
        cached = lru_cache(maxsize=maxsize)(function)

        @wraps(function)
        def answer(text: str) -> R:
            return cached(text) if len(text) <= LONGEST else function(text)

        return answer

    return decorate
