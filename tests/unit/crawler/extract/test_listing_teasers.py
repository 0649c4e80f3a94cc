"""Days that teasers and titles tell of are not the days of the items."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing
from crawler.extract.listing_text import in_sentence
from crawler.model.item import RawItem

PLACES = ("harbour", "foundry", "orchard", "library", "workshop")


def read(cards: str, url: str = "https://guild.example/news") -> tuple[RawItem, ...]:
    page = (
        "<html lang=en><head><title>News of the guild</title></head>"
        f"<body><main><h1>News</h1><div class=list>{cards}</div></main></body></html>"
    )
    return read_listing(page.encode(), url).items


def card(number: int, teaser: str, *, path: str = "/news/", title: str = "") -> str:
    place = PLACES[number]
    return (
        f"<article><h3><a href='{path}{place}-opens-again'>"
        f"{title or f'The {place} of the old town opens again'}</a></h3><p>{teaser}</p></article>"
    )


def days(items: tuple[RawItem, ...]) -> list[str]:
    return [item.published.day.isoformat() if item.published else "" for item in items]


def test_a_day_in_a_sentence_of_the_teaser_dates_nothing() -> None:
    told = "Our assembly of 24 June 2021 elected a new board and thanked all who had served so far."
    plain = "Members, neighbours and friends of the house met for a long evening of talks and soup."
    cards = "".join(card(n, told if n % 2 else plain) for n in range(5))
    assert days(read(cards)) == [""] * 5


@pytest.mark.parametrize(
    "teaser",
    [
        "24 June 2021 The board has been elected and thanks all members who had served so far.",
        "Jena, 24 June 2021 The board has been elected and thanks all who had served so far.",
        "Published on 24 June 2021 by our office, with many thanks to all who had served so far.",
        "Assembly 24 June 2021 – the board has been elected and thanks all who had served so far.",
        "By Anna Carpenter on 24 June 2021 in the hall, with thanks to all who had served so far.",
    ],
)
def test_a_dateline_dates_its_item(teaser: str) -> None:
    assert days(read("".join(card(n, teaser) for n in range(5)))) == ["2021-06-24"] * 5


@pytest.mark.parametrize(
    "line",
    [
        "Chemnitz {0} June 2021 The board has been elected and thanks all who had served so far.",
        "Kategorie Presse {0}. Juni 2021 Die Halle ist offen, und viele Leute sind gekommen.",
        "Berlin, den {0}. Juni 2021 Die Halle ist offen, und viele Leute sind gekommen.",
        "Paris, le {0} juin 2021 Le conseil est élu et remercie tous ceux qui ont servi.",
        "Geschrieben am {0}. Juni 2021 von Anna Meier in der Rubrik Leben auf dem Lande.",
        "Scritto da Anna Rossi il {0} giugno 2021 nella categoria Notizie della nostra terra.",
        "Lagt til av kontoret {0}. juni 2021 under nyheter fra byen og landet rundt oss alle.",
    ],
)
def test_a_dateline_without_a_stop_dates_its_item(line: str) -> None:
    cards = "".join(card(n, line.format(11 + n)) for n in range(5))
    assert days(read(cards)) == [f"2021-06-{11 + n}" for n in range(5)]


@pytest.mark.parametrize(
    ("before", "date"), [("Jena, den ", "3. Mai 2026"), ("Eingetragen am ", "3. Mai 2026")]
)
def test_words_of_datelines_begin_no_sentence(before: str, date: str) -> None:
    assert not in_sentence(f"{before}{date} von uns", date)


def test_a_sentence_that_begins_with_its_day_dates_nothing() -> None:
    told = "Am 3. November 2026 startete das neue Vorhaben in der Halle am Fluss mit vielen Leuten."
    plain = "Viele sind gekommen, haben die Halle gesehen und lange an den Tischen gesessen."
    cards = "".join(card(n, told if n % 2 else plain) for n in range(5))
    assert days(read(cards)) == [""] * 5


def test_days_of_sentences_in_most_teasers_date_nothing() -> None:
    told = (
        "Our assembly of 24 June 2021 elected a new board and thanked all who had served so far.",
        "The meeting of 30 March 2021 changed the rules of the house and thanked all who came.",
        "A long evening on 2 May 2021 filled the hall with songs of all who had served so far.",
    )
    assert days(read("".join(card(n, told[n % 3]) for n in range(5)))) == [""] * 5


def test_words_of_other_elements_beside_a_day_make_no_sentence() -> None:
    row = (
        "<li><i>Economy</i> 24 June 2021 <a href='/news/{0}'>The {0} of the old town opens</a></li>"
    )
    items = read("<ul>" + "".join(row.format(place) for place in PLACES) + "</ul>")
    assert days(items) == ["2021-06-24"] * 5


def test_in_a_script_without_spaces_a_day_is_told_apart_from_no_sentence() -> None:
    assert not in_sentence("本所于2024年3月12日举办第三届学术会议", "2024年3月12日")


def test_addresses_date_a_list_alike_whatever_day_a_teaser_opens_with() -> None:
    opening = "Thursday, 24 June 2021, all are invited to the hall for talks, songs and soup."
    cards = "".join(
        card(n, opening if n == 2 else "Everybody is welcome.", path=f"/news/2021-05-1{n}-")
        for n in range(5)
    )
    assert days(read(cards)) == [f"2021-05-1{n}" for n in range(5)]


def test_a_day_that_ends_the_title_of_one_item_alone_is_part_of_it() -> None:
    title = "The day of the open workshop - 27 March 2021"
    cards = "".join(card(n, "", title=title if n == 3 else "") for n in range(5))
    items = read(cards)
    assert days(items) == [""] * 5
    assert items[3].title == title


def test_a_day_that_ends_all_titles_dates_them() -> None:
    cards = "".join(card(n, "", title=f"The {PLACES[n]} opens - 1{n} March 2021") for n in range(5))
    items = read(cards)
    assert days(items) == [f"2021-03-1{n}" for n in range(5)]
    assert items[3].title == "The library opens"


def test_tiles_and_the_list_below_them_share_their_folders() -> None:
    tiles = "".join(
        f"<article class=tile><a href='/news/{folder}/{place}-in-may'><img src=a.jpg></a>"
        f"<h3><a href='/news/{folder}/{place}-in-may'>What the {place} built in May</a></h3>"
        f"</article>"
        for place, folder in zip(PLACES[:4], ("home", "world") * 2, strict=True)
    )
    rows = "".join(
        f"<li><p class=kicker>{folder}</p><a href='/news/{folder}/{place}-in-april'>"
        f"How the {place} spent a rainy April</a><p>All that {place} did.</p></li>"
        for place, folder in zip(PLACES, ("world", "home", "world", "home", "world"), strict=True)
    )
    items = read(f"<div class=mosaic>{tiles}</div><ul class=rows>{rows}</ul>")
    assert len(items) == 9


def flat(form: str) -> str:
    """Pairs of paragraphs, a title and its teaser, with nothing around each pair."""
    return "".join(
        form.format(
            title=f"<p><a href='/news/{place}-opens'>The {place} of the town opens again</a></p>",
            day=f"0{n}.11.2026",
            place=place,
        )
        for n, place in enumerate(PLACES, 1)
    )


INTRODUCTION = "<p>What goes on among the houses of our guild.</p>"
TEASER = "<p>{day} Many came to see the {place} and its garden.</p>"
NOVEMBER = [f"2026-11-0{n}" for n in range(1, 6)]


def test_words_before_a_list_move_no_dated_teaser_to_the_next_item() -> None:
    found = read(INTRODUCTION + flat("{title}" + TEASER).rpartition("<p>")[0])
    assert days(found) == [*NOVEMBER[:4], ""]
    assert [place in item.summary for place, item in zip(PLACES, found, strict=True)][:4] == [
        True
    ] * 4


def test_a_link_to_the_archive_behind_a_list_takes_no_teaser() -> None:
    found = read(INTRODUCTION + flat("{title}" + TEASER) + "<p><a href='/old'>Archive</a></p>")
    assert days(found)[:5] == NOVEMBER
    assert not [item for item in found[5:] if item.summary]


def test_undated_words_before_a_list_of_titles_are_no_teaser() -> None:
    told = "<p>Many came to see the {place} and its garden, and stayed until late for songs.</p>"
    found = read(INTRODUCTION + flat("{title}" + told).rpartition("<p>")[0])
    assert not [item for item in found if "our guild" in item.summary]


def test_dated_teasers_above_their_titles_stay_with_them() -> None:
    assert days(read(flat(TEASER + "{title}"))) == NOVEMBER
