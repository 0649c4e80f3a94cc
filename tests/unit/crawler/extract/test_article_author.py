"""Which people a page names as its authors, and which words are no people."""

from __future__ import annotations

import pytest

from crawler.extract.article import read_article
from tests.cost import bounded

TEXT = (
    "<p>The workshop by the river has bought a new saw, and the people who work there hope that it "
    "will last as long as the old one, which cut wet timber as quickly as dry timber.</p>"
)


def _author(above: str = "", below: str = "", head: str = "") -> str:
    page = (
        f"<html><head><title>A new saw</title>{head}</head><body><h1>A new saw</h1>{above}"
        f"{TEXT}{TEXT.replace('saw', 'plane')}{below}"
        "<p><a href='/'>Back to all news</a></p></body></html>"
    )
    return read_article(page.encode(), "https://quay.example/x").author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Doe, 3 May", "Jane Doe"),
        ("By JANE ROE FEB. 9, 2016", "JANE ROE"),
        ("Posted on May 3, 2019 by Jane Q. Doe in News", "Jane Q. Doe"),
        ("By Kyle Smith, Science Editor", "Kyle Smith"),
        ("von Dr. Anna Beispiel und Prof. Bernd Muster", "Dr. Anna Beispiel, Prof. Bernd Muster"),
        ("Geschrieben von Max Muster am 12. März 2014 um 10:30 Uhr", "Max Muster"),
        ("3. Mai 2019 | Von Anna Beispiel-Muster, Jena", "Anna Beispiel-Muster"),
        ("Skrevet af Bo Holm | 3. maj 2018", "Bo Holm"),
        ("Av Anders Öberg", "Anders Öberg"),
        ("Publié le 3 mai 2018 par Anne Roy", "Anne Roy"),
        ("Por María de la Cruz", "María de la Cruz"),
        ("di Fabrizio Rossi", "Fabrizio Rossi"),
        ("door Jan van der Berg", "Jan van der Berg"),
        ("Autor: Jan Kowalski", "Jan Kowalski"),
        ("By Bryan Doe Tuesday, Aug. 17, 2010", "Bryan Doe"),
        ("Text: Ole Beispiel, Foto: Eva Muster", "Ole Beispiel"),
        ("Autor: Dr. Max v. d. Heide", "Dr. Max v. d. Heide"),
        ("Von Prof. Dr.-Ing. Anna von der Heide, Jena", "Prof. Dr.-Ing. Anna von der Heide"),
        ("Verfasser: Dr. Muster", "Dr. Muster"),
        ("작성자 홍길동", "홍길동"),
        ("작성자: 홍길동 | 2024-05-01", "홍길동"),
        ("홍길동 기자", "홍길동"),
        ("입력 2024.05.01 10:20 홍길동 기자", "홍길동"),
        ("作者：张三 2024-05-01", "张三"),
    ],
)
def test_a_byline_near_the_title_names_the_people(line: str, author: str) -> None:
    assert _author(f"<div>{line}</div>") == author


@pytest.mark.parametrize(
    "line",
    [
        "By the editorial team",
        "Von der Redaktion",
        "By Associated Press",
        "By Train And Bus",
        "Von Hamburg nach Berlin",
        "Di Maio visita Milano",
        "Jane Doe",
        "By Jane",
        "작성자 관리자",
        "작성자: 홍보팀",
        "이번 기자 회견",
        "Written by volunteers of the Guild",
    ],
)
def test_teams_agencies_and_phrases_are_no_people(line: str) -> None:
    assert _author(f"<div>{line}</div>") == ""


def test_an_element_that_templates_name_for_the_author_needs_no_word_before_the_name() -> None:
    assert _author("<p class='meta'><a rel='author' href='/j'>Jane Doe</a></p>") == "Jane Doe"
    assert _author("<div class='byline'>Jane Doe and John Roe</div>") == "Jane Doe, John Roe"
    assert _author("<div class='author'>Workshop News</div>") == ""


def test_a_byline_ends_a_text_too_but_what_is_said_inside_it_is_none() -> None:
    assert _author(below="<p>Von Anna Beispiel</p>") == "Anna Beispiel"
    assert _author(below="<p>It was praised by Jane Doe, who has a saw of her own.</p>") == ""


def test_the_head_counts_unless_it_names_the_site() -> None:
    byline = "<div>By Jane Doe</div>"
    assert _author(byline, head="<meta name='author' content='John Roe'>") == "John Roe"
    assert _author(byline, head="<meta name='author' content='quay.example'>") == "Jane Doe"
    site = "<meta property='og:site_name' content='The Quay'>"
    assert _author(byline, head=f"{site}<meta name='author' content='The Quay'>") == "Jane Doe"
    assert _author(head=f"{site}<meta name='author' content='The Quay'>") == "The Quay"


def test_hostile_bylines_cost_little() -> None:
    names = "By " + "Aa " * 50 + "and Bb " * 50
    with bounded():
        _author("".join(f"<div>{names[:150]}</div>" for _ in range(2_000)))
