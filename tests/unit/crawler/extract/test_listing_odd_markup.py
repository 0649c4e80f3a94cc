"""Lists in markup that hardly anybody writes are found all the same."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from crawler.extract.listing import read_listing

TOLD = {
    "Ferry line across the sound runs on batteries": "18.11.2026",
    "Three weavers share the prize of the province": "11.11.2026",
    "Visitors from Daegu tour the wind tunnel": "29.10.2026",
    "Old brewery becomes a house for start-ups": "14.10.2026",
}
SAID = "People of the valley met on the quay and talked for an hour."
PAGE = "https://werft.example/news"


def _rows(form: str) -> str:
    return "".join(
        form.format(url=f"/n/{number}", title=title, day=day, said=SAID, n=number)
        for number, (title, day) in enumerate(TOLD.items())
    )


def found(body: str, url: str = PAGE) -> list[tuple[str, str, str]]:
    page = (
        f"<html lang='en'><head><title>News</title></head><body><h1>News</h1>{body}</body></html>"
    )
    return [
        (item.url, item.title, f"{item.published.day:%d.%m.%Y}" if item.published else "")
        for item in read_listing(page.encode(), url).items
    ]


def expected(dated: bool = True) -> list[tuple[str, str, str]]:
    return [
        (f"https://werft.example/n/{number}", title, day if dated else "")
        for number, (title, day) in enumerate(TOLD.items())
    ]


@pytest.mark.parametrize(
    ("frame", "form"),
    [
        ("<dl>{}</dl>", "<dt><a href='{url}'>{title}</a></dt><dd>{said}</dd><dd>{day}</dd>"),
        (
            "{}",
            "<figure><article><img src='{n}.jpg'><figcaption><small>{day}</small>"
            "<a href='{url}'>{title}</a></figcaption></article></figure>",
        ),
        (
            "<news-list>{}</news-list>",
            "<news-card><i slot='d'>{day}</i><a href='{url}'>{title}</a></news-card>",
        ),
        (
            "{}",
            "<div><amp-img src='{n}.jpg' alt='x'></amp-img><a href='{url}'><h4>{title}</h4></a>"
            "<amp-timeago>{day}</amp-timeago></div>",
        ),
        (
            "<table>{}</table>",
            "<tr><td rowspan='3'>{day}</td><td><b>{title}</b></td></tr><tr><td>{said}</td></tr>"
            "<tr><td><a href='{url}'>more</a></td></tr>",
        ),
        (
            "<ul>{}</ul>",
            "<li><a href='{url}'>{title}</a> {day}<ul><li><a href='/tag/sea'>Sea</a></li>"
            "<li><a href='/tag/land'>Land</a></li></ul></li>",
        ),
        (
            "{}",
            "<details><summary>{day} {title}</summary><p>{said}</p>"
            "<a href='{url}'>Read more</a></details>",
        ),
        (
            "<ul>{}</ul>",
            "<li class='tile'><div><p class='t'>{title}</p><p>{day}</p></div>"
            "<a href='{url}' aria-hidden='true' tabindex='-1'></a></li>",
        ),
        (
            "{}",
            "<div class='t'><p>{said}</p><span>{day}</span>"
            "<a href='{url}' aria-label='Read more about {title}'>Read more</a></div>",
        ),
    ],
    ids=["dl", "figure", "custom", "amp", "rowspan", "tags", "details", "cover", "invites"],
)
def test_every_record_is_found_whole(frame: str, form: str) -> None:
    assert found(frame.format(_rows(form))) == expected()


def _item_list(wrap: Callable[[int, str], dict[str, object]]) -> str:
    elements = [
        {"@type": "ListItem", "position": number + 1} | wrap(number, title)
        for number, title in enumerate(TOLD)
    ]
    told = {"@type": "ItemList", "itemListElement": elements}
    return f"<script type='application/ld+json'>{json.dumps(told)}</script>"


def test_an_undated_list_of_schema_org_is_news_where_the_page_is() -> None:
    listed = _item_list(lambda n, title: {"url": f"https://werft.example/n/{n}", "name": title})
    assert found(f"<div id='list'></div>{listed}") == expected(dated=False)
    for elsewhere in ("https://werft.example/members", "https://werft.example/start"):
        assert found(f"<div id='list'></div>{listed}", elsewhere) == []


def test_a_page_that_leaves_out_its_body_tag_is_read() -> None:
    page = "<!doctype html><html lang=en><title>News</title><header><a href=/>Home</a></header>"
    page += "<main><h1>News</h1>" + "".join(
        f"<article><h3><a href='/news/{n}-story'>Story {n} of a page in short hand</a></h3>"
        f"<time datetime='2026-11-0{n}'>{n}.11.2026</time></article>"
        for n in range(1, 6)
    )
    items = read_listing(page.encode(), "https://a.example/news").items
    assert [item.title for item in items] == [
        f"Story {n} of a page in short hand" for n in range(1, 6)
    ]
