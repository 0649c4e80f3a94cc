"""The administration and the API on SQLite and PostgreSQL: the same answers, odd words included."""

from __future__ import annotations

import pytest

from crawler.storage.feedback import FeedbackStore
from tests.integration.web.conftest import ENVIRONMENT, Web
from tests.integration.web.stock import KOREA, put, told, words
from tests.integration.web.test_admin import PAGES, log_in
from tests.integration.web.test_subscribing import post

TOKEN = {"Authorization": f"Bearer {ENVIRONMENT['CLUSTERWATCH_ADMIN_TOKEN']}"}
LISTS = {"api": (), "archive": ("/archive",),
         "admin": ("/admin/sources", "/admin/subscriptions", "/admin/topics")}  # fmt: skip
ODD = ("%", "_", "'", '"', "\\", "a'b--", "%00", "\u202e", "한국", "😀", "x" * 150, "1) OR (1=1")


def fill(web: Web) -> None:
    put(web, 1, "Sachsen und Südkorea kooperieren", KOREA, language="de", published=told(1))
    for number in range(2, 7):
        put(web, number, f"Story number {number}", words(number), published=told(number))


def test_the_api_pages_searches_and_judges(either: Web) -> None:
    fill(either)
    seen: list[str] = []
    path = "/api/v1/items?limit=2"
    for _ in range(5):
        page = either.client.get(path, headers=TOKEN).json()
        seen += [one["title"] for one in page["items"]]
        if page["next"] is None:
            break
        path = f"/api/v1/items?limit=2&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 6
    (found,) = either.client.get("/api/v1/items?q=kooperieren", headers=TOKEN).json()["items"]
    (match,) = found["topics"]
    body = {"item": found["id"], "topic": match["topic"], "judgement": "wrong"}
    assert either.client.post("/api/v1/feedback", json=body, headers=TOKEN).status_code == 201
    (kept,) = FeedbackStore(either.parts.crawler.database).of(match["topic"])
    assert (kept.item, kept.judgement, kept.by) == (found["id"], "wrong", "api")
    for room in ("sources", "sources/alpha", "topics", "subscriptions", "status", "stories/x"):
        answer = either.client.get(f"/api/v1/{room}", headers=TOKEN)
        assert answer.status_code == (404 if room == "stories/x" else 200), room


@pytest.mark.parametrize("room", ["archive", "api", "admin"])
def test_odd_words_break_no_database(either: Web, room: str) -> None:
    fill(either)
    log_in(either)
    for odd in ODD:
        if room == "api":
            for name in ("q", "topic", "source", "language"):
                answer = either.client.get("/api/v1/items", params={name: odd}, headers=TOKEN)
                assert answer.status_code in (200, 400, 404), (name, odd)
            body = {"item": odd, "topic": "ai", "judgement": "wrong"}
            assert (
                either.client.post("/api/v1/feedback", json=body, headers=TOKEN).status_code == 404
            )
        for path in LISTS[room]:
            for name in ("q", "topic", "after"):
                answer = either.client.get(path, params={name: odd})
                assert answer.status_code in (200, 400, 404), (path, odd)


def test_every_page_of_the_administration_opens(either: Web) -> None:
    fill(either)
    log_in(either)
    for path in PAGES:
        assert either.client.get(path).status_code == 200, path


def test_topics_and_subscriptions_are_made_and_ended(either: Web) -> None:
    fill(either)
    log_in(either)
    fields = {"name": "Stories", "any": "number*", "none": ""}
    tried = post(either, "/admin/add-topic", page="/admin", do="try", **fields)
    assert "5 items would match" in tried.text
    saved = post(either, "/admin/add-topic", page="/admin", do="save", **fields)
    assert saved.url.path == "/admin/topics/stories"
    post(either, "/admin/topics/stories", page="/admin", do="remove")
    assert either.parts.crawler.topic_store.own() == []
    form = {"to": "slack:#cluster-news", "topics": ["ai"], "schedule": "daily 08:00",
            "timezone": "Europe/Berlin", "words": "de"}  # fmt: skip
    post(either, "/admin/add-subscription", page="/admin", do="add", **form)
    (row,) = either.parts.subscription_store.all()
    assert row.subscription.to == "slack:#cluster-news"
    post(either, f"/admin/subscriptions/{row.subscription.id}", page="/admin", do="pause")
    assert either.parts.subscription_store.get(row.subscription.id).subscription.status == "paused"
