"""An installation's accent colours the links and buttons of its mails, and stays readable."""

from __future__ import annotations

import re

import pytest

from alerts.digests import pages
from alerts.digests.colours import contrast
from alerts.digests.pages import DARK, LIGHT

ACCENTS = ("#7a1fa2", "#ffe000", "#000000", "#ffffff", "#E30613", "#7f7f7f")
WORDS = {
    "language": "en", "title": "Confirm", "link": "https://news.example.org/confirm/x",
    "mailto": "", "what": "", "imprint": "", "privacy": "", "until": "", "headline": "",
    "brand": "",
}  # fmt: skip


def page(accent: str) -> str:
    said = {"say": lambda message, **values: message}
    return pages.page("confirm/body.html", accent=accent, **WORDS, **said)


@pytest.mark.parametrize("accent", ACCENTS)
def test_buttons_take_it_and_everything_can_be_read(accent: str) -> None:
    html = page(accent)
    button = re.search(r'<a [^>]*class="button"[^>]*style="([^"]+)"', html)
    assert button
    paper = re.search(r"background: ?(#\w{6})", button[1])
    ink = re.search(r"(?:^|; ?)color: ?(#\w{6})", button[1])
    assert paper
    assert ink
    assert paper[1] == accent
    assert contrast(ink[1], paper[1]) >= 4.5
    dark = html.rpartition("@media")[2]
    link, dark_paper, dark_ink = re.findall(r"(#[0-9a-fA-F]{6}) !important", dark)
    assert contrast(link, DARK) >= 4.5
    assert contrast(dark_paper, DARK) >= 3
    assert contrast(dark_ink, dark_paper) >= 4.5
    light_link = re.search(r"li a \{ color: (#\w{6})", pages._accented(accent)[0])
    assert light_link
    assert contrast(light_link[1], LIGHT) >= 4.5


@pytest.mark.parametrize("accent", ["", "red", "#fff", "#7a1fa2; } a { color: #ffffff"])
def test_what_is_no_colour_changes_nothing(accent: str) -> None:
    assert page(accent) == page("")
