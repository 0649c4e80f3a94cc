"""Colours that can be read: how far an accent has to move on a paper (WCAG 2.2, 1.4.3)."""

from __future__ import annotations


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours ("#" and six digits), 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shifted(colour: str, paper: str, away: str, ratio: float) -> str:
    """The colour nearest to ``colour`` on the way to ``away`` that reaches ``ratio`` on paper."""
    steps = (_mixed(colour, away, part / 20) for part in range(21))
    return next(one for one in steps if contrast(one, paper) >= ratio)


def on(accent: str) -> str:
    """Black or white, whichever stands out more on ``accent``."""
    return max("#ffffff", "#000000", key=lambda one: contrast(one, accent))


def _mixed(one: str, other: str, part: float) -> str:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
