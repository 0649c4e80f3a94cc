"""Digests as they were sent: in a sandbox, for admins and for who got them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.web.archive_sent import without_keys
from crawler.model.delivery import Delivery
from crawler.model.subscription import Subscription
from tests.integration.web.conftest import NOW, Web, log_in
from tests.integration.web.stock import put, words


def sent(web: Web, to: str = "email:reader@example.org", identity: str = "reader") -> Delivery:
    """A digest queued for a subscription of everything."""
    one = Subscription(identity, to, active_since=NOW - timedelta(days=1), timezone="UTC")
    web.parts.subscriptions.enter(one, now=NOW - timedelta(days=1), by="tests")
    put(web, 1, "A <b>bold</b> story", words(1), seen=NOW - timedelta(minutes=5))
    done = web.parts.dispatcher.close_window(identity, NOW, extra=True)
    assert done is not None
    return web.parts.deliveries.get(done.deliveries[0])


def test_an_admin_sees_the_mail_as_it_went_out_in_a_sandbox(web: Web) -> None:
    one = sent(web)
    log_in(web)
    answer = web.client.get(f"/digests/{one.id}")
    assert answer.status_code == 200
    assert "A &lt;b&gt;bold&lt;/b&gt; story" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert answer.headers["x-robots-tag"] == "noindex"


def test_an_admin_sees_no_link_that_acts_as_the_reader(web: Web) -> None:
    one = sent(web)
    manage = web.parts.signer.sign("manage", "reader", now=NOW, lasts=timedelta(days=1))
    own = web.client.get(f"/digests/{one.id}?token={manage}").text
    acting = re.compile(r"/(?:leave|manage|rate)/[\w.-]+")
    assert {found.split("/")[1] for found in acting.findall(own)} == {"leave", "manage", "rate"}
    log_in(web)
    page = web.client.get(f"/digests/{one.id}").text
    assert acting.findall(page) == []
    assert "/manage/…" in page


@pytest.mark.parametrize(
    "link",
    [
        "https://x.example/leave/WyJh.b-c_d",
        "https://x.example/access/WyJh.b-c_d",
        "https://x.example/archive.atom?topic=ai&amp;key=WyJh.b-c_d",
        "mailto:news@x.example?subject=leave%20WyJh.b-c_d",
        "mailto:news@x.example?subject=confirm%20WyJh.b-c_d",
    ],
)
def test_no_signed_part_of_a_link_is_left(link: str) -> None:
    assert "WyJh" not in without_keys(f'<a href="{link}">{link}</a>')
    assert without_keys("https://x.example/news/leave") == "https://x.example/news/leave"


def test_everybody_else_finds_nothing(web: Web) -> None:
    one = sent(web)
    assert web.client.get(f"/digests/{one.id}").status_code == 404
    for token in ("x", "%00", web.parts.links.leave(Subscription("reader", one.to))):
        assert web.client.get(f"/digests/{one.id}?token={token}").status_code == 404
    log_in(web)
    for unknown in ("nothing", "%00", "a" * 300):
        assert web.client.get(f"/digests/{unknown}").status_code == 404


def test_who_got_it_sees_it_by_the_link_to_the_preferences(web: Web) -> None:
    one = sent(web)
    sign = web.parts.signer.sign
    own = sign("manage", "reader", now=NOW, lasts=timedelta(days=1))
    assert web.client.get(f"/digests/{one.id}?token={own}").status_code == 200
    web.parts.subscriptions.enter(
        Subscription("other", "email:other@example.org"), now=NOW, by="tests"
    )
    others = sign("manage", "other", now=NOW, lasts=timedelta(days=1))
    assert web.client.get(f"/digests/{one.id}?token={others}").status_code == 404


def test_what_is_no_longer_kept_says_so(web: Web) -> None:
    one = sent(web)
    log_in(web)
    web.parts.deliveries.give_up(NOW + timedelta(days=1), "given up")
    assert web.parts.deliveries.forget_payloads(NOW + timedelta(days=1)) == 1
    answer = web.client.get(f"/digests/{one.id}")
    assert answer.status_code == 410
    assert "No longer kept" in answer.text


def test_slack_payloads_are_shown_as_text(web: Web) -> None:
    one = sent(web, to="slack:C0123456789", identity="team")
    log_in(web)
    page = web.client.get(f"/digests/{one.id}").text
    assert "<pre>" in page
    assert "&#34;blocks&#34;" in page
    assert "<b>bold" not in page


def test_other_messages_are_not_digests(web: Web) -> None:
    """A confirmation holds a link that is its recipient's alone."""
    one = sent(web)
    web.parts.deliveries.queue(replace(one, id="c" * 32, window="confirm:x"))
    log_in(web)
    assert web.client.get(f"/digests/{'c' * 32}").status_code == 404
