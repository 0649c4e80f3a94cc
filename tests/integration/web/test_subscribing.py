"""From the form to the confirmation and out again, without scripts; nobody learns who is in."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_string, policy
from typing import Any

import pytest
from httpx2 import Response

from crawler.model.delivery import Delivery
from crawler.model.subscription import Subscription
from crawler.storage.heartbeats import beat
from tests.integration.web.conftest import NOW, MakeWeb, Web

FORM: dict[str, Any] = {
    "topics": ["ai"],
    "rhythm": "weekdays",
    "time": "07:30",
    "timezone": "Europe/Berlin",
    "day": "mon",
    "words": "de",
}
ADA = "ada@example.org"


def field(page: Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def post(web: Web, path: str, page: str = "/", **values: Any) -> Response:
    """Fill the form of a page and send it."""
    csrf = field(web.client.get(page), "csrf")
    return web.client.post(path, data={"csrf": csrf, **values})


def sign_up(web: Web, address: str = ADA, **values: Any) -> Response:
    return post(web, "/subscribe", **{**FORM, "address": address, **values})


def mails(web: Web) -> list[Delivery]:
    return sorted(web.parts.deliveries.find(), key=lambda one: one.created_at)


def link(mail: Delivery, word: str) -> str:
    """The path of a link in a mail's text, without its language: these pages are English."""
    parsed = message_from_string(mail.payload, policy=policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https://news\.example\.org(/{word}/\S+)", body.get_content())
    assert found, body.get_content()
    return found[1].partition("?")[0]


def confirmed(web: Web) -> None:
    sign_up(web)
    path = link(mails(web)[-1], "confirm")
    assert post(web, path, page=path).status_code == 200


def subscription(web: Web) -> Subscription:
    (row,) = web.parts.subscription_store.all(everything=True)
    return row.subscription


def test_sign_up_asks_by_mail_and_begins_when_it_is_confirmed(web: Web) -> None:
    answer = sign_up(web)
    assert answer.status_code == 200
    assert "Check your mail" in answer.text
    (mail,) = mails(web)
    assert subscription(web).status == "pending"
    path = link(mail, "confirm")
    assert subscription(web).status == "pending"
    page = web.client.get(path)  # a scanner looks
    assert "One click" in page.text
    assert subscription(web).status == "pending"
    done = post(web, path, page=path)
    assert "You are subscribed" in done.text
    one = subscription(web)
    assert (one.status, one.topics, one.schedule) == ("active", ("ai",), "weekdays 07:30")
    assert (one.digest_language, one.timezone) == ("de", "Europe/Berlin")
    row = web.parts.subscription_store.get(one.id)
    told = row.consent["asked"]["text"]
    assert told.endswith("; Montag bis Freitag um 07:30 (Europe/Berlin)")
    parsed = message_from_string(mail.payload, policy=policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    assert told in " ".join(body.get_content().split())
    assert row.consent["confirmed"]["from"] == "testclient"
    again = web.client.get(path).text
    assert "This was confirmed already" in again
    assert "One click" not in again
    assert "/manage/" in again


def test_the_answer_is_the_same_for_known_and_unknown_addresses(web: Web) -> None:
    confirmed(web)
    known, unknown = sign_up(web), sign_up(web, "bob@example.org")
    assert known.status_code == unknown.status_code == 200
    plain = [one.text.replace(ADA, "X").replace("bob@example.org", "X") for one in (known, unknown)]
    assert plain[0] == plain[1]
    # Who is subscribed gets the link to the preferences, not a second confirmation.
    to_ada = [one for one in mails(web) if one.to == f"email:{ADA}"]
    assert "/manage/" in link(to_ada[-1], "manage")
    assert subscription_status(web, ADA) == "active"


def subscription_status(web: Web, address: str) -> str:
    rows = [row for row in web.parts.subscription_store.all() if address in row.subscription.to]
    return rows[0].subscription.status


def test_a_robot_that_fills_the_hidden_field_gets_the_same_answer_and_no_mail(web: Web) -> None:
    assert "Check your mail" in sign_up(web, website="https://spam.example").text
    assert mails(web) == []


def test_one_address_gets_few_mails_a_day_and_one_network_asks_so_often(web: Web) -> None:
    answers = [sign_up(web).status_code for _ in range(25)]
    assert answers == [200] * 20 + [429] * 5
    assert len(mails(web)) == 3


def test_wrong_fields_are_named_and_what_was_typed_stays(web: Web) -> None:
    answer = sign_up(web, "not an address", time="25:99", topics=[])
    assert answer.status_code == 422
    assert "Please enter an e-mail address" in answer.text
    assert "Please enter a time" in answer.text
    assert "Please choose at least one topic" in answer.text
    assert 'value="not an address"' in answer.text
    assert mails(web) == []


def test_of_two_mails_the_newer_one_counts_and_the_older_one_says_so(web: Web) -> None:
    sign_up(web)
    older = link(mails(web)[0], "confirm")
    sign_up(web)
    (newer,) = {link(mail, "confirm") for mail in mails(web)} - {older}
    early = web.client.get(older)
    assert early.status_code == 404
    assert "A newer mail was sent after this one." in early.text
    assert subscription(web).status == "pending"
    assert post(web, newer, page=newer).status_code == 200
    assert subscription(web).status == "active"
    late = web.client.get(older)
    assert late.status_code == 200
    assert "confirmed already" in late.text
    assert len(mails(web)) == 3  # two questions, one welcome


def test_an_address_that_no_mail_can_be_written_to_is_named_and_nothing_is_stored(
    web: Web,
) -> None:
    answer = sign_up(web, "jürgen@example.org")
    assert answer.status_code == 422
    assert "Please enter an e-mail address" in answer.text
    assert web.parts.subscription_store.all(everything=True) == []
    assert sign_up(web, "juergen@müller.example").status_code == 200
    assert len(mails(web)) == 1


def test_strange_values_fall_back_to_what_is_allowed(web: Web) -> None:
    sign_up(web, topics=["ai", "nothing"], timezone="Mars/Base", rhythm="always", words="xx")
    one = subscription(web)
    assert (one.topics, one.timezone, one.schedule) == (("ai",), "Europe/Berlin", "daily 07:30")


def test_forms_of_other_sites_are_refused(web: Web) -> None:
    csrf = field(web.client.get("/"), "csrf")
    values = {**FORM, "address": ADA}
    assert web.client.post("/subscribe", data=values).status_code == 403
    assert web.client.post("/subscribe", data={**values, "csrf": "x"}).status_code == 403
    other = {"Sec-Fetch-Site": "cross-site"}
    sent = web.client.post("/subscribe", data={**values, "csrf": csrf}, headers=other)
    assert sent.status_code == 403
    web.client.cookies.clear()
    assert web.client.post("/subscribe", data={**values, "csrf": csrf}).status_code == 403
    assert mails(web) == []


def test_a_sample_shows_what_would_come_and_stores_nothing(web: Web) -> None:
    answer = post(web, "/sample", **FORM, address="x@example.org")
    assert "What your digest would bring" in answer.text
    assert "Nothing was found for this choice" in answer.text
    assert web.parts.subscription_store.all() == []
    assert mails(web) == []


def test_the_preferences_change_pause_and_leave(web: Web) -> None:
    confirmed(web)
    post(web, "/resend", page="/resend", address=ADA)
    path = link(mails(web)[-1], "manage")
    page = web.client.get(path)
    assert "Your subscription" in page.text
    changed = {**FORM, "topics": ["ai", "3d-printing"], "rhythm": "weekly", "day": "fri"}
    done = post(web, path, page=path, do="change", **changed)
    assert "Saved" in done.text
    one = subscription(web)
    assert (one.topics, one.schedule) == (("ai", "3d-printing"), "weekly fri 07:30")
    assert "topic:3d-printing" in one.scope_since
    post(web, path, page=path, do="week")
    assert subscription(web).status == "paused"
    assert str(subscription(web).paused_until) == "2026-11-27 23:00:00+00:00"
    assert "It goes on from now." in post(web, path, page=path, do="resume").text
    assert subscription(web).status == "active"
    left = post(web, path, page=path, do="leave").text
    assert "You have left" in left
    assert "Your address stays in our records" in left  # until the operator erases it
    assert subscription(web).status == "left"


def test_looking_at_the_leave_link_changes_nothing_and_one_click_needs_no_cookie(web: Web) -> None:
    confirmed(web)
    path = web.parts.links.leave(subscription(web)).removeprefix("https://news.example.org")
    assert "Leave?" in web.client.get(path).text
    assert subscription(web).status == "active"
    web.client.cookies.clear()
    form = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        answer = web.client.post(path, data=form)
        assert (answer.status_code, answer.text) == (200, "Unsubscribed.\n")
    assert subscription(web).status == "left"
    assert "You have left" in web.client.get(path).text


@pytest.mark.parametrize("word", ["confirm", "manage", "leave"])
def test_forged_tokens_are_refused_by_every_door(web: Web, word: str) -> None:
    confirmed(web)
    good = web.parts.links.leave(subscription(web)).rpartition("/")[2]
    for token in ("x", "WyJ4IiwwXQ.AAAAAAAAAAAAAAAAAAAAAA", good[:-2] + "AA", "%00", "a" * 3000):
        path = f"/{word}/{token}"
        assert web.client.get(path).status_code == 404, token
        assert web.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code in (
            403,
            404,
        )
    if word != "leave":
        assert web.client.get(f"/{word}/{good}").status_code == 404
    assert subscription(web).status == "active"


def test_readers_see_neither_commands_nor_other_peoples_ids(web: Web) -> None:
    from crawler.errors import ConfigError

    web.parts.subscriptions.enter(
        Subscription("anna-private", "email:anna@example.org"), now=NOW, by="operator"
    )
    token = web.parts.signer.sign("manage", "anna-privat", now=NOW, lasts=timedelta(days=1))
    gone = web.client.get(f"/manage/{token}")
    assert gone.status_code == 404
    assert "This subscription has ended." in gone.text
    assert "anna-private" not in gone.text
    unknown = web.client.get("/stories/s123")
    assert "clusterwatch " not in unknown.text.replace("clusterwatch.svg", "")

    def wrong(*_: object, **__: object) -> None:
        raise ConfigError("/srv/secret.toml: wrong", remedy="clusterwatch doctor")

    object.__setattr__(web.parts.subscriptions, "managed_by", wrong)
    page = web.client.get(f"/manage/{token}")
    assert page.status_code == 503
    assert "Not at the moment" in page.text
    assert "secret.toml" not in page.text


def test_the_resend_page_says_the_same_to_everybody(web: Web) -> None:
    confirmed(web)
    before = len(mails(web))
    known = post(web, "/resend", page="/resend", address=ADA)
    unknown = post(web, "/resend", page="/resend", address="eve@example.org")
    assert known.text.replace(ADA, "X") == unknown.text.replace("eve@example.org", "X")
    assert len(mails(web)) == before + 1


def test_markup_in_the_address_stays_text(web: Web) -> None:
    answer = sign_up(web, '"><script>alert(1)</script>@x.org')
    assert "<script>alert" not in answer.text


def test_without_a_mail_server_nobody_is_promised_a_mail(make_web: MakeWeb) -> None:
    web = make_web()
    web.parts.crawler.settings = web.parts.settings.model_copy(
        update={"email": web.parts.settings.email.model_copy(update={"smtp": ""})}
    )
    assert "not set up here yet" in web.client.get("/").text
    assert sign_up(web).status_code == 503


def test_a_chosen_language_goes_along_from_the_form_to_the_confirmation(web: Web) -> None:
    first = web.client.get("/?lang=de")
    assert 'action="/subscribe?lang=de"' in first.text
    asked = post(web, "/subscribe?lang=de", **{**FORM, "address": ADA})
    assert "Sehen Sie in Ihre Mails" in asked.text
    (mail,) = mails(web)
    page = f"{link(mail, 'confirm')}?lang=de"
    parsed = message_from_string(mail.payload, policy=policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    assert page in body.get_content()
    done = post(web, page, page=page)
    assert 'lang="de"' in done.text[:200]
    assert "?lang=de" in done.text


def test_pages_alone_do_not_promise_a_mail_that_nobody_sends(web: Web) -> None:
    assert "no mails go out from here" in sign_up(web).text
    beat(web.parts.crawler.database, NOW)
    assert "a mail is on its way" in sign_up(web, "eve@example.org").text
