"""The other mails: confirmation, first mail, test line, a note to the operator."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest

from alerts.digests.messages import render_message
from tests.fixtures.digest_makers import NOW

LINK = "https://news.example.org/confirm/" + "t" * 120


def rendered(name: str, language: str = "en", **words: Any) -> EmailMessage:
    data = render_message(
        name, language, "reader@example.org", "News <news@example.org>", now=NOW, **words
    )
    return message_from_bytes(data, policy=policy.default)


def bodies(message: EmailMessage) -> list[str]:
    parts = [cast(EmailMessage, message.get_body((kind,))) for kind in ("plain", "html")]
    return [cast(str, body.get_content()) for body in parts]


@pytest.mark.parametrize("language", ["en", "de", "da"])
@pytest.mark.parametrize("name", ["confirm", "welcome", "operator", "test"])
def test_every_message_exists_in_every_language(name: str, language: str) -> None:
    message = rendered(name, language, title="A title")
    assert message["Subject"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    assert all(body.strip() for body in bodies(message))


@pytest.mark.parametrize("language", ["en", "de", "da"])
@pytest.mark.parametrize("name", ["confirm", "welcome"])
def test_the_first_mails_say_whose_news_they_are(name: str, language: str) -> None:
    plain, page = bodies(rendered(name, language, brand="Lake & <b>Friends</b>"))
    assert "Lake & <b>Friends</b>" in " ".join(plain.split())
    assert "Lake &amp; &lt;b&gt;Friends&lt;/b&gt;" in page


def test_confirming_works_by_link_and_by_mail() -> None:
    message = rendered(
        "confirm", link=LINK, mailto="confirm+x@example.org", what="AI, daily", until="28 November"
    )
    for body in bodies(message):
        assert LINK in body
        assert "mailto:confirm+x@example.org" in body
        assert "AI, daily" in body
        assert "28 November" in body
    assert message["List-Unsubscribe"] is None


def test_the_first_mail_carries_the_leave_link_in_its_headers_too() -> None:
    message = rendered("welcome", link=LINK, mailto="leave@example.org")
    assert message["List-Unsubscribe"] == f"<{LINK}>, <mailto:leave@example.org>"
    assert all(LINK in body for body in bodies(message))


def test_the_operator_reads_what_happened_and_what_to_do() -> None:
    message = rendered(
        "operator", title="Slack refuses\r\nBcc: x@y", lines=["one", "two"], remedy="Invite it."
    )
    assert message["Subject"] == "Clusterwatch: Slack refuses Bcc: x@y"
    assert message["Bcc"] is None
    for body in bodies(message):
        assert all(word in body for word in ("one", "two", "Invite it."))


def test_hostile_links_are_not_written() -> None:
    assert all("javascript" not in b for b in bodies(rendered("confirm", link="javascript:1")))


def test_unknown_words_are_refused() -> None:
    with pytest.raises(TypeError):
        rendered("confirm", lnik=LINK)


def test_the_same_delivery_keeps_its_message_id() -> None:
    assert rendered("test", delivery_id="t-1")["Message-ID"] == "<t-1@example.org>"
    assert rendered("test")["Message-ID"] == rendered("test")["Message-ID"]


@pytest.mark.parametrize(("language", "label"), [("en", "Imprint"), ("de", "Impressum")])
def test_mails_to_readers_link_the_imprint_where_there_is_one(language: str, label: str) -> None:
    notices = {"imprint": "https://example.org/imprint", "privacy": "https://example.org/privacy"}
    for body in bodies(rendered("confirm", language, link=LINK, **notices)):
        assert "https://example.org/imprint" in body
        assert "https://example.org/privacy" in body
        assert label in body
    for body in bodies(rendered("confirm", language, link=LINK)):
        assert label not in body
