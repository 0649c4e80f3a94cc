"""Summaries of listed items: the teaser alone, without title, "read more" and its remains."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract.listing import read_listing

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"
URL = "https://cluster.example/news/"
TITLES = (
    "Harbour cluster opens a second clean room",
    "Nine firms recycle the blades of old turbines",
    "Board elects Maria Olsen as its new chair",
    "Report maps suppliers of the offshore industry",
)
TEASER = "The hall stands where ropes were made until 1998."
HEADING = '<h3><a href="{url}">{title}</a></h3><time datetime="{day}">{day}</time>'
CELLS = '<table class="news">{rows}</table>'


def summaries(row: str, frame: str = "<div>{rows}</div>") -> list[str]:
    rows = "".join(
        row.format(url=f"/news/{number}-item", title=title, day=f"2024-03-0{number}", teaser=TEASER)
        for number, title in enumerate(TITLES, 1)
    )
    html = f"<html><body><main><h1>News</h1>{frame.format(rows=rows)}</main></body></html>"
    reading = read_listing(html.encode(), URL)
    assert [item.title for item in reading.items] == list(TITLES)
    return [item.summary for item in reading.items]


@pytest.mark.parametrize(
    "more",
    [
        '<a class="more" href="{url}">Mehr<span class="aural">: {title}</span></a>',
        '<a href="{url}">Continue reading <span class="sr-only">“{title}”</span> →</a>',
        '<a href="{url}">Weiterlesen</a> »',
        '[<a href="{url}">Læs mere</a>]',
        '(<a href="{url}">{title}</a>)',
        '<a href="{url}"><b>lire la suite</b></a>',
    ],
)
def test_what_invites_to_read_on_is_no_teaser(more: str) -> None:
    row = f"<article>{HEADING}<p>{{teaser}} {more}</p></article>"
    assert summaries(row) == [TEASER] * 4


def test_the_title_in_the_teasers_own_cell_is_no_teaser() -> None:
    row = (
        '<tr><td>{day}</td><td><a href="{url}">{title}</a><br/><span>{teaser}</span></td>'
        '<td><a href="{url}">Læs mere</a></td></tr>'
    )
    assert summaries(row, CELLS) == [TEASER] * 4


def test_a_card_that_is_one_link_loses_its_invitation_alone() -> None:
    row = (
        '<article><a href="{url}"><h3>{title}</h3><time>{day}</time>'
        "<p>{teaser} <span>Read more</span></p></a></article>"
    )
    assert summaries(row) == [TEASER] * 4


def test_a_teaser_that_is_a_link_to_the_item_stays() -> None:
    row = f'<article>{HEADING}<p><a href="{{url}}">{{teaser}}</a></p></article>'
    assert summaries(row) == [TEASER] * 4


def test_links_to_elsewhere_and_brackets_of_the_text_stay() -> None:
    row = (
        f'<article>{HEADING}<p>{{teaser}} More in the <a href="/hall">hall (1998)</a></p></article>'
    )
    assert summaries(row) == [f"{TEASER} More in the hall (1998)"] * 4


def test_no_summary_of_our_own_pages_repeats_its_title() -> None:
    told_twice = []
    for path in sorted(FIXTURES.glob("*.json")):
        page = json.loads(path.read_text("utf-8"))
        reading = read_listing(path.with_suffix(".html").read_bytes(), page["url"])
        told_twice += [(path.stem, i.title) for i in reading.items if i.title in i.summary]
    assert told_twice == []
