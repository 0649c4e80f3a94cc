"""A list of one post, and days that a few teasers open with: what a date belongs to."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing
from crawler.model.item import RawItem

POST = "<h2><a href='/posts/a-new-site.html'>Our club has a new website at last</a></h2>"
TEXT = "<p>We have had several websites since we began, and now there is a new one here.</p>"
GUESTS = ("from Riga", "of the old school", "with a kite", "in May", "by train", "on foot")


def read(body: str, title: str = "News") -> tuple[RawItem, ...]:
    menu = "<ul><li><a href='/'>Home</a></li><li><a href='/faq/'>Questions</a></li></ul>"
    page = f"<html lang=en><title>{title}</title><body>{menu}<h1>{title}</h1>{body}</body></html>"
    return tuple(read_listing(page.encode(), "https://a.example/news/").items)


@pytest.mark.parametrize(
    "body", [f"{POST}<p>2021-09-10</p>{TEXT}", f"<p>2021-09-10</p>{POST}{TEXT}"]
)
def test_the_only_post_of_a_list_has_the_day_beside_its_heading(body: str) -> None:
    (item,) = read(body)
    assert item.title == "Our club has a new website at last"
    assert item.published is not None
    assert item.published.day.isoformat() == "2021-09-10"


def test_a_heading_that_is_the_only_posts_day_belongs_to_it() -> None:
    (item,) = read(f"<div><div>{POST}{TEXT}<h3>10/09/2021</h3></div></div>")
    assert item.published is not None
    assert item.published.day.isoformat() == "2021-09-10"


def test_days_that_head_further_texts_are_no_part_of_the_only_post() -> None:
    later = f"<h3>10/09/2021</h3>{TEXT}<h3>11/09/2021</h3>{TEXT}"
    assert read(f"<div><div>{POST}{TEXT}{later}</div></div>") == ()


def test_a_link_below_dated_lines_without_links_has_none_of_their_days() -> None:
    lines = "".join(
        f"<tr><th>May {n}, 2026</th><td>Our member no. {n} gave a talk in Oslo.</td></tr>"
        for n in range(1, 5)
    )
    older = "<p>Brief notes.</p><p><a href='/log/'>Log of the years (whole texts) →</a></p>"
    assert read(f"<article><div><table>{lines}</table></div>{older}</article>") == ()


def test_a_sentence_with_a_day_beside_a_lone_heading_is_no_date() -> None:
    assert read(f"{POST}<p>Founded on 2021-09-10 by nobody in particular</p>{TEXT}") == ()


def visits(told: int, opening: str = "On 8 May 2026, our guests saw the old mill.") -> list[str]:
    """The dated titles of a list whose first teasers open with a day."""
    teasers = [opening if n < told else "Our guests saw the old mill by day." for n in range(6)]
    rows = "".join(
        f"<article><h2><a href='/a-visit-no-{n}/'>A group of visitors {guests}</a></h2>"
        f"<div><p>{teaser} It was repaired by our members and stands well.</p></div></article>"
        for n, (guests, teaser) in enumerate(zip(GUESTS, teasers, strict=True))
    )
    return [item.title for item in read(rows) if item.published]


@pytest.mark.parametrize("told", [1, 2])
def test_a_day_that_a_few_teasers_open_with_is_what_they_tell(told: int) -> None:
    assert visits(told) == []


def test_a_day_that_many_teasers_open_with_is_their_date() -> None:
    assert len(visits(5)) == 5


@pytest.mark.parametrize(
    "opening", ["Riga, 8 May 2026, our", "8 May 2026 – Our", "8 May 2026: Our"]
)
def test_a_dateline_is_a_date_be_there_but_one(opening: str) -> None:
    assert len(visits(1, f"{opening} guests saw the old mill.")) == 1
