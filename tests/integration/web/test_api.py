"""The API: a token, the contract's shapes, cursors that neither skip nor repeat, clear refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.model.item import Article, Published, RawItem
from crawler.model.reading import Entry, Reading
from tests.integration.web.conftest import ENVIRONMENT, NOW, Web

TOKEN = {"Authorization": f"Bearer {ENVIRONMENT['CLUSTERWATCH_ADMIN_TOKEN']}"}
BASE = "/api/v1"


@pytest.fixture
def filled(web: Web) -> Web:
    titles = [
        "Machine learning reads X-ray images at the campus",
        "한국은 협력을 강화한다",
        "Forschungskooperation beginnt in Jena",
        "New members join the cluster",
        "Board elected for two years",
    ]
    for number, title in enumerate(titles):
        url = f"https://alpha.example/news/{number}"
        day = Published(NOW - timedelta(days=number))
        text = f"{title}. Told here in some more words, number {number}."
        entry = Entry(
            RawItem(url, title, day), Article(url, title=title, text=text, published=day), (url,)
        )
        reading = Reading("alpha", kind="feed", watch_url="https://alpha.example/feed",
                          listed=(entry.listed,), entries=(entry,))  # fmt: skip
        web.parts.crawler.ingest.store(reading, NOW + timedelta(minutes=number))
    return web


def get(web: Web, path: str, **headers: str) -> Response:
    return web.client.get(f"{BASE}{path}", headers={**TOKEN, **headers})


def test_without_the_token_there_is_nothing(filled: Web) -> None:
    for path in ("/items", "/status", "/sources", "/topics", "/subscriptions", "/items/x"):
        assert filled.client.get(f"{BASE}{path}").status_code == 401
        wrong = filled.client.get(f"{BASE}{path}", headers={"Authorization": "Bearer nope"})
        assert wrong.status_code == 401
        assert wrong.headers["www-authenticate"] == "Bearer"
    assert filled.client.post(f"{BASE}/feedback", json={}).status_code == 401
    assert filled.client.get("/metrics").status_code == 401


def test_items_have_the_shape_of_the_contract(filled: Web) -> None:
    items = get(filled, "/items").json()["items"]
    assert [item["title"][:5] for item in items] == [
        "Board",
        "New m",
        "Forsc",
        "한국은 협",
        "Machi",
    ]
    one = get(filled, f"/items/{items[-1]['id']}").json()
    assert set(one) == {
        "id", "source", "url", "canonical_url", "title", "summary", "published",
        "first_seen", "language", "topics", "story", "duplicate_of", "text",
    }  # fmt: skip
    (match,) = one["topics"]
    assert match["topic"] == "ai"
    evidence = match["evidence"][0]
    assert one[evidence["field"]][evidence["start"] : evidence["end"]] == evidence["quote"]
    story = get(filled, f"/stories/{one['story']}").json()
    assert [item["id"] for item in story["items"]] == [one["id"]]


@pytest.mark.parametrize("query", ["limit=2", "limit=2&source=alpha", "limit=1&q=words+number"])
def test_pages_neither_skip_nor_repeat(filled: Web, query: str) -> None:
    seen, cursor = [], ""
    for _ in range(10):
        page = get(filled, f"/items?{query}{cursor}").json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("q", "count"), [("한국", 1), ("kooperation", 1), ("cluster", 1), ("qq", 0)]
)
def test_words_are_searched_in_every_script(filled: Web, q: str, count: int) -> None:
    assert len(get(filled, f"/items?q={q}").json()["items"]) == count


def test_filters_and_wrong_parameters(filled: Web) -> None:
    assert len(get(filled, "/items?topic=ai").json()["items"]) == 1
    assert len(get(filled, "/items?source=beta").json()["items"]) == 0
    wrong = (
        "limit=0", "limit=x", "limit=9999", "since=soon", "colour=1", "topic=%00", "since=999999y",
        f"source={'x' * 201}", "since=1d%20", "cursor=!!", "cursor=W10", "cursor=WyJ4Il0",
        "q=a&cursor=WyJ4Il0", "cursor=zzz", "cursor=t1-", "cursor=n", "cursor=n1%0a",
    )  # fmt: skip
    for query in wrong:
        answer = get(filled, f"/items?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["error"]
    nowhere = (
        "items/none", "stories/none", "sources/none", "items/%00", "items?topic=none",
        "items?source=none", "items?language=xx", "items?q=word&topic=none",
    )  # fmt: skip
    for path in nowhere:
        answer = get(filled, f"/{path}")
        assert answer.status_code == 404, path
        assert answer.json()["error"]


def test_a_cursor_of_another_query_is_a_conflict_and_any_place_is_one(filled: Web) -> None:
    for query, status in (
        ("cursor=n5", 409), ("q=word&cursor=t5-i1", 409), ("cursor=t5-i1", 200),
        ("cursor=t9999999999999999-.", 200), ("q=word&cursor=n999999999999999999", 200),
    ):  # fmt: skip
        assert get(filled, f"/items?{query}").status_code == status, query


def test_an_unknown_filter_is_named_with_its_nearest(filled: Web) -> None:
    answer = get(filled, "/items?topic=korea-cooperations")
    assert answer.json() == {
        "error": 'There is no topic "korea-cooperations". Did you mean "korea-cooperation"?'
    }
    assert get(filled, "/items?language=da").json() == {"items": [], "next": None}


def test_what_did_not_change_is_not_sent_again(filled: Web) -> None:
    first = get(filled, "/items")
    again = get(filled, "/items", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = get(filled, "/items?limit=1", **{"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_judgements_land_where_the_commands_put_them(filled: Web) -> None:
    item = get(filled, "/items?topic=ai").json()["items"][0]["id"]
    body = {"item": item, "topic": "ai", "judgement": "wrong"}
    answer = filled.client.post(f"{BASE}/feedback", json=body, headers=TOKEN)
    assert (answer.status_code, answer.json()["by"]) == (201, "api")
    for wrong, status in (
        ({**body, "judgement": "so-so"}, 400),
        ({**body, "topic": "none"}, 404),
        ({**body, "topic": "\x00"}, 404),
        ({**body, "item": "none"}, 404),
        ({"item": 1}, 400),
        ([], 400),
    ):
        sent = filled.client.post(f"{BASE}/feedback", json=wrong, headers=TOKEN)
        assert sent.status_code == status, wrong
    half = filled.client.post(
        f"{BASE}/feedback", headers=TOKEN,
        content=b'{"item": "\\ud800", "topic": "ai", "judgement": "wrong"}',
    )  # fmt: skip
    assert half.status_code == 404
    broken = filled.client.post(f"{BASE}/feedback", content=b"{" * 9000, headers=TOKEN)
    assert broken.status_code == 400


def test_every_described_path_answers_as_described(filled: Web) -> None:
    described = filled.client.get(f"{BASE}/openapi.json").json()
    assert described["servers"] == [{"url": "https://news.example.org/api/v1"}]
    for path, operations in described["paths"].items():
        if "get" in operations and "{" not in path:
            answer = get(filled, path)
            assert answer.status_code == 200
            schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            assert set(schema.get("required", ())) <= set(answer.json()), path


def test_subscriptions_tell_no_addresses(filled: Web) -> None:
    from crawler.model.subscription import Subscription

    ada = Subscription("ada", "email:ada@example.org", topics=("*",))
    filled.parts.subscriptions.enter(ada, now=NOW, by="test")
    assert "ada@example.org" not in get(filled, "/subscriptions").text
    assert "ada@example.org" not in get(filled, "/status").text


def test_metrics_are_prometheus_text(filled: Web) -> None:
    answer = filled.client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    assert "clusterwatch_items 5.0" in answer.text
    assert "clusterwatch_due_sources " in answer.text
    assert 'clusterwatch_sources{health="' in answer.text
    assert 'clusterwatch_deliveries{state="pending"} 0.0' in answer.text
    assert "# TYPE clusterwatch_fetch_bytes_total counter" in answer.text


VALUES = st.dictionaries(
    st.sampled_from(["topic", "source", "language", "since", "q", "limit", "cursor", "other"]),
    st.text(max_size=40),
    max_size=4,
)


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(values=VALUES, identity=st.text(max_size=40))
def test_nothing_that_is_sent_breaks_it(filled: Web, values: dict[str, Any], identity: str) -> None:
    answer = filled.client.get(f"{BASE}/items", params=values, headers=TOKEN)
    assert answer.status_code in (200, 400, 404, 409)
    from urllib.parse import quote

    one = filled.client.get(f"{BASE}/items/{quote(identity, safe='')}", headers=TOKEN)
    assert one.status_code in (200, 400, 404)
