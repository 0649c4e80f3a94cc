"""Searching and reading the archive in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import visiting
from tests.browser.website import Website

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def search(page: Page, site: Website, words: str) -> list[str]:
    """The titles that a search finds."""
    page.goto(site.url("/archive"))
    page.get_by_label("Search all stories").fill(words)
    with page.expect_navigation():
        page.get_by_role("button", name="Search").click()
    return page.locator(".stories h3").all_inner_texts()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("schmelzen", "Forschungszentrum eröffnet Labor für Laserstrahlschmelzen"),
        ("unternehmen", "Forschungszentrum eröffnet Labor für Laserstrahlschmelzen"),
        ("한국", "한국과 유럽의 새로운 협력"),
        ("협력", "한국과 유럽의 새로운 협력"),
        ("협약", "한국과 유럽의 새로운 협력"),
    ],
    ids=["part of a compound", "in the text", "with a particle", "two syllables", "in a text"],
)
def test_search_finds_parts_of_compounds_and_korean_words(
    browser: Browser, site: Website, words: str, title: str
) -> None:
    with visiting(browser) as page:
        assert title in search(page, site, words)


def test_a_word_that_stands_nowhere_says_what_to_try(browser: Browser, site: Website) -> None:
    with visiting(browser) as page:
        assert search(page, site, "xyzzy") == []
        assert page.get_by_text("Try fewer words").is_visible()


def test_filters_and_pages_work_without_scripts(browser: Browser, site: Website) -> None:
    with visiting(browser, java_script_enabled=False) as page:
        page.goto(site.url("/archive"))
        first = page.locator(".stories h3").all_inner_texts()
        with page.expect_navigation():
            page.get_by_role("link", name="Older stories").click()
        second = page.locator(".stories h3").all_inner_texts()
        assert second
        assert not set(first) & set(second)
        page.goto(site.url("/archive"))
        page.get_by_text("Topic, source, language, period").click()
        page.get_by_label("Language", exact=True).select_option("ko")
        with page.expect_navigation():
            page.get_by_role("button", name="Show", exact=True).click()
        assert page.locator(".stories h3").all_inner_texts() == ["한국과 유럽의 새로운 협력"]


def test_a_story_shows_its_tellings_with_the_evidence(browser: Browser, site: Website) -> None:
    with visiting(browser) as page:
        search(page, site, "KIAT")
        with page.expect_navigation():
            page.get_by_role("link", name="2 tellings").click()
        assert page.locator(".stories > li").count() == 2
        assert "KIAT" in page.locator("mark").all_inner_texts()


def test_markup_and_turned_letters_in_titles_are_text(browser: Browser, site: Website) -> None:
    with visiting(browser) as page:
        (title,) = search(page, site, "Bold")
        assert title == "<b>Bold</b> & gnirts"


def test_times_are_those_of_the_installation_and_name_their_zone(
    browser: Browser, site: Website
) -> None:
    with visiting(browser, timezone_id="Asia/Seoul") as page:
        page.goto(site.url("/status"))
        shown = page.locator("time[datetime]").first
        assert shown.inner_text().endswith((" CET", " CEST"))
