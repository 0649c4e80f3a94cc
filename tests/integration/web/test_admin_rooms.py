"""Subscriptions, judgements and messages from the administration."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from httpx2 import Response

from alerts.undelivered import undelivered
from crawler.model.delivery import Delivery
from crawler.model.item import RawItem
from crawler.model.reading import Entry, Reading
from crawler.storage.deliveries import GIVEN_UP
from crawler.storage.feedback import FeedbackStore
from tests.integration.web.conftest import NOW, Web
from tests.integration.web.test_admin import log_in
from tests.integration.web.test_subscribing import field, post

SUBSCRIBE = "/admin/add-subscription"
MESSAGES = "/admin/deliveries"


@pytest.fixture
def admin(web: Web) -> Web:
    log_in(web)
    return web


def change(web: Web, path: str, do: str, **values: object) -> Response:
    return post(web, path, page="/admin", do=do, **values)


def store(web: Web, *titles: str) -> None:
    listed = [
        RawItem(f"https://alpha.example/{number}", title, summary=f"{title}.", language="en")
        for number, title in enumerate(titles)
    ]
    entries = tuple(Entry(one) for one in listed)
    reading = Reading("alpha", kind="listing", listed=tuple(listed), entries=entries)
    web.parts.crawler.ingest.store(reading, NOW - timedelta(days=2))


# -- subscriptions --------------------------------------------------------------------------------


def test_a_subscription_shows_its_next_times_then_is_added(admin: Web) -> None:
    fields = {
        "to": "slack:#cluster-news", "topics": ["ai"], "schedule": "weekly mon 08:00",
        "timezone": "Europe/Berlin", "words": "de",
    }  # fmt: skip
    looked = change(admin, SUBSCRIBE, "look", **fields)
    assert "Mon 23 Nov, 08:00" in looked.text
    assert admin.parts.subscription_store.all() == []
    added = change(admin, SUBSCRIBE, "add", **fields)
    assert "Added." in added.text
    (row,) = admin.parts.subscription_store.all()
    one = row.subscription
    assert (one.to, one.topics, one.digest_language) == ("slack:#cluster-news", ("ai",), "de")
    path = f"/admin/subscriptions/{one.id}"
    change(admin, path, "pause")
    assert admin.parts.subscription_store.get(one.id).subscription.status == "paused"
    change(admin, path, "resume")
    assert admin.parts.subscription_store.get(one.id).subscription.status == "active"
    assert change(admin, path, "remove").url.path == "/admin/subscriptions"
    assert admin.parts.subscription_store.all() == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"to": "ada@example.org"}, "names no channel"),
        ({"to": "email:ada@example.org", "schedule": "now and then"}, "schedule"),
        ({"to": "email:ada@example.org", "topics": ["nothing"]}, "there is no"),
        ({"to": "file:/etc/"}, "own folder alone"),
        ({"to": "file:../out/"}, "own folder alone"),
        ({"to": "file:C:\\out"}, "own folder alone"),
    ],
)
def test_wrong_subscriptions_are_told_beside_the_form(
    admin: Web, values: dict[str, object], said: str
) -> None:
    answer = change(admin, SUBSCRIBE, "add", timezone="UTC", **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert admin.parts.subscription_store.all() == []


def test_who_left_is_asked_by_mail_with_a_button(admin: Web) -> None:
    fields = {"to": "email:ada@example.org", "timezone": "UTC"}
    change(admin, SUBSCRIBE, "add", **fields)
    (row,) = admin.parts.subscription_store.all()
    admin.parts.subscriptions.leave(row.subscription.id, now=NOW, by="mail")
    refused = change(admin, SUBSCRIBE, "add", **fields)
    assert refused.status_code == 422
    assert "only its owner can bring it back" in refused.text
    assert "clusterwatch subscriptions" not in refused.text
    assert 'name="do" value="ask"' in refused.text
    assert (
        "It waits until its recipient confirms." in change(admin, SUBSCRIBE, "ask", **fields).text
    )
    (back,) = admin.parts.subscription_store.all()
    assert (back.subscription.status, back.subscription.to) == ("pending", fields["to"])
    mails = admin.parts.deliveries.find(subscription=back.subscription.id)
    assert [one.window.partition(":")[0] for one in mails] == ["confirm"]


def test_who_has_no_mail_cannot_be_asked_by_mail(admin: Web) -> None:
    answer = change(admin, SUBSCRIBE, "ask", to="slack:#c", timezone="UTC")
    assert answer.status_code == 422
    assert "reached by mail" in answer.text
    assert 'value="ask"' not in answer.text
    assert admin.parts.subscription_store.all() == []


# -- judgements -----------------------------------------------------------------------------------


def test_items_asked_about_are_judged(admin: Web) -> None:
    store(admin, "Nothing of the kind", "Another matter altogether")
    path = "/admin/feedback/ai"
    page = admin.client.get(path)
    assert "Nothing of the kind" in page.text
    item = field(page, "item")
    assert "Thank you, that is kept." in change(admin, path, "useful", item=item).text
    (kept,) = FeedbackStore(admin.parts.crawler.database).of("ai")
    assert (kept.item, kept.judgement, kept.by) == (item, "missed", "web")
    change(admin, path, "not", item=item)
    assert FeedbackStore(admin.parts.crawler.database).of("ai")[-1].judgement == "wrong"
    unknown = change(admin, path, "useful", item="unknown")
    assert unknown.status_code == 404
    assert "No item has the id" in unknown.text
    assert "clusterwatch items" not in unknown.text


# -- messages -------------------------------------------------------------------------------------


def missed(web: Web, state: str, **values: object) -> Delivery:
    change(web, SUBSCRIBE, "add", to="slack:#c", timezone="UTC", id="team")
    one = Delivery(
        "d1", "team", "2026-11-21", 0, "slack", "slack:#c", state, "{}", NOW, attempts=3,
        error="channel <b>gone</b>",
    )  # fmt: skip
    web.parts.deliveries.queue(replace(one, **values))  # type: ignore[arg-type]
    web.parts.deliveries.queue(replace(one, id="d2", part=1, thread_of="d1"))
    return one


@pytest.mark.parametrize("state", ["dead", "parked"])
def test_what_did_not_arrive_is_sent_again_with_its_thread(admin: Web, state: str) -> None:
    missed(admin, state)
    page = admin.client.get(MESSAGES)
    assert "channel &lt;b&gt;gone&lt;/b&gt;" in page.text
    assert page.text.count('value="again"') == 1
    assert "It is sent again." in change(admin, MESSAGES, "again", delivery="d1").text
    states = {one.id: one.state for one in admin.parts.deliveries.find(subscription="team")}
    assert states == {"d1": "pending", "d2": "pending"}
    assert change(admin, MESSAGES, "again", delivery="d1").status_code == 422


@pytest.mark.parametrize("state", ["dead", "parked", "retry"])
def test_what_is_given_up_is_not_asked_about_nor_sent_again(admin: Web, state: str) -> None:
    missed(admin, state)
    assert "Given up." in change(admin, MESSAGES, "give_up", delivery="d1").text
    parts = admin.parts
    assert undelivered(parts.deliveries, parts.subscription_store, NOW) == []
    assert parts.deliveries.get("d1").error == GIVEN_UP
    assert parts.deliveries.revive(["team"], NOW) == 0


@pytest.mark.parametrize("which", ["", "unknown", "a/b", "d1' OR 1=1"])
def test_unknown_messages_are_refused(admin: Web, which: str) -> None:
    assert change(admin, MESSAGES, "again", delivery=which).status_code == 422
    assert change(admin, MESSAGES, "give_up", delivery=which).status_code == 422


def test_digests_sent_lately_lead_to_what_was_sent(admin: Web) -> None:
    missed(admin, "sent", sent_at=NOW)
    assert 'href="/digests/d1"' in admin.client.get(MESSAGES).text
