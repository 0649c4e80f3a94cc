"""Slack's payloads: within the limits, nothing parsed that we did not write."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.demo.block_limits import message_error
from alerts.digests.menu import Subject, subject_of
from alerts.digests.mrkdwn import escaped, link, whole_words
from alerts.digests.slack import HEADER_CHARACTERS, STORY_CHARACTERS, render_slack
from crawler.model.digest import Digest, SelectedStory
from tests.fixtures.digest_makers import digest_of, item, many, selected

HOSTILE = "<!channel> & <https://evil.example|x> *bold* _it_ @here a|b\nnext"


def rendered(digest: Digest) -> tuple[dict[str, Any], ...]:
    return render_slack(digest, channel="#news", delivery_id="d1")


def sections(payload: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in payload["blocks"] if block["type"] == "section"]


def all_sections(payloads: Sequence[dict[str, Any]]) -> str:
    return "\n".join(text for payload in payloads for text in sections(payload))


def test_a_digest_as_it_arrives() -> None:
    lead = item("a", "Regions open their laboratories")
    other = item("b", source="valley", language="pl")
    chosen = selected(lead, also_in=(other,), other_topics=("print",), learning="machine learning")
    (payload,) = rendered(digest_of([chosen]))
    types = [block["type"] for block in payload["blocks"]]
    assert types == ["header", "section", "section", "context"]
    assert sections(payload) == [
        "*Artificial intelligence*",
        "<https://harbour.example/news/a|Regions open their laboratories>\n"
        "Harbour Cluster · 20 Nov · also: 3D printing\n"
        "Engineers use *machine learning* to sort parts before they reach the line.\n"
        "also in: <https://valley.example/news/b|Valley Network (pl)>",
    ]
    foot = payload["blocks"][-1]["elements"][0]["text"]
    assert foot == (
        "<https://news.example.org/status|42 sources checked, 118 new items, 1 story>\n"
        "<https://news.example.org/manage/t0k3n|Change or pause> · "
        "<https://news.example.org/leave/t0k3n|Unsubscribe>"
    )


def test_the_payload_never_unfurls_and_carries_the_deliverys_id() -> None:
    payloads = rendered(digest_of(many(25), many(90, start=25)))
    assert len(payloads) > 1
    for number, payload in enumerate(payloads):
        assert payload["unfurl_links"] is False
        assert payload["unfurl_media"] is False
        assert payload["channel"] == "#news"
        own = "d1" if number == 0 else f"d1-{number}"
        assert payload["metadata"] == {
            "event_type": "clusterwatch_delivery",
            "event_payload": {"delivery_id": own},
        }
        assert json.loads(json.dumps(payload)) == payload


@pytest.mark.parametrize(("shown", "rolled_up"), [(0, 0), (1, 0), (25, 12), (25, 400), (120, 0)])
def test_every_payload_is_within_slacks_limits(shown: int, rolled_up: int) -> None:
    for payload in rendered(digest_of(many(shown), many(rolled_up, start=shown))):
        assert message_error(payload["text"], payload["blocks"]) is None
        assert len(payload["blocks"]) <= 50
        assert len(json.dumps(payload, ensure_ascii=False)) <= 10_000
        assert 0 < len(payload["text"]) < 4_000


def test_no_story_is_lost_and_none_stands_twice() -> None:
    payloads = rendered(digest_of(many(120), many(30, start=120)))
    text = all_sections(payloads)
    for number in range(150):
        assert text.count(f"Story number {number}:") == 1
    assert all(not sections(payload)[-1].startswith("*") for payload in payloads[:-1])


def test_more_rolled_up_stories_than_a_thread_lists_are_counted() -> None:
    digest = digest_of(many(1), many(260, start=1), links={"archive": "https://n.example/archive"})
    last = rendered(digest)[-1]["blocks"][-1]
    assert last["elements"][0]["text"] == "<https://n.example/archive|60 more>"


@pytest.mark.parametrize("address", [20, 150, 250])
@pytest.mark.parametrize("title", [10, 120])
def test_a_story_has_at_most_350_characters(address: int, title: int) -> None:
    lead = item(
        "a",
        "Wörter & Sätze " * (title // 10),
        text="Am Anfang steht wenig. " * 3 + "Dann hilft machine learning beim Sortieren & mehr.",
        language="de",
        url=f"https://a.example/{'p' * address}",
    )
    others = [item(f"o{n}", source="valley", language=c) for n, c in enumerate(("pl", "cs", "fr"))]
    (payload,) = rendered(digest_of([selected(lead, also_in=others, learning="machine learning")]))
    text = sections(payload)[1]
    assert len(text) <= STORY_CHARACTERS
    assert "Wörter &amp; Sätze" in text
    assert "Harbour Cluster" in text


def test_what_comes_from_outside_is_never_parsed() -> None:
    lead = item("a", HOSTILE, text=f"{HOSTILE} and machine learning.")
    digest = digest_of([selected(lead, learning="machine learning")])
    (payload,) = rendered(digest)
    for text in (payload["text"], *sections(payload)):
        assert "<!channel>" not in text
        assert "<https://evil" not in text
        links = re.findall(r"<([^>]*)>", text)
        assert all(found.startswith("https://harbour.example/news/a|") for found in links)
    for block in payload["blocks"]:
        if block["type"] == "section":
            assert block["text"]["verbatim"] is True


def test_an_alert_notifies_with_its_headline_and_does_not_say_it_twice() -> None:
    (payload,) = rendered(digest_of([selected(item("a", "Robots arrive"))], schedule="immediate"))
    assert payload["text"] == "AI: Robots arrive"
    assert payload["blocks"][0]["text"]["text"] == "Cluster news, 21 November: 1 on AI"


def test_escaping_does_not_outgrow_the_limits() -> None:
    shown = [selected(item(str(n), "&<" * 100, text="&" * 400), "t" * 4000) for n in range(30)]
    for payload in rendered(digest_of(shown, topics=("*",))):
        assert message_error(payload["text"], payload["blocks"]) is None
        assert len(payload["text"]) <= 1_000


def test_text_is_never_empty() -> None:
    (payload,) = rendered(Digest("team", "w", "en", "", ()))
    assert payload["text"].strip()
    assert message_error(payload["text"], payload["blocks"]) is None


def test_the_header_is_clipped() -> None:
    shown = [selected(item(str(n)), f"a-rather-long-topic-name-{n}" * 3) for n in range(4)]
    (payload,) = rendered(digest_of(shown, topics=("*",)))
    assert len(payload["blocks"][0]["text"]["text"]) <= HEADER_CHARACTERS


def test_rolled_up_stories_are_announced_and_listed_in_the_thread() -> None:
    main, thread = rendered(digest_of(many(2), many(3, start=2)))
    foot = cast(str, main["blocks"][-1]["elements"][0]["text"])
    assert foot.startswith("3 more in the thread\n")
    assert sections(thread)[0] == "*3 more*"
    assert sections(thread)[1].count("• <https://harbour.example/") == 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("*bold* and _it_", "∗bold∗ and ˍitˍ"),
        ("Forscher*innen snake_case", "Forscher*innen snake_case"),
    ],
)
def test_escaping(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_labels_hold_no_bars_and_addresses_no_bare_ampersand() -> None:
    shown = link("a|b\nc", "https://x.example/?a=1&b=2|3")
    assert shown == "<https://x.example/?a=1&amp;b=2%7C3|a¦b c>"
    assert link("label", "javascript:1") == "label"


@pytest.mark.parametrize(
    ("text", "mark", "widened"),
    [
        ("ein KI-Labor", "KI", "KI-Labor"),
        ("die Laserschmelzanlage", "schmelz", "Laserschmelzanlage"),
        ("(machine learning)", "machine learning", "machine learning"),
    ],
)
def test_bold_needs_whole_words(text: str, mark: str, widened: str) -> None:
    start = text.index(mark)
    ((a, b),) = whole_words(text, [(start, start + len(mark))])
    assert text[a:b] == widened


HOSTILE_TEXT = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            ("<!channel>", "<@U0READER01>", "&", "<", ">", "|", "*a*", "한국", "x" * 90)
        ),
        max_size=40,
    ).map(" ".join),
)
ADDRESS = st.builds(
    lambda path, query: f"https://harbour.example/{path}?{query}",
    st.text("abcdefgh-/<>|&%", max_size=900),
    st.text("abc=&<>|", max_size=60),
)
MENTION = re.compile(r"<(?!https?://|mailto:)")


@st.composite
def stories(draw: st.DrawFn) -> list[SelectedStory]:
    told = draw(st.lists(st.tuples(HOSTILE_TEXT, HOSTILE_TEXT, ADDRESS), max_size=70))
    return [
        selected(item(str(number), title or "t", text=text, url=url))
        for number, (title, text, url) in enumerate(told)
    ]


@given(shown=stories(), rolled_up=stories(), interactive=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_digest_leaves_slacks_limits_or_mentions_anybody(
    shown: list[SelectedStory], rolled_up: list[SelectedStory], interactive: bool
) -> None:
    digest = digest_of(shown, rolled_up, max_stories=100)
    for payload in render_slack(digest, channel="#news", delivery_id="d1", interactive=interactive):
        assert message_error(str(payload["text"]), payload["blocks"]) is None
        assert len(cast(list[object], payload["blocks"])) <= 50
        written = json.dumps([payload["text"], payload["blocks"]], ensure_ascii=False)
        assert len(written) <= 10_000
        assert str(payload["text"]).strip()
        texts = [str(payload["text"]), *sections(cast(dict[str, Any], payload))]
        assert not [text for text in texts if MENTION.search(text)]


def test_a_menu_per_story_stays_within_every_limit_in_each_language() -> None:
    for language in ("en", "de", "da"):
        digest = digest_of(many(25), many(40, start=25), digest_language=language)
        payloads = render_slack(digest, channel="#news", delivery_id="d1", interactive=True)
        menus = []
        for payload in payloads:
            assert message_error(str(payload["text"]), payload["blocks"]) is None
            assert len(json.dumps(payload, ensure_ascii=False)) < 10_000
            blocks = cast("list[dict[str, Any]]", payload["blocks"])
            menus += [block for block in blocks if "accessory" in block]
        stories = sum(len(section.stories) for section in digest.sections)
        assert len(menus) == stories == 25
        assert len({block["block_id"] for block in menus}) == 25
        for block in menus:
            options = block["accessory"]["options"]
            assert len(options) <= 5
            assert all(len(one["text"]["text"]) <= 75 for one in options)
            assert all(len(one["value"]) <= 75 for one in options)
            assert len(block["block_id"]) <= 255


def test_a_story_without_a_topic_offers_nothing_to_judge() -> None:
    digest = digest_of([selected(item("a"), "")])
    (payload,) = render_slack(digest, channel="#n", delivery_id="d", interactive=True)
    blocks = cast("list[dict[str, Any]]", payload["blocks"])
    (menu,) = [block["accessory"] for block in blocks if "accessory" in block]
    assert [one["value"] for one in menu["options"]] == ["mute", "why"]


def test_names_too_long_to_be_sent_back_leave_the_menu_out() -> None:
    assert Subject("s" * 64, "i" * 32, "t" * 64).block_id
    assert Subject("s" * 200, "i" * 32, "t" * 64).block_id == ""
    assert subject_of("cw|a|b|c") == Subject("a", "b", "c")
    assert [subject_of(one) for one in ("", "cw", "cw|a", "cw||b|c", "x|a|b|c")] == [None] * 5


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "now also in: Harbour"),
        ("de", "jetzt auch in: Harbour"),
        ("da", "nu også i: Harbour"),
    ],
)
def test_a_story_told_in_the_readers_language_at_last_is_a_linked_line(
    language: str, said: str
) -> None:
    one = item("late", "A probe & a pump", language=language)
    payload = rendered(digest_of(many(1), also=[one], digest_language=language))[0]
    line = next(text for text in sections(payload) if said in text)
    assert line.startswith("• <https://harbour.example/news/late|A probe &amp; a pump – ")
    assert line.count("\n") == 0
