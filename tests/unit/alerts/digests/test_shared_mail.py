"""A mail that is encoded once and written to many is the mail that each would have got."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digests.email import render_email
from alerts.digests.shared_mail import Reader, SharedMail
from crawler.errors import SubscriptionError
from crawler.model.digest import Digest
from tests.fixtures.digest_makers import digest_of, item, many, selected

SENDER = '"Müller, Grüße & Co" <news@example.org>'
SITE = "https://news.example.org"
TITLES = ["한국과 협력", "a = b", "ends in space ", "." * 90, "=_x", "ü" * 70, "<b>&amp;"]


def reader(name: str = "ada", **links: str) -> Reader:
    every = {one: f"{SITE}/{one}/{name}.t0k3n" for one in ("manage", "leave", "rate")}
    mail = {"mailto": f"mailto:news@example.org?subject=leave%20{name}"}
    return Reader(f"{name}@example.org", name, f"{name}-1", {**every, **mail, **links})


def digest(links: Mapping[str, str], subscription: str = "mark") -> Digest:
    stories = [selected(item(f"i{number}", title)) for number, title in enumerate(TITLES)]
    shared = {"status": f"{SITE}/status", "archive": f"{SITE}/archive"}
    return digest_of([*stories, *many(3)], links={**shared, **links}, id=subscription)


def whole(to: Reader) -> str:
    made = digest(to.links, to.subscription)
    return render_email(
        made, sender=SENDER, recipient=to.recipient, delivery_id=to.delivery_id,
        list_id=to.subscription, unsubscribe_url=to.links.get("leave", ""),
        unsubscribe_mailto=to.links.get("mailto", ""), public_url=SITE,
    ).decode("ascii")  # fmt: skip


@pytest.fixture(scope="module")
def shared() -> SharedMail:
    made = SharedMail.of(digest, reader(), SENDER, SITE)
    assert made is not None
    return made


def test_every_byte_is_that_of_the_mail_written_whole(shared: SharedMail) -> None:
    for name in ("ada", "b", "someone.with-a-long_name+tag", "x" * 40):
        assert shared.written_to(reader(name)) == whole(reader(name))


URL = st.text("abcXYZ019._~/:@%+?=-&'\"<> ü\r\n", max_size=120)
NAME = st.text('abcXYZ019._+-@ü, "<>\r\n', min_size=1, max_size=80)


@settings(max_examples=60, deadline=None)
@given(leave=URL, manage=URL, recipient=NAME, subscription=NAME, token=st.text(max_size=20))
def test_odd_names_and_links_come_out_as_written_whole_or_are_declined(
    shared: SharedMail, leave: str, manage: str, recipient: str, subscription: str, token: str
) -> None:
    links = {"leave": f"{SITE}/leave/{leave}", "manage": f"{SITE}/{manage}"}
    to = Reader(f"{recipient}@example.org", subscription, token, {**reader().links, **links})
    written = shared.written_to(to)
    if written is not None:
        assert written == whole(to)


@pytest.mark.parametrize("domain", ["example.org", "EXAMPLE.org", "a-b.example", "xn--a.b.c.de"])
@pytest.mark.parametrize("local", ["a", "a.b", "a+b", "A_b", "a" * 40, "a" * 60])
def test_plain_addresses_are_written(shared: SharedMail, local: str, domain: str) -> None:
    to = Reader(f"{local}@{domain}", "s", "d", reader().links)
    written = shared.written_to(to)
    try:
        assert written in (None, whole(to))
    except SubscriptionError:
        assert written is None


@pytest.mark.parametrize(
    "links",
    [
        {"leave": f"{SITE}/leave/a&b"},
        {"leave": f"{SITE}/leave/" + "a" * 950},
        {"leave": "https://news.example.org/=?utf-8?q?x?="},
        {"leave": "http://news.example.org/leave/t"},
        {"rate": ""},
    ],
)
def test_what_is_escaped_encoded_or_offered_otherwise_is_not_shared(
    shared: SharedMail, links: dict[str, str]
) -> None:
    assert shared.written_to(reader(**links)) is None


def test_a_mail_near_its_limit_is_written_whole() -> None:
    def long(links: Mapping[str, str]) -> Digest:
        return digest_of(many(120), links=links)

    assert SharedMail.of(long, reader(), SENDER, SITE) is None


def test_the_marks_of_one_mail_are_not_those_of_another(shared: SharedMail) -> None:
    other = SharedMail.of(digest, reader(), SENDER, SITE)
    assert other is not None
    assert other.marks.word != shared.marks.word
    assert shared.marks.word not in (shared.written_to(reader()) or shared.marks.word)
