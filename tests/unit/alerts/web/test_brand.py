"""An installation's accent stays readable on light and dark paper."""

from __future__ import annotations

import re

import pytest

from alerts.digests.colours import contrast
from alerts.web.brand import DARK, LIGHT, sheet_of

ACCENTS = ("#7a1fa2", "#ffe000", "#000000", "#ffffff", "#0b57b0", "#e30613", "#7f7f7f")


def variables(accent: str) -> list[dict[str, str]]:
    """Those of the light, then of the dark scheme."""
    parts = sheet_of(accent).split("@media")
    assert len(parts) == 2
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in parts]


def test_the_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("accent", ACCENTS)
def test_links_buttons_and_their_words_can_be_read(accent: str) -> None:
    for found, paper in zip(variables(accent), (LIGHT, DARK), strict=True):
        assert contrast(found["link"], paper) >= 4.5
        assert contrast(found["on-accent"], found["accent"]) >= 4.5


@pytest.mark.parametrize("accent", ACCENTS)
def test_buttons_keep_the_accent_and_stand_out_in_the_dark(accent: str) -> None:
    light, dark = variables(accent)
    assert light["accent"] == accent
    assert contrast(dark["accent"], DARK) >= 3


def test_an_accent_that_can_be_read_stays_as_it_is() -> None:
    light, _ = variables("#7a1fa2")
    assert light == {"accent": "#7a1fa2", "on-accent": "#ffffff", "link": "#7a1fa2"}
