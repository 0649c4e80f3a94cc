"""Rows and cards that lead somewhere by a click on them, without a link inside."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing
from crawler.extract.listing_document import read_document

URL = "https://club.example/news/"
NAMES = ("Members meet in the old town hall", "Hall for test flights opens", "Prize for recycling")
EXPECTED = [
    (f"https://club.example/news/{n}-story", name, f"2026-03-0{n + 2}")
    for n, name in enumerate(NAMES)
]


def _read(record: str, around: str = "<div>{}</div>") -> list[tuple[str, str, str]]:
    rows = "".join(
        record.format(n=n, name=name, day=f"{n + 2}.3.2026", url=f"/news/{n}-story")
        for n, name in enumerate(NAMES)
    )
    page = f"<html lang='en'><title>News</title><h1>News</h1>{around.format(rows)}</html>"
    items = read_listing(page.encode(), URL).items
    return [(i.url, i.title, i.published.day.isoformat() if i.published else "") for i in items]


@pytest.mark.parametrize(
    "opening",
    [
        """<tr onclick="location.href='{url}'">""",
        """<tr onclick="window.location.href = '{url}';">""",
        """<tr onclick="javascript:document.location='{url}'; return false">""",
        """<tr onclick="window.open('{url}', '_blank')">""",
        """<tr onclick="location.assign(&quot;{url}&quot;)">""",
        """<tr data-href="{url}">""",
        """<tr class="clickable-row" data-url="{url}">""",
        """<tr role="link" tabindex="0" data-link="{url}">""",
    ],
)
def test_rows_of_a_table_lead_where_a_click_does(opening: str) -> None:
    row = opening + "<td>{day}</td><td>{name}</td></tr>"
    assert _read(row, "<table>{}</table>") == EXPECTED


@pytest.mark.parametrize(
    "record",
    [
        """<article onclick="location.href='{url}'"><time>{day}</time><h3>{name}</h3>
        <p>A line of words on what there was.</p></article>""",
        """<div class="card"><time>{day}</time><h3>{name}</h3>
        <button onclick="location.href='{url}'">Read more</button></div>""",
        """<article><time>{day}</time><h3><a href="#" onclick="location.href='{url}'">{name}</a>
        </h3></article>""",
        """<article><time>{day}</time><h3><a href="javascript:location.href='{url}'">{name}</a>
        </h3></article>""",
        """<article><time>{day}</time><h3><a href="javascript:void(0)" data-href="{url}">{name}</a>
        </h3></article>""",
        """<li data-href="{url}" onclick="go(this)"><span>{day}</span> <b>{name}</b></li>""",
        """<article onclick="location.href='{url}'"><time>{day}</time><h3>{name}</h3>
        <p>A line of words. <a href="mailto:ann@club.example">Write to us</a></p></article>""",
        """<article onclick="location.href='{url}'"><time>{day}</time><h3>{name}</h3>
        <p>A line of words.</p><a href="https://www.facebook.com/sharer?u={n}">Share</a>
        <a href="/tag/clubs/">Clubs</a></article>""",
    ],
)
def test_cards_buttons_and_empty_links_lead_where_a_click_does(record: str) -> None:
    assert _read(record) == EXPECTED


def test_a_link_inside_comes_before_the_click_around_it() -> None:
    record = """<article onclick="location.href='/away/{n}'"><time>{day}</time>
    <h3><a href="{url}">{name}</a></h3></article>"""
    assert _read(record) == EXPECTED


@pytest.mark.parametrize(
    "element",
    [
        """<div onclick="view(7)">x</div>""",
        """<div onclick="location.href='/news/' + id">x</div>""",
        """<div onclick="location.href=base + '/news/7'">x</div>""",
        """<div onclick="location.href='javascript:x()'">x</div>""",
        """<div onclick="if(confirm('Sure?')) location.href='/news/7/delete'">x</div>""",
        """<div onclick="if(s){window.open('/share/7')} else location.href='/news/7'">x</div>""",
        """<div onclick="location.href='#top'">x</div>""",
        """<div data-url="/ajax/load">x</div>""",
        """<div class="fb-like" data-href="/news/7"></div>""",
        """<body onclick="location.href='/'"><p>x</p></body>""",
    ],
)
def test_what_is_no_literal_address_or_holds_no_words_leads_nowhere(element: str) -> None:
    document = read_document(f"<html>{element}</html>", URL)
    assert [node for node in document.nodes if node.leads] == []
