"""The digest in a real browser at a phone's and a desk's width, light and dark: no barrier that
axe-core knows, nothing wider than the screen, stories within their lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from alerts.digests.email import render_html
from alerts.digests.story import MOST_LINES, USUAL_LINES
from crawler.fetch.chromium import Chromium
from crawler.model.digest import Digest
from tests.fixtures.digest_makers import digest_of, item, selected

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (360, 600, 1200)
TRANSLATE = "https://translate.example/?u={url}&to={language}"
PICTURES = "CLUSTERWATCH_PICTURES"  # a folder: the pages are kept there as pictures

# Of each story: the lines its parts take, as they are laid out.
LINES = """() => [...document.querySelectorAll('article')].map(a =>
  [...a.querySelectorAll('h3, p')].reduce((sum, e) => sum + Math.round(
    e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)), 0))"""
WIDE = "() => document.documentElement.scrollWidth"

Open = Callable[[str, int, str], "Page"]


def full_digest(language: str = "en") -> Digest:
    """Everything a digest can hold: two topics, a foreign story with gloss and translation, other
    tellings, a page without a date, changes, rolled-up titles, failing sources."""
    text = (
        "Engineers in both regions use machine learning to sort parts before they reach the line."
    )
    twin = [item("t1", source="valley", language="da"), item("t2", source="forest", language="pl")]
    foreign = item("f", "Regionen öffnen ihre Labore für Partner", text=text, language="de")
    stories = [
        selected(item("a", text=text), also_in=twin, learning="machine learning"),
        selected(item("b", "A cluster without a date", text=text, published=None)),
        selected(foreign, "korea", other_topics=("ai",), agreement="machine", korea="learning"),
        selected(item("c", "Harbours and forests print their spare parts", text=text), "print"),
    ]
    changed = replace(item("d", "A fair is postponed"), change="21 November to 3 December 2026")
    return digest_of(
        stories,
        [selected(item(f"r{number}", f"Another story {number}")) for number in range(3)],
        changed=[changed],
        digest_language=language,
        links={
            "status": "https://news.example.org/status",
            "manage": "https://news.example.org/manage/t",
            "leave": "https://news.example.org/leave/t",
            "translate": TRANSLATE,
        },
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from crawler.errors import ConfigError
    from crawler.fetch.chromium import find_chromium

    try:
        found: Chromium = find_chromium()
    except ConfigError as error:
        pytest.skip(error.line())
    from playwright.sync_api import sync_playwright

    arguments = [] if found.sandbox else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    contexts = []

    def open_page(html: str, width: int, scheme: str) -> Page:
        viewport = {"width": width, "height": 900}
        # Nothing is fetched: a mail is one file.
        context = browser.new_context(viewport=viewport, color_scheme=scheme, offline=True)
        contexts.append(context)
        page: Page = context.new_page()
        page.set_content(html)
        return page

    yield open_page
    for context in contexts:
        context.close()


def violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_there_is_no_barrier_and_nothing_is_wider_than_the_screen(
    opened: Open, width: int, scheme: str
) -> None:
    page = opened(render_html(full_digest()), width, scheme)
    if os.environ.get(PICTURES):
        file = f"{os.environ[PICTURES]}/digest-{width}-{scheme}.png"
        page.screenshot(path=file, full_page=True)
    assert violations(page) == []
    assert page.evaluate(WIDE) == width


@pytest.mark.parametrize("language", ["de", "da"])
def test_other_languages_have_no_barrier_either(opened: Open, language: str) -> None:
    page = opened(render_html(full_digest(language)), 360, "light")
    assert violations(page) == []
    assert page.evaluate(WIDE) == 360


def test_dark_is_dark_and_light_is_light(opened: Open) -> None:
    html = render_html(full_digest())
    script = "() => getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(html, 360, scheme).evaluate(script) for scheme in ("light", "dark"))
    assert brightness(light) > 200
    assert brightness(dark) < 60


def brightness(colour: str) -> float:
    parts = [float(one) for one in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(parts) / 3


def test_stories_take_five_lines_and_never_more_than_seven(opened: Open) -> None:
    lines = opened(render_html(full_digest()), 360, "light").evaluate(LINES)
    assert len(lines) == 4
    assert max(lines) <= MOST_LINES
    assert sorted(lines)[len(lines) // 2] <= USUAL_LINES + 1


def test_the_measure_finds_a_barrier(opened: Open) -> None:
    page = opened(
        "<html><body><img src=x><p style='color:#eee'>pale</p></body></html>", 360, "light"
    )
    assert any(one.startswith("image-alt") for one in violations(page))
    assert any(one.startswith("color-contrast") for one in violations(page))
