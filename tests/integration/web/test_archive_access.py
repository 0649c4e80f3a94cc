"""An archive for subscribers: who gets in, by which link, and what nobody learns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.web.conftest import NOW, MakeWeb, Web, log_in
from tests.integration.web.stock import put, words
from tests.integration.web.test_subscribing import ADA, confirmed, link, mails, post, subscription

DOORS = ("/archive", "/archive.atom", "/archive.json", "/stories/sx")


def entered(web: Web) -> None:
    """Ada subscribes, asks for a link and opens it."""
    confirmed(web)
    post(web, "/access", page="/access", address=ADA)
    assert web.client.get(link(mails(web)[-1], "access")).status_code == 200


def key_of(web: Web) -> str:
    page = web.client.get("/archive").text
    return page.partition("/archive.atom?key=")[2].partition('"')[0]


def test_who_has_no_link_sees_what_to_do_and_nothing_else(web: Web) -> None:
    item = put(web, 1, "Nobody else's business", words(1))
    for door in (*DOORS, f"/stories/{item.story}"):
        answer = web.client.get(door)
        assert answer.status_code == 403, door
        assert "business" not in answer.text
        assert answer.headers["x-robots-tag"] == "noindex"
    assert "Mail me the link" in web.client.get("/archive").text


def test_a_subscriber_comes_in_by_a_mailed_link(web: Web) -> None:
    put(web, 1, "News for readers", words(1))
    entered(web)
    page = web.client.get("/archive")
    assert "News for readers" in page.text
    assert page.headers["x-robots-tag"] == "noindex"
    web.now = NOW + timedelta(days=29)
    assert web.client.get("/archive").status_code == 200
    web.now = NOW + timedelta(days=31)
    assert web.client.get("/archive").status_code == 403


def test_the_answer_is_the_same_for_everybody_and_only_subscribers_get_mail(web: Web) -> None:
    confirmed(web)
    before = len(mails(web))
    answers = [
        post(web, "/access", page="/access", address=address) for address in (ADA, "eve@x.org")
    ]
    plain = [answer.text.replace(ADA, "X").replace("eve@x.org", "X") for answer in answers]
    assert plain[0] == plain[1]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [one.to for one in mails(web)[before:]] == [f"email:{ADA}"]


def test_one_address_gets_few_links_a_day_and_one_network_asks_so_often(web: Web) -> None:
    confirmed(web)
    before = len(mails(web))
    answers = []
    for second in range(22):
        web.now = NOW + timedelta(seconds=second)
        answers.append(post(web, "/access", page="/access", address=ADA).status_code)
    assert answers == [200] * 19 + [429] * 3  # the sign-up was this network's first
    assert len(mails(web)) - before == 2


def test_a_feeds_key_needs_no_cookie_and_ends_with_its_subscription(web: Web) -> None:
    put(web, 1, "News for readers", words(1))
    entered(web)
    key = key_of(web)
    web.now = NOW + timedelta(hours=5)
    assert key_of(web) == key  # a feed keeps its address
    web.client.cookies.clear()
    feed = web.client.get(f"/archive.atom?key={key}")
    assert "News for readers" in feed.text
    assert f"/archive.atom?key={key}" in feed.text  # a reader that follows "self" comes in again
    assert web.client.get(f"/archive?key={key}").status_code == 403  # pages stay out of logs
    one = subscription(web)
    web.parts.subscriptions.pause(one.id, now=web.now, by="web")
    assert web.client.get(f"/archive.json?key={key}").status_code == 200
    web.parts.subscriptions.leave(one.id, now=web.now, by="web")
    for form in ("atom", "json"):
        assert web.client.get(f"/archive.{form}?key={key}").status_code == 403


def test_who_has_left_is_out_at_once(web: Web) -> None:
    entered(web)
    web.now = NOW + timedelta(seconds=1)
    post(web, "/access", page="/", address=ADA)
    fresh = link(mails(web)[-1], "access")
    web.parts.subscriptions.leave(subscription(web).id, now=NOW, by="web")
    assert web.client.get("/archive").status_code == 403
    assert web.client.get(fresh).status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "a" * 3000, "WyJ4IiwwXQ.AAAAAAAAAAAAAAAAAAAAAA"])
def test_forged_links_and_keys_are_refused(web: Web, token: str) -> None:
    assert web.client.get(f"/access/{token}").status_code == 404
    assert web.client.get(f"/archive.atom?key={token}").status_code == 403
    web.client.cookies.set("cw_reader", token.replace("%00", "0"))
    assert web.client.get("/archive").status_code == 403


def test_links_of_other_purposes_and_expired_ones_open_nothing(web: Web) -> None:
    confirmed(web)
    one, sign = subscription(web), web.parts.signer.sign
    for purpose in ("manage", "leave", "confirm"):
        token = sign(purpose, one.id, now=NOW, lasts=timedelta(days=1))
        assert web.client.get(f"/access/{token}").status_code == 404
        assert web.client.get(f"/archive.atom?key={token}").status_code == 403
    old = sign("archive", one.id, now=NOW - timedelta(days=8), lasts=timedelta(days=7))
    assert web.client.get(f"/access/{old}").status_code == 404


def test_a_scanner_that_opens_the_link_changes_nothing(web: Web) -> None:
    confirmed(web)
    post(web, "/access", page="/access", address=ADA)
    path, before = link(mails(web)[-1], "access"), (subscription(web), len(mails(web)))
    for _ in range(3):
        web.client.cookies.clear()
        assert web.client.get(path).status_code == 200
    assert (subscription(web), len(mails(web))) == before
    answer = web.client.get(path, follow_redirects=False)
    assert answer.headers["location"] == "/archive"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" in cookie


def test_a_public_archive_is_open_and_may_be_indexed(make_web: MakeWeb) -> None:
    web = make_web(web='archive = "public"')
    put(web, 1, "News for everybody", words(1))
    for door in ("/archive", "/archive.atom", "/archive.json"):
        answer = web.client.get(door)
        assert answer.status_code == 200
        assert "x-robots-tag" not in answer.headers
        assert "key=" not in answer.text


def test_without_a_mail_server_nobody_is_promised_a_link(make_web: MakeWeb) -> None:
    web = make_web()
    web.parts.crawler.settings = web.parts.settings.model_copy(
        update={"email": web.parts.settings.email.model_copy(update={"smtp": ""})}
    )
    assert "no link can be sent" in web.client.get("/archive").text
    csrf = {"csrf": "x"}
    assert web.client.post("/access", data={**csrf, "address": ADA}).status_code == 403


def test_an_administrator_is_offered_no_feed_that_would_be_refused(web: Web) -> None:
    log_in(web)
    page = web.client.get("/archive")
    assert page.status_code == 200
    assert "/archive.atom" not in page.text
    assert "/calendar" not in page.text
