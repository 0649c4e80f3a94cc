"""Days that stand in or beside titles, and dates of records that templates obscure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crawler.extract.listing import read_listing

HEAD = "<html lang='en'><head><title>News</title></head><body><h1>News</h1>"
NAMES = ("Members meet in the old town hall", "Hall for test flights opens", "Prize for recycling")
URL = "https://club.example/news/"


def _read(record: str, names: Sequence[str] = NAMES) -> list[tuple[str, str]]:
    """(title, day) of three records made of one template."""
    html = HEAD + "".join(
        record.format(n=n, name=name, day=f"{n + 2}.3.2026", iso=f"2026-03-0{n + 2}")
        for n, name in enumerate(names)
    )
    items = read_listing(html.encode(), URL).items
    return [(i.title, i.published.day.isoformat() if i.published else "") for i in items]


EXPECTED = [(name, f"2026-03-0{n + 2}") for n, name in enumerate(NAMES)]


def test_the_day_that_links_to_an_item_is_no_part_of_its_title() -> None:
    assert (
        _read("<h2>{name} <a href='/news/{n}-x'>{day}</a></h2><p>A line of words.</p>") == EXPECTED
    )


def test_a_day_in_an_element_of_its_own_is_no_part_of_the_title() -> None:
    for beside in ("<small>{day}</small>", "<span>{day}</span>"):
        record = "<h2><a href='/news/{n}-x'>{name}</a> " + beside + "</h2><p>A line of words.</p>"
        assert _read(record) == EXPECTED


def test_a_day_without_its_year_in_an_element_of_its_own_is_no_part_either() -> None:
    record = "<h2><a href='/news/{iso}/x-{n}'>{name}</a> <span>{n}.3.</span></h2><p>A line.</p>"
    assert [title for title, _ in _read(record.replace("{n}.3.", "1{n}.3."))] == list(NAMES)


def test_the_day_of_what_is_announced_stays_in_the_title() -> None:
    record = (
        "<article><time>{day}</time><h2><a href='/news/{n}-x'>{name} – 8.12.2026</a></h2></article>"
    )
    assert _read(record) == [(f"{name} – 8.12.2026", day) for name, day in EXPECTED]


def test_days_stay_where_only_they_tell_titles_apart() -> None:
    record = "<article><h2><a href='/news/{n}-letter'>Letter of the club - {day}</a></h2></article>"
    assert _read(record) == [
        (f"Letter of the club - {n + 2}.3.2026", day) for n, (_, day) in enumerate(EXPECTED)
    ]


def test_a_day_counts_beside_a_counter_and_behind_a_menu_of_its_author() -> None:
    menu = "".join(f"<li><a href='/people/{n}'>Entry {n}</a></li>" for n in range(7))
    record = (
        "<article><h2><a href='/news/{n}-x'>{name}</a></h2><div>by <a href='/people/a'>Ann</a>"
        f"<ul>{menu}</ul>"
        "Published there {day} 14:07 &nbsp; Number viewers: 278</div></article>"
    )
    assert _read(record) == EXPECTED


def test_the_day_that_shows_counts_where_a_template_prints_the_pages_own() -> None:
    record = (
        "<article><h2><a href='/news/{n}-x'>{name}</a></h2>"
        "<span itemprop='datePublished' datetime='2019-07-01T17:35:36+00:00'>{iso} 06:54</span>"
        "</article>"
    )
    assert _read(record) == EXPECTED


def test_an_item_called_updated_and_published_is_dated_by_that() -> None:
    record = (
        "<article><h2><a href='/news/{n}-x'>{name}</a></h2>"
        "<time class='updated' itemprop='datePublished' datetime='{iso}'>{day}</time>"
        "<time datetime='2026-05-09'>9.5.2026</time></article>"
    )
    assert _read(record) == EXPECTED


def test_the_row_that_links_to_an_item_above_its_text_is_the_items() -> None:
    talk = "<p>They told us that the crust was better than last year, and the crumb as good.</p>"
    rows = "".join(
        f"<tr><td><div>Mar</div><div>{day}</div></td><td><div class='t'>"
        f"<a class='tl' href='/post/{day}'>The guild of bakers tried oven number {day}</a>"
        f"<div>Posted by Ada Crumb on {day} March 2026 04:11 AM</div></div></td></tr>"
        f"<tr><td colspan='2'><p><img src='/{day}.png'></p><h4>What we asked them on day {day}</h4>"
        f"{talk * 3}<h3>Good bye, oven {day}, until next time</h3>"
        f"<a class='m' href='/post/{day}'>Read more »</a></td></tr>"
        "<tr><td colspan='2'><hr></td></tr>"
        for day in (29, 24, 21, 18, 16)
    )
    page = f"<html><body><h2>Latest updates</h2><table>{rows}</table></body></html>"
    items = read_listing(page.encode(), "https://guild.example/").items
    assert [item.title for item in items] == [
        f"The guild of bakers tried oven number {day}" for day in (29, 24, 21, 18, 16)
    ]
    assert [item.published.day.day for item in items if item.published] == [29, 24, 21, 18, 16]


FIGURES = ("10 + 2", "3:0", "Prize for recycling")
TEASER = "<p>Ten years and two more: what the club has seen in that time.</p>"


@pytest.mark.parametrize(
    "record",
    [
        "<article><h2><a href='/news/{n}-x'>{name}</a></h2><p>{day}</p>" + TEASER + "</article>",
        "<article><h2>{name}</h2><p>{day}</p>"
        + TEASER
        + "<a href='/news/{n}-x'>more</a></article>",
        "<div><p><a href='/news/{n}-x'>{name}</a></p><p>{day}</p>" + TEASER + "</div>",
        "<div><p><a href='/news/{n}-x'>{name}</a></p><p>{day}</p>"
        + TEASER
        + "<a href='/news/{n}-x'>Read more</a></div>",
    ],
)
def test_figures_alone_are_a_title(record: str) -> None:
    expected = [(name, day) for name, (_, day) in zip(FIGURES, EXPECTED, strict=True)]
    assert _read(record, FIGURES) == expected


@pytest.mark.parametrize("figures", ["17:30", "3.4.2026", "24.12.", "»"])
def test_a_time_a_day_or_a_mark_is_none(figures: str) -> None:
    record = (
        "<article><h5><a href='/news/{n}-x'>" + figures + "</a></h5><p>{name}</p>"
        "<p>{day}</p>" + TEASER + "</article>"
    )
    assert [title for title, _ in _read(record)] == list(NAMES)


LINE = "<p><b>{before}<a href='/news/{n}-x'>{name}</a></b>, {day}<br>A line of words.</p>"


@pytest.mark.parametrize("before", ["What the spring has brought: our ", "{day} For all to see, "])
def test_a_bold_line_whose_end_is_linked_is_the_title_as_a_whole(before: str) -> None:
    told = before.removeprefix("{day} ")
    assert _read(LINE.replace("{before}", before)) == [
        (f"{told}{name}", day) for name, day in EXPECTED
    ]


@pytest.mark.parametrize("before", ["{day} ", "Press release of the club: ", "News ", "Sport · "])
def test_a_day_or_a_label_before_the_link_in_a_bold_line_is_no_part_of_it(before: str) -> None:
    assert _read(LINE.replace("{before}", before)) == EXPECTED


def test_a_bold_block_of_several_lines_or_links_is_no_title() -> None:
    for before in ("From the old town<br>", "<a href='/people/{n}'>From the old town</a> "):
        assert _read(LINE.replace("{before}", before)) == EXPECTED


def test_bold_words_within_a_sentence_are_no_title() -> None:
    record = (
        "<table><tr><td><i>{day}</i></td></tr><tr><td>{name}</td></tr><tr><td>Our guests came from "
        "all over the valley to see it. <b>The whole programme is here</b> for them.</td></tr>"
        "<tr><td><a href='/news/{n}-x'>Read more</a></td></tr></table>"
    )
    assert _read(record) == EXPECTED
