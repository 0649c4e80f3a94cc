"""Mails: headers that services read, both parts alike, and safe from what pages say."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, cast

import pytest

from alerts.digests.email import MOST_BYTES, render_email, render_html, render_text
from alerts.digests.runs import marked_runs
from crawler.errors import ConfigError, SubscriptionError
from crawler.model.digest import Digest
from tests.fixtures.digest_makers import digest_of, item, many, selected

LONG_URL = "https://news.example.org/unsubscribe/" + "t0k3n" * 40
SENDER = "Clusterwatch <news@example.org>"


def raw(digest: Digest, **options: Any) -> bytes:
    given = {"sender": SENDER, "recipient": "reader@example.org", "delivery_id": "d-1"}
    return render_email(digest, **{**given, **options})


def parsed(digest: Digest, **options: Any) -> EmailMessage:
    return message_from_bytes(raw(digest, **options), policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    body = cast(EmailMessage, message.get_body((kind,)))
    return cast(str, body.get_content())


def raw_header(data: bytes, name: str) -> bytes:
    found = re.search(rb"(?ims)^" + name.encode() + rb": (.*?)\r\n(?![ \t])", data)
    assert found is not None
    return found[1]


class Page(HTMLParser):
    """Collects what a page links, loads and is structured by."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))


def test_a_mail_has_the_headers_services_read() -> None:
    message = parsed(
        digest_of(many(3)),
        unsubscribe_url=LONG_URL,
        unsubscribe_mailto="leave@example.org",
        public_url="https://news.example.org/",
    )
    assert message["Subject"] == "Cluster news, 21 November: 1 on Korea, 1 on AI, 1 on 3D printing"
    assert message["Date"] == "Sat, 21 Nov 2026 07:00:00 +0000"
    assert message["Message-ID"] == "<d-1@example.org>"
    assert message["List-Id"] == "<team.clusterwatch.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Archive"] == "<https://news.example.org/>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["Feedback-ID"].count(":") == 3
    assert "team" not in message["Feedback-ID"]
    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.defects == []


def test_a_long_list_unsubscribe_is_never_broken_into_encoded_words() -> None:
    data = raw(digest_of(many(1)), unsubscribe_url=LONG_URL, unsubscribe_mailto="l@example.org")
    assert raw_header(data, "List-Unsubscribe") == (
        f"<{LONG_URL}>,\r\n <mailto:l@example.org>".encode()
    )


def test_one_click_is_promised_only_with_an_https_address() -> None:
    message = parsed(digest_of(many(1)), unsubscribe_mailto="leave@example.org")
    assert message["List-Unsubscribe"] == "<mailto:leave@example.org>"
    assert message["List-Unsubscribe-Post"] is None
    plain = parsed(digest_of(many(1)), unsubscribe_url="http://insecure.example/")
    assert plain["List-Unsubscribe"] is None


def test_the_bytes_are_ascii_with_crlf_and_short_lines() -> None:
    digest, sender = digest_of(many(20), digest_language="de"), '"Müller, AG" <n@example.org>'
    data = raw(digest, sender=sender)
    assert data.isascii()
    bare = data.replace(b"\r\n", b"")
    assert b"\n" not in bare
    assert b"\r" not in bare
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert data == raw(
        digest_of(many(20), digest_language="de"), sender='"Müller, AG" <n@example.org>'
    )


@pytest.mark.parametrize("name", ["Müller, Grüße & Co", "Cluster; News", "한국 소식", 'A "B" C'])
def test_display_names_survive(name: str) -> None:
    quoted = name.replace('"', '\\"')
    message = parsed(digest_of([]), sender=f'"{quoted}" <news@example.org>')
    assert message["From"].addresses[0].display_name == name
    assert message["From"].addresses[0].addr_spec == "news@example.org"


def test_subjects_in_any_script_survive() -> None:
    title = "Neues: 한국과 협력, größere Öfen — und ein langer Titel, der umbrochen wird"
    assert parsed(replace(digest_of([]), title=title))["Subject"] == title


def test_header_injection_is_impossible() -> None:
    hostile = "News\r\nBcc: victim@example.org\r\n\r\nbody"
    digest = replace(digest_of([selected(item("a", hostile))]), title=hostile)
    data = raw(
        digest,
        delivery_id="d\r\nBcc: x@y",
        list_id="l\r\nBcc: x@y",
        unsubscribe_url="https://n.example/\r\nBcc: x@y",
        unsubscribe_mailto="l@n.example\r\nBcc: x@y",
    )
    message = message_from_bytes(data, policy=policy.default)
    assert message["Bcc"] is None
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]


def test_wrong_addresses_are_refused_with_the_right_error() -> None:
    with pytest.raises(ConfigError):
        raw(digest_of([]), sender="nobody")
    for recipient in ("nobody", "a@b@", "", "jürgen@example.org"):
        with pytest.raises(SubscriptionError):
            raw(digest_of([]), recipient=recipient)


