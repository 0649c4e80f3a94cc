"""Which cells of a layout table stand around an article, and which belong to it."""

from __future__ import annotations

from crawler.extract.article_page import read_page
from tests.cost import bounded

URL = "https://www.cluster.example/news/one"
FIRST = "The association has opened a workshop for printed electronics that twelve firms share."
SECOND = "Its machines were paid for by the region, its staff by the members of the association."
THIRD = "Visitors are welcome every Thursday, provided they leave their magnets at the door."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
MENU = "<td><a href='/a'>About us</a><br><a href='/n'>News</a></td>"
SIDE = "<td><b>Coming soon</b><br><a href='/c'>A course in soldering</a> (10-12-26)</td>"


def around(table: str, above: str = "") -> list[str]:
    """What is marked as standing around the article."""
    page = read_page(f"<html><body>{above}<table>{table}</table></body></html>".encode(), URL)
    return [block.text for block in page.blocks if block.furniture == "layout"]


def test_columns_of_links_beside_the_article_are_around_it() -> None:
    assert around(f"<tr>{MENU}<td><h1>A workshop</h1>{BODY}</td>{SIDE}</tr>") == [
        "About us News",
        "Coming soon A course in soldering (10-12-26)",
    ]


def test_a_row_below_the_cell_of_headline_and_text_is_around_it() -> None:
    footer = "<tr><td colspan='3'>The association meets in the old mill, Mill Lane 4.</td></tr>"
    marked = around(f"<tr>{MENU}<td><h1>A workshop</h1>{BODY}</td>{SIDE}</tr>{footer}")
    assert marked[-1] == "The association meets in the old mill, Mill Lane 4."


def test_rows_below_each_other_are_one_article() -> None:
    rows = "".join(f"<tr><td>{text}</td></tr>" for text in (FIRST, SECOND, THIRD))
    side = SIDE.replace("<td>", "<td rowspan='4'>")
    top = "<tr><td colspan='2'><a href='/n'>News</a> <a href='/a'>About us</a></td></tr>"
    footer = "<tr><td colspan='2'>The association meets in the old mill, Mill Lane 4.</td></tr>"
    assert around(f"{top}<tr><td><h1>A workshop</h1></td>{side}</tr>{rows}{footer}") == [
        "Coming soon A course in soldering (10-12-26)",
        "The association meets in the old mill, Mill Lane 4.",
    ]


def test_the_date_in_a_cell_of_its_own_stays_with_the_article() -> None:
    dated = "<td>12-05-26 <a href='/p'>Print</a></td>"
    assert around(f"<tr>{dated}<td><h1>A workshop</h1>{BODY}</td>{SIDE}</tr>") == []
    marked = around(f"<tr>{dated}{MENU}<td><h1>A workshop</h1>{BODY}</td></tr>")
    assert marked == ["About us News"]


def test_tables_of_data_and_columns_of_text_are_no_layout() -> None:
    data = f"<tr><td>9:00</td><td>{FIRST}</td></tr><tr><td>10:00</td><td>{SECOND}</td></tr>"
    assert around(data, f"<h1>A workshop</h1><p>{THIRD}</p>") == []
    assert around(f"<tr><td><h1>A workshop</h1>{BODY}</td><td>{BODY}</td></tr>") == []
    pictures = f"<tr><td><h1>A workshop</h1>{BODY}</td><td><img src='w.jpg'>The bench</td></tr>"
    assert around(f"{pictures}<tr><td colspan='2'>{FIRST}</td></tr>") == []


def test_nested_and_crooked_tables_are_survived() -> None:
    inner = f"<table><tr><td><h1>A workshop</h1></td></tr><tr><td>{BODY}</td></tr></table>"
    assert around(f"<tr>{MENU}<td colspan='x' rowspan='-1'>{inner}</td>{SIDE}</tr>") == [
        "About us News",
        "Coming soon A course in soldering (10-12-26)",
    ]
    assert around("") == around("<tr></tr><tr><td colspan='99999999'></td></tr>") == []


def test_hostile_tables_cost_little_time() -> None:
    row = f"<tr><td rowspan='999' colspan='999'>{MENU[4:]}<td>{BODY}</td></tr>"
    deep = f"<table><tr>{MENU}<td>" * 80 + BODY * 300
    with bounded():
        for table in (row * 300, row * 1_000, f"<tr><td>{deep}"):
            around(table, "<h1>A workshop</h1>")
