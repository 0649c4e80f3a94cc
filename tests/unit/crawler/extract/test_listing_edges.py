"""Short undated links at the ends of a run of dated headlines are no items of it."""

from __future__ import annotations

import pytest

from crawler.extract.listing import ListingHints, read_listing
from crawler.extract.listing_reading import NO_HINTS, ListingReading

PAGE = "http://werft.example/neues.htm"
MENU = "<a href=wir.htm>About</a> | <a href=haus.htm>Our members</a> | <a href=neues.htm>News</a>"
MONTHS = "<a href=okt.htm>October 2025</a> | <a href=sep.htm>September 2025</a>"
TOLD = {
    "17.12.2026": "Tide mill on the island sends power again",
    "09.12.2026": "Guests from Ulsan see the rope works",
    "28.11.2026": "School of boat builders has a new head",
    "19.11.2026": "Ferry without a captain crosses the sound",
}
ROWS = [
    f"{day} <a href=n{number}.htm>{title}</a><br>\n"
    for number, (day, title) in enumerate(TOLD.items())
]


def read(body: str, url: str = PAGE, hints: ListingHints = NO_HINTS) -> ListingReading:
    page = f"<html lang=en><head><title>News</title></head><body>{body}</body></html>"
    return read_listing(page.encode(), url, hints=hints)


def found(reading: ListingReading) -> dict[str, str]:
    return {
        f"{item.published.day:%d.%m.%Y}" if item.published else item.url: item.title
        for item in reading.items
    }


HEAD = "<font size=4><b>December 2026</b></font><br>"
FURNISHED = {
    "above": f"{MENU}<hr>{HEAD}{{}}",
    "below": f"{HEAD}{{}}<hr>{MENU}",
    "both": f"{MENU}<hr>{HEAD}{{}}<hr>{MENU.replace('.htm', '2.htm')}",
    "months": f"{HEAD}{{}}<hr>{MONTHS}",
    "pictures": f"<a href=start.htm><img src=s.gif></a> {MENU}<hr>{{}}",
    "line by line": f"{MENU.replace(' | ', '<br>')}<br>{{}}{MONTHS.replace(' | ', '<br>')}",
    "a heading between": f"{MENU}<hr>{{}}<h2>Elsewhere</h2>{MONTHS}",
}


@pytest.mark.parametrize("url", [PAGE, "http://werft.example/"])
@pytest.mark.parametrize("page", FURNISHED.values(), ids=FURNISHED)
def test_menus_and_months_around_dated_headlines_are_no_items(page: str, url: str) -> None:
    assert found(read(page.format("".join(ROWS)), url)) == TOLD


@pytest.mark.parametrize("menu", [MENU, f"{MENU}<hr>", f"{MENU}<br>"])
def test_days_behind_their_links_are_those_of_their_own_lines(menu: str) -> None:
    rows = "".join(
        f"<a href=n{number}.htm>{title}</a> {day}<br>"
        for number, (day, title) in enumerate(TOLD.items())
    )
    assert found(read(menu + rows + MONTHS)) == TOLD


def test_a_break_parts_a_day_from_a_link_of_another_line() -> None:
    rows = "".join(
        f"{title}, {day}<br><a href=n{number}.htm>{title} as a film</a><br>"
        for number, (day, title) in enumerate(TOLD.items())
    )
    assert not any(item.published for item in read(f"<h1>News</h1>{rows}{MONTHS}").items)


def test_an_undated_headline_at_the_end_is_an_item() -> None:
    last = "<a href=old.htm>The harbour museum reopens after nine years</a><br>"
    assert found(read("".join(ROWS) + last)) == TOLD | {
        "http://werft.example/old.htm": "The harbour museum reopens after nine years"
    }


def test_a_short_undated_link_among_dated_ones_is_an_item() -> None:
    among = "<a href=open.htm>Open day</a><br>"
    reading = read("".join([*ROWS[:2], among, *ROWS[2:]]))
    assert len(reading.items) == len(TOLD) + 1


def test_a_picture_that_leads_elsewhere_is_no_item_among_dated_ones() -> None:
    picture = "<a href=plan.htm><img src=new.gif></a><br>"
    assert found(read("".join([*ROWS[:2], picture, *ROWS[2:]]))) == TOLD


def test_short_titles_of_a_list_of_short_titles_stay() -> None:
    names = [
        f"<li>{day} <a href=i{number}.htm>Issue {number}</a></li>"
        for number, day in enumerate(TOLD)
    ]
    reading = read(f"<h1>News</h1><ul>{''.join(names)}<li><a href=i9.htm>Issue 9</a></li></ul>")
    assert len(reading.items) == len(TOLD) + 1


def test_a_dateless_row_that_invites_keeps_its_title() -> None:
    rows = [
        f"<li>{day} {title} <a href=n{number}.htm>more</a></li>"
        for number, (day, title) in enumerate(TOLD.items())
    ]
    last = "<li>The harbour museum reopens after nine years <a href=old.htm>more</a></li>"
    assert len(read(f"<h1>News</h1><ul>{''.join(rows)}{last}</ul>").items) == len(TOLD) + 1


def test_a_learned_list_is_found_again_without_its_menu() -> None:
    page = FURNISHED["both"]
    first = read(page.format("".join(ROWS[1:])))
    hints = ListingHints(learned=first.learned, known=frozenset(i.url for i in first.items))
    later = read(page.format("".join(ROWS)), hints=hints)
    assert found(later) == TOLD
    assert not later.broken
    assert not later.relearned
