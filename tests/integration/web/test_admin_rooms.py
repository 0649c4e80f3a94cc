"""Topics, subscriptions, judgements and messages from the administration."""

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

TOPIC = "/admin/topics/ai"
NEW = "/admin/add-topic"
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


# -- topics ---------------------------------------------------------------------------------------


def test_terms_are_tried_on_the_archive_and_saved_as_additions(admin: Web) -> None:
    store(admin, "A zeppelin flies over the harbour", "Nothing of the kind")
    tried = change(admin, TOPIC, "try", kind="any", terms="zeppelin*")
    assert "1 item would match; 1 of them new, 0 no longer." in tried.text
    assert "A zeppelin flies over the harbour" in tried.text
    assert admin.parts.crawler.additions.all() == []
    saved = change(admin, TOPIC, "save", kind="any", terms="zeppelin*\nairship*")
    assert "Saved." in saved.text
    first, second = admin.parts.crawler.additions.of("ai")
    assert (first.terms, second.terms, first.by) == (("zeppelin*",), ("airship*",), "web")
    assert any(one.topic == "ai" for one in admin.parts.crawler.matcher.match("A zeppelin", "", ""))
    change(admin, TOPIC, "drop", number=str(first.number))
    assert [one.terms for one in admin.parts.crawler.additions.of("ai")] == [("airship*",)]


def test_the_parts_of_a_near_term_stand_between_plus_signs(admin: Web) -> None:
    change(admin, TOPIC, "save", kind="near", terms="robot* + surg*")
    (one,) = admin.parts.crawler.additions.of("ai")
    assert one.terms == ("robot*", "surg*")


@pytest.mark.parametrize("terms", ["", "  \n ", "*", '"unclosed'])
@pytest.mark.parametrize("do", ["try", "save"])
def test_wrong_terms_are_told_beside_the_form(admin: Web, terms: str, do: str) -> None:
    answer = change(admin, TOPIC, do, kind="any", terms=terms)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert admin.parts.crawler.additions.all() == []


def test_a_new_topic_is_tried_saved_and_removed(admin: Web) -> None:
    store(admin, "A zeppelin flies over the harbour")
    fields = {"name": "Air <ships>", "any": "zeppelin*", "none": "Led Zeppelin"}
    tried = change(admin, NEW, "try", **fields)
    assert "1 item would match" in tried.text
    assert admin.parts.crawler.topic_store.own() == []
    saved = change(admin, NEW, "save", **fields)
    assert saved.url.path == "/admin/topics/air-ships"
    assert "Air &lt;ships&gt;" in saved.text
    assert change(admin, NEW, "save", **fields).status_code == 422
    gone = change(admin, "/admin/topics/air-ships", "remove")
    assert gone.url.path == "/admin/topics"
    assert admin.parts.crawler.topic_store.own() == []


def test_a_shipped_topic_is_not_removed(admin: Web) -> None:
    assert change(admin, TOPIC, "remove").status_code == 422
    assert "ai" in {one.id for one in admin.parts.crawler.topics}


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
    assert change(admin, path, "useful", item="unknown").status_code == 404


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
