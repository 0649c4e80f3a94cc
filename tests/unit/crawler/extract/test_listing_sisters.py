"""Sections of the same dated cards are one page's news; papers, tenders and events are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract.listing import ListingHints, read_listing

NOW = datetime(2026, 4, 1, tzinfo=UTC)
PLACES = ("the harbour basin", "our oldest foundry", "a school of welding", "the new cranes")
NEWS = (("news", "News"), ("talks", "Speeches"), ("asked", "Conversations"))


def section(name: str, heading: str, days: tuple[str, ...], card: str = "div") -> str:
    cards = "".join(
        f'<{card} class="card"><span>{day}</span><h3><a href="/{name}/{number}-in-{name}-today">'
        f"Engineers of {name} visit {PLACES[number]}</a></h3></{card}>"
        for number, day in enumerate(days)
    )
    title = f"<h2>{heading}</h2>" if heading else ""
    return f'<section class="s-{name}">{title}<div class="in-{name}">{cards}</div></section>'


def found(*sections: str, hints: ListingHints | None = None) -> set[str]:
    page = f"<html lang=en><body><main><h1>Overview</h1>{''.join(sections)}</main></body></html>"
    reading = read_listing(
        page.encode(), "https://a.example/overview", now=NOW, hints=hints or ListingHints()
    )
    return {item.url.split("/")[3] for item in reading.items}


MARCH = ("3 March 2026", "9 March 2026", "17 March 2026", "20 March 2026")
JUNE = ("3 June 2026", "9 June 2026", "17 June 2026")


def of_news() -> list[str]:
    return [section(name, heading, MARCH) for name, heading in NEWS]


def test_dated_sections_of_one_kind_of_card_are_all_read() -> None:
    assert found(*of_news()) == {"news", "talks", "asked"}


def test_headings_that_name_papers_keep_a_section_out() -> None:
    papers = section("shelf", "Publications", MARCH)
    bids = section("offers", "Tenders", MARCH)
    assert found(*of_news(), papers, bids) == {"news", "talks", "asked"}


def test_addresses_that_name_papers_keep_a_section_without_heading_out() -> None:
    assert found(*of_news(), section("tenders", "", MARCH)) == {"news", "talks", "asked"}


def test_dates_to_come_keep_a_section_out() -> None:
    assert found(*of_news(), section("halls", "In the halls", JUNE)) == {"news", "talks", "asked"}


def test_cards_of_another_kind_stay_out() -> None:
    assert found(*of_news(), section("walls", "Faces", MARCH, "li")) == {"news", "talks", "asked"}


def test_papers_are_read_where_they_are_all_there_is() -> None:
    assert found(section("shelf", "Publications", MARCH)) == {"shelf"}


def test_an_item_that_must_be_found_names_its_section_alone() -> None:
    hints = ListingHints(like=("https://a.example/talks/1-in-talks-today",))
    assert found(*of_news(), hints=hints) == {"talks"}


LONE = '<h4 class="big"><a class="big" href="/apart/a-lone-card">A lone card in red</a></h4>'
LABEL = '<a class="big" href="/apart/a-lone-card">Brands</a>'


def beside(place: int, inside: str) -> set[str]:
    """What is found with a card of another colour in one of three sections."""
    sections = of_news()
    card = f'<div class="card red"><span>5 March 2026</span>{inside}</div>'
    sections[place] = sections[place].replace("</div></section>", f"{card}</div></section>")
    return found(*sections)


@pytest.mark.parametrize("place", range(3))
def test_a_card_of_another_colour_is_read_in_every_section(place: int) -> None:
    assert "apart" in beside(place, LONE)


@pytest.mark.parametrize("place", range(3))
def test_a_label_where_the_others_have_headlines_is_no_item(place: int) -> None:
    assert "apart" not in beside(place, LABEL)