def test_international_domains_are_written_in_ascii() -> None:
    assert parsed(digest_of([]), recipient="a@bücher.example")["To"] == "a@xn--bcher-kva.example"


def test_the_text_part_has_every_title_and_address_of_the_html_part() -> None:
    message = parsed(digest_of(many(25), many(12, start=25), changed=[item("c", "Changed one")]))
    text, html = part(message, "plain"), part(message, "html")
    addresses = [url for url in Page(html).links if url.startswith("http")]
    assert len(addresses) > 60
    assert [url for url in addresses if url not in text] == []
    folded = " ".join(text.split())
    assert all(f"Story number {number}:" in folded for number in range(37))
    assert "Changed one" in folded


def test_the_page_loads_nothing_and_is_structured_for_screen_readers() -> None:
    german = item("g", "Ein Titel", language="de", text="Wir nutzen KI im Labor.")
    page = Page(render_html(digest_of([*many(4), selected(german, heading="KI")])))
    names = [tag for tag, _ in page.tags]
    assert not {"img", "script", "link", "iframe", "object", "form"} & set(names)
    assert page.tags[0] == ("html", {"lang": "en"})
    assert names.count("h1") == names.count("main") == names.count("footer") == 1
    levels = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert ("h3", "de") in [(tag, attributes.get("lang")) for tag, attributes in page.tags]


def test_css_is_inlined_and_dark_mode_stays_a_rule() -> None:
    html = render_html(digest_of(many(1)))
    assert "prefers-color-scheme: dark" in html
    assert 'class="meta" style="' in html
    assert "url(" not in html


@pytest.mark.parametrize(("shown", "rolled_up"), [(0, 0), (25, 300), (400, 0), (300, 3000)])
def test_the_page_stays_under_80_kb_and_counts_what_it_leaves_out(
    shown: int, rolled_up: int
) -> None:
    digest = digest_of(many(shown), many(rolled_up, start=shown))
    html = render_html(digest)
    assert len(html.encode()) < MOST_BYTES
    listed = html.count("Story number ") - html[: html.index("<h1")].count("Story number ")
    left_out = shown + rolled_up - listed
    assert (f"{left_out} more" in html) == (left_out > 0)


def test_hostile_addresses_do_not_outgrow_the_limit() -> None:
    long = [selected(item(f"a{n}", url=f"https://a.example/{n}/{'%20' * 900}")) for n in range(60)]
    assert len(render_html(digest_of(long)).encode()) < MOST_BYTES


def test_markup_in_titles_is_shown_not_run() -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="x">'
    html = render_html(digest_of([selected(item("a", hostile))]))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_evidence_is_marked_in_both_parts() -> None:
    digest = digest_of([selected(item("a"), learning="machine learning")])
    assert re.search(r"<mark[^>]*>machine learning</mark>", render_html(digest))
    assert "*machine learning*" in render_text(digest)


def test_marks_beside_each_other_are_one() -> None:
    text = "Machine learning models, trained well"
    marks = [(0, 7), (8, 16), (17, 23), (25, 32)]
    runs = [(run.text, run.marked) for run in marked_runs(text, marks)]
    assert runs == [
        ("Machine learning models", True),
        (", ", False),
        ("trained", True),
        (" well", False),
    ]


def test_a_digest_as_plain_text() -> None:
    other = item("b", source="valley", language="pl")
    digest = digest_of([selected(item("a"), also_in=(other,), learning="machine learning")])
    assert render_text(digest) == (
        "Cluster news, 21 November: 1 on AI\n"
        "\n"
        "Artificial intelligence\n"
        "-----------------------\n"
        "\n"
        "Regions open their laboratories\n"
        "https://harbour.example/news/a\n"
        "Harbour Cluster · 20 Nov\n"
        "Engineers use *machine learning* to sort parts before they reach the\n"
        "line.\n"
        "also in: Valley Network (pl)\n"
        "  Valley Network (pl): https://valley.example/news/b\n"
        "\n"
        "-- \n"
        "42 sources checked, 118 new items, 1 story\n"
        "https://news.example.org/status\n"
        "Change or pause: https://news.example.org/manage/t0k3n\n"
        "Unsubscribe: https://news.example.org/leave/t0k3n\n"
    )


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
    one = item("late", "A probe in every well", language=language)
    digest = digest_of(many(1), also=[one], digest_language=language)
    page, plain = render_html(digest), " ".join(render_text(digest).split())
    assert f"A probe in every well – {said}" in plain
    assert "https://harbour.example/news/late" in plain
    assert re.search(
        rf'<li[^>]*><a href="https://harbour.example/news/late"[^>]*>[^<]*{said}', page
    )
