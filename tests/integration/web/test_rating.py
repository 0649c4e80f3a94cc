"""The link at a digest's foot: looking changes nothing, what is pressed counts once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest

from alerts.links import Links
from alerts.tokens import TokenSigner
from crawler.model.delivery import Delivery
from crawler.model.item import Item
from crawler.model.judgement import Judgement
from crawler.model.subscription import Subscription
from crawler.storage.feedback import FeedbackStore
from tests.integration.web.conftest import Web
from tests.integration.web.stock import KOREA, put, told, words
from tests.integration.web.test_subscribing import field

TOPIC = "korea-cooperation"
TITLE = "Sachsen und Südkorea <script>alert(1)</script> bauen aus"
AI = "Machine learning and neural networks help doctors of the clinic. The model was trained."
ADA = Subscription("ada", "email:ada@example.org", topics=(TOPIC,), timezone="Europe/Berlin",
                   since="3d")  # fmt: skip


def sent(web: Web, one: Subscription = ADA) -> tuple[Delivery, Item]:
    """A digest with one story, as it was queued."""
    web.parts.subscriptions.enter(one, now=web.now, by="operator")
    item = put(web, 1, TITLE, KOREA, language="de")
    done = web.parts.dispatcher.close_window(one.id, web.now, extra=True)
    assert done is not None
    return web.parts.deliveries.get(done.deliveries[0]), item


def rate_link(mail: Delivery, form: str = "plain") -> str:
    parsed = message_from_string(mail.payload, policy=policy.default)
    body = parsed.get_body((form,))
    assert body is not None
    found = re.search(r"https://news\.example\.org(/rate/[\w.-]+)", body.get_content())
    assert found, body.get_content()
    return found[1]


def judgements(web: Web) -> list[Judgement]:
    return FeedbackStore(web.parts.crawler.database).of(TOPIC)


def press(web: Web, path: str, do: str, item: str) -> int:
    csrf = field(web.client.get(path), "csrf")
    data = {"csrf": csrf, "do": do, "item": item}
    return web.client.post(path, data=data, follow_redirects=False).status_code


def test_the_mail_links_the_page_in_both_its_forms(web: Web) -> None:
    mail, _ = sent(web)
    assert rate_link(mail) == rate_link(mail, "html")
    parsed = message_from_string(mail.payload, policy=policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    assert "Judge these stories: https://news.example.org/rate/" in body.get_content()


def test_looking_changes_nothing(web: Web) -> None:
    mail, _ = sent(web)
    for _ in range(3):
        page = web.client.get(rate_link(mail))
        assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert page.text.count('value="useful"') == 1
    assert web.client.head(rate_link(mail)).status_code in (200, 405)
    assert judgements(web) == []


def test_what_is_pressed_is_the_same_row_and_counts_once(web: Web) -> None:
    mail, item = sent(web)
    path = rate_link(mail)
    for do in ("useful", "useful", "wrong"):
        assert press(web, path, do, item.id) == 303
    kept = judgements(web)
    assert [one.judgement for one in kept] == ["relevant", "wrong"]
    assert kept[0].item == item.id
    assert kept[0].by.startswith("web:")
    assert "ada" not in kept[0].by
    page = web.client.get(path).text
    assert page.count('aria-pressed="true"') == 1
    assert press(web, path, "undo", item.id) == 303
    assert judgements(web) == []
    assert 'aria-pressed="true"' not in web.client.get(path).text


def test_stories_stand_in_the_order_of_the_mail(web: Web) -> None:
    both = replace(ADA, topics=("korea-cooperation", "ai"))
    web.parts.subscriptions.enter(both, now=web.now, by="operator")
    put(web, 1, "A strong story on machine learning", AI, published=told(0.1))
    put(web, 2, "Sachsen und Südkorea bauen aus", KOREA, language="de", published=told(2))
    put(web, 3, "Deep learning finds cracks in welds", f"Deep learning sees cracks. {words(3)}",
        source="beta", published=told(1))  # fmt: skip
    done = web.parts.dispatcher.close_window(both.id, web.now, extra=True)
    assert done is not None
    mail = web.parts.deliveries.get(done.deliveries[0])
    body = message_from_string(mail.payload, policy=policy.default).get_body(("plain",))
    assert body is not None
    mailed = re.findall(r"https://\w+\.example/news/\d", body.get_content())
    assert len(mailed) == 3
    path = rate_link(mail)
    assert re.findall(r"https://\w+\.example/news/\d", web.client.get(path).text) == mailed
    web.parts.deliveries.give_up(web.now + timedelta(days=1), "given up")
    assert web.client.get(path).status_code == 200


def test_without_our_form_nothing_is_noted(web: Web) -> None:
    mail, item = sent(web)
    path = rate_link(mail)
    data = {"do": "useful", "item": item.id}
    assert web.client.post(path, data=data).status_code == 403
    assert web.client.post(path, data={**data, "csrf": "x"}).status_code == 403
    assert judgements(web) == []


def test_a_story_of_no_digest_cannot_be_judged(web: Web) -> None:
    mail, _ = sent(web)
    other = put(web, 2, "Another story", words(2))
    assert press(web, rate_link(mail), "useful", other.id) == 404
    assert judgements(web) == []


def test_forged_foreign_and_expired_links_open_nothing(web: Web) -> None:
    mail, _ = sent(web)
    path = rate_link(mail)
    manage = web.parts.links.manage(ADA, web.now).rpartition("/")[2]
    for wrong in (f"{path[:-4]}AAAA", path[:-20], "/rate/x", f"/rate/{manage}"):
        assert web.client.get(wrong).status_code == 404
    web.now = web.now.replace(year=2027)
    assert web.client.get(path).status_code == 404


def test_a_link_is_bound_to_its_digest_and_its_subscription(web: Web) -> None:
    mail, _ = sent(web)
    web.parts.subscriptions.enter(
        replace(ADA, id="bob", to="email:bob@example.org"), now=web.now, by="operator"
    )
    bob = web.parts.subscription_store.get("bob").subscription
    link = web.parts.links.rate(bob, mail.id, web.now)
    assert web.client.get(link.removeprefix("https://news.example.org")).status_code == 404


@pytest.mark.parametrize(
    ("language", "heading"),
    [("de", "Waren diese Meldungen nützlich?"), ("da", "Var disse historier nyttige?")],
)
def test_the_page_speaks_the_readers_language(web: Web, language: str, heading: str) -> None:
    mail, _ = sent(web)
    page = web.client.get(rate_link(mail), headers={"Accept-Language": language})
    assert heading in page.text


def test_a_file_is_linked_only_where_pages_can_be_reached(web: Web, tmp_path: Path) -> None:
    one = replace(ADA, id="file", to=f"file:{tmp_path}/")
    digest = sent(web, one)[0].payload
    assert "https://news.example.org/rate/" in digest
    assert "… pause file”" in digest
    alone = Links(TokenSigner("a secret for tests, long enough"))
    assert "rate" not in alone.of_digest(one, web.now, "d1")


def test_slack_and_webhooks_get_no_such_link(web: Web) -> None:
    for to in ("slack:#news", "webhook:https://hook.example/x"):
        assert "rate" not in web.parts.links.of_digest(replace(ADA, to=to), web.now, "d1")
