"""Feeds that break off within their last entry, and feeds that only forgot to close it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract.feed import FeedReading, read_feed

URL = "https://verbund.example/feed"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEAD = '<rss version="2.0"><channel><title>Verbund</title><link>https://verbund.example/</link>'
END = "</channel></rss>"
LONG = f"<!-- {'cached ' * 900} -->"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Verbund</title>'


def item(number: int, end: str = "</item>") -> str:
    address = f"https://verbund.example/news/{number}"
    return (
        f"<item><title>Story {number}</title><link>{address}</link><guid>{address}</guid>"
        f"<description>Told in short.</description>{end}"
    )


def read(text: str) -> FeedReading:
    return read_feed(text.encode(), URL, now=NOW)


def addresses(feed: FeedReading) -> list[str]:
    return [one.url.rpartition("/")[2] for one in feed.items]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + item(1) + item(2, "") + END + LONG,
        HEAD + item(1) + item(2, "") + END,
        HEAD + item(1) + item(2, "") + "\n",
        HEAD + item(1) + item(2),
        HEAD + item(1, "") + item(2, ""),
        HEAD + item(1) + item(2) + "<!-- <item> goes here -->" + END + LONG,
    ],
    ids=["a note behind", "closed", "no root end", "closed items", "none closed", "a template"],
)
def test_a_last_entry_that_is_only_not_closed_counts(text: str) -> None:
    feed = read(text)
    assert (addresses(feed), feed.dropped, feed.torn) == (["1", "2"], 0, False)
    assert feed.items[-1].summary == "Told in short."


@pytest.mark.parametrize(
    "rest",
    ["<item>", "<item><title>Sto", "<item><title>S</title><link>https://verbund.example/ne",
     "<item><title>S</title><guid>https://verbund.example/ne", "<item><link><![CDATA[https://verb"],
)  # fmt: skip
def test_an_entry_without_a_whole_address_is_left_out_and_counted(rest: str) -> None:
    feed = read(HEAD + item(1) + rest)
    assert (addresses(feed), feed.dropped, feed.torn) == (["1"], 1, True)


@pytest.mark.parametrize(
    "rest", ["<guid>https://verbund.example/ne", "<description>Told", "<description><![CDATA[<p>A"]
)
def test_an_entry_with_a_whole_address_stays_without_what_is_half(rest: str) -> None:
    whole = "<item><title>Story 2</title><link>https://verbund.example/news/2</link>"
    feed = read(HEAD + item(1) + whole + rest)
    assert (addresses(feed), feed.dropped, feed.torn) == (["1", "2"], 0, True)
    assert (feed.items[1].guid, feed.items[1].summary) == ("", "")


def test_atom_addresses_in_attributes_are_whole_once_their_element_is() -> None:
    link = '<link href="https://verbund.example/news/1"/>'
    half = read(f"{ATOM}<entry><title>A</title>{link}</entry><entry><title>B</title>{link[:-6]}")
    assert (addresses(half), half.dropped, half.torn) == (["1"], 1, True)
    kept = read(f"{ATOM}<entry><title>A</title>{link}<id>tag:ve")
    assert (addresses(kept), kept.items[0].guid, kept.torn) == (["1"], "", True)


def test_an_end_that_an_entry_quotes_is_not_the_feeds() -> None:
    quoting = "<item><title>A</title><link>https://verbund.example/news/1</link><description>"
    feed = read(f"{HEAD}{quoting}<![CDATA[ends with {END}]]></description></item><item><title>S")
    assert (addresses(feed), feed.dropped, feed.torn) == (["1"], 1, True)
