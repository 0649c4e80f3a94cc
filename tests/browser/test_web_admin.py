"""The administration in a real browser: a source and a topic are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.visitor import log_in, press, visiting
from tests.browser.website import Website, open_news

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PHONE = {"width": 360, "height": 740}


def test_a_source_is_looked_at_and_added(browser: Browser, site: Website) -> None:
    url = open_news(site)
    with visiting(browser, viewport=PHONE) as page:
        log_in(page, site)
        page.get_by_role("link", name="Add a source").click()
        page.get_by_label("Address", exact=True).fill(url)
        press(page, "Look at it")
        titles = page.locator(".stories h3, .titles li").all_inner_texts()
        assert len(titles) == 5
        press(page, "Add this source")
        assert page.get_by_role("status").get_by_text("Added.").is_visible()
    added = [row.source for row in site.parts.crawler.sources.all() if row.source.url == url]
    assert len(added) == 1


def test_a_topic_is_tried_on_the_archive_and_added(browser: Browser, site: Website) -> None:
    with visiting(browser, java_script_enabled=False) as page:
        log_in(page, site)
        page.get_by_role("link", name="Add a topic").click()
        page.get_by_label("Name that readers see").fill("Meetings")
        page.get_by_label("Terms, one a line; each one is enough").fill("quarterly meeting")
        press(page, "Try on 90 days")
        assert page.get_by_text("30 items would match").is_visible()
        press(page, "Save")
        page.goto(site.url("/archive?topic=meetings"))
        page.goto(site.url("/"))
        assert page.get_by_label("Meetings").is_visible()
        page.goto(site.url("/admin/topics/meetings"))
        page.get_by_label("quarterly meeting").check()
        page.get_by_role("button", name="Try on 90 days").first.click()
        assert page.get_by_text("0 items would match").is_visible()
        press(page, "Save")
        assert page.get_by_text("Taken out", exact=True).is_visible()
        press(page, "Take back: quarterly meeting")
        assert page.get_by_label("quarterly meeting").is_visible()


def test_a_wrong_token_lets_nobody_in(browser: Browser, site: Website) -> None:
    with visiting(browser) as page:
        page.goto(site.url("/admin"))
        page.get_by_label("Admin token").fill("not the token")
        press(page, "Log in")
        assert page.get_by_label("Admin token").is_visible()
        page.goto(site.url("/admin/sources"))
        assert page.get_by_label("Admin token").is_visible()
