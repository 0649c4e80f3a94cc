"""Whatever a page says, every medium gets a message it takes."""

from __future__ import annotations

from email import message_from_bytes, policy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.demo.block_limits import message_error
from alerts.digests.email import MOST_BYTES, render_email, render_html
from alerts.digests.slack import render_slack
from crawler.model.digest import Digest
from tests.fixtures.digest_makers import digest_of, item, selected

NASTY = st.text(
    st.one_of(
        st.sampled_from("<>&|*_~`\"'{}%\r\n\t\x00\u202e\u2028\ud83d\ufeff:@#!"),
        st.characters(),
    ),
    max_size=200,
)
ADDRESS = st.one_of(NASTY, NASTY.map(lambda text: f"https://a.example/{text}"))


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    stories = []
    for number in range(draw(st.integers(1, 4))):
        lead = item(
            str(number), draw(NASTY), text=draw(NASTY), url=draw(ADDRESS), language=draw(LANGUAGE)
        )
        also = item(
            f"also-{number}", draw(NASTY), url=draw(ADDRESS), language="pl", source="valley"
        )
        stories.append(selected(lead, draw(TOPIC), also_in=(also,), other_topics=(draw(NASTY),)))
    links = {"status": draw(ADDRESS), "leave": draw(ADDRESS), "operator": draw(NASTY)}
    return digest_of(stories[:2], stories[2:], links=links, topics=("*",))


LANGUAGE = st.sampled_from(["en", "de", "", "xx"])
TOPIC = st.sampled_from(["ai", "", "print"])
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(digests())
def test_slack_takes_every_payload(digest: Digest) -> None:
    for payload in render_slack(digest, channel="C1", delivery_id="d"):
        assert message_error(str(payload["text"]), payload["blocks"]) is None


@FEW
@given(digests(), NASTY)
def test_a_mail_keeps_its_headers_and_parts(digest: Digest, word: str) -> None:
    data = render_email(
        digest,
        sender="News <news@example.org>",
        recipient="reader@example.org",
        delivery_id=word,
        list_id=word,
        unsubscribe_url=f"https://n.example/{word}",
        unsubscribe_mailto=word,
    )
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    message = message_from_bytes(data, policy=policy.default)
    names = {name.lower() for name in message.keys()}  # noqa: SIM118  EmailMessage iterates keys
    allowed = {"from", "to", "subject", "date", "message-id", "auto-submitted", "list-id"}
    allowed |= {"list-unsubscribe", "list-unsubscribe-post", "feedback-id", "mime-version"}
    assert names <= allowed | {"content-type", "content-language"}
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]


@FEW
@given(digests())
def test_a_page_runs_nothing(digest: Digest) -> None:
    html = render_html(digest)
    assert len(html.encode()) < MOST_BYTES
    assert "<script" not in html.lower()
    assert 'href="javascript' not in html.lower()
