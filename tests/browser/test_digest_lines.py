"""The digest in a real browser at 360 px: lines a story takes, nothing wider than the screen."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from alerts.digests.email import render_html
from alerts.digests.story import MOST_LINES, USUAL_LINES
from crawler.model.digest import Digest, SelectedStory
from tests.fixtures.digest_makers import digest_of, item, selected

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")

COUNT = """<script>
const lines = e => Math.round(e.getBoundingClientRect().height
                              / parseFloat(getComputedStyle(e).lineHeight));
window.onload = () => {
  const stories = [...document.querySelectorAll('article')].map(
    a => [...a.querySelectorAll('h3, p')].map(lines));
  const wide = document.querySelector('.page').scrollWidth;
  document.body.textContent = 'found ' + JSON.stringify({stories, wide});
};
</script></head>"""
WORDS = {
    "en": "the cluster opens a new laboratory for regional partners and small firms in medicine",
    "de": "Landesregierung fördert Medizintechnikunternehmen bei der Zulassung von Implantaten im",
    "da": "erhvervsklyngen samler virksomheder kommuner og sundhedsteknologi om nye løsninger i",
}


@dataclass(frozen=True)
class Measured:
    """What the browser says about a page 360 px wide."""

    stories: list[list[int]]  # of each: the lines of its parts
    wide: int  # px


def measured(digest: Digest, folder: Path) -> Measured:
    # A browser's window has a least width; the page gets the phone's by itself.
    html = render_html(digest).replace("</head>", COUNT, 1)
    html = html.replace(
        'class="page" style="', 'class="page" style="box-sizing:border-box;width:360px;'
    )
    page = folder / "digest.html"
    page.write_text(html, "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    options += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    options += [f"--user-data-dir={folder / 'profile'}", "--window-size=800,1600", "--dump-dom"]
    command = [str(CHROMIUM), *options, page.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout
    found = re.search(r"<body[^>]*>found (\{.*\})", dom)
    assert found is not None
    return Measured(**json.loads(found[1]))


def text(language: str, length: int, chance: random.Random) -> str:
    words = WORDS[language].split()
    return " ".join(chance.choice(words) for _ in range(length)).capitalize()


def stories(count: int, language: str = "") -> list[SelectedStory]:
    """Stories of every length in three languages, with and without other tellings."""
    chance = random.Random(7)
    chosen = []
    for number in range(count):
        code = language or ("en", "de", "da")[number % 3]
        body = f"{text(code, 12, chance)} machine learning {text(code, 25, chance)}."
        lead = item(f"s{number}", text(code, 3 + number % 16, chance), text=body, language=code)
        others = [item(f"o{number}-{n}", source="forest", language=c) for n, c in enumerate("abc")]
        also = others[: number % 4] if not language else []
        chosen.append(selected(lead, also_in=also, learning="machine learning"))
    return chosen


def test_no_story_takes_more_than_seven_lines_and_nothing_is_wider(tmp_path: Path) -> None:
    found = measured(digest_of(stories(48)), tmp_path)
    assert len(found.stories) == 48
    assert [story for story in found.stories if sum(story) > MOST_LINES] == []
    assert found.wide == 360


def test_an_ordinary_story_takes_five_lines(tmp_path: Path) -> None:
    found = measured(digest_of(stories(32, "en")), tmp_path)
    assert sum(map(sum, found.stories)) / len(found.stories) <= USUAL_LINES + 0.5


def test_a_single_endless_word_widens_nothing(tmp_path: Path) -> None:
    endless = item("a", "x" * 300, text="y" * 300, source="z" * 90)
    assert measured(digest_of([selected(endless)]), tmp_path).wide == 360
