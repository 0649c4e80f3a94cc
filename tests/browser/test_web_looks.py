"""Every page of the web side: accessible in light and dark, on phone and desk, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.visitor import log_in, press, subscribe, visiting
from tests.browser.website import Website
from tests.integration.web.stock import words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OPEN = ("/", "/archive", "/archive?q=xyzzy", "/archive?topic=ai", "/status", "/resend", "/access",
        "/nothing", "/confirm/wrong", "/admin/login")  # fmt: skip
MAILED = ("story", "manage", "leave", "rate")
POSTED = ("Subscribe", "Show me a sample")
ADMIN = ("/admin", "/admin/sources", "/admin/sources/alpha", "/admin/add-source", "/admin/topics",
         "/admin/topics/ai?concept=chatbot", "/admin/add-topic", "/admin/subscriptions",
         "/admin/add-subscription", "/admin/feedback", "/admin/deliveries")  # fmt: skip
WIDTHS = (360, 1280)  # px
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const all = [...document.querySelectorAll("*")];
  return [all.indexOf(one), one === document.body, style.outlineStyle, style.outlineWidth];
}"""
REACHABLE = """() => {
  const all = [...document.querySelectorAll("*")];
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  return [...document.querySelectorAll(wanted)].filter(
    one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0
  ).map(one => all.indexOf(one));
}"""


@pytest.fixture(scope="module")
def mailed(browser: Browser, site: Website) -> dict[str, str]:
    """Pages that only a mail or another page leads to."""
    address = "looks@example.org"
    with visiting(browser) as page:
        manage = subscribe(page, site, address)
        site.mail_to(address)  # the welcome
        title = "Additive Fertigung auf der Jahrestagung"
        site.publish("looks", title, f"{title}. {words(77)}")
        site.next_morning()
        digest = site.mail_to(address)
        page.goto(site.url("/archive?q=KIAT"))
        story = page.get_by_role("link", name="2 tellings").get_attribute("href")
    return {
        "story": site.url(str(story)), "manage": manage, "leave": site.link(digest, "leave"),
        "rate": site.link(digest, "rate"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Page]:
    with visiting(browser) as page:
        yield page


@pytest.fixture(scope="module")
def operator(browser: Browser, site: Website) -> Iterator[Page]:
    with visiting(browser) as page:
        log_in(page, site)
        yield page


def check(page: Page) -> None:
    """Nothing for axe-core to find, and nothing wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        for width in WIDTHS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            found: Any = Axe().run(page).response["violations"]
            told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
            assert told == [], f"{page.url} {scheme} {width}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("path", OPEN)
def test_open_pages_are_accessible(visitor: Page, site: Website, path: str) -> None:
    visitor.goto(site.url(path))
    check(visitor)


@pytest.mark.parametrize("name", MAILED)
def test_pages_behind_links_are_accessible(
    visitor: Page, mailed: dict[str, str], name: str
) -> None:
    answer = visitor.goto(mailed[name])
    assert answer
    assert answer.status == 200
    check(visitor)


@pytest.mark.parametrize("button", POSTED)
def test_answers_to_the_form_are_accessible(visitor: Page, site: Website, button: str) -> None:
    visitor.goto(site.url("/"))
    visitor.get_by_label("E-mail address").fill("someone@nowhere")  # Subscribe refuses it
    press(visitor, button)
    check(visitor)


@pytest.mark.parametrize("path", ADMIN)
def test_the_administration_is_accessible(operator: Page, site: Website, path: str) -> None:
    answer = operator.goto(site.url(path))
    assert answer
    assert answer.status == 200
    check(operator)


def test_the_trial_of_a_topic_is_accessible(operator: Page, site: Website) -> None:
    operator.goto(site.url("/admin/topics/ai"))
    operator.get_by_label("Terms, one a line").fill("quarterly*")
    operator.get_by_role("button", name="Try on 90 days").first.click()
    assert operator.get_by_text("30 of them new").is_visible()
    check(operator)


def test_an_accent_that_is_hard_to_read_stays_accessible(visitor: Page, site: Website) -> None:
    web = site.parts.settings.web
    before = web.accent
    object.__setattr__(web, "accent", "#ffe000")
    try:
        visitor.goto(site.url("/archive?lang=de"))
        check(visitor)
    finally:
        object.__setattr__(web, "accent", before)


@pytest.mark.parametrize("path", ["/", "/archive", "/status"])
def test_tab_reaches_everything_with_a_visible_focus(
    browser: Browser, site: Website, path: str
) -> None:
    with visiting(browser) as page:
        page.goto(site.url(path))
        reached: list[int] = []
        for _ in range(200):
            page.keyboard.press("Tab")
            index, left, style, width = page.evaluate(FOCUS)
            if left or (reached and index == reached[0]):
                break
            assert (style, width) == ("solid", "3px"), page.evaluate(
                "document.activeElement.outerHTML"
            )
            if index not in reached[-1:]:
                reached.append(index)
        assert reached == page.evaluate(REACHABLE)


def test_the_skip_link_comes_first_and_leads_to_the_content(
    browser: Browser, site: Website
) -> None:
    with visiting(browser) as page:
        page.goto(site.url("/archive"))
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the content")
        box = skip.bounding_box()
        assert box
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
