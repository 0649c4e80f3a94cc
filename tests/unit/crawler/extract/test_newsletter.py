"""Each headline link of a newsletter is an item; its furniture is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.newsletter import read_newsletter
from tests.fixtures.mails import TABLES, letter


def test_headline_links_more_links_and_pictures_are_items() -> None:
    found = read_newsletter(letter(TABLES))
    assert found.title == "BioCluster News 11/2026"
    assert [(item.url[-1], item.title) for item in found.items] == [
        ("1", "Neues Labor für Laserschmelzen eröffnet"),
        ("2", "Fünf Partner aus Daegu unterschreiben"),
        ("3", "Call for applications closes in May"),
    ]
    assert "in Ulm ein Labor eröffnet" in found.items[0].summary


def test_a_plain_mail_gives_the_lines_before_its_addresses() -> None:
    text = (
        "Our news in November\n\nNew members join the cluster\nhttps://a.example/1\n\n"
        "Robots learn to weld by watching: https://a.example/2\n\nBye\nhttps://a.example/3\n"
    )
    found = read_newsletter(letter("", text=text))
    assert [(item.url[-1], item.title) for item in found.items] == [
        ("1", "New members join the cluster"),
        ("2", "Robots learn to weld by watching"),
    ]


def test_a_request_to_confirm_is_told_and_holds_no_items() -> None:
    html = '<p>One click and you are in.</p><a href="https://m.example/ok">Yes, subscribe me</a>'
    found = read_newsletter(letter(html, subject="Bitte bestätigen Sie Ihre Anmeldung"))
    assert found.confirms
    assert found.items == ()


def test_scripts_other_schemes_and_broken_addresses_are_no_items() -> None:
    html = (
        '<a href="javascript:alert(1)">A headline that runs a script here</a>'
        '<a href="http://[::1">A headline with a broken address here</a>'
        '<a href="mailto:x@y.example">Write to the editors of this letter</a>'
        '<a href="https://a.example/ok">The one headline that leads somewhere</a>'
    )
    assert [item.url for item in read_newsletter(letter(html)).items] == ["https://a.example/ok"]


def test_thousands_of_links_are_bounded() -> None:
    html = "".join(
        f'<p><a href="https://a.example/{n}">Headline number {n} of the letter</a></p>'
        for n in range(5000)
    )
    assert len(read_newsletter(letter(html)).items) == 100


@given(st.binary(max_size=400))
def test_no_bytes_can_raise(raw: bytes) -> None:
    read_newsletter(b"Content-Type: text/html\n\n" + raw)
    read_newsletter(raw)
