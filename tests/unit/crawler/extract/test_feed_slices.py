"""Entries told apart before parsing: the same items at a fraction of the work, or none of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract import feed as feed_module
from crawler.extract.feed import FeedReading, read_feed, with_known
from crawler.extract.feed_slices import sliced
from crawler.model.item import RawItem

URL = "https://e.example/feed"


def item(number: int, extra: str = "") -> str:
    return (
        f"<item><title>Meldung {number}</title><link>/{number}</link><description><![CDATA["
        f"<p>Text {number} &amp; <item> mehr</p>]]></description>{extra}</item>"
    )


def rss(items: str, head: str = "", attributes: str = "") -> str:
    return (
        f'<rss version="2.0" {attributes}><channel><title>c</title><link>/</link>{head}{items}'
        "</channel></rss>"
    )


def read(document: str, known: dict[str, RawItem] | None = None) -> FeedReading:
    part = read_feed(document.encode(), URL, known=frozenset(known or {}))
    return with_known(part, known or {})


def memory(document: str) -> dict[str, RawItem]:
    return {key: found for key, found in read(document).entries if found is not None}


def test_known_entries_are_put_back_in_their_order() -> None:
    old = rss(item(2) + item(1))
    new = rss(item(3) + item(2) + item(1))
    again = read(new, memory(old))
    assert [each.title for each in again.items] == ["Meldung 3", "Meldung 2", "Meldung 1"]
    assert again == read(new)


def test_only_unknown_entries_reach_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    known = memory(rss(item(2) + item(1)))
    parsed: list[str] = []
    whole = feed_module._parsed

    def spy(text: str, *arguments: Any) -> object:
        parsed.append(text)
        return whole(text, *arguments)

    monkeypatch.setattr(feed_module, "_parsed", spy)
    read(rss(item(3) + item(2) + item(1)), known)
    assert len(parsed) == 1
    assert "Meldung 3" in parsed[0]
    assert "Meldung 2" not in parsed[0]


def test_an_entry_with_new_text_is_read_anew() -> None:
    known = memory(rss(item(2) + item(1)))
    changed = rss(item(2).replace("Text 2", "Anderer Text") + item(1))
    assert read(changed, known) == read(changed)


@pytest.mark.parametrize(
    ("head", "attributes"),
    [
        ("<language>de</language>", ""),
        ("", 'xml:base="https://other.example/"'),
        ("", 'xml:lang="ko"'),
        ("", 'xmlns="https://other.example/ns"'),
    ],
)
def test_what_stands_around_the_entries_bears_on_them(head: str, attributes: str) -> None:
    known = memory(rss(item(1)))
    other = read_feed(rss(item(1), head, attributes).encode(), URL, known=frozenset(known))
    assert [found is None for _, found in other.entries] == [False]


def test_the_feeds_own_dates_and_list_of_contents_bear_on_nothing() -> None:
    known = memory(rss(item(1), "<lastBuildDate>Fri, 20 Nov 2026 10:00:00 GMT</lastBuildDate>"))
    later = rss(item(1), "<lastBuildDate>Sat, 21 Nov 2026 11:00:00 GMT</lastBuildDate>")
    assert [key in known for key, _ in read(later).entries] == [True]


def test_a_list_of_contents_bears_on_no_entry() -> None:
    def document(numbers: str) -> str:
        listed = "".join(f'<rdf:li resource="{each}"/>' for each in numbers)
        entries = "".join(item(int(each)) for each in numbers)
        return (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/"><channel><title>c</title><items><rdf:Seq>'
            f"{listed}</rdf:Seq></items></channel>{entries}</rdf:RDF>"
        )

    known = memory(document("21"))
    again = read(document("321"), known)
    assert again == read(document("321"))
    assert [key in known for key, _ in again.entries] == [False, True, True]


def test_another_feeds_entries_are_not_known() -> None:
    known = memory(rss(item(1)))
    other = read_feed(rss(item(1)).encode(), "https://e.example/other", known=frozenset(known))
    assert other.entries[0][1] is not None


@pytest.mark.parametrize(
    "document",
    [
        rss("<item><item></item></item>"),
        rss("<item/>" + item(1)),
        rss(item(1) + "<item><title>offen"),
        rss(item(1) + "</item>"),
        rss("<item><title>x</title></entry>"),
        rss(item(1) + "<![CDATA[ offen"),
        rss(item(1) + "<!-- offen"),
        '<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(item(1)),
        rss(""),
    ],
)
def test_in_doubt_nothing_is_cut(document: str) -> None:
    assert sliced(document, (), URL) is None


def test_a_feed_that_is_not_well_formed_gives_no_keys() -> None:
    assert read(rss(item(1) + "<item><title>a<b></title></item>")).entries == ()
    assert read(rss(item(1)).replace("</channel>", "")).entries == ()


def test_comments_and_sections_may_hold_what_looks_like_entries() -> None:
    document = rss("<!-- <item> -->" + item(1) + "<!-- </item> -->" + item(2))
    reading = read(document)
    assert len(reading.entries) == 2
    assert read(document, dict([memory(document).popitem()])) == reading


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_known_the_reading_is_the_same(data: st.DataObject) -> None:
    pieces = [item(1), item(2, "<pubDate>2026-11-20</pubDate>"), item(1), "<!-- x -->", "\n"]
    pieces += ["<item><title>ohne</title></item>", "<item><guid>g</guid></item>", "<image/>"]
    document = rss("".join(data.draw(st.lists(st.sampled_from(pieces), max_size=8))))
    whole = read(document)
    keys = [key for key, _ in whole.entries]
    chosen = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    part = read(document, {key: found for key, found in memory(document).items() if key in chosen})
    assert replace(part, dropped=0) == replace(whole, dropped=0)
