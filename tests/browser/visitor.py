"""A person at a browser: what goes wrong behind the page is noticed as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.browser.website import ADMIN_TOKEN, Website

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

_LOADING = "Failed to load resource"  # told by its response, which knows whether it is the page


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[Page]:
    """A fresh browser profile. AssertionError at the end where a script failed, something of a
    page could not be loaded, or the content security policy was broken."""
    context = browser.new_context(**{"locale": "en-GB", "timezone_id": "Europe/Berlin", **options})
    context.set_default_timeout(60_000)
    page, wrong = context.new_page(), []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and _LOADING not in message.text:
            wrong.append(f"{page.url}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            wrong.append(f"{page.url}: {response.url} answers {response.status}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what leaving a page breaks off
            wrong.append(f"{page.url}: {request.url}: {request.failure}")

    page.on("console", said)
    page.on("response", answered)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("requestfailed", failed)
    try:
        yield page
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)


def press(page: Page, name: str) -> None:
    """Press the button of this name within the page, and wait for what follows."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def ask(page: Page, site: Website, address: str) -> None:
    """Fill in the form on the first page and send it."""
    page.goto(site.url("/"))
    page.get_by_label("E-mail address").fill(address)
    press(page, "Subscribe")


def subscribe(page: Page, site: Website, address: str) -> str:
    """Sign up and confirm; the address of the preferences."""
    ask(page, site, address)
    page.goto(site.link(site.mail_to(address), "confirm"))
    press(page, "Yes, send me cluster news")
    link = page.get_by_role("link", name="Change, pause or leave").get_attribute("href")
    assert link
    return link


def log_in(page: Page, site: Website) -> None:
    """As who runs the installation."""
    page.goto(site.url("/admin/login"))
    page.get_by_label("Admin token").fill(ADMIN_TOKEN)
    press(page, "Log in")
