"""Feeds of comments: told from news by where their entries lead and by their titles."""

from __future__ import annotations

import pytest

from crawler.extract.feed import FeedReading
from crawler.extract.feed_comments import carries_comments
from crawler.model.item import RawItem

FEED = "https://a.example/rss.xml"
SITE = "https://a.example/news"
HEADLINES = ("Hydrogen station opened in Zwickau", "Battery plant looks for suppliers")
LISTED = tuple(RawItem(f"{SITE}/{n}", title) for n, title in enumerate(HEADLINES))


def feed(*entries: tuple[str, str], title: str = "Energy region") -> FeedReading:
    items = tuple(RawItem(f"{SITE}{path}", told) for path, told in entries)
    return FeedReading(kind="rss", title=title, items=items)


def said(fragment: str) -> FeedReading:
    """What two readers said below each headline."""
    places = [(page, reader) for page in range(len(HEADLINES)) for reader in range(2)]
    return feed(
        *(
            (f"/{page}#{fragment}{page}{reader}", f"Reader {reader} wrote: {HEADLINES[page]}")
            for page, reader in places
        )
    )


@pytest.mark.parametrize("fragment", ["comment-", "respond-", "kommentar_", "c"])
def test_several_entries_at_the_page_of_one_headline_are_what_readers_say(fragment: str) -> None:
    assert carries_comments(FEED, said(fragment), LISTED)


@pytest.mark.parametrize("fragment", ["comment-12", "div-comment-9", "kommentar7"])
def test_one_comment_a_page_is_known_by_its_place(fragment: str) -> None:
    found = feed((f"/0#{fragment}", "Ann"), (f"/1#{fragment}", "Ben"))
    assert carries_comments(FEED, found, ())


@pytest.mark.parametrize(
    "title",
    ["By: {0}", "Von: {0}", "Par : {0}", "Por: {0}", "Re: {1}", "Antw: {1}", "SV: {1}",
     "Comment on {1} by {0}", "Kommentar zu {1} von {0}", "Kommentar til {1} af {0}",
     "Commentaires sur {1} par {0}", "Comentario en {1} por {0}", "Reactie op {1} door {0}"],
)  # fmt: skip
def test_titles_that_name_a_reader_or_answer_are_comments(title: str) -> None:
    told = [title.format(who, HEADLINES[n]) for n, who in enumerate(("Ann", "Ben"))]
    assert carries_comments(FEED, feed(("/x1", told[0]), ("/x2", told[1])), ())


@pytest.mark.parametrize(
    "title",
    ["Comments for A", "Kommentare für A", "Kommentarer til A", "Commenti su A", "Reacties op A"],
)
def test_a_channel_that_says_so_is_believed(title: str) -> None:
    assert carries_comments(FEED, feed(("/0", "Ann"), title=title), ())


def test_passages_of_one_page_are_news() -> None:
    passages = feed(*((f"#news-{n}", title) for n, title in enumerate(HEADLINES)))
    assert not carries_comments(FEED, passages, ())
    assert not carries_comments(FEED, passages, passages.items)


def test_passages_of_several_pages_that_the_list_names_are_news() -> None:
    told = [(f"/2026-{month}#n{n}", f"Story {month}-{n}") for month in (10, 11) for n in range(3)]
    passages = feed(*told)
    assert not carries_comments(FEED, passages, passages.items)


def test_news_whose_links_end_at_their_comments_are_news() -> None:
    found = feed(*((f"/{n}#comments", title) for n, title in enumerate(HEADLINES)))
    assert not carries_comments(FEED, found, LISTED)


def test_news_brought_twice_are_news() -> None:
    twice = feed(*((f"/{n}", f"{HEADLINES[n]} today") for n in (0, 1, 0, 1)))
    assert not carries_comments(FEED, twice, LISTED)


def test_opinions_among_news_are_news() -> None:
    found = feed(
        ("/0", HEADLINES[0]), ("/1", "Kommentar zu neuen Regeln"), title="News und Kommentare"
    )
    assert not carries_comments(FEED, found, LISTED)
