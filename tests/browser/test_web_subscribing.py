"""From the sign-up to the first digest and out again, in a real browser."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import ask, press, subscribe, visiting
from tests.browser.website import Website
from tests.integration.web.stock import words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from crawler.model.subscription import Subscription


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def subscription(site: Website, address: str) -> Subscription:
    rows = site.parts.subscription_store.all(everything=True)
    (one,) = [row.subscription for row in rows if row.subscription.to == f"email:{address}"]
    return one


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_sign_up_to_the_first_digest_and_out(
    browser: Browser, site: Website, scripts: bool
) -> None:
    address = f"ada-{'with' if scripts else 'without'}@example.org"
    with visiting(browser, java_script_enabled=scripts) as page:
        page.goto(site.url("/"))
        page.get_by_label("Artificial intelligence").uncheck()
        page.get_by_label("E-mail address").fill(address)
        press(page, "Subscribe")
        assert page.get_by_role("heading", name="Check your mail").is_visible()
        page.goto(site.link(site.mail_to(address), "confirm"))
        assert subscription(site, address).status == "pending"
        press(page, "Yes, send me cluster news")
        assert page.get_by_role("heading", name="You are subscribed").is_visible()
        assert subscription(site, address).status == "active"
        assert "From now on" in text_of(site.mail_to(address))
        title = f"Neue additive Fertigung in {'Aue' if scripts else 'Zwickau'}"
        site.publish(f"new-{scripts}", title, f"{title}. {words(90 + scripts)}")
        site.next_morning()
        mail = site.mail_to(address)
        assert "List-Unsubscribe" in mail
        assert title in text_of(mail)
        page.goto(site.link(mail, "leave"))
        assert subscription(site, address).status == "active"
        press(page, "Unsubscribe")
        assert page.get_by_role("heading", name="You have left").is_visible()
        assert subscription(site, address).status == "left"


def test_the_preferences_change_pause_and_go_on(browser: Browser, site: Website) -> None:
    address = "bob@example.org"
    with visiting(browser) as page:
        page.goto(subscribe(page, site, address))
        page.get_by_label("How often").select_option("Once a week")
        page.get_by_label("Weekday").select_option("Friday")
        page.get_by_label("Time", exact=True).fill("07:15")
        press(page, "Save")
        assert page.get_by_role("status").get_by_text("Saved").is_visible()
        assert subscription(site, address).schedule == "weekly fri 07:15"
        press(page, "Pause for a week")
        assert page.get_by_text("Paused until").is_visible()
        assert subscription(site, address).status == "paused"
        press(page, "Go on from now")
        assert subscription(site, address).status == "active"


def test_the_weekday_is_asked_for_only_where_it_counts(browser: Browser, site: Website) -> None:
    with visiting(browser) as page:
        page.goto(site.url("/"))
        assert not page.get_by_label("Weekday").is_visible()
        page.get_by_label("How often").select_option("Once a week")
        assert page.get_by_label("Weekday").is_visible()


def test_a_sample_shows_real_stories_and_keeps_the_choice(browser: Browser, site: Website) -> None:
    with visiting(browser) as page:
        page.goto(site.url("/"))
        page.get_by_label("Artificial intelligence").uncheck()
        press(page, "Show me a sample")
        assert page.get_by_text("Laserstrahlschmelzen").first.is_visible()
        assert not page.get_by_label("Artificial intelligence").is_checked()


def test_a_wrong_address_is_named_beside_its_field(browser: Browser, site: Website) -> None:
    with visiting(browser, java_script_enabled=False) as page:
        ask(page, site, "someone@nowhere")
        field = page.get_by_label("E-mail address")
        assert field.get_attribute("aria-invalid") == "true"
        assert page.get_by_text("Please enter an e-mail address such as").is_visible()
        assert field.input_value() == "someone@nowhere"
